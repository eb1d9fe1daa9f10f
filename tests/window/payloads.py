"""Texts that try to become script, markup, links or images."""

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>click</a>",
    "[click](javascript:alert(1))",
    "[click](https://evil.example/ 'title')",
    "![image](https://evil.example/x.png)",
    "<https://evil.example/>",
    "<div style='position:fixed;inset:0;background:url(https://evil.example/x)'>over</div>",
    "${alert(1)} `${alert(1)}`",
    "{{constructor.constructor('alert(1)')()}} {{#each this}}x{{/each}}",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<base href=https://evil.example/><link rel=stylesheet href=https://evil.example/x.css><meta http-equiv=refresh "
    "content='0;url=https://evil.example/'>",
)

"""Written Markdown as HTML: the marks that stand in for citations while it is made do not show in the result."""

import re

from assistant.documents import Check, Citation, Claim
from assistant.window.markup import written_html
from index.paper import Paper

PAPER = Paper(title="SwiftRow", abstract="SwiftRow is 2.4x faster [3]. It is free.")


def test_code_shows_no_character_of_ours() -> None:
    said = "SwiftRow is 2.4x faster [1.1]."
    quoted = "“SwiftRow is 2.4x faster [3].” [1.1]"
    text = f"```\n{said}\n{quoted}\n```\n\nIn a line: `{said} {quoted}`\n\n    {said}\n\n{said}\n"
    claims = [Claim(one, (Citation(1, 1),), Check("ok", ("2.4x",))) for one in (said, quoted, said, quoted, said, said)]
    html = written_html(text, claims, {1: PAPER})
    assert re.findall("[\ue000-\uf8ff]", html) == []
    assert "faster [3]" in html
    assert html.count("<pre>") == 2
    assert "<code>" in html
    assert html.count("✓") == 1  # of the sentence outside the code

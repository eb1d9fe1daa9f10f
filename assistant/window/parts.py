"""Small pieces of HTML that every part of the page is made of. Everything that is put into them is escaped here."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from assistant.documents import Notice
from assistant.render.escape import escape_html

_CODE = re.compile("`([^`]+)`")


def attributes(**values: object) -> str:
    """Attributes with a space before each; `_` in a name is `-`, None and False leave one out, True names it alone."""
    pieces = []
    for name, value in values.items():
        if value is not None and value is not False:
            name = name.rstrip("_").replace("_", "-")
            pieces.append(f" {name}" if value is True else f' {name}="{escape_html(str(value))}"')
    return "".join(pieces)


def _data(values: dict[str, object]) -> dict[str, object]:
    return {f"data_{name.rstrip('_')}": value for name, value in values.items()}


def button(
    say: str, do: str, *, style: str | None = "quiet", label: str | None = None, pressed: bool | None = None,
    **data: object,
) -> str:  # fmt: skip
    """A button: what it says, what window.js or the bus does on a click, and with what."""
    state = None if pressed is None else str(pressed).lower()
    given = attributes(class_=style, data_do=do, aria_label=label, title=label, aria_pressed=state, **_data(data))
    return f"<button{given}>{escape_html(say)}</button>"


def link(
    say: str, leads_to: str, do: str | None = None, *, style: str | None = None, here: bool = False, **data: object
) -> str:
    """A link within the page; without `do` the browser follows it."""
    current = "page" if here else None
    given = attributes(class_=style, href=leads_to, data_do=do, aria_current=current, **_data(data))
    return f"<a{given}>{escape_html(say)}</a>"


def query_address(name: str, value: str) -> str:
    """The query address that opens a thing within the page: `?paper=arxiv:2604.14228`."""
    return f"?{name}={quote(value, safe=':/')}"


def download(say: str, source: str, name: str | bool = True) -> str:
    """A link that saves what it leads to."""
    return f"<a{attributes(class_='quiet', href=source, download=name)}>{escape_html(say)}</a>"


def listed(items: Iterable[str], style: str) -> str:
    """Pieces of HTML as a list; nothing for none."""
    made = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="{style}">{made}</ul>' if made else ""


def problem_html(message: str) -> str:
    """What could not be done, as one paragraph that is also read out."""
    said = _CODE.sub(r"<code>\1</code>", escape_html(message))
    return f'<p class="notice" role="alert">{said}</p>'


def notices_html(notices: Iterable[str]) -> str:
    """Each notice as a line of its own; that no model is connected is said with the way to connect one."""
    connect = link("Connect a model", "?tab=model", "tab", tab="model")
    lines = [
        f"Answers are in your papers' own words. {connect} to have them written."
        if isinstance(notice, Notice) and notice.kind == "no_model"
        else escape_html(notice)
        for notice in notices
    ]
    return "".join(f'<p class="aside">{line}</p>' for line in lines)


def count_of(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 paper`, `2 papers`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"

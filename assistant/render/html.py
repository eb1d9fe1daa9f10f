"""HTML from the templates in `templates/`, for the window, files and mail alike.

Every value put into a template is escaped, unless a template or our own sanitiser made it (markupsafe's `Markup`).
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from assistant.render import claims
from assistant.render.escape import escape_html
from index.english import count_of
from index.paper import AI_SUMMARY
from index.safety.inert import unlinked

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"
_BREAK = re.compile(r"(?<=[>}])(\s*\n\s*)(?=[<{])")
_CODE = re.compile("`([^`]+)`")


def render(template: str, **values: Any) -> str:
    """A template filled with values. Raises jinja2's UndefinedError if one is missing."""
    return _environment().get_template(template).render(values).strip()


def draw(template: str, macro: str, *values: Any, **named: Any) -> "Markup":
    """A template's macro filled with values; the result can be a value of another template."""
    from markupsafe import Markup

    return Markup(getattr(_environment().get_template(template).module, macro)(*values, **named))


def query_address(name: str, value: str) -> str:
    """The query address that opens a thing within the window: `?paper=arxiv:2604.14228`."""
    return f"?{name}={quote(value, safe=':/')}"


def comparison_query(names: Sequence[str], rows: str = "") -> str:
    """The query address that opens the comparison of papers, by id or name, in rows of one's own: `?a=...&b=...`."""
    asked = [*zip("abcdefgh", names, strict=False), *([("rows", rows)] if rows else [])]
    return f"?{urlencode(asked, safe=':/')}"


def _code(text: str) -> "Markup":
    """A message with its back-quoted words as code."""
    from markupsafe import Markup

    return Markup(_CODE.sub(r"<code>\1</code>", escape_html(text)))


def _source(name: str) -> str:
    """A template's text. Except in whole pages, a line break between two tags must not become a space on the screen:
    it is turned into a comment, which keeps the line numbers."""
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    return text if name.endswith(("_page.html", ".xml")) else _BREAK.sub(r"{#\1#}", text)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    def escaped(value: Any) -> Any:
        return value if hasattr(value, "__html__") else Markup(escape_html(str(value)))

    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        finalize=escaped,  # before Jinja's own escaping: ours also drops what no reader would see
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "query_address": query_address,
        "comparison_query": comparison_query,
        "AI_SUMMARY": AI_SUMMARY,
    }
    environment.filters |= {
        "code": _code,
        "count_of": count_of,
        "is_verbatim": claims.is_verbatim,
        "name": claims.name_of,
        "parts": claims.claim_parts,
        "percent_encoded": quote,
        "sentences": claims.numbered_sentences,
        "shortened": claims.shortened,
        "unlinked": unlinked,
    }
    return environment

"""A server's own words in the body of an error reply, whatever its shape: OpenAI's object, a bare string, a list, the
`detail` of FastAPI, text, HTML. Knows nothing of what they mean."""

import json
import re
from html import unescape

MOST = 2_000  # characters of words that are passed on
_LARGEST = 100_000  # characters of a body that are read
_KEYS = ("code", "type", "status", "error", "errors", "message", "msg", "detail", "reason", "error_description", "raw")
_NUMBERS = ("n_ctx", "n_prompt_tokens", "estimated_time")
_TAGS = re.compile(r"<(script|style)\b.{0,9000}?</\1>|<[^<>]{0,500}>", re.DOTALL | re.IGNORECASE)


def words_of(body: str) -> str:
    """The words of an error reply on one line, at most MOST characters; empty if it has none."""
    body = body[:_LARGEST].strip()
    try:
        found = _said(json.loads(body))
    except (ValueError, RecursionError):
        found = [unescape(_TAGS.sub(" ", body)) if body.startswith("<") else body]
    return " ".join(" ".join(dict.fromkeys(found)).split())[:MOST]


def _said(value: object, depth: int = 0) -> list[str]:
    """The words in a JSON value, codes first: those under the names that servers give them."""
    if depth > 6:
        return []
    if isinstance(value, str):
        nested = value.strip()
        if nested.startswith("{"):  # a router that passes on another server's reply as text
            try:
                return _said(json.loads(nested), depth + 1) or [value]
            except (ValueError, RecursionError):
                return [value]
        return [value]
    if isinstance(value, list):
        return [words for part in value[:20] for words in _said(part, depth + 1)]
    if not isinstance(value, dict):
        return []
    found = [words for key in _KEYS if key in value for words in _said(_text(value[key]), depth + 1)]
    found += [f"{name}={value[name]}" for name in _NUMBERS if isinstance(value.get(name), int | float)]
    return found + _said(value.get("metadata"), depth + 1)


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

"""How much a model reads at once and how large it is, as far as its server tells: llama.cpp's `/props`, Ollama's
`/api/show`, the fields of other servers' model lists; else by the size in its name. Costs nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    import httpx

SMALL = 4.0  # billions of parameters: a model up to this size needs short prompts, and the rules after the question
_FIELDS = ("n_ctx", "num_ctx", "max_model_len", "context_length", "context_window", "max_context_length", "n_ctx_train")
_SIZE = re.compile(r"(?<![\w.])(?:[a-z]+-?)?(\d{1,4}(?:\.\d{1,2})?)([mb])(?![a-z\d])", re.IGNORECASE)
_DEEPEST = 5  # levels of a reply in which a field is looked for


@dataclass(frozen=True)
class Limits:
    """The tokens that a model reads at once (None: not told), and whether it is small."""

    context: int | None = None
    small: bool = False


def is_small(name: str) -> bool:
    """Whether the size in a model's name, or of its parameters ("135M", "3.2B"), is small; False if it has none."""
    sizes = [float(number) / (1 if unit.lower() == "b" else 1000) for number, unit in _SIZE.findall(name)]
    return bool(sizes) and max(sizes) <= SMALL


def context_in(reply: object) -> int | None:
    """The context that a server's reply names, by its most telling field; None if it names none."""
    fields = dict(reversed(list(_fields(reply, _DEEPEST))))
    return next((fields[name] for name in _FIELDS if fields.get(name, 0) >= 256), None)


def _fields(value: object, depth: int) -> Iterator[tuple[str, int]]:
    """The whole numbers in a reply, by the last part of their names (`llama.context_length`)."""
    if isinstance(value, list):
        value = {str(place): each for place, each in enumerate(value[:50])}
    for key, each in value.items() if isinstance(value, Mapping) and depth else ():
        if isinstance(each, int) and not isinstance(each, bool):
            yield str(key).rpartition(".")[2], each
        elif isinstance(each, dict | list):
            yield from _fields(each, depth - 1)


async def limits_of(http: "httpx.AsyncClient", url: str, model: str) -> Limits:
    """The limits of a model, as its server tells them when asked; what fails or makes no sense is as if not told."""
    parts = urlsplit(url)
    root = urlunsplit((parts.scheme, parts.netloc, re.sub(r"/v\d+/?$", "", parts.path), "", "")).rstrip("/")
    small = is_small(model)
    shown = await _json(http, "POST", f"{root}/api/show", {"model": model})
    if shown:
        details = shown.get("details")
        size = str(details.get("parameter_size") or "") if isinstance(details, dict) else ""
        set_here = re.search(r"num_ctx\s+(\d+)", str(shown.get("parameters") or ""))
        return Limits(int(set_here[1]) if set_here else None, small or is_small(size))
    if (context := context_in(await _json(http, "GET", f"{root}/props"))) is None:
        listed = await _json(http, "GET", f"{url.rstrip('/')}/models")
        entries = listed.get("data") or listed.get("models")
        named = [e for e in entries if isinstance(e, dict) and model in e.values()] if isinstance(entries, list) else []
        context = context_in(named)
    return Limits(context, small)


async def _json(http: "httpx.AsyncClient", method: str, url: str, body: Any = None) -> dict[str, Any]:
    """A server's JSON object; an empty one if it has none there."""
    import httpx

    try:
        reply = await http.request(method, url, json=body)
        data = reply.json() if reply.is_success else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return {}
    return data if isinstance(data, dict) else {}

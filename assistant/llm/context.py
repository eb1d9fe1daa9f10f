"""How much a model reads at once and how large it is, as far as its server tells: llama.cpp's `/props`, Ollama's
`/api/ps` and `/api/tags`, the fields of other servers' model lists; else by the size in its name. Costs nothing.
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
    if (context := context_in(await _json(http, f"{root}/props"))) is not None:
        return Limits(context, small)
    listed = _named(await _json(http, f"{url.rstrip('/')}/models"), model)
    if (context := context_in(listed)) is not None:
        return Limits(context, small)
    for path in ("ps", "tags"):  # those that run, those that are there
        told = _named(await _json(http, f"{root}/api/{path}"), model)
        context = context or context_in(told)
        small = small or any(is_small(str(_details(entry).get("parameter_size"))) for entry in told)
    return Limits(context, small)


def _named(reply: Mapping[str, Any], model: str) -> list[dict[str, Any]]:
    """The entries of a list of models that are of this one; Ollama calls the one without a tag `latest`."""
    entries = reply.get("data") or reply.get("models")
    names = {model, f"{model}:latest"}
    return [
        entry
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and any(entry.get(key) in names for key in ("id", "name", "model"))
    ]


def _details(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    details = entry.get("details")
    return details if isinstance(details, dict) else {}


async def _json(http: "httpx.AsyncClient", url: str) -> dict[str, Any]:
    """A server's JSON object; an empty one if it has none there."""
    import httpx

    try:
        reply = await http.get(url)
        data = reply.json() if reply.is_success else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return {}
    return data if isinstance(data, dict) else {}

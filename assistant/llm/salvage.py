"""Reads JSON from what a model wrote: plain, fenced, surrounded by talk, or cut off half way.

Knows nothing of schemas: text in, data out, as far as the text goes. A library that repairs JSON (json-repair) saves
more of a reply that is broken in the middle, but takes time that grows with the square of a text that repeats itself,
as small models do: half a second for 3,000 characters.
"""

import json
import re

_FENCE = re.compile(r"```(?:json5?)?\s*\n(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_BEGINNING = re.compile(r"\{(?=\s*[\"}])|\[(?=\s*[\"{\[\]])")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])|\\u(?![0-9a-fA-F]{4})')
_LATEX = re.compile(r"(?<!\\)\\(?=(?:times|text[a-z]*|tau|theta|tilde|frac|beta|rho|rightarrow|nabla)\b)")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|"', re.DOTALL)
_CLOSER = {"{": "}", "[": "]"}
MAX_TRIES = 500


def salvage(text: str) -> object | None:
    """The object or array in a text; if it is cut or broken, the part before the break. None if nothing is left."""
    candidates = [found[1] for found in _FENCE.finditer(text)] + [text]
    for candidate in candidates:
        data = _loads(candidate.strip())
        if isinstance(data, dict | list):
            return data
    for candidate in candidates:
        begins = _BEGINNING.search(candidate)
        if begins and (data := _as_far_as_it_goes(candidate[begins.start() :])):
            return data
    return None


def _loads(text: str) -> object | None:
    text = _LATEX.sub(r"\\\\", text)  # `\t` of `\times` would be read as a tab
    for attempt in (text, _mended(text)):
        try:
            data: object = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return data
    return None


def _mended(text: str) -> str:
    """The text without trailing commas, and with lone backslashes (LaTeX in a string) doubled."""
    doubled = _STRING.sub(lambda string: _BAD_ESCAPE.sub(lambda bad: "\\" + bad[0], string[0]), text)
    return _TRAILING_COMMA.sub(r"\1", doubled)


def _as_far_as_it_goes(text: str) -> object | None:
    """The longest beginning of a text that becomes JSON when its open brackets are closed."""
    open_brackets: list[str] = []
    endings: list[tuple[int, str]] = []  # where a value has ended, and what closes the rest
    for part in _PARTS.finditer(text):
        mark = part[0]
        if mark in _CLOSER:
            open_brackets.append(mark)
        elif mark in "}]":
            if not open_brackets or _CLOSER[open_brackets.pop()] != mark:
                break
            endings.append((part.end(), "".join(_CLOSER[b] for b in reversed(open_brackets))))
            if not open_brackets:
                break
        elif mark == ",":
            endings.append((part.start(), "".join(_CLOSER[b] for b in reversed(open_brackets))))
        elif mark == '"':  # a string without an end: nothing after it can be trusted
            break
    for end, closers in endings[: -MAX_TRIES - 1 : -1]:
        data = _loads(text[:end] + closers)
        if isinstance(data, dict | list):
            return data
    return None

"""Markdown notes with front matter, one a paper, as `papers export` writes them -> papers and rejects.

What the front matter says is the paper; the text below it is for readers. Notes of other hands are read where they
name a title and an abstract. Its YAML is read as far as such notes use it: a value or a list for each name.
"""

import json
import re
from collections.abc import Iterator

from index.paper import Paper, Reject
from index.safety.limits import ABSTRACT, RECORDS, rest_not_read
from index.sources import record_fields
from index.sources.record_fields import Odd, squashed, told
from index.sources.record_ids import ARXIV, DOI
from index.sources.rejected import reject

NAME = "markdown"
HUMAN = "notes"
WHAT = "Markdown notes with front matter that names `title` and `abstract` (what `papers export` writes)"

_START = re.compile(r"^---[ \t]*\r?\n(?=[A-Za-z_][\w -]{0,40}:)", re.MULTILINE)
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z_][\w -]{0,40}):(?:[ \t]+(.*))?$")
_ITEM = re.compile(r"\s*-[ \t]+(.*)$")
_BODY = re.compile(
    r"^#+[ \t]*(?:Abstract|Summary)[ \t]*\n+(.+?)(?=\n#|\n---|\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_LONGEST = 200_000  # characters of one front matter


def recognises(text: str) -> bool:
    """Whether a text opens with front matter that names a title."""
    opening = _START.match(text.lstrip())
    if opening is None:
        return False
    names = re.findall(r"^([A-Za-z_][\w -]{0,40}):", text.lstrip()[:20_000], re.MULTILINE)
    return any(squashed(name) == "title" for name in names) and any(
        squashed(name) in (*record_fields.ABSTRACT_NAMES, *DOI, *ARXIV) for name in names
    )


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject], tuple[str, ...]]:
    """The papers of the notes, in their order."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    for number, (front, body) in enumerate(_notes(text), 1):
        place = f"note {number}"
        if number > RECORDS:
            rejects.append(rest_not_read(place))
            break
        record = _fields(front)
        if "abstract" not in record and (found := _BODY.search(body[: 2 * ABSTRACT])):
            record["abstract"] = found[1]
        try:
            paper, odd = record_fields.read(record, posted=posted, source=NAME)
        except ValueError as error:
            title = str(record.get("title") or "")[:60]
            rejects.append(reject(f"{place}: {title}" if title else place, error))
            continue
        if isinstance(own_source := record.get("source"), str):  # one of our own
            own_id = record.get("id")
            paper = record_fields.with_own_id(paper, own_id) if isinstance(own_id, str) else paper
            paper = paper.with_(source=own_source)
        papers.append(paper)
        odds += ((place, one) for one in odd)
    return papers, rejects, told(odds)


def _notes(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while start := _START.search(text, at):
        end = _END.search(text, start.end(), start.end() + _LONGEST)
        if end is None:
            yield text[start.end() : start.end() + _LONGEST], ""
            return
        following = _START.search(text, end.end() + 1)
        at = following.start() if following else len(text)
        yield text[start.end() : end.start()], text[end.end() : at]


def _fields(front: str) -> dict[str, object]:
    found: dict[str, object] = {}
    last = ""
    for line in front.splitlines():
        if field := _FIELD.match(line):
            last, value = field[1].strip(), _scalar((field[2] or "").strip())
            if last not in found:
                found[last] = value
        elif (item := _ITEM.match(line)) and last:
            value = found[last]
            if not isinstance(value, list):
                found[last] = value = []
            value.append(_scalar(item[1].strip()))
        elif last and line.startswith(" ") and isinstance(found[last], str):  # a text over several lines
            earlier = str(found[last])
            found[last] = line.strip() if earlier in (">", "|", ">-", "|-") else f"{earlier} {line.strip()}"
    return found


def _scalar(text: str) -> object:
    if text[:1] in ('"', "[") or text in ("null", "true", "false"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass
    if text.startswith("[") and text.endswith("]"):
        return [part.strip().strip("\"'") for part in text[1:-1].split(",") if part.strip()]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text.strip('"')

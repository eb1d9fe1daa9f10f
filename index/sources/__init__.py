"""Papers in: the format of a text or file is told by its content, and read to papers and rejects.

One file per format, each a function: text -> papers and rejects. They refuse to know where papers are kept and
whether two of them are the same.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index.errors import TooLarge
from index.paper import Paper, Reject, iso_date
from index.safety.files import open_file, read_whole
from index.safety.limits import FEED, RECORDS, UNPACKED, rest_not_read
from index.sources import arxiv_atom, daily_page, daily_records, hub_json, json_text, paper_json
from index.sources.encoding import decoded, mended, unpacked

FORMATS: dict[str, str] = {
    form.NAME: form.WHAT for form in (daily_page, daily_records, hub_json, arxiv_atom, paper_json)
}

_HTML = re.compile(r"\s*+<(?:!doctype html|html)", re.IGNORECASE)
_RECORD_FORMATS = {form.NAME: form.read for form in (hub_json, daily_records, paper_json)}


class UnknownFormat(ValueError):
    """A text or file that is in none of the formats; the message lists what is understood."""

    def __init__(self, place: str, why: str) -> None:
        understood = "".join(f"\n  {name}: {what}" for name, what in FORMATS.items())
        super().__init__(f"{place or 'The text'} {why}. Understood (also as .gz) are:{understood}")


@dataclass(frozen=True)
class Reading:
    """What a source held: the format it was in, its papers in its order, what could not be taken, and what there is to
    say about how it was read."""

    format: str
    papers: tuple[Paper, ...]
    rejects: tuple[Reject, ...]
    notices: tuple[str, ...] = ()


def read_text(
    text: str,
    *,
    place: str = "",
    format: str | None = None,
    year: int | None = None,
    posted: str | None = None,
    today: datetime.date | None = None,
) -> Reading:
    """The papers of a text. `place` names it in rejects; `format` (a key of FORMATS) is recognised where it is not
    given; `year` is that of a page's dates without one; `posted` (YYYY-MM-DD) the day on a Daily page of the papers
    that say none. Raises UnknownFormat, TooLarge, and ValueError where `posted` is no date."""
    _refuse_long(text, UNPACKED, place or "The text")
    text, posted = mended(text.removeprefix("\ufeff")), iso_date(posted)
    if format not in (None, *FORMATS):
        raise UnknownFormat(place, f"cannot be read as {format!r}, which is not a format")
    if not text or text.isspace():
        raise UnknownFormat(place, "is empty")
    if format == arxiv_atom.NAME or (format is None and arxiv_atom.recognises(text)):
        _refuse_long(text, FEED, place or "The feed")
        papers, rejects = arxiv_atom.read(text, posted=posted)
        name = arxiv_atom.NAME
    elif format == daily_page.NAME or (format is None and not json_text.is_json(text) and daily_page.recognises(text)):
        _refuse_long(text, FEED, place or "The page")
        papers, rejects = daily_page.read(text, year=year, posted=posted, today=today)
        if not papers and not rejects:
            raise UnknownFormat(place, "looks like a Daily Papers page, but there is no paper on it")
        name = daily_page.NAME
    elif format or json_text.is_json(text):
        name, papers, rejects = _read_records(text, format, posted)
    else:
        is_html = _HTML.match(text)
        raise UnknownFormat(place, "is a page's HTML; copy the page as text" if is_html else "is in no known format")
    prefix = f"{place}, " if place else ""
    return Reading(name, tuple(papers), tuple(Reject(prefix + r.place, r.reason) for r in rejects))


def _refuse_long(text: str, most: int, name: str) -> None:
    if len(text) > most:
        raise TooLarge(f"{name} has more than {most >> 20} million characters: split it and give the parts.")


def read_file(
    path: Path | str, *, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Reading:
    """The papers of a file, packed (.gz) or not. Raises UnknownFormat, TooLarge, and OSError where it cannot be opened
    or is a device, a pipe or a socket."""
    path = Path(path)
    with open_file(path) as file:
        return read_stream(file, place=path.name, format=format, year=year, posted=posted)


def read_stream(
    file: BinaryIO, *, place: str, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Reading:
    """The papers of an open file or a pipe, packed (.gz) or not. Raises UnknownFormat, TooLarge."""
    try:
        text, notices = decoded(unpacked(read_whole(file)))
    except TooLarge as error:
        raise TooLarge(f"{place} {error}.") from None
    except ValueError as error:
        raise UnknownFormat(place, str(error)) from None
    reading = read_text(text, place=place, format=format, year=year, posted=posted)
    return replace(reading, notices=(*(f"{place}: {notice}." for notice in notices), *reading.notices))


def read_files(
    path: Path, *, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Iterator[Reading]:
    """A file, or each file of a folder, one at a time; of a folder's, one that cannot be read is a reject. Raises as
    `read_file`, and UnknownFormat for a folder without files."""
    if not path.is_dir():
        yield read_file(path, format=format, year=year, posted=posted)
        return
    files = sources_in(path)
    if not files:
        raise UnknownFormat(str(path), "is a folder without files")
    for file in files:
        place = str(file.relative_to(path))
        try:
            yield read_file(file, format=format, year=year, posted=posted)
        except (UnknownFormat, TooLarge) as error:
            yield Reading("", (), (Reject(place, str(error).partition(". Understood")[0]),))
        except OSError as error:
            yield Reading("", (), (Reject(place, f"cannot be read: {error.strerror or error}"),))


def sources_in(folder: Path) -> list[Path]:
    """The files of a folder and its folders, hidden ones left out, by name."""
    found = (path for path in sorted(folder.rglob("*")) if not path.is_dir())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def _read_records(text: str, format: str | None, posted: str | None) -> tuple[str, list[Paper], list[Reject]]:
    """JSON records, each by its own content where no format is given; the name is that of the first."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    names: list[str] = []
    for number, (place, record) in enumerate(json_text.records(text)):
        if number == RECORDS:
            rejects.append(rest_not_read(place))
            break
        if isinstance(record, Reject):
            rejects.append(record)
            continue
        name = format or _record_format(record)
        names.append(name)
        read: Callable[..., Paper] = _RECORD_FORMATS[name]
        try:
            papers.append(read(record, posted=posted))
        except ValueError as error:
            title = record.get("title")
            shown = f": {mended(title[:60])}" if isinstance(title, str) and title.strip() else ""
            rejects.append(Reject(place + shown, mended(str(error))))
    return (names[0] if names else format or paper_json.NAME), papers, rejects


def _record_format(record: dict[str, object]) -> str:
    if hub_json.recognises(record):
        return hub_json.NAME
    return daily_records.NAME if daily_records.recognises(record) else paper_json.NAME

"""Papers in: the format of a text or file is told by its content, and read to papers and rejects.

One file per format, each a function: text -> papers and rejects. They refuse to know where papers are kept and
whether two of them are the same.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import TooLarge
from index.paper import Paper, Reject, iso_date
from index.safety.files import open_file, read_whole
from index.safety.limits import FEED, RECORDS, UNPACKED, rest_not_read
from index.sources import (
    arxiv_atom,
    daily_page,
    daily_records,
    hub_json,
    json_documents,
    json_stream,
    json_text,
    paper_json,
    record_fields,
    record_formats,
)
from index.sources.encoding import decoded, mended, unpacked

FORMATS: dict[str, str] = {
    **{form.NAME: form.WHAT for form in (daily_page, daily_records, hub_json, arxiv_atom, paper_json)},
    **{form.NAME: form.WHAT for form in record_formats.FORMS},
    **{name: what for name, (_, what) in record_fields.NAMES.items()},
}

_HTML = re.compile(r"\s*+<(?:!doctype html|html)", re.IGNORECASE)
_NO_RECORD = "has no title and no abstract"
_RECORD_FORMATS = {form.NAME: form.read for form in (hub_json, daily_records, paper_json)}
_OWN = frozenset(Paper(title="", abstract="").to_dict())


class UnknownFormat(ValueError):
    """A text or file that is in none of the formats; the message lists what is understood."""

    def __init__(self, place: str, why: str) -> None:
        understood = "".join(f"\n  {name}: {what}" for name, what in FORMATS.items())
        super().__init__(f"{place or 'The text'} {why}. Understood (also as .gz) are:{understood}")


@dataclass(frozen=True)
class Reading:
    """What a source held: the format it was in, its papers in its order, and what could not be taken."""

    format: str
    papers: tuple[Paper, ...]
    rejects: tuple[Reject, ...]
    notices: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """What the source was and held, in words people use: "a BibTeX file: 212 papers, 3 without abstract"."""
        return record_formats.in_words(self.format, len(self.papers), self.rejects)


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
    notices: tuple[str, ...] = ()
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
    elif form := None if format is None and json_text.is_json(text) else record_formats.form_of(text, format):
        papers, rejects, notices = form.read(text, posted=posted)
        if not papers and not rejects:
            raise UnknownFormat(place, f"looks like {form.HUMAN}, but there is no paper in it")
        name = form.NAME
    elif format == daily_page.NAME or (format is None and not json_text.is_json(text) and daily_page.recognises(text)):
        _refuse_long(text, FEED, place or "The page")
        papers, rejects = daily_page.read(text, year=year, posted=posted, today=today)
        if not papers and not rejects:
            raise UnknownFormat(place, "looks like a Daily Papers page, but there is no paper on it")
        name = daily_page.NAME
    elif format or json_text.is_json(text):
        name, papers, rejects, notices = _read_records(text, format, posted)
        if not papers and format is None and rejects and all(r.reason == _NO_RECORD for r in rejects):
            raise UnknownFormat(place, "is JSON, but nothing in it has a title and an abstract")
    else:
        is_html = _HTML.match(text)
        raise UnknownFormat(place, "is a page's HTML; copy the page as text" if is_html else "is in no known format")
    prefix = f"{place}, " if place else ""
    rejects = [Reject(prefix + r.place, r.reason) for r in rejects]
    return Reading(name, tuple(papers), tuple(rejects), tuple(prefix.replace(", ", ": ") + n for n in notices))


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
        text = decoded(unpacked(read_whole(file)))
    except TooLarge as error:
        raise TooLarge(f"{place} {error}.") from None
    except ValueError as error:
        raise UnknownFormat(place, str(error)) from None
    return read_text(text, place=place, format=format, year=year, posted=posted)


def read_files(
    path: Path, *, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Iterator[Reading]:
    """A file, or each file of a folder, one at a time; of a folder's, one that cannot be read is a reject. Raises as
    `read_file`, and UnknownFormat for a folder without files."""
    if not path.is_dir():
        yield from _parts(path, path.name, format, year, posted)
        return
    files = sources_in(path)
    if not files:
        raise UnknownFormat(str(path), "is a folder without files")
    for file in files:
        place = str(file.relative_to(path))
        try:
            yield from _parts(file, file.name, format, year, posted)
        except (UnknownFormat, TooLarge) as error:
            yield Reading("", (), (Reject(place, str(error).partition(". Understood")[0]),))
        except OSError as error:
            yield Reading("", (), (Reject(place, f"cannot be read: {error.strerror or error}"),))


def _parts(path: Path, place: str, format: str | None, year: int | None, posted: str | None) -> Iterator[Reading]:
    """A file in one reading; a large one of JSON lines in many, so that it is never in the memory as a whole."""
    with open_file(path) as file:
        streamed = json_stream.is_streamed(file)
    if not streamed:
        yield read_file(path, format=format, year=year, posted=posted)
        return
    with open_file(path) as file:
        try:
            for before, text in json_stream.texts(file):
                name, papers, rejects, notices = _read_records(text, format, posted, before)
                rejects = [Reject(f"{place}, {reject.place}", reject.reason) for reject in rejects]
                yield Reading(name, tuple(papers), tuple(rejects), tuple(f"{place}: {notice}" for notice in notices))
        except ValueError as error:
            yield Reading("", (), (Reject(place, str(error)),))


def sources_in(folder: Path) -> list[Path]:
    """The files of a folder and its folders, hidden ones left out, by name."""
    found = (path for path in sorted(folder.rglob("*")) if not path.is_dir())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def _read_records(
    text: str, format: str | None, posted: str | None, lines_before: int = 0
) -> tuple[str, list[Paper], list[Reject], tuple[str, ...]]:
    """JSON records, each by its own content where no format is given; the name is that of the first."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, record_fields.Odd]] = []
    names: list[str] = []
    found = json_documents.records(text, lines_before)
    for number, (place, record) in enumerate(found):
        if number == RECORDS:
            rejects.append(rest_not_read(place))
            break
        if isinstance(record, Reject):
            rejects.append(record)
            continue
        try:
            name, paper, odd = _read_record(record, format, posted)
        except ValueError as error:
            title = record.get("title")
            shown = f": {mended(title[:60])}" if isinstance(title, str) and title.strip() else ""
            reason = mended(str(error))
            known = record_fields.might_be_paper(record) or _record_format(record) != paper_json.NAME
            rejects.append(Reject(place + shown, reason if known else _NO_RECORD))
            continue
        names.append(name)
        papers.append(paper)
        odds += ((place, one) for one in odd)
    return (names[0] if names else format or paper_json.NAME), papers, rejects, record_fields.told(odds)


def _read_record(
    record: dict[str, object], format: str | None, posted: str | None
) -> tuple[str, Paper, list[record_fields.Odd]]:
    """A record by the reader of its kind; where that refuses it for a side field, by the map of all fields."""
    name = format or _record_format(record)
    if name in _RECORD_FORMATS and (name != paper_json.NAME or _OWN.issuperset(record)):
        read: Callable[..., Paper] = _RECORD_FORMATS[name]
        try:
            return name, read(record, posted=posted), []
        except TooLarge:
            raise
        except ValueError as error:
            if name == daily_records.NAME:
                record = {("posted" if key == "date" else key): value for key, value in record.items()}
            try:
                return name, *record_fields.read(record, posted=posted, source=name)
            except ValueError:
                raise error from None
    return name, *record_fields.read(record, posted=posted, source=name)


def _record_format(record: dict[str, object]) -> str:
    if hub_json.recognises(record):
        return hub_json.NAME
    if daily_records.recognises(record):
        return daily_records.NAME
    return record_fields.kind_of(record)

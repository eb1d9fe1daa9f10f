"""Papers in: the format of a text or file is told by its content, and read to papers and rejects.

One file per format, each a function: text -> papers and rejects. They refuse to know where papers are kept and
whether two of them are the same.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.paper import Paper, Reject, iso_date
from index.sources import arxiv_atom, daily_page, daily_records, hub_json, json_text, paper_json
from index.sources.encoding import decoded, mended, unpacked

FORMATS: dict[str, str] = {
    form.NAME: form.WHAT for form in (daily_page, daily_records, hub_json, arxiv_atom, paper_json)
}

_RECORD_FORMATS = {form.NAME: form.read for form in (hub_json, daily_records, paper_json)}


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
    that say none. Raises UnknownFormat, and ValueError where `posted` is no date."""
    text, posted = mended(text.removeprefix("\ufeff")), iso_date(posted)
    if format not in (None, *FORMATS):
        raise UnknownFormat(place, f"cannot be read as {format!r}, which is not a format")
    if not text.strip():
        raise UnknownFormat(place, "is empty")
    if format == arxiv_atom.NAME or (format is None and arxiv_atom.recognises(text)):
        papers, rejects = arxiv_atom.read(text, posted=posted)
        name = arxiv_atom.NAME
    elif format == daily_page.NAME or (format is None and not json_text.is_json(text) and daily_page.recognises(text)):
        papers, rejects = daily_page.read(text, year=year, posted=posted, today=today)
        if not papers and not rejects:
            raise UnknownFormat(place, "looks like a Daily Papers page, but there is no paper on it")
        name = daily_page.NAME
    elif format or json_text.is_json(text):
        name, papers, rejects = _read_records(text, format, posted)
    else:
        is_html = text.lstrip()[:200].lower().startswith(("<!doctype html", "<html"))
        raise UnknownFormat(place, "is a page's HTML; copy the page as text" if is_html else "is in no known format")
    prefix = f"{place}, " if place else ""
    return Reading(name, tuple(papers), tuple(Reject(prefix + r.place, r.reason) for r in rejects))


def read_file(
    path: Path | str, *, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Reading:
    """The papers of a file, packed (.gz) or not, or of every file of a folder. Raises UnknownFormat, and OSError where
    it cannot be opened."""
    path = Path(path)
    if path.is_dir():
        return _read_folder(path, format=format, year=year, posted=posted)
    return read_bytes(path.read_bytes(), place=path.name, format=format, year=year, posted=posted)


def read_bytes(
    data: bytes, *, place: str, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Reading:
    """The papers of a file's content, packed (.gz) or not. Raises UnknownFormat."""
    try:
        text = decoded(unpacked(data))
    except ValueError as error:
        raise UnknownFormat(place, str(error)) from None
    return read_text(text, place=place, format=format, year=year, posted=posted)


def sources_in(folder: Path) -> list[Path]:
    """The files of a folder and its folders, hidden ones left out, by name."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def _read_folder(folder: Path, *, format: str | None, year: int | None, posted: str | None) -> Reading:
    """A folder as one reading; a file that cannot be read is a reject."""
    files = sources_in(folder)
    if not files:
        raise UnknownFormat(str(folder), "is a folder without files")
    readings: list[Reading] = []
    rejects: list[Reject] = []
    for file in files:
        try:
            readings.append(read_file(file, format=format, year=year, posted=posted))
            rejects.extend(readings[-1].rejects)
        except UnknownFormat as error:
            rejects.append(Reject(str(file.relative_to(folder)), str(error).partition(". Understood")[0]))
        except OSError as error:
            rejects.append(Reject(str(file.relative_to(folder)), f"cannot be read ({error.strerror})"))
    formats = dict.fromkeys(reading.format for reading in readings)
    return Reading(", ".join(formats), tuple(p for reading in readings for p in reading.papers), tuple(rejects))


def _read_records(text: str, format: str | None, posted: str | None) -> tuple[str, list[Paper], list[Reject]]:
    """JSON records, each by its own content where no format is given; the name is that of the first."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    names: list[str] = []
    for place, record in json_text.records(text):
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

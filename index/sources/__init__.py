"""Papers in: the format of a text or file is recognised by its content, and read into papers and rejects.

Each kind of format has a file with a function: text -> papers and rejects. They know nothing of where papers are kept
or whether two of them are the same.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index.errors import TooLarge
from index.paper import NoAbstract, Paper, Reject, iso_date
from index.safety.files import open_file, read_whole
from index.safety.limits import FEED, UNPACKED
from index.safety.system_errors import why
from index.sources import formats, pages, records
from index.sources.encoding import decoded, mended, unpacked
from index.sources.formats import arxiv_atom
from index.sources.records import field_names, json_stream, json_text

FORMATS: dict[str, str] = {
    pages.NAME: pages.WHAT,
    **records.WHAT,
    arxiv_atom.NAME: arxiv_atom.WHAT,
    **{form.NAME: form.WHAT for form in formats.FORMS},
    **{name: what for name, (_, what) in field_names.NAMES.items()},
}


class UnknownFormat(ValueError):
    """A text or file in no known format; the message lists the formats that are understood."""

    def __init__(self, place: str, why: str) -> None:
        understood = "".join(f"\n  {name}: {what}" for name, what in FORMATS.items())
        super().__init__(f"{place or 'The text'} {why}. Understood (also as .gz) are:{understood}")


@dataclass(frozen=True)
class Reading:
    """What a source contained: its format, its papers in order, what could not be read, and notices on how it was
    read. `continued`: a further part of the file that the reading before it is of."""

    format: str
    papers: tuple[Paper, ...]
    rejects: tuple[Reject, ...]
    notices: tuple[str, ...] = ()
    continued: bool = False

    @property
    def without_abstract(self) -> tuple[str, ...]:
        """The arXiv numbers of the papers that were rejected only because a listing has no abstract of them."""
        return tuple(r.paper.id.removeprefix("arxiv:") for r in self.rejects if isinstance(r, NoAbstract))

    @property
    def count(self) -> formats.Count:
        """How much the source held; a further part of a file is no further file."""
        return formats.counted(self.papers, self.rejects, files=0 if self.continued else 1)

    @property
    def what(self) -> str:
        """What the source was and held, in words people use: "a BibTeX file: 212 papers, 3 without abstract"."""
        return formats.in_words(self.format, self.count)


def read_text(
    text: str,
    *,
    place: str = "",
    format: str | None = None,
    year: int | None = None,
    posted: str | None = None,
    today: datetime.date | None = None,
) -> Reading:
    """The papers of a text. `place` names it in rejects; `format` (a key of FORMATS) is recognised if not given; `year`
    is for a page's dates that have none; `posted` (YYYY-MM-DD) is the day on a Daily page of papers that give none.
    Raises UnknownFormat, TooLarge, and ValueError if `posted` is not a date."""
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
    elif form := None if format is None and json_text.is_json(text) else formats.form_of(text, format):
        papers, rejects, notices = form.read(text, posted=posted)
        rejects += formats.of_another_form(text, form)
        if not papers and not rejects:
            raise UnknownFormat(place, f"looks like {form.HUMAN}, but has no papers in it")
        name = form.NAME
    elif format in (None, pages.NAME) and (page := _page(text, format, year, posted, today)):
        papers, rejects = page
        if not papers and not rejects:
            raise UnknownFormat(place, "looks like a Daily Papers page, but has no papers on it")
        name = pages.NAME
    elif format or json_text.is_json(text):
        name, papers, rejects, notices = records.read(text, format, posted)
        if not papers and format is None and rejects and all(r.reason == records.NO_RECORD for r in rejects):
            raise UnknownFormat(place, "is JSON, but nothing in it has a title and an abstract")
    else:
        raise UnknownFormat(
            place, "is a web page that lists no papers" if pages.is_web_page(text) else "is in no known format"
        )
    prefix = f"{place}, " if place else ""
    if prefix:
        rejects = [replace(r, place=prefix + r.place) for r in rejects]
    return Reading(name, tuple(papers), tuple(rejects), tuple(prefix.replace(", ", ": ") + n for n in notices))


def _page(
    text: str, format: str | None, year: int | None, posted: str | None, today: datetime.date | None
) -> tuple[list[Paper], list[Reject]] | None:
    if format is None and json_text.is_json(text) and not pages.is_web_page(text):
        return None
    return pages.read(text, expected=format is not None, year=year, posted=posted, today=today)


def _refuse_long(text: str, most: int, name: str) -> None:
    if len(text) > most:
        raise TooLarge(f"{name} has more than {most >> 20} million characters: split it and add the parts.")


def read_file(
    path: Path | str, *, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Reading:
    """The papers of a file, gzipped or not. Raises UnknownFormat, TooLarge, and OSError if it cannot be opened or is a
    device, a pipe or a socket."""
    path = Path(path)
    with open_file(path) as file:
        return read_stream(file, place=path.name, format=format, year=year, posted=posted)


def read_stream(
    file: BinaryIO, *, place: str, format: str | None = None, year: int | None = None, posted: str | None = None
) -> Reading:
    """The papers of an open file or a pipe, gzipped or not. Raises UnknownFormat, TooLarge."""
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
    """Reads a file, or the files in a folder and its subfolders, except hidden ones, one at a time, sorted
    by name; one in a folder that cannot be read becomes a reject. Raises what `read_file` does, and UnknownFormat for
    a folder without files."""
    if not path.is_dir():
        yield from _parts(path, path.name, format, year, posted)
        return
    inside = [file for file in sorted(path.rglob("*")) if not file.is_dir()]
    files = [file for file in inside if not any(part.startswith(".") for part in file.relative_to(path).parts)]
    if not files:
        raise UnknownFormat(str(path), "is a folder without files")
    for file in files:
        place = str(file.relative_to(path))
        try:
            yield from _parts(file, file.name, format, year, posted)
        except (UnknownFormat, TooLarge) as error:
            yield Reading("", (), (Reject(place, str(error).partition(". Understood")[0]),))
        except OSError as error:
            yield Reading("", (), (Reject(place, f"cannot be read: {why(error)}"),))


def _parts(path: Path, place: str, format: str | None, year: int | None, posted: str | None) -> Iterator[Reading]:
    """A file in one reading; a large one of JSON lines in many, so that it is never in memory as a whole."""
    with open_file(path) as file:
        streamed = json_stream.is_streamed(file)
    if not streamed:
        yield read_file(path, format=format, year=year, posted=posted)
        return
    with open_file(path) as file:
        try:
            for before, text, how in json_stream.texts(file):
                name, papers, rejects, notices = records.read(text, format, posted, before)
                rejects = [replace(reject, place=f"{place}, {reject.place}") for reject in rejects]
                said = tuple(f"{place}: {notice}" for notice in (*how, *notices))
                yield Reading(name, tuple(papers), tuple(rejects), said, continued=before > 0)
        except ValueError as error:
            yield Reading("", (), (Reject(place, str(error)),))

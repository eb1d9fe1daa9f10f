"""BibTeX and biblatex, as Zotero, Better BibTeX, JabRef, the ACL Anthology and arXiv write them -> papers and rejects.

Read here and not by a library for it: a broken entry costs only itself and is named by its line, the time is in
proportion to the text, and 100,000 entries take seconds.
"""

import re
from collections.abc import Iterator

from index.english import MONTHS
from index.paper import Paper, Reject
from index.safety.limits import RECORD, RECORDS, REJECTED, rest_not_read
from index.sources.latex import plain
from index.sources.records import record_fields
from index.sources.records.record_dates import month_number
from index.sources.records.record_fields import Odd, told
from index.sources.records.record_names import turned
from index.sources.rejected import kept_text, reject

NAME = "bibtex"
HUMAN = "a BibTeX file"
WHAT = "BibTeX (.bib) with `abstract`, as Zotero, JabRef, the ACL Anthology and `papers export` write it"

_ENTRY = re.compile(r"^[ \t]{0,8}@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
_FIRST = re.compile(
    r"^[ \t]{0,8}@[ \t]*[A-Za-z]+[ \t]*[{(][ \t\r\n]*(?:[^\s,={}\"]+[ \t\r\n]*,|[\w:.-]+[ \t]*=|\")", re.MULTILINE
)
_OTHER = re.compile(r"^(?:#|```|\\|<|\{|From |[A-Za-z-]+: .*\n[A-Za-z-]+: )", re.MULTILINE)
_BRACKET = re.compile(r'\\.|[{}"]|\n[ \t]{0,8}@[ \t]*[A-Za-z]+[ \t]*\{[^\s,={}]+,[ \t]*\r?\n', re.DOTALL)
_FIELD_START = re.compile(r"[ \t\r\n,]*([A-Za-z][\w:.-]*)[ \t\r\n]*=[ \t\r\n]*")
_VERBATIM = frozenset("doi url eprint eprinttype archiveprefix file date urldate year day posted codeurl".split())
_KEY = re.compile(r"[ \t\r\n]*([^\s,={}\"]*)[ \t\r\n]*(?:,|(?=[})]))")
_GAP = re.compile(r"[\s,]*+")
_BARE = re.compile(r"[^\s,#{}\"=()]+")
_JOINT = re.compile(r"\s*#\s*")
_MOST_INHERITED = 3  # steps of crossref and xdata
_MOST_LOST = 20_000_000  # characters of broken entries that are looked through: seconds of work
_EXTRA = re.compile(r"^\s*(DOI|PMID|arXiv|Publication Date|Published)\s*:\s*(\S.*)$", re.MULTILINE | re.IGNORECASE)


class _Broken(ValueError):
    """An entry that cannot be read, and how far it was looked through."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.at = at


def recognises(text: str) -> bool:
    """Whether a text is a bibliography: before its first entry stands nothing that is another kind of text."""
    first = _FIRST.search(text[:200_000])
    if first is None:
        return False
    before = text[: first.start()]
    return len(before) < 20_000 and not _OTHER.search(re.sub(r"^%.*$", "", before, flags=re.MULTILINE))


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject], tuple[str, ...]]:
    """The papers of a bibliography, in its order. Entries without an abstract are rejects."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    entries: dict[str, dict[str, str]] = {}
    coming: list[tuple[str, dict[str, str]]] = []
    for number, (place, found) in enumerate(_entries(text), 1):
        if number > RECORDS:
            rejects.append(rest_not_read(place))
            break
        if isinstance(found, Reject):
            rejects.append(found)
            continue
        key, fields = found
        entries.setdefault(key.lower(), fields)
        coming.append((f"{place} ({key[:60]})" if key else place, fields))
    for place, fields in coming:
        try:
            paper, odd = _paper(_inherited(fields, entries), posted)
        except ValueError as error:
            rejects.append(reject(place, error))
            continue
        papers.append(paper)
        odds += ((place, one) for one in odd)
    return papers, rejects, told(odds)


def cited_works(text: str) -> Iterator[tuple[str, str]]:
    """Key of each entry that can be read, with its title and what else names the work: DOI, arXiv number, address."""
    read = [found for _, found in _entries(text) if not isinstance(found, Reject)]
    by_key = {key.lower(): fields for key, fields in reversed(read)}
    for key, own in read:
        fields = _inherited(own, by_key)
        title, subtitle = plain(fields.get("title", "")), plain(fields.get("subtitle", ""))
        eprint = re.sub(r"^arxiv:\s*", "", _address(fields.get("eprint", "")), flags=re.IGNORECASE)
        version = plain(fields.get("version", ""))
        if version.isdecimal() and re.fullmatch(r"\d{4}\.\d{4,5}", eprint):
            eprint += f"v{version}"
        of_arxiv = "arxiv" in (fields.get("eprinttype") or fields.get("archiveprefix") or "arxiv").lower()
        named = [f"{title}: {subtitle}" if title and subtitle else title]
        named += [f"arXiv:{eprint}"] if eprint and of_arxiv else []
        named += [_address(fields[name]) for name in ("doi", "url") if name in fields]
        said = [plain(fields[name]) for name in ("journal", "journaltitle", "note", "howpublished") if name in fields]
        named += [*said, *(number for number in [plain(fields.get("number", ""))] if "arxiv" in number.lower())]
        yield key, ". ".join(filter(None, named))


def _entries(text: str) -> Iterator[tuple[str, tuple[str, dict[str, str]] | Reject]]:
    """Key and fields of each entry, with its place."""
    strings = {name: name.capitalize() for name in MONTHS}
    line, counted, read_to, lost = 1, 0, 0, 0
    for start in _ENTRY.finditer(text):
        if start.start() < read_to:  # inside a field of the entry before
            continue
        line, counted = line + text.count("\n", counted, start.start()), start.start()
        kind, place = start[1].lower(), f"line {line}"
        if kind in ("comment", "preamble"):
            continue
        try:
            key, fields, read_to = _fields(text, start.end(), strings)
        except _Broken as error:
            head = " ".join(text[start.start() : start.start() + 60].split())
            lost += error.at - start.start()
            rest = "; what follows was not read" if lost > _MOST_LOST else ""
            following = _ENTRY.search(text, max(error.at, start.end()), start.start() + REJECTED)
            broken = kept_text(text, start.start(), following.start() if following else len(text))
            yield place, Reject(place, f"is a broken entry, {error}: {head}{rest}", record=broken)
            if rest:
                return
            continue
        if kind == "string":
            strings.update((name.lower(), value) for name, value in fields.items())
        else:
            yield place, (key, fields)


def _fields(text: str, at: int, strings: dict[str, str]) -> tuple[str, dict[str, str], int]:
    """Key, fields and end of the entry whose bracket is before `at`. Raises _Broken where it cannot be read."""
    closing = ")" if text[at - 1] == "(" else "}"
    most = at + RECORD
    key = _KEY.match(text, at, most)
    name = ""
    if key:
        name, at = key[1], key.end()
    fields: dict[str, str] = {}
    while True:
        gap = _GAP.match(text, at)
        at = gap.end() if gap else at
        if at >= len(text):
            raise _Broken("it has no end", at)
        if at > most:
            raise _Broken(f"it is larger than {RECORD:,} characters", at)
        if text[at] == closing:
            return name, fields, at + 1
        field = _FIELD_START.match(text, at, most)
        if field is None:
            raise _Broken(f"no field can be read at {text[at : at + 20]!r}", at)
        value, at = _value(text, field.end(), strings)
        fields.setdefault(field[1].lower(), value)


def _value(text: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    """A field's value, its parts joined by `#`, and where it ends."""
    parts: list[str] = []
    while True:
        if at >= len(text):
            raise _Broken("it has no end", at)
        if text[at] in '{"':
            end = _closing(text, at)
            parts.append(text[at + 1 : end])
            at = end + 1
        elif bare := _BARE.match(text, at):
            parts.append(strings.get(bare[0].lower(), bare[0]))
            at = bare.end()
        else:
            raise _Broken(f"no value can be read at {text[at : at + 20]!r}", at)
        joint = _JOINT.match(text, at)
        if joint is None:
            return "".join(parts), at
        at = joint.end()


def _closing(text: str, at: int) -> int:
    """Where the brace or quote at a place closes. Raises _Broken where the next entry begins before."""
    quoted, depth = text[at] == '"', 0 if text[at] == '"' else 1
    for sign in _BRACKET.finditer(text, at + 1, at + RECORD):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth -= 1
        elif len(sign[0]) > 2:
            raise _Broken("a brace or a quote is not closed before the next entry", sign.start())
        if depth < 0:
            raise _Broken("a quote is not closed", sign.start())
        if (sign[0] == "}" and not quoted and depth == 0) or (sign[0] == '"' and quoted and depth == 0):
            return sign.start()
    raise _Broken("a brace or a quote is not closed", min(at + RECORD, len(text)))


def _inherited(fields: dict[str, str], entries: dict[str, dict[str, str]]) -> dict[str, str]:
    """The fields of an entry with those that it refers to: of a volume only what a chapter shares."""
    fields, of = dict(fields), fields
    for _ in range(_MOST_INHERITED):
        parent = entries.get((of.get("xdata") or of.get("crossref") or "").strip().lower())
        if parent is None:
            break
        own_title = "xdata" in of
        for name, value in parent.items():
            if name in ("year", "month", "day", "date", "publisher", "editor") or own_title:
                fields.setdefault(name, value)
        of = parent
    return fields


def _paper(fields: dict[str, str], posted: str | None) -> tuple[Paper, list[Odd]]:
    record: dict[str, object] = {
        name: plain(value) for name, value in fields.items() if name not in {*_VERBATIM, "author", "month"}
    }
    record |= {name: _address(fields[name]) for name in _VERBATIM if name in fields}
    title, subtitle = plain(fields.get("title", "")), plain(fields.get("subtitle", ""))
    record["title"] = f"{title}: {subtitle}" if title and subtitle else title
    record["author"] = _people(fields.get("author", ""))
    if record["author"] == [record.get("organization")]:
        record["author"] = []
    if "doi" not in fields and (found := _EXTRA.search(fields.get("note", "") + "\n" + fields.get("annote", ""))):
        record.setdefault(found[1].lower(), found[2].strip())
    if "date" not in fields and "year" in fields and ("day" in fields or "posted" not in fields):
        record["date"] = _date(fields)
    if "posted" in fields and "date" not in record:
        record.pop("year", None)  # of the day on a Daily page
    record["papernote"] = record.pop("annote", None)
    paper, odd = record_fields.read(record, posted=posted, source=NAME)
    own_id, source = plain(fields.get("paperid", "")), plain(fields.get("papersource", ""))
    paper = record_fields.with_own_id(paper, own_id) if own_id else paper
    return paper.with_(source=source) if source else paper, odd


def _date(fields: dict[str, str]) -> str:
    """Year, month and day as one text; a month may hold its day (`17 # may`)."""
    year, month, day = (plain(fields.get(name, "")) for name in ("year", "month", "day"))
    if with_day := re.fullmatch(r"(\d{1,2})\D{0,3}([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\D{0,3}(\d{1,2})", month):
        month, day = with_day[2] or with_day[3], day or with_day[1] or with_day[4]
    number = month_number(month)
    return "-".join(filter(None, [year, f"{number:02d}" if number else "", day if number else ""]))


def _people(text: str) -> list[str]:
    """The names of an author field: divided by the word "and" outside braces."""
    names: list[str] = []
    depth, start = 0, 0
    for sign in re.finditer(r"\\.|[{}]|(?<=\s)and(?=\s)", text + " ", re.IGNORECASE | re.DOTALL):
        if sign[0] in "{}":
            depth += 1 if sign[0] == "{" else -1
        elif sign[0].lower() == "and" and depth == 0:
            names.append(text[start : sign.start()])
            start = sign.end()
    names.append(text[start:])
    told_names = (_name(name.strip()) for name in names if name.strip() and name.strip().lower() != "others")
    return [name for name in told_names if name]


def _name(name: str) -> str:
    if re.fullmatch(r"\{(?:[^{}]|\{[^{}]*\})*\}", name):
        return plain(name)  # a group, or a name that is to stay as it is
    held = re.sub(r"\{[^{}]*\}", lambda found: found[0].replace(",", "\0"), name)
    return plain(turned(held).replace("\0", ","))


def _address(text: str) -> str:
    """An id or an address: braces and the escapes that some write there are no part of it."""
    text = re.sub(r"\\url\s*\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\([%&$#_{}~-])", r"\1", text).replace("{\\textasciitilde}", "~").replace("\\textasciitilde", "~")
    return "".join(re.sub(r"[{}]", "", text).split())

"""Reads a text with citations: its blocks of prose, its reference list, and what its brackets may refer to.

Not prose: headings, code, reference lines and the sources' sentences printed below them, and whatever else the
terminal prints with an answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.checking.markdown_notes import as_citations
from assistant.citations import find_markers
from index.dates import read_question
from index.export import by_key
from index.ids import canonical_id, normalise_title, version_in
from index.paper import Paper

_REFERENCES = re.compile(r"^\W*(?:references|bibliography|sources|literature|works cited)\W*$", re.IGNORECASE)
_APART = re.compile(r"^\W*(?:notes|left out)\b.{0,12}$", re.IGNORECASE)
_ENTRY = re.compile(r"^\s*(?:[-*+]\s+)?\[(?P<label>[^\[\]\s]{1,60})\]:?\s+(?P<text>\S.*)$")
_NUMBERED = re.compile(r"^\s*(?P<label>\d{1,3})[.)]\s+(?P<text>\S.*)$")
_LOOKS_LISTED = re.compile(r"https?://|\barxiv\b|\bdoi\b|^\*\*|\btitle:[0-9a-f]{16}\b", re.IGNORECASE)
_OWN_BLOCK = re.compile(r"^\s*(?:[-*+•]\s|\d{1,2}[.)]\s|#{1,6}\s|>|\||\s\s▲\s|\\(?:sub)*section\b)")
_CLOSED = re.compile(r"[.:!?\]]$")
# what the terminal prints with an answer: marks, flags, the cited sentences, what was checked
_MARKS = re.compile(r"(?<=\S)[^\S\n]*[✓▲](?=\s|$)|^[✓▲]\s", re.MULTILINE)
_BESIDES = re.compile(r"\s\s▲\s|\d+ cited sentences?, \d+ figures|Checked: figures")
_SHOWN = re.compile(r"(?:\s{4,}\d+\.|>\s*\[\d+\.\d+\])\s+(?P<sentence>.*)")
_RULE = re.compile(r"-+(?:\+-+)+\s*$")
_ID = re.compile(
    r"https?://[^\s<>()\[\]]+|\b(?:arxiv:\s*)?\d{4}\.\d{4,5}(?:v\d+)?\b|\barxiv:\s*[a-z-]+/\d{7}"
    r"|\b10\.\d{4,9}/[^\s<>\]]+|title:[0-9a-f]{4,16}",
    re.IGNORECASE,
)
BRACKETED = re.compile(
    r"\[(?P<square>[^\[\]]{2,300})\](?!\()|(?P<link>(?<=\]))?\((?P<round>[^()\[\]]{2,300})\)"
    r"|\\cite\w*\*?(?:\[[^\[\]]*\])*\{(?P<keys>[^{}]{2,300})\}"
)
_DATED_LINK = re.compile(r"^(?=.*https?://).*(?<![\w/.-])(?:19|20)\d\d[a-z]?\b(?![/-])", re.DOTALL)
_AROUND_IDS = re.compile(r"[\s()\[\]<>{},;]+")
_FENCES = ("```", "~~~")
# a surname has one capital, plus one in a particle or a second half: NeurIPS, CVPR and ImageNet are not authors
_SURNAME = r"\b(?:Mc|Mac|De|Di|Du|La|Le|O['’]|Van|Von)?[A-Z][^\W\dA-Z_]+(?:-[A-Z]?[^\W\dA-Z_]+)*"
_AUTHOR_YEAR = re.compile(rf"(?P<et_al>et al\.?)?(?(et_al)|{_SURNAME}),? (?:19|20)\d\d[a-z]?$")
_SEASON = re.compile(r"\b(?:spring|summer|autumn|fall|winter),? \d{4}$", re.IGNORECASE)
_PANDOC = re.compile(r"(?:^|[\s-])(@[^\s,;\[\]]+)")  # with what pandoc lets stand around it: "see @rao, p. 3"
_PART = re.compile(r"\s*[;,]\s*(?=@)|\s*;\s*")
_ESCAPED = re.compile(r"\\([\\`*_{}<>#~|$!])")  # brackets stay escaped: they are the source's own, not citations


class PapersByName:
    """The papers of a library by id, title, short name and BibTeX key."""

    def __init__(self, papers: tuple[Paper, ...]) -> None:
        self._by_id = {paper.id: paper for paper in papers}
        self._by_title = {normalise_title(paper.shown_title): paper for paper in papers}
        self._by_title |= {normalise_title(paper.title): paper for paper in papers}
        self._by_key = by_key(papers)
        self._by_name: dict[str, list[Paper]] = {}
        for paper in papers:
            if paper.short_name:
                self._by_name.setdefault(normalise_title(paper.short_name).replace(" ", ""), []).append(paper)

    def named(self, text: str) -> Paper | None:
        """The paper with a text as its id, link, title, short name or BibTeX key; None if there is none, or if several
        have the short name."""
        text = text.strip().lstrip("@").strip()
        paper_id = canonical_id(text)
        if paper_id or text in self._by_id:
            return self._by_id.get(text) or self._by_id.get(paper_id or "")
        words = normalise_title(text)
        named = self._by_name.get(words.replace(" ", ""), [])
        one = named[0] if len(named) == 1 else None
        return self._by_title.get(words) or one or self._by_key.get(text)

    def listed(self, text: str) -> Paper | None:
        """The paper of a line of a reference list: by an id or link in it, else by the longest title in it."""
        for found in _ID.finditer(text):
            if (paper := self.named(found[0].rstrip(".,;"))) is not None:
                return paper
        words = f" {normalise_title(_unescaped(text))} "
        titles = [
            title for title in self._by_title if f" {title} " in words and (" " in title or f" {title} " == words)
        ]
        return self._by_title[max(titles, key=len)] if titles else self.named(_unescaped(text).strip(" *_.\"'"))


@dataclass
class ReadText:
    """A text's blocks of prose, its reference list's papers by label, the lines that match no paper (`missing`), and
    the versions of arXiv's texts that lines name, by label."""

    blocks: list[str] = field(default_factory=list)
    labels: dict[str, Paper] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]<>#~|$!])", r"\1", text)


def _joined(lines: list[str]) -> str:
    """Join wrapped lines; a word broken at its hyphen becomes whole again."""
    return re.sub(r"(?<=\w)-\n(?=\w)", "-", "\n".join(lines)).replace("\n", " ")


def _begins_entry(line: str, paragraph: list[str]) -> bool:
    """Whether a line after others is a new entry of a reference list, not a wrapped one that begins with a marker."""
    before = (_ENTRY.match(paragraph[0]), _REFERENCES.match(paragraph[0]), _BESIDES.match(paragraph[0]))
    return bool(_ENTRY.match(line) and (any(before) or _CLOSED.search(paragraph[-1])))


def _rows(lines: list[str]) -> Iterator[str]:
    """The lines of a text, with each row of a table that the terminal printed as one line."""
    columns: list[list[str]] = []
    for line in lines:
        cells = [cell.strip() for cell in line.split("|")]
        if _RULE.match(line) or (columns and len(cells) != len(columns)):
            if any(map(any, columns)):
                yield f"| {' | '.join(_joined(list(filter(None, column))) for column in columns)} |"
            columns = [[] for _ in line.split("+")] if _RULE.match(line) else []
        if columns and not _RULE.match(line):
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
        elif not columns:
            yield line


def _prose(text: str) -> list[str]:
    """The lines of a text, with an empty one for each LaTeX comment and each fenced block of code."""
    kept: list[str] = []
    fence: int | None = None  # where the open one begins
    for line in _MARKS.sub("", text).splitlines():
        bare = line.strip()
        if fence is not None and bare in _FENCES:
            del kept[fence:]
            fence, bare = None, "%"
        elif fence is None and bare.startswith(_FENCES):
            fence = len(kept)
        kept.append("" if bare.startswith("%") else line)
    return kept


def _blocks(text: str) -> Iterator[str]:
    """The lines of a text, with wrapped paragraphs joined and an empty line for each empty line of the text."""
    paragraph: list[str] = []
    for line in [*_rows(_prose(text)), ""]:
        if paragraph and (not line.strip() or _OWN_BLOCK.match(line) or _begins_entry(line, paragraph)):
            yield _joined(paragraph)
            paragraph = []
        if not line.strip():
            yield ""
        else:
            paragraph.append(line.strip() if paragraph else line.rstrip())
            if line.lstrip().startswith(("|", "#", "\\section", "\\sub")) or line.endswith("  "):
                yield paragraph.pop()


def read_text(text: str, names: PapersByName) -> ReadText:
    """Split a text into prose and reference list."""
    reading = ReadText()
    section = ""
    text = as_citations(text, lambda note: _names_a_work(note, names))
    blocks = list(_blocks(text))
    listed_from = _closing_list(blocks, names)
    for place, block in enumerate(blocks):
        bare = block.strip()
        if place == listed_from:
            section = "references"
        if _REFERENCES.match(bare):
            section = "references"
        elif _APART.match(bare):
            section = "apart"
        elif bare.startswith(("#", "\\section", "\\sub")):
            section = ""
        elif bare and section != "apart" and not _is_entry(block, section, names, reading):
            reading.blocks += [
                _ESCAPED.sub(r"\1", b) for b in (_cells(bare, names) if bare.startswith("|") else [bare])
            ]
    return reading


def _names_a_work(note: str, names: PapersByName) -> bool:
    """Whether a footnote is a reference: with the id of a paper, a link and a year, or a paper of the library. A link
    alone may lead to code, and the word arXiv alone names none."""
    if any(canonical_id(found[0].rstrip(".,;")) for found in _ID.finditer(note)):
        return True
    return bool(_DATED_LINK.search(note)) or names.listed(note) is not None


def _closing_list(blocks: list[str], names: PapersByName) -> int:
    """Where a reference list without a heading begins at the end of a text: every line begins with a label, and at
    least one names a known paper. The number of blocks if there is no such list."""
    first = len(blocks)
    while first and (not blocks[first - 1].strip() or _ENTRY.match(blocks[first - 1])):
        first -= 1
    entries = [entry for block in blocks[first:] if (entry := _ENTRY.match(block))]
    return first if any(names.named(_unescaped(e["text"])) for e in entries) else len(blocks)


def _is_entry(block: str, section: str, names: PapersByName, reading: ReadText) -> bool:
    """Whether a block is not prose: a line of the reference list (added to `reading`), a cited sentence below it, or a
    remark in italics about the text."""
    bare = block.strip()
    if _BESIDES.match(block) or _is_shown(block, reading) or re.fullmatch(r"\*[^*]+\*|\|?[\s|:-]+", bare):
        return True
    entry = _ENTRY.match(block) or (_NUMBERED.match(block) if section else None)
    if not entry:
        return False
    paper = names.listed(entry["text"])
    listed = section or _LOOKS_LISTED.search(entry["text"])
    if paper is not None and (listed or _is_called(entry["text"], paper) or names.named(entry["text"]) is paper):
        label = entry["label"].lstrip("@")
        reading.labels.setdefault(label, paper)
        parts = (part.rstrip(".:") for part in _AROUND_IDS.split(entry["text"]))
        if version := next(filter(None, map(version_in, parts)), None):
            reading.versions.setdefault(label, version)
    elif listed:
        reading.missing.setdefault(entry["label"], _unescaped(entry["text"])[:200])
    else:
        return False
    return True


def _is_called(text: str, paper: Paper) -> bool:
    """Whether a text begins with the paper's title."""
    said = f"{normalise_title(_unescaped(text))} "
    return said.startswith((f"{normalise_title(paper.title)} ", f"{normalise_title(paper.shown_title)} "))


def _is_shown(block: str, reading: ReadText) -> bool:
    """Whether a block is a cited sentence printed below its paper's reference."""
    shown = _SHOWN.match(block)
    words = normalise_title(_unescaped(shown["sentence"])) if shown else ""
    return bool(words) and any(
        words in normalise_title(text)
        for paper in reading.labels.values()
        for text in (paper.abstract, paper.shown_abstract)
    )


def _cells(row: str, names: PapersByName) -> list[str]:
    """The cells of a table row that cite something, except the first, which names the aspect."""

    def cites(cell: str) -> bool:
        bracketed = (found for found in BRACKETED.finditer(cell))
        return bool(find_markers(cell)) or any(is_meant(b) or any(map(names.named, keys(b))) for b in bracketed)

    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
    return [cell for cell in cells[1:] if cites(cell) and not _ENTRY.match(cell)]


def keys(found: re.Match[str]) -> list[str]:
    """The parts of a bracket, each of which may name a paper."""
    inside = found["keys"].replace(",", ";") if found["keys"] else found["square"] or found["round"]
    parts = (part for part in _PART.split(inside) if part.strip())
    return [named[1] if (named := _PANDOC.search(part)) else part for part in parts]


def is_meant(found: re.Match[str]) -> bool:
    """Whether a bracket looks like a citation, even if no paper matches it."""
    if found["link"] is not None:
        return False
    inside = (found["square"] or found["round"] or "").strip()
    paper_id = _ID.fullmatch(inside) and canonical_id(inside)
    return bool(found["keys"] or paper_id or _names_author(inside)) or bool(found["square"] and _PANDOC.search(inside))


def _names_author(inside: str) -> bool:
    """Whether a bracket ends with an author and a year, not a date ("as of March 2024")."""
    author = _AUTHOR_YEAR.search(inside)
    dated = _SEASON.search(inside) or read_question(f"in {inside}").words
    return author is not None and bool(author["et_al"] or not dated)

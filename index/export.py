"""Papers out: BibTeX, CSV, and the JSONL that reads back exactly. All three read back: BibTeX and CSV without what is
invisible, BibTeX with its names as they are spoken (`Doe, Ann` is `Ann Doe`) and with a link where the paper has an id.

Text in, text out; knows nothing of libraries or files.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator

from index.english import MONTHS
from index.export_records import derived_id, number_of, with_tags
from index.latex_signs import in_commands
from index.paper import Paper
from index.safety.cells import guarded
from index.safety.inert import visible
from index.sources.encoding import mended
from index.sources.records.record_keywords import joined

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts braces even behind a backslash
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        **{sign: f"\\{sign}" for sign in "$&%#_"},
    }
)
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)")
_LITTLE_WORDS = frozenset(
    "a an and are as at be beyond by can do does for from how in into is it its of on or the to towards toward via vs "
    "we what when where which why with without your".split()
)


def to_jsonl(papers: Iterable[Paper]) -> str:
    """One paper per line, as in every command's JSON, with the source's own text unchanged; `papers add` reads it back
    exactly."""
    return "".join(mended(json.dumps(paper.to_dict(), ensure_ascii=False)) + "\n" for paper in papers)


def to_csv(papers: Iterable[Paper]) -> str:
    """One paper per row under the field names of the paper JSON; what a list holds is separated by semicolons. Texts
    go through `csv_cell`."""
    out = io.StringIO()
    columns = list(Paper(title="", abstract="").to_dict())
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for paper in papers:
        values = {name: "; ".join(v) if isinstance(v, list) else v for name, v in paper.to_dict().items()}
        writer.writerow([csv_cell(v) if isinstance(v := values[column], str) else v for column in columns])
    return out.getvalue()


def csv_cell(text: str) -> str:
    """A text on one line, without invisible characters, that no spreadsheet runs as a formula: one that might be gets
    an apostrophe in front. So does one that already has apostrophes before a possible formula, so that removing one
    apostrophe always gives back the text."""
    return guarded(re.sub(r"[\r\n]+", " ", visible(text)))


def by_key(papers: Iterable[Paper]) -> dict[str, Paper]:
    """The papers by their BibTeX keys, such as `doe2026row`; no two share one."""
    keyed: dict[str, Paper] = {}
    for paper in papers:
        keyed[next(key for key in _keys(paper) if key not in keyed)] = paper
    return keyed


def to_bibtex(papers: Iterable[Paper]) -> str:
    """One `@misc` per paper, with its `eprint` and its `doi` if it has them, under the keys of `by_key`. What a style
    prints is in commands, which BibTeX and every engine of LaTeX read. Fields that no style prints (`posted`,
    `papersource` ...) hold what BibTeX has no field for."""
    entries = []
    for key, paper in by_key(papers).items():
        fields = "".join(f"  {name} = {value},\n" for name, value in _bibtex_fields(paper))
        entries.append(f"@misc{{{key},\n{fields}}}\n")
    return "\n".join(entries)


def _bibtex_fields(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{{{in_commands(latex(paper.title))}}}}}"  # doubled, so that capitals stay as they are
    if paper.authors:
        yield "author", "{" + " and ".join(_bibtex_name(name) for name in paper.authors) + "}"
    elif paper.organization:
        yield "author", f"{{{{{in_commands(latex(paper.organization))}}}}}"
    if paper.organization:
        yield "organization", f"{{{in_commands(latex(paper.organization))}}}"
    if paper.day:
        yield "year", f"{{{paper.day[:4]}}}"
        yield "month", MONTHS[int(paper.day[5:7]) - 1]
    if paper.published:
        yield "day", f"{{{int(paper.published[8:])}}}"
    if arxiv := number_of(paper, "arxiv"):
        yield "eprint", f"{{{_verbatim(arxiv)}}}"
        yield "archivePrefix", "{arXiv}"
    if doi := number_of(paper, "doi"):
        yield "doi", f"{{{_verbatim(doi)}}}"
    if paper.link:
        yield "url", f"{{{_verbatim(paper.link)}}}"
    yield "abstract", f"{{{latex(paper.abstract)}}}"
    if paper.words_by:
        yield "note", f"{{{in_commands(latex(paper.words_by))}}}"
    if paper.keywords or paper.tags:
        yield "keywords", f"{{{latex(joined(with_tags(paper)))}}}"
    if paper.code_url:
        yield "codeurl", f"{{{_verbatim(paper.code_url)}}}"
    if paper.version:
        yield "version", f"{{{paper.version}}}"
    if paper.posted:
        yield "posted", f"{{{paper.posted}}}"
    counts = {"authorcount": paper.author_count, "comments": paper.comments, "upvotes": paper.upvotes}
    for name, count in counts.items():
        if count is not None and (name != "authorcount" or count != len(paper.authors)):
            yield name, f"{{{count}}}"
    if derived_id(paper) != paper.id:
        yield "paperid", f"{{{latex(paper.id)}}}"
    if paper.tags:
        yield "papertags", f"{{{latex(joined(paper.tags))}}}"
    if paper.note:
        yield "annote", f"{{{latex(paper.note)}}}"  # which, unlike `note`, no list of references prints
    if paper.ai_summary:
        yield "aisummary", f"{{{latex(paper.ai_summary)}}}"
    if paper.source:
        yield "papersource", f"{{{latex(paper.source)}}}"


def latex(text: str, *, whole: bool = True) -> str:
    """A text escaped so that LaTeX prints it as it is: two dashes or quotes in a row would become another sign. Spaces
    are single, and if it is a `whole` text there are none around it."""
    line = " ".join(visible(text).split()) if whole else visible(text)
    return _LIGATURE.sub("{}", line.translate(_LATEX))


def _bibtex_name(name: str) -> str:
    """A name for BibTeX to parse; in braces if BibTeX would split it wrongly: one that contains the word "and" (a
    group), or commas that are not between family and given names."""
    wrong = re.search(r"\band\b|^others$|,.*,|,\s*(?:jr|sr|ii|iii|iv)\b|^\s*,|,\s*$", name, re.IGNORECASE)
    written = in_commands(latex(name))
    return f"{{{written}}}" if wrong else written


def _verbatim(text: str) -> str:
    """An id or link, which LaTeX styles print verbatim: only what would end the field is percent-encoded."""
    return re.sub(r"[\s{}\\]", lambda found: f"%{ord(found[0]):02X}", visible(text))


def _keys(paper: Paper) -> Iterator[str]:
    """Citation keys for a paper, the plainest first: the first author's last name (or else the paper's short name), the
    year and a word of the title; then the same followed by a, b, ... aa, ab."""
    words = [word for word in re.findall(r"[a-z0-9]+", _ascii(paper.title)) if word not in _LITTLE_WORDS]
    if paper.authors:
        name = paper.authors[0]
        last = name.split(",")[0] if "," in name else name.split()[-1] if name.split() else ""
    else:
        last = paper.short_name or paper.organization or ""
    lead = "".join(re.findall(r"[a-z0-9]+", _ascii(last)))[:30]
    lead = lead or (words.pop(0) if words else "paper")
    word = next((word for word in words if word not in lead and len(word) > 1), "")
    year = (paper.day or "")[:4]
    base = lead + ("-" if year and lead[-1].isdigit() else "") + year + word
    yield base
    number = 0
    while True:
        suffix, rest = "", number
        while rest >= 0:
            suffix, rest = chr(ord("a") + rest % 26) + suffix, rest // 26 - 1
        yield f"{base}-{suffix}"
        number += 1


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()

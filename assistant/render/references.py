"""References of papers in the styles that people cite with: APA and IEEE as plain text, BibTeX and RIS as records.

APA and IEEE are laid out by citeproc from the style sheets of the Citation Style Language; what comes out is plain
text, to be escaped where it is shown. A paper of the sample is followed by whose words its text is in.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from index.export import to_bibtex
from index.export_records import one_line, to_csl_json, to_ris
from index.paper import Paper

LAID_OUT = ("apa", "ieee")
STYLES = (*LAID_OUT, "bibtex", "ris")
NAMES = {"apa": "APA", "ieee": "IEEE", "bibtex": "BibTeX", "ris": "RIS"}


def references(papers: Iterable[Paper], style: str) -> str:
    """The papers in one of `STYLES`, each once: in APA by the alphabet, in IEEE numbered in the order given. Raises
    ValueError for another style."""
    once = list({paper.id: paper for paper in papers}.values())
    if style in ("bibtex", "ris"):
        return to_bibtex(once) if style == "bibtex" else to_ris(once)
    lines = entries(once, style)
    if style == "apa":
        lines.sort(key=str.casefold)
    else:
        lines = [f"[{number}] {line}" for number, line in enumerate(lines, 1)]
    return "".join(f"{line}\n" for line in lines)


def entries(papers: Sequence[Paper], style: str) -> list[str]:
    """A line for each paper in APA or IEEE, without a number. Raises ValueError for another style."""
    if style not in LAID_OUT:
        raise ValueError(f"{style!r} is not a style of references: {', '.join(STYLES)}")
    return [
        " ".join(filter(None, (_entry(paper, style), paper.words_by and f"({paper.words_by}.)"))) for paper in papers
    ]


def _entry(paper: Paper, style: str) -> str:
    item = _item(paper)
    if style == "apa" and "number" in item:
        item["publisher"] = "arXiv"
    try:
        laid_out = _layouts(style)(item).replace("(ArXiv:", "(arXiv:")
    except Exception:  # citeproc fails on some names and titles with errors of every kind
        laid_out = ""
    if "author" not in item:
        laid_out = _told_once(laid_out, item["title"])
    return one_line(laid_out) or _plainly(paper)


def _told_once(laid_out: str, title: str) -> str:
    """A reference without its title's second telling: where a style puts the title in the place of missing authors,
    citeproc tells it again in its own."""
    first, told, rest = laid_out.partition(title.rstrip("."))
    before, again, after = rest.partition(title.rstrip("."))
    return f"{first}{told}{before.rstrip()}{after.removeprefix('.')}" if again else laid_out


def _item(paper: Paper) -> dict[str, Any]:
    """A paper for citeproc: with its title as people read it."""
    item: dict[str, Any] = json.loads(to_csl_json([paper]))[0]
    kept: dict[str, Any] = {name: item[name] for name in ("DOI", "number") if name in item}
    people = [_person(name) for name in item.get("author", ()) if re.search(r"\w", "".join(name.values()))]
    if people or paper.organization:
        kept["author"] = people or [{"literal": one_line(paper.organization or "")}]
    if paper.day:
        kept["issued"] = {"date-parts": [[int(part) for part in paper.day.split("-")]]}
    if paper.link and "DOI" not in kept:
        kept["URL"] = paper.link
    return {"id": "paper", "type": "article", "title": one_line(paper.shown_title)} | kept


def _person(name: dict[str, str]) -> dict[str, str]:
    """A name for citeproc; one that is written `Doe, Ann` in its two parts."""
    family, comma, given = name.get("literal", "").partition(", ")
    return {"family": family, "given": given} if comma and family and given and "," not in given else name


def _plainly(paper: Paper) -> str:
    """A paper's people, year, title and link, where no style can lay it out."""
    people = ", ".join(one_line(name) for name in paper.authors[:20])
    year = f"({paper.day[:4]})" if paper.day else "(n.d.)"
    parts = (people, year, one_line(paper.shown_title).rstrip("."), paper.link)
    return ". ".join(filter(None, parts))


@cache
def _layouts(style: str) -> Callable[[dict[str, Any]], str]:
    """What lays out one item in a style. The packages take half a second to import."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    sheet = CitationStylesStyle(str(Path(__file__).parent / "styles" / f"{style}.csl"), validate=False)

    def lay_out(item: dict[str, Any]) -> str:
        bibliography = CitationStylesBibliography(sheet, CiteProcJSON([item]), formatter.plain)
        bibliography.register(Citation([CitationItem(item["id"])]))
        return "".join(str(line) for line in bibliography.bibliography()).removeprefix("[1]")

    return lay_out

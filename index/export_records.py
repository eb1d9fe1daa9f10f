"""Papers out to reference managers: RIS and CSL-JSON.

Both hold all that a paper has; what the format has no field for stands in its fields for custom use, and `papers add`
reads it back from there. Text is without what is invisible, and on one line.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from index.ids import title_id
from index.paper import Paper
from index.safety.inert import visible
from index.sources.encoding import mended
from index.sources.records.record_keywords import joined

_GROUP = re.compile(
    r"\b(?:and|of|the|for|at|group|team|labs?|consortium|collaboration|research|project|institute|university|ai)\b",
    re.IGNORECASE,
)
_PARTICLES = re.compile(r"\s(?=(?:(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|ten|ter|bin|ibn|al|el)\s+)+\S+$)")
_CUSTOM = ("posted", "organization", "comments", "upvotes", "author_count", "code_url", "source")
_CSL_CUSTOM = (*_CUSTOM, "version")


def to_ris(papers: Iterable[Paper]) -> str:
    """One RIS record per paper; C1 to C8 hold what RIS has no field for, by name (`posted: 2026-04-16`)."""
    records = ("".join(f"{tag}  - {value}\n" for tag, value in _ris_lines(paper)) for paper in papers)
    return mended("\n".join(f"{record}ER  - \n" for record in records))


def to_csl_json(papers: Iterable[Paper]) -> str:
    """An array of CSL-JSON items, as Zotero and Pandoc read it; `custom` holds what CSL has no field for."""
    return mended(json.dumps([_csl(paper) for paper in papers], ensure_ascii=False, indent=1)) + "\n"


def derived_id(paper: Paper) -> str | None:
    """The id that a paper's other fields tell by themselves, where a format has no field for ids."""
    for kind in ("arxiv", "doi"):  # an arXiv id that stands beside a DOI is taken before it
        if number := number_of(paper, kind):
            return f"{kind}:{number}"
    return title_id(one_line(paper.title))


def number_of(paper: Paper, kind: str) -> str | None:
    """The first arXiv number or DOI (`kind`: `arxiv`, `doi`) among all ids of a paper."""
    numbers = (i.partition(":")[2] for i in paper.ids if i.startswith(f"{kind}:"))
    return next(filter(None, numbers), None)


def one_line(text: str) -> str:
    """A text on one line, single-spaced, without what is invisible."""
    return " ".join(visible(text).split())


def with_tags(paper: Paper) -> tuple[str, ...]:
    """The keywords of a paper and, behind them, its tags, for programs that know only keywords."""
    known = {word.casefold() for word in paper.keywords}
    return (*paper.keywords, *(tag for tag in paper.tags if tag.casefold() not in known))


def parts_of_name(name: str) -> tuple[str, str] | None:
    """Family name and given names; None for a group, a single name, and one whose parts cannot be told."""
    name = one_line(name)
    if "," in name or " " not in name or _GROUP.search(name) or any(sign.isdigit() for sign in name):
        return None
    cut = _PARTICLES.search(name)
    given, family = (name[: cut.start()], name[cut.end() :]) if cut else name.rsplit(" ", 1)
    return family, given


def _custom(paper: Paper, names: Iterable[str] = _CUSTOM) -> dict[str, Any]:
    values = {name: getattr(paper, name) for name in names}
    if values["author_count"] == len(paper.authors):
        del values["author_count"]
    return {name: one_line(v) if isinstance(v, str) else v for name, v in values.items() if v is not None}


def _ris_lines(paper: Paper) -> Iterator[tuple[str, str]]:
    arxiv, doi = number_of(paper, "arxiv"), number_of(paper, "doi")
    yield "TY", "JOUR" if doi else "GEN"
    yield "TI", one_line(paper.title)
    for name in paper.authors:
        parts = parts_of_name(name)
        # a comma behind the name says that it is a group's, and is not to be turned
        yield "AU", ", ".join(parts) if parts else one_line(name) + ("" if "," in name else ",")
    yield "AB", one_line(paper.abstract)
    if paper.words_by:
        yield "N1", paper.words_by
    if paper.published:
        yield "PY", paper.published[:4]
        yield "DA", f"{paper.published.replace('-', '/')}/"
    if doi:
        yield "DO", one_line(doi)
    if arxiv:
        yield "AN", f"arXiv:{one_line(arxiv)}"
    if paper.note:
        yield "N1", f"note: {one_line(paper.note)}"
    for word in with_tags(paper):
        yield "KW", one_line(word)
    if paper.tags:
        yield "U1", f"tags: {'; '.join(paper.tags)}"
    if paper.ai_summary:
        yield "U2", f"ai_summary: {one_line(paper.ai_summary)}"
    if paper.url:
        yield "UR", one_line(paper.url)
    custom = _custom(paper) | ({"id": one_line(paper.id)} if derived_id(paper) != paper.id else {})
    for place, (name, value) in enumerate(custom.items(), 1):
        yield f"C{place}", f"{name}: {value}"


def _csl(paper: Paper) -> dict[str, Any]:
    arxiv, doi = number_of(paper, "arxiv"), number_of(paper, "doi")
    item: dict[str, Any] = {"id": one_line(paper.id), "type": "article", "title": one_line(paper.title)}
    item["abstract"] = one_line(paper.abstract)
    if paper.words_by:
        item["note"] = paper.words_by
    if paper.authors:
        item["author"] = [_csl_name(name) for name in paper.authors]
    if paper.published:
        item["issued"] = {"date-parts": [[int(part) for part in paper.published.split("-")]]}
    if doi:
        item["DOI"] = doi
    if arxiv:
        item |= {"archive": "arXiv", "number": f"arXiv:{arxiv}"}
    if keywords := with_tags(paper):
        item["keyword"] = one_line(joined(keywords))
    if paper.url:
        item["URL"] = one_line(paper.url)
    lists = {name: [one_line(v) for v in getattr(paper, name)] for name in ("ids", "posted_days")}
    further: dict[str, Any] = {name: values for name, values in lists.items() if len(values) > 1}
    if paper.tags:
        further["paper_tags"] = list(paper.tags)
    if paper.note:
        further["paper_note"] = one_line(paper.note)
    if paper.ai_summary:
        further["ai_summary"] = one_line(paper.ai_summary)
    return item | {"custom": {"paper_id": one_line(paper.id)} | _custom(paper, _CSL_CUSTOM) | further}


def _csl_name(name: str) -> dict[str, str]:
    parts = parts_of_name(name)
    return {"family": parts[0], "given": parts[1]} if parts else {"literal": one_line(name)}

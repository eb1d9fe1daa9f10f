"""Answers, comparisons and digests as texts to copy or save: with references in a style of choice, or as a note with
the cited sentences under each paper.

`markdown` is the document that `papers check` reads back; in the other forms its markers stay too. `bibtex` and `ris`
are the references alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.citations import cited_sentence, marker
from assistant.documents import Answer, Citation, Claim, Comparison, Digest, DigestPaper, Label, LabelledPaper
from assistant.render import digest, markdown
from assistant.render.escape import escape_markdown, safe_markdown
from assistant.render.references import LAID_OUT, NAMES, entries, references
from index.paper import Paper

Exported = Answer | Comparison | Digest
Labelled = LabelledPaper | DigestPaper


@dataclass(frozen=True)
class ExportForm:
    """A form: what people call it, the ending of its files, and their media type."""

    name: str
    ending: str
    media_type: str


FORMS = {
    "markdown": ExportForm("Markdown", "md", "text/markdown"),
    "note": ExportForm("Note with the cited sentences", "note.md", "text/markdown"),
    "apa": ExportForm("With references in APA", "apa.md", "text/markdown"),
    "ieee": ExportForm("With references in IEEE", "ieee.md", "text/markdown"),
    "bibtex": ExportForm("BibTeX", "bib", "application/x-bibtex"),
    "ris": ExportForm("RIS", "ris", "application/x-research-info-systems"),
}


def write(document: Exported, form: str) -> str:
    """A document in one of `FORMS`. Raises KeyError for another form."""
    if isinstance(document, Answer):
        document = document.comparison or document.digest or document
    if form == "markdown":
        return _markdown_of(document)
    if form not in LAID_OUT and form != "note":
        return references([p.paper for p in cited_papers(document)], form)
    body = _body(document)
    return body + (_quotes_by_paper(document) if form == "note" else _listed(cited_papers(document), form))


def cited_papers(document: Exported) -> Sequence[Labelled]:
    """The papers that a document cites: of a comparison and a digest all."""
    if isinstance(document, Answer):
        document = document.comparison or document.digest or document
    if isinstance(document, Digest):
        return digest.as_shown(document).papers
    return [p for p in document.papers if p.cited] if isinstance(document, Answer) else document.papers


def _markdown_of(document: Exported) -> str:
    from assistant.render import comparison

    if isinstance(document, Comparison):
        return comparison.to_markdown(document)
    return digest.to_markdown(document) if isinstance(document, Digest) else markdown.to_markdown(document)


def _body(document: Exported) -> str:
    """A document in Markdown without its references and quotes; a digest, whose lines are its references, whole."""
    from assistant.render import comparison

    if isinstance(document, Comparison):
        return comparison.table_markdown(document)
    if isinstance(document, Digest):
        return digest.to_markdown(document)
    parts = [f"# {escape_markdown(document.question)}", safe_markdown(document.text)]
    return "\n\n".join([*parts, *(f"*{escape_markdown(notice)}*" for notice in document.notices)]) + "\n"


def _listed(papers: Sequence[Labelled], style: str) -> str:
    """The references under a heading, each behind the label that the text cites it by."""
    if not papers:
        return ""
    lines = entries([p.paper for p in papers], style)
    listed = [f"[{p.label}] {_linked(line, p.paper)}  " for p, line in zip(papers, lines, strict=True)]
    return "\n".join(["", f"## References ({NAMES[style]})", "", *listed]) + "\n"


def _linked(line: str, paper: Paper) -> str:
    """A reference in which the paper's own link, and nothing else, is one."""
    before, link, after = line.rpartition(paper.link) if paper.link else ("", "", line)
    return escape_markdown(before) + (f"<{link}>" if link else "") + escape_markdown(after)


def _claims(document: Exported) -> Iterable[Claim]:
    if isinstance(document, Comparison):
        return [*(cell for row in document.rows for cell in row.cells if cell), *document.summary]
    if isinstance(document, Digest):
        document = digest.as_shown(document)
        return [*document.overview, *(c for t in document.themes for c in t.claims), *(p.line for p in document.papers)]
    return document.claims


def _quotes_by_paper(document: Exported) -> str:
    """Each cited paper with its link and the sentences that are cited of it, as quotes."""
    cited = dict.fromkeys(citation for claim in _claims(document) for citation in claim.citations)
    papers = [LabelledPaper(int(p.label), p.paper) for p in cited_papers(document)]
    sections = [_section(p.label, p.paper, [c for c in cited if c.label == p.label], papers) for p in papers]
    return "\n" + "\n".join(sections) if sections else ""


def _section(label: Label, paper: Paper, cited: Sequence[Citation], papers: Sequence[LabelledPaper]) -> str:
    people = ", ".join(paper.authors[:4]) + (" et al." if len(paper.authors) > 4 else "")
    facts = [escape_markdown(people), paper.day, f"<{paper.link}>" if paper.link else "", paper.words_by]
    lines = [f"## [{label}] {escape_markdown(paper.shown_title)}", "", " · ".join(filter(None, facts)), ""]
    for citation in sorted(cited, key=lambda c: c.sentence or 0):
        if text := cited_sentence(citation, papers):
            lines += [f"> {escape_markdown(text)} {marker([citation])}", ""]
    return "\n".join(lines)

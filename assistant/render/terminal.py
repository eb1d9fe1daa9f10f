"""Papers, answers, comparisons and digests for a terminal: plain lines, quiet marks, wrapped to its width."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.citations import Marker, cited_sentence, replace_markers
from assistant.documents import Answer, Claim, LabelledPaper, Usage
from assistant.render.claims import NOT_CHECKED
from index.english import count_of
from index.paper import AI_SUMMARY, Hit, Paper
from index.safety.inert import visible

if TYPE_CHECKING:
    from assistant.checking.document import CheckedText
    from index.storage.sources import MergedRecord

CHECKED = f"Checked: figures, names, quotes, dates, citations. {NOT_CHECKED}"
_STYLE = re.compile(r"\x1b\[\d+m")
_DIM, _AMBER, _BOLD, _OFF = "\x1b[2m", "\x1b[33m", "\x1b[1m", "\x1b[0m"


def _width() -> int:
    return max(40, min(100, shutil.get_terminal_size().columns))


def _styled(text: str, style: str) -> str:
    return f"{style}{text}{_OFF}" if sys.stdout.isatty() else text


def _wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    lead = indent if first is None else first
    return textwrap.fill(
        visible(text),
        _width(),
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _facts(paper: Paper) -> str:
    people = count_of(paper.author_count, "author") if paper.author_count else paper.organization
    parts = [paper.day, people, paper.id, paper.words_by]
    return visible(" · ".join(p for p in parts if p))


def print_papers(papers: Sequence[Paper]) -> None:
    """A list of papers: day, id, title; then their number."""
    for paper in papers:
        print(f"{paper.day or '----------'}  {visible(paper.id)}")
        print(_wrapped(paper.shown_title, "            "))
    print(count_of(len(papers), "paper"))


def print_paper(paper: Paper) -> None:
    """A paper: title, facts, link, and its sentences with their numbers."""
    print(_styled(_wrapped(paper.shown_title), _BOLD))
    print(_facts(paper))
    if paper.authors:
        print(_wrapped(", ".join(paper.authors)))
    if paper.link:
        print(visible(paper.link))
    for name, value in _further(paper):
        print(_wrapped(visible(value), "    ", f"{name}: "))
    print()
    for sentence in paper.sentences:
        print(_wrapped(sentence.text, "    ", f"{sentence.number:>3} "))


def _further(paper: Paper) -> Iterator[tuple[str, str]]:
    """What else a paper's record says, under its name."""
    if len(paper.ids) > 1:
        yield "Ids", ", ".join(paper.ids)
    if len(paper.posted_days) > 1:
        yield "On Daily pages", ", ".join(paper.posted_days)
    if paper.version:
        yield "Version", str(paper.version)
    if paper.keywords:
        yield "Keywords", ", ".join(paper.keywords)
    if paper.code_url:
        yield "Code", paper.code_url
    if paper.upvotes:
        yield "Upvotes", str(paper.upvotes)
    if paper.comments:
        yield "Comments", str(paper.comments)
    if paper.source:
        yield "Source", paper.source
    if paper.tags:
        yield "Tags", ", ".join(paper.tags)
    if paper.note:
        yield "Note", paper.note
    if paper.ai_summary:
        yield AI_SUMMARY, paper.ai_summary


def print_sources(paper: Paper, sources: Sequence["MergedRecord"]) -> None:
    """The records that a paper was merged of: where each came from, its ids, its title, and what it says otherwise."""
    print()
    if not sources:
        print("It was not merged of differing records.")
        return
    print(f"Merged of {len(sources)} records:")
    for number, source in enumerate(sources, 1):
        came = source.added[:16].replace("T", " ") + " UTC" if source.added else "before the first of the others"
        print(_wrapped(visible(f"{source.source or 'no source named'}, {came}"), "    ", f"{number:>3} "))
        print(_wrapped(visible(", ".join(source.record.get("ids") or [source.id])), "        ", "    ids: "))
        print(_wrapped(visible(str(source.record.get("title", ""))), "        ", "    title: "))
        differs = ", ".join(source.differs_from(paper)).replace("_", " ")
        print(f"    differs in: {differs or 'nothing'}")


def print_hits(hits: Iterable[Hit]) -> None:
    """Search results: rank, title, facts, and the best sentences with their numbers."""
    for hit in hits:
        print(_styled(_wrapped(hit.paper.shown_title, "    ", f"{hit.rank:>2}. "), _BOLD))
        print(f"    {_facts(hit.paper)}")
        for sentence in hit.sentences[:2]:
            print(_wrapped(sentence.text, "         ", f"    {sentence.number:>3}. "))
        print()


def shown(text: str) -> str:
    """Written text as a reader sees it: `[1.4]` becomes `[1]`, each label once per marker."""

    def write(marker: Marker) -> str:
        labels = dict.fromkeys(str(c.label) for c in marker.citations)
        return "".join(f"[{label}]" for label in labels)

    return visible(replace_markers(text, write))


def mark(claim: Claim) -> str:
    """The quiet mark after a checked sentence; empty if there is nothing to say."""
    if claim.check.ticked and claim.check.found:
        return _styled(" ✓", _DIM)
    if claim.check.verdict in ("look", "uncited"):
        return _styled(" ▲", _AMBER)
    return ""


def with_marks(answer: Answer) -> str:
    """The answer's text as a reader sees it, with a mark after each checked sentence, up to the last checked one (all
    of it once the answer is complete)."""
    pieces: list[str] = []
    position = 0
    for claim in answer.claims:
        start = answer.text.find(claim.text, position)
        if start < 0:
            continue
        end = start + len(claim.text)
        pieces += [shown(answer.text[position:end]), mark(claim)]
        position = end
    if answer.complete:
        pieces.append(shown(answer.text[position:]))
    return "".join(pieces)


class Flow:
    """Prints text as it grows, wrapped at spaces to the terminal's width."""

    def __init__(self) -> None:
        self._printed = ""
        self._column = 0
        self._gap = 0

    def grow(self, text: str) -> None:
        """Prints what `text` adds to what was printed; all of it if it does not continue that."""
        if not text.startswith(self._printed):
            sys.stdout.write("\n\n" if self._printed else "")
            self._printed, self._column, self._gap = "", 0, 0
        new = text[len(self._printed) :]
        self._printed = text
        for token in re.findall(r"\n|[^\S\n]+|\S+", new):
            if token == "\n":
                sys.stdout.write("\n")
                self._column = self._gap = 0
            elif token.isspace():
                self._gap = 1 if self._column else 0
            else:
                length = len(_STYLE.sub("", token))
                if self._gap and self._column + 1 + length > _width():
                    sys.stdout.write("\n")
                    self._column = self._gap = 0
                sys.stdout.write(" " * self._gap + token)
                self._column += self._gap + length
                self._gap = 0
        sys.stdout.flush()


def print_flags(claims: Iterable[Claim]) -> None:
    """What was not found in the cited sentences, one line each; and where the wording differs."""
    for claim in claims:
        if claim.check.verdict == "uncited":
            print(_styled(_wrapped(f"cites nothing: {shown(claim.text)}", "    ", "  ▲ "), _AMBER))
        for flag in claim.check.flags:
            nearest = f" (nearest: {flag.nearest})" if flag.nearest else ""
            print(_styled(_wrapped(f"{flag.message}{nearest}", "    ", "  ▲ "), _AMBER))
        for hint in claim.check.hints:
            print(_styled(_wrapped(hint.message, "    ", "  · "), _DIM))


def print_judged(claims: Iterable[Claim]) -> None:
    """The claims of a table or a digest on which a judge gave a hint, each with it."""
    for claim in claims:
        judged = [hint.message for hint in claim.check.hints if hint.kind == "judge"]
        if judged:
            print(_wrapped(shown(claim.text), "  "))
            print(_styled(_wrapped("; ".join(judged), "    ", "  · "), _DIM))


def checked_line(claims: Sequence[Claim]) -> str:
    """One line that sums up the checks: what was found in the cited sentences, and how many sentences to look at."""
    found = sum(len(c.check.found) for c in claims)
    cited = sum(1 for c in claims if c.citations)
    look = sum(1 for c in claims if c.check.verdict in ("look", "uncited"))
    line = f"{count_of(cited, 'cited sentence')}, {found} figures, names and quotes found in what they cite"
    return line + (f", {look} to look at" if look else "")


def print_references(papers: Iterable[LabelledPaper], claims: Sequence[Claim]) -> None:
    """The cited papers, each with its cited sentences that the text does not quote whole."""
    papers = list(papers)
    written = " ".join(claim.text for claim in claims)
    cited = dict.fromkeys(c for claim in claims for c in claim.citations)
    for labelled in papers:
        if not labelled.cited:
            continue
        print(_wrapped(labelled.paper.shown_title, "    ", f"[{labelled.label}] "))
        print(f"    {_facts(labelled.paper)}")
        for citation in sorted(
            (c for c in cited if c.label == labelled.label and c.sentence), key=lambda c: c.sentence or 0
        ):
            sentence = cited_sentence(citation, papers)
            if sentence and sentence not in written:
                print(_styled(_wrapped(sentence, "         ", f"    {citation.sentence:>3}. "), _DIM))


def usage_line(usage: Usage, model: str | None) -> str:
    """Calls, tokens and cost in one line; empty if nothing was spent."""
    if not usage.llm_calls and not usage.embedding_calls:
        return ""
    cost = f", ${usage.cost_usd:.4f}" if usage.cost_usd is not None else ""
    calls = count_of(usage.llm_calls, "call")
    return f"{model or 'model'}: {calls}, {usage.prompt_tokens} + {usage.completion_tokens} tokens{cost}"


def print_after(answer: Answer) -> None:
    """The end of an answer: the papers, the checks, what is not checked, and what it cost."""
    if answer.answered:
        print()
        print_references(answer.papers, answer.claims)
    print()
    if any(claim.check.found or claim.check.flags or claim.check.hints for claim in answer.claims):
        print(_styled(checked_line(answer.claims), _DIM))
        print_flags(answer.claims)
        print(_styled(CHECKED, _DIM))  # one line: a copied text is known by it
    if line := usage_line(answer.usage, answer.model):
        print(_styled(line, _DIM))


def _chroma_line(document: dict[str, Any]) -> str:
    """Where Chroma is and, on a server, how the library's collection stands."""
    if not (server := document["chroma_server"]):
        return str(document["chroma"])
    lag = f", {server['lag']:,} behind" if server["lag"] else ""
    if not server["reachable"]:
        return f"{server['url']}: not reachable{lag}"
    return f"{server['url']}: {server['vectors']:,} vectors in {server['collection'] or 'no collection yet'}{lag}"


def print_status(document: dict[str, Any]) -> None:
    """`papers status`, one line per fact."""
    days = f"{document['first']} to {document['last']}" if document["first"] else "none dated"
    agree = {None: "not checked (papers status --verify)", True: "yes", False: "no (papers status --repair)"}
    lines = {
        "library": document["home"],
        "papers": f"{document['papers']} ({days})",
        "embeddings": document["embeddings"],
        "chroma": _chroma_line(document),
        "model": document["model"] or "none: answers in quotes",
        "API": document["llm"],
        "token counter": document["token_counter"],
        "indexes agree": agree[document["agree"]],
    }
    if document["papers"]:
        each = document["disk"] / document["papers"] / 1e3
        lines["disk"] = f"{document['disk'] / 1e6:,.1f} MB, {each:,.0f} KB a paper"
    if document["rejects"]:
        lines["rejected"] = f"{document['rejects']:,} (papers rejects)"
    for name, value in lines.items():
        print(_wrapped(str(value), " " * 15, f"{name:<15}"))
    print()
    for notice in document["notices"]:
        print(_wrapped(notice))


def print_checked(checked: "CheckedText", places: Sequence[str | None] = ()) -> None:
    """`papers check`: each sentence with its mark, what was not found, and citations that could not be resolved. Where
    it is known, the file and line come before a sentence that has a flag."""
    for claim, place in zip(checked.claims, places or [None] * len(checked.claims), strict=True):
        if place and claim.check.verdict in ("look", "uncited"):
            print(_styled(f"{shown(place)}:", _DIM))
        print(_wrapped(shown(claim.text), "  ") + mark(claim))
        print_flags([claim])
    print()
    for text in checked.unresolved:
        print(_styled(_wrapped(f"cannot be resolved: {text}", "    ", "  ▲ "), _AMBER))
    print(_styled(checked_line(checked.claims), _DIM))
    print(_styled(CHECKED, _DIM))  # one line: a copied text is known by it

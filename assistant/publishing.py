"""What of a text that a model wrote may be published, and what of the papers' own words takes the place of the rest.

One rule for the cells of a comparison and the sentences of a digest; what a job asks of them besides stays in its
`reply.py`. Knows nothing of tables or weeks; makes no call.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.checking import check_claim
from assistant.citations import citations_in
from assistant.documents import Claim, LabelledPaper
from assistant.written_markers import canonical_markers
from index.paper import Paper
from index.safety.inert import inert
from index.sentences import Sentence

LINK = re.compile(r"https?://[^\s)\]>\"']*|\bwww\.[^\s)\]>\"']*", re.IGNORECASE)


_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*<?((?:https?://|www\.)[^()\s<>]*)>?[^()]*\)", re.IGNORECASE)


def without_foreign_links(text: str, papers: Iterable[Paper]) -> tuple[str, tuple[str, ...]]:
    """A text without the links that no abstract of the papers holds, and those links; of a Markdown link its words
    stay."""
    known = " ".join(f"{paper.abstract} {paper.shown_abstract} {paper.link or ''}" for paper in papers)
    removed: dict[str, None] = {}

    def is_known(link: str) -> bool:
        if link.rstrip(".,;") in known:
            return True
        removed[link] = None
        return False

    text = _MARKDOWN_LINK.sub(lambda found: found[0] if is_known(found[2]) else found[1], text)
    return LINK.sub(lambda found: found[0] if is_known(found[0]) else "", text), tuple(removed)


def publishable(
    text: str,
    papers: Mapping[int, Paper],
    everyone: tuple[Paper, ...],
    *,
    links_of: Iterable[Paper] = (),
    longest: int | None = None,
) -> Claim | None:
    """A written text as a claim that passed the check. None where it cites no sentence or one that does not exist, is
    longer than `longest` characters, holds a link that no abstract of `links_of` holds, or says what the cited
    sentences do not.

    `papers` are those that it may cite, by label; `everyone`: the papers that it may have meant instead.
    """
    read = canonical_markers(text, {label: len(paper.sentences) for label, paper in papers.items()})
    canonical = inert(read.text)
    cited = citations_in(canonical)
    if read.unknown or read.ambiguous or not any(c.sentence for c in cited) or (longest and len(canonical) > longest):
        return None
    if any((c.sentence or 0) > len(papers[int(c.label)].sentences) for c in cited):
        return None
    abstracts = [f"{paper.abstract} {paper.shown_abstract}" for paper in links_of]
    if any(not any(link.rstrip(".,;") in abstract for abstract in abstracts) for link in LINK.findall(text)):
        return None
    claim = check_claim(canonical, {c.label: papers[int(c.label)] for c in cited}, everyone)
    return claim if claim.check.verdict in ("ok", "nothing_to_check") else None


def cited_sentences(text: str, papers: Iterable[LabelledPaper]) -> list[tuple[LabelledPaper, Sentence]]:
    """The sentences of some papers that a text cites, in the order it cites them: they may be quoted in its place."""
    by_label = {p.label: p for p in papers}
    found = [(by_label.get(int(c.label)), c.sentence) for c in citations_in(text)]
    return [(p, s) for p, number in found if p for s in p.paper.sentences if s.number == number]


def list_in(data: object, name: str) -> list[Any]:
    """The list that a reply's data holds under a name; an empty one where it holds none."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []

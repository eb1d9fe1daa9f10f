"""Which sentences of a written summary may stand: checked ones that cite whichever papers they speak of."""

import re
from collections.abc import Sequence

from assistant.checking import check_claim
from assistant.checking.names import EVERYDAY, KnownNames, names, without_names
from assistant.citations import marker, without_markers
from assistant.compare.stated import is_copied
from assistant.documents import Claim, LabelledPaper
from assistant.publishing import cited_sentences, publishable
from index.paper import Paper

LONGEST = 500  # characters of a sentence
MOST, MOST_OF_EACH = 5, 3  # sentences of one reply, and of each of several

_OF_SEVERAL = re.compile(
    r"\b(?:both|whereas|neither|each|unlike|the two|in contrast|while|respectively|the other|shared?|common)\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:three|four|five|six|seven|eight|[3-8])"
_TOGETHER = re.compile(r"\b(?:both|each|all|shared?|common|alike)\b", re.IGNORECASE)
_DIVIDED = re.compile(r"\b(?:respectively|whereas|while|but|unlike|neither|former|latter)\b|[:;]", re.IGNORECASE)
_OF_ALL = re.compile(  # of three papers or more
    r"\b(?:all|every|each|none|no other|shared?|common|alike|overall|together|any of|the (?:only|rest|others)"
    rf"|(?:the|these|all) {_NUMBER}|(?:of|among|across|between) (?:the|these|those|all|them)"
    r"|(?:the|these) (?:papers|methods|approaches|works|systems|models)"
    r"|(?:the|is|are) (?:most|least|best|worst|\w+est))\b",
    re.IGNORECASE,
)


def checked(text: str, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A text as a claim that may be published, if it may; links are allowed if an abstract contains them."""
    by_label = {p.label: p.paper for p in papers}
    everyone = tuple(by_label.values())
    return publishable(" ".join(text.split()), by_label, everyone, links_of=everyone)


def kept_sentences(
    sentences: Sequence[str],
    read: Sequence[LabelledPaper],
    papers: Sequence[LabelledPaper],
    most: int,
    *,
    strict: bool = False,
) -> tuple[tuple[Claim, ...], int]:
    """The first `most` sentences that may stand of a summary by a model that was sent the papers `read`, of all
    `papers` of the table; and how many did not pass. `strict`, as always with more than two papers: only those that
    say it in words of what they cite."""
    passed = [claim for text in sentences if (claim := _sentence(text, read, papers, strict))]
    return tuple(passed[:most]), len(sentences) - len(passed)


def _sentence(text: str, read: Sequence[LabelledPaper], papers: Sequence[LabelledPaper], strict: bool) -> Claim | None:
    """A summary sentence as a checked claim; None if it does not pass, cites whole papers only, or speaks of a paper
    that it does not cite."""
    claim = checked(text, read) if len(text) <= LONGEST else None
    if claim is None:
        return None
    cited = {c.label for c in claim.citations}
    words = without_markers(claim.text)
    if len(papers) == 2:
        everyone, of_several = _OF_SEVERAL.search(words) is not None, False
    else:
        everyone, of_several = _OF_ALL.search(words) is not None, _OF_SEVERAL.search(words) is not None
    cited_texts = [s.text for _, s in cited_sentences(claim.text, read)]
    called = [p.paper.short_name for p in papers if p.paper.short_name]
    if (len(papers) > 2 or strict) and not is_copied(claim, cited_texts, called):
        return None
    if _TOGETHER.search(words) and not _DIVIDED.search(words) and not _holds_for_each(claim, read, called):
        return None
    spoken_of = {p.label for p in papers if everyone or _names(words, p.paper)}
    return claim if spoken_of <= cited and not (of_several and len(cited) < 2) else None


def _holds_for_each(claim: Claim, read: Sequence[LabelledPaper], called: Sequence[str]) -> bool:
    """Whether what a sentence says of several papers together is found in each of them."""
    said = without_names(without_markers(claim.text), called)
    for labelled in read:
        cited = [c for c in claim.citations if c.label == labelled.label]
        if cited and check_claim(f"{said.rstrip('.')} {marker(cited)}.", {labelled.label: labelled.paper}).check.flags:
            return False
    return True


def names_what_is_cited(claim: Claim, labelled: LabelledPaper) -> bool:
    """Whether the names in a cell stand in the sentences that it cites, or in the title: those of other sentences may
    be told of something else."""
    there = KnownNames([labelled.paper.shown_title, *(s.text for _, s in cited_sentences(claim.text, [labelled]))])
    shown = (name.text for name in names(without_markers(claim.text)) if not name.plain)
    return all(name in there for name in shown if name.lower() not in EVERYDAY)


def speaks_of_all(text: str) -> bool:
    """Whether a sentence speaks of all papers of a comparison, rather than of those that it cites."""
    return _OF_ALL.search(without_markers(text)) is not None or text.startswith("The abstracts name")


def _names(text: str, paper: Paper) -> bool:
    name = paper.short_name
    return name is not None and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None

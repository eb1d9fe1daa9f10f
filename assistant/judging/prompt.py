"""What a model is asked to judge: claims, each with the sentences that it cites and nothing else, in one prompt.

Claims that cite the same sentences stand together beneath them. Makes no call.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.addressed import ADDRESSED
from assistant.checking.document import CheckedText
from assistant.citations import THE_SENTENCE_ITSELF, without_markers
from assistant.documents import Answer, Citation, Claim, Label
from assistant.judging.reply import schema
from assistant.tokens import PER_MESSAGE, count_messages, count_tokens, counted
from index.english import count_of
from index.paper import Paper
from index.safety.inert import inert
from prompts import fenced, load

PROMPT_TOKENS = 3_000  # of the call with its schema, as for an answer
JUDGEMENT_TOKENS = 40  # of the reply, for each claim


@dataclass(frozen=True)
class JudgedClaim:
    """A claim that is sent: its place among all claims, its words without markers, and the sentences that it cites."""

    place: int
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class JudgePlan:
    """The one call: the claims sent, in the order in which the prompt numbers them from 1, and how many more there were
    no room for."""

    claims: tuple[JudgedClaim, ...] = ()
    left_out: int = 0

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages of the call."""
        groups: list[str] = []
        for number, claim in enumerate(self.claims, 1):
            if number == 1 or claim.sources != self.claims[number - 2].sources:
                groups.append(_heading(claim.sources))
            groups[-1] += _line(number, claim.text)
        return _messages("\n".join(groups))

    @property
    def prompt_tokens(self) -> int:
        """An upper bound on the tokens of the prompt with its schema; 0 if there is nothing to judge."""
        return count_messages(self.messages) + _schema_tokens() if self.claims else 0

    @property
    def reply_tokens(self) -> int:
        """About how many tokens the reply has."""
        return JUDGEMENT_TOKENS * len(self.claims)


def plan_of(document: Answer | CheckedText) -> JudgePlan:
    """The call that would judge a document; it has no claims if there is nothing to judge, as in quotes."""
    if isinstance(document, CheckedText):
        return plan(document.claims, dict(document.papers))
    if document.mode == "quotes":
        return JudgePlan()
    return plan(document.claims, {p.label: p.paper for p in document.papers})


def plan(claims: Sequence[Claim], papers: Mapping[Label, Paper]) -> JudgePlan:
    """The call that judges as many of these claims as fit into PROMPT_TOKENS, those further down left out first.

    Not sent are claims that cite nothing, or something that `papers` (by label) do not hold; quotes; and what was
    printed from the record.
    """
    room = counted(PROMPT_TOKENS) - count_messages(_messages("")) - _schema_tokens()
    groups: dict[tuple[str, ...], list[JudgedClaim]] = {}
    costs: dict[tuple[str, ...], int] = {}  # of the sentences, also of those that did not fit
    left_out = 0
    for claim in _to_judge(claims, papers):
        if claim.sources not in costs:
            costs[claim.sources] = count_tokens(_heading(claim.sources) + "\n")
        new = costs[claim.sources] if claim.sources not in groups else 0
        cost = new + count_tokens(_line(len(claims), claim.text))
        if cost <= room:
            room -= cost
            groups.setdefault(claim.sources, []).append(claim)
        else:
            left_out += 1
    return JudgePlan(tuple(claim for group in groups.values() for claim in group), left_out)


def _to_judge(claims: Sequence[Claim], papers: Mapping[Label, Paper]) -> list[JudgedClaim]:
    found = []
    known: dict[tuple[Citation, ...], tuple[str, ...]] = {}
    for place, claim in enumerate(claims):
        if claim.check.found == (THE_SENTENCE_ITSELF,) or (claim.check.verdict == "ok" and not claim.check.found):
            continue  # verbatim, or from the record
        if claim.citations not in known:
            known[claim.citations] = _cited(claim.citations, papers)
        sources = known[claim.citations]
        text = " ".join(without_markers(inert(claim.text)).split())
        quote = f"“{sources[0]}”" if sources else ""
        if sources and text and text not in (quote, f"{quote} ({ADDRESSED})"):
            found.append(JudgedClaim(place, text, sources))
    return found


def _cited(citations: Sequence[Citation], papers: Mapping[Label, Paper]) -> tuple[str, ...]:
    """The sentences that some citations point to; of a whole paper also its title and record. Empty if one of them
    leads nowhere: a part of what is cited would be judged as if it were all."""
    sources: list[str] = []
    for citation in citations:
        paper = papers.get(citation.label)
        if paper is None:
            return ()
        if citation.sentence is None:
            people = paper.author_count or len(paper.authors)
            facts = (paper.shown_title, paper.day, count_of(people, "author") if people else None)
            sources += [", ".join(fact for fact in facts if fact), *(s.text for s in paper.sentences)]
        elif cited := [s.text for s in paper.sentences if s.number == citation.sentence]:
            sources += cited
        else:
            return ()
    return tuple(dict.fromkeys(" ".join(inert(source).split()) for source in sources))


def _heading(sources: Sequence[str]) -> str:
    return "\n".join(["Cited sentences:", *(f"- {source}" for source in sources), "Claims:\n"])


def _line(number: int, text: str) -> str:
    return f"{number}. {text}\n"


def _messages(material: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": load("judge")}, {"role": "user", "content": fenced(material)}]


@cache
def _longest_schema() -> str:
    return json.dumps(schema())


def _schema_tokens() -> int:
    return count_tokens(_longest_schema()) + PER_MESSAGE

"""What a model is asked for an edition: one call per theme, a call or two for the lines of the other papers, one for
the overview. Each depends only on its own papers, so all run at once and each is paid for once.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.documents import LabelledPaper
from assistant.evidence import evidence_lines
from assistant.llm.shapes import bounded
from assistant.rhetoric import scored_sentences, telling_sentence
from assistant.tokens import PER_MESSAGE, count_messages, count_tokens
from assistant.weekly.edition import Edition, Grouped
from index.paper import Paper
from index.safety.inert import inert
from prompts import fenced, load

AT_ONCE = 30  # papers per call; those of a theme beyond them get their lines in separate calls
SENTENCES, TOKENS = 5, 260  # sent of one paper, at most
FEW = 3  # fewest papers that get an overview
HIGHLIGHTS, HIGHLIGHT_SENTENCES = 2, 2  # papers per theme that the overview is written from, and sentences of each
LINE_TOKENS, SENTENCE_TOKENS = 60, 60  # in a reply, for estimates

Kind = Literal["theme", "lines", "overview"]


@dataclass(frozen=True)
class Ask:
    """A call to be made: its kind, its papers, and their text in the prompt."""

    kind: Kind
    papers: tuple[LabelledPaper, ...]
    evidence: str

    @property
    def messages(self) -> list[dict[str, str]]:
        """What the model is sent; the lines that fence the papers are new each time."""
        return self._messages(fenced(self.evidence))

    def _messages(self, evidence: str) -> list[dict[str, str]]:
        return [{"role": "system", "content": load(f"weekly-{self.kind}")}, {"role": "user", "content": evidence}]

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the reply."""
        fields = {"theme": ("title", "sentences", "lines"), "lines": ("lines",), "overview": ("sentences",)}[self.kind]
        most = {"sentences": 6, "lines": max(len(self.papers), 1)}
        text = {"type": "string"}
        texts = {name: {"type": "array", "items": text, "maxItems": number} for name, number in most.items()}
        properties = {name: texts.get(name, text) for name in fields}
        schema = {"type": "object", "properties": properties, "required": list(fields), "additionalProperties": False}
        return bounded(schema, items=max(most.values()), characters=600)

    def key(self, model: str) -> str:
        """The key that a reply is stored under; it changes with the model, the prompt and the papers."""
        asked = json.dumps([model, self.schema, self._messages(self.evidence)], ensure_ascii=False)
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def prompt_tokens(self) -> int:
        """An upper bound on the tokens of the prompt with the schema."""
        return count_messages(self.messages) + count_tokens(json.dumps(self.schema)) + PER_MESSAGE

    @property
    def reply_tokens(self) -> int:
        """An upper bound on the tokens of a reply of the length asked for."""
        lines = 0 if self.kind == "overview" else len(self.papers) * LINE_TOKENS
        return lines + (0 if self.kind == "lines" else 6 * SENTENCE_TOKENS)


def asks_of(edition: Edition) -> tuple[Ask, ...]:
    """All calls of an edition: one per theme in order, those for the other lines, the overview."""
    asks = [_ask("theme", _by_label(theme.papers)[:AT_ONCE]) for theme in edition.themes]
    others = _by_label([*(p for t in edition.themes for p in _by_label(t.papers)[AT_ONCE:]), *edition.other])
    asks += [_ask("lines", others[start : start + AT_ONCE]) for start in range(0, len(others), AT_ONCE)]
    if len(edition.papers) >= FEW:
        asks.append(_overview(edition))
    return tuple(asks)


def _by_label(papers: Iterable[LabelledPaper]) -> list[LabelledPaper]:
    """Papers by label: an order that upvotes do not change, so that a stored reply stays valid."""
    return sorted(papers, key=lambda p: p.label)


def _ask(kind: Kind, papers: Sequence[LabelledPaper]) -> Ask:
    return Ask(kind, tuple(papers), "\n\n".join(_evidence(p, SENTENCES) for p in papers))


def _overview(edition: Edition) -> Ask:
    parts: list[str] = []
    shown: list[LabelledPaper] = []
    themes = sorted(edition.themes, key=lambda t: min(p.label for p in t.papers))
    for theme in [*themes, *([Grouped(edition.other, "other papers")] if edition.other else [])]:
        papers = _by_label(theme.papers)[:HIGHLIGHTS]
        shown += papers
        parts += [f"Theme: {inert(theme.name)}", *(_evidence(p, HIGHLIGHT_SENTENCES) for p in papers)]
    return Ask("overview", tuple(shown), "\n\n".join(parts))


def _evidence(labelled: LabelledPaper, most: int) -> str:
    return evidence_lines(labelled.label, labelled.paper, telling_numbers(labelled.paper, most))


def telling_numbers(paper: Paper, most: int) -> frozenset[int]:
    """The numbers of a paper's most telling sentences: the one that says what is new, then results and method; at most
    `most`, and TOKENS tokens unless the first alone is longer."""
    scored = scored_sentences(paper.sentences, paper.title)
    worth = {s.number: max(scores["result"], scores["method"], 0.6 * scores["resource"]) for s, scores in scored}
    telling = telling_sentence(paper)
    ranked = sorted(paper.sentences, key=lambda s: (s != telling, -worth[s.number], s.number))
    room = TOKENS
    chosen: set[int] = set()
    for sentence in ranked[:most]:
        room -= count_tokens(sentence.text)
        if room >= 0 or not chosen:
            chosen.add(sentence.number)
    return frozenset(chosen)

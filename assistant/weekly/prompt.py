"""What a model is asked for an edition: one call per theme, a call or two for the lines of the other papers, one for
the overview. Each depends only on its own papers, so all run at once and each is paid for once.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.documents import LabelledPaper
from assistant.evidence import evidence_lines, fit_evidence
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
    """A call to be made: its kind, its papers, and their text in the prompt; in groups with a heading (or none)."""

    kind: Kind
    groups: tuple[tuple[str, tuple[LabelledPaper, ...]], ...]
    evidence: str

    @property
    def papers(self) -> tuple[LabelledPaper, ...]:
        """The papers in the prompt, in order."""
        return tuple(p for _, papers in self.groups for p in papers)

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

    def within(self, room: int) -> "Ask | None":
        """The call with a prompt of at most `room` tokens: with fewer sentences, then with fewer papers; None if not
        even one paper fits."""
        over = self.prompt_tokens - room
        if over <= 0:
            return self
        most = HIGHLIGHT_SENTENCES if self.kind == "overview" else SENTENCES
        wanted = {p.label: telling_numbers(p.paper, most) for p in self.papers}
        left = count_tokens(self.evidence) - over
        while left > 0 and (shown := fit_evidence(self.papers, wanted, left, only_wanted=True)):
            shorter = _ask(self.kind, self.groups, shown)
            if shorter.prompt_tokens <= room:
                return shorter
            left -= shorter.prompt_tokens - room  # headings, and tokens that join
        return None


def asks_of(edition: Edition) -> tuple[Ask, ...]:
    """All calls of an edition: one per theme in order, those for the other lines, the overview. One that is divided by
    topics is only read by them: one call per topic, and those for its other lines."""
    if edition.topics:
        return _asks_of_groups(edition.topics, ())
    asks = _asks_of_groups(edition.themes, edition.other)
    return (*asks, _overview(edition)) if len(edition.papers) >= FEW else asks


def _asks_of_groups(groups: Sequence[Grouped], other: Sequence[LabelledPaper]) -> tuple[Ask, ...]:
    """A call for each group that has papers, and those for the lines of the papers beyond."""
    groups = [group for group in groups if group.papers]
    asks = [_ask("theme", [("", _by_label(theme.papers)[:AT_ONCE])]) for theme in groups]
    others = _by_label([*(p for t in groups for p in _by_label(t.papers)[AT_ONCE:]), *other])
    asks += [_ask("lines", [("", others[at : at + AT_ONCE])]) for at in range(0, len(others), AT_ONCE)]
    return tuple(asks)


def _by_label(papers: Iterable[LabelledPaper]) -> list[LabelledPaper]:
    """Papers by label: an order that upvotes do not change, so that a stored reply stays valid."""
    return sorted(papers, key=lambda p: p.label)


def _overview(edition: Edition) -> Ask:
    themes = sorted(edition.themes, key=lambda t: min(p.label for p in t.papers))
    groups = [(f"Theme: {inert(theme.name)}", _by_label(theme.papers)[:HIGHLIGHTS]) for theme in themes]
    if edition.other:
        groups.append(("Theme: other papers", _by_label(edition.other)[:HIGHLIGHTS]))
    return _ask("overview", groups)


def _ask(
    kind: Kind,
    groups: Sequence[tuple[str, Sequence[LabelledPaper]]],
    shown: Mapping[int, Collection[int]] | None = None,
) -> Ask:
    """A call about groups of papers with their most telling sentences, or of each only those `shown`, by label."""
    most = HIGHLIGHT_SENTENCES if kind == "overview" else SENTENCES
    kept: list[tuple[str, tuple[LabelledPaper, ...]]] = []
    parts: list[str] = []
    for heading, papers in groups:
        here = tuple(p for p in papers if shown is None or p.label in shown)
        if here:
            kept.append((heading, here))
            parts += [heading] if heading else []
            numbers = [telling_numbers(p.paper, most) if shown is None else shown[p.label] for p in here]
            parts += [evidence_lines(p.label, p.paper, n) for p, n in zip(here, numbers, strict=True)]
    return Ask(kind, tuple(kept), "\n\n".join(parts))


def telling_numbers(paper: Paper, most: int) -> tuple[int, ...]:
    """The numbers of a paper's most telling sentences, best first: the one that says what is new, then results and
    method; at most `most`, and TOKENS tokens unless the first alone is longer."""
    scored = scored_sentences(paper.sentences, paper.title)
    worth = {s.number: max(scores["result"], scores["method"], 0.6 * scores["resource"]) for s, scores in scored}
    telling = telling_sentence(paper)
    ranked = sorted(paper.sentences, key=lambda s: (s != telling, -worth[s.number], s.number))
    room = TOKENS
    chosen: list[int] = []
    for sentence in ranked[:most]:
        room -= count_tokens(sentence.text)
        if room >= 0 or not chosen:
            chosen.append(sentence.number)
    return tuple(chosen)

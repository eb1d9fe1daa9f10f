"""The digest of an edition: what may be published of the replies, and the papers' own sentences for the rest.

Every written sentence is checked against the sentences it cites. One that says what they do not is replaced by the
cited sentence itself, in quotes; one that cites nothing is left out. Makes no call.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.addressed import is_addressed
from assistant.checking import is_borne_out
from assistant.citations import citations_in, quoted, split_written, without_markers
from assistant.documents import Claim, Digest, DigestPaper, LabelledPaper, Theme, TopicPart
from assistant.publishing import LINK, cited_sentences, list_in, publishable
from assistant.rhetoric import figures_in, scored_sentences, telling_sentence
from assistant.weekly.edition import Edition, Grouped
from assistant.weekly.prompt import FEW, Ask
from index.english import count_of
from index.paper import Paper
from index.safety.inert import inert, visible
from index.sentences import Sentence

MAX_TITLE, MAX_LINE, MAX_SENTENCE = 100, 320, 500  # characters
MOST_SENTENCES = 5
LEAST_WORDS = 9  # in a sentence that is quoted on its own
QUOTES, QUOTES_ALONE, QUOTES_OVERVIEW = 2, 3, 3  # of a theme, of a theme of one paper, of the overview
_POINTS_BACK = re.compile(r"(?:it|they|these|those|this|such|here|to this end|to address)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:furthermore|moreover|additionally|in addition|besides|specifically|in particular|first|second|third|next|then"
    r"|finally|however|thus|therefore|for (?:example|instance)|we (?:also|further)|(?:it|they|these|those|this|such)"
    r"(?! (?:paper|work|survey|study)))\b",
    re.IGNORECASE,
)
_OF_AUTHORS = re.compile(r"\b(?:we|our|this (?:paper|work|report|study))\b", re.IGNORECASE)


@dataclass(frozen=True)
class KeptReply:
    """The parts of one reply that may be published: a title, sentences, and lines by label. `own` counts the model's
    sentences that were kept, `replaced` and `left_out` those that did not pass; `untitled`: the title did not pass."""

    title: str | None = None
    claims: tuple[Claim, ...] = ()
    lines: Mapping[int, Claim] = field(default_factory=dict)
    own: int = 0
    replaced: int = 0
    left_out: int = 0
    untitled: bool = False


def keep(data: object, ask: Ask, everyone: tuple[Paper, ...]) -> KeptReply:
    """The parts of a reply that may be published. `everyone`: the papers of the edition, for the check."""
    papers = {p.label: p for p in ask.papers}
    reading = _ReplyReader(papers, everyone)
    for text in _texts(data, "sentences")[: 2 * MOST_SENTENCES]:
        for sentence in split_written(text):
            reading.add_sentence(sentence)
    for text in _texts(data, "lines"):
        reading.add_line(text)
    title = data.get("title") if isinstance(data, dict) else None
    kept = _title(_clean(title), papers) if isinstance(title, str) else None
    return KeptReply(
        kept,
        tuple(reading.claims[:MOST_SENTENCES]),
        reading.lines,
        reading.own,
        reading.replaced,
        reading.left_out,
        untitled=isinstance(title, str) and kept is None,
    )


def _texts(data: object, name: str) -> list[str]:
    return [clean for text in list_in(data, name) if isinstance(text, str) and (clean := _clean(text))]


def _clean(text: str) -> str:
    """Text on one line, without invisible characters and halves of characters."""
    return " ".join(visible(text).split())


class _ReplyReader:
    """Takes a reply's sentences and lines one by one and keeps those that may be published, or what replaces them."""

    def __init__(self, papers: Mapping[int, LabelledPaper], everyone: tuple[Paper, ...]) -> None:
        self._papers = papers
        self._everyone = everyone
        self.claims: list[Claim] = []
        self.lines: dict[int, Claim] = {}
        self.own = self.replaced = self.left_out = 0

    def add_sentence(self, text: str) -> None:
        """Adds a sentence about several papers."""
        claim = self._standing(text, MAX_SENTENCE)
        if claim is None:
            cited = cited_sentences(text, self._papers.values())
            quotes = (quoted(p.label, s) if _tells(s) else line_in_quotes(p) for p, s in cited)
            claim = next((quote for quote in quotes if quote not in self.claims), None)
            self.replaced += claim is not None
            self.left_out += claim is None
        else:
            self.own += 1
        if claim is not None and claim not in self.claims:
            self.claims.append(claim)

    def add_line(self, text: str) -> None:
        """Adds the line of the one paper that it cites."""
        labels = {int(c.label) for c in citations_in(text)}
        label = min(labels, default=0)
        if label in self.lines:
            return
        if len(labels) != 1 or label not in self._papers:
            self.left_out += 1
            return
        claim = self._standing(text, MAX_LINE)
        if claim is not None:
            self.own += 1
            self.lines[label] = claim
        else:
            self.replaced += 1
            self.lines[label] = line_in_quotes(self._papers[label])

    def _standing(self, text: str, longest: int) -> Claim | None:
        """A text as a claim that may be published, if it may; no links are allowed."""
        papers = {label: p.paper for label, p in self._papers.items()}
        return publishable(text, papers, self._everyone, longest=longest)


def _title(title: str, papers: Mapping[int, LabelledPaper]) -> str | None:
    """A theme's title as written; None if it is too long, speaks as the authors do, or is not borne out by its papers
    together."""
    title = without_markers(title).strip(' .#*"“”')
    if not title or len(title) > MAX_TITLE or LINK.search(title) or _OF_AUTHORS.search(title):
        return None
    return inert(title) if is_borne_out(title, {label: p.paper for label, p in papers.items()}) else None


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence can be understood on its own."""
    by_itself = len(sentence.text.split()) >= LEAST_WORDS and not _POINTS_BACK.match(sentence.text)
    return by_itself and not is_addressed(sentence.text)


def line_in_quotes(labelled: LabelledPaper) -> Claim:
    """A paper's line if none is written: the sentence that says what is new."""
    return quoted(labelled.label, telling_sentence(labelled.paper))


def theme_in_quotes(theme: Grouped) -> tuple[Claim, ...]:
    """What introduces a theme if nothing is written: the result sentences of its best-known papers, those with figures
    first; a few sentences if it has only one paper."""
    if len(theme.papers) == 1:
        return tuple(quoted(theme.papers[0].label, s) for s in _results(theme.papers[0].paper, QUOTES_ALONE))
    best = [(p, s) for p in theme.papers for s in _results(p.paper, 1)]
    best.sort(key=lambda found: figures_in(found[1].text) == 0)
    return tuple(quoted(p.label, s) for p, s in best[:QUOTES])


def _results(paper: Paper, most: int) -> list[Sentence]:
    """The most telling sentences of a paper besides its line, in their order; preferably those that can be read without
    the sentence before them."""
    telling = telling_sentence(paper)
    scored = [
        (
            max(scores["result"], 0.8 * scores["method"])
            + min(figures_in(s.text), 2)
            - (1.0 if _GOES_ON.match(s.text) else 0.0)
            - max(0.5 * scores["availability"], 0.0),
            s,
        )
        for s, scores in scored_sentences(paper.sentences, paper.title)
        if s != telling
    ]
    best = sorted(scored, key=lambda found: (-found[0], found[1].number))[:most]
    return sorted((s for score, s in best if score > 0), key=lambda s: s.number)


def _overview_in_quotes(edition: Edition) -> tuple[Claim, ...]:
    """The line of the best-known paper of each of the first themes; nothing if each paper is its own theme, because its
    line comes next."""
    if len(edition.papers) < FEW or all(len(theme.papers) == 1 for theme in edition.themes):
        return ()
    return tuple(line_in_quotes(theme.papers[0]) for theme in edition.themes[:QUOTES_OVERVIEW])


def assemble(edition: Edition, written: Mapping[Ask, KeptReply], asks: Collection[Ask]) -> Digest:
    """The digest of an edition with what has been written so far, and quotes for the rest."""
    by_kind: dict[str, list[Ask]] = {kind: [a for a in asks if a.kind == kind] for kind in ("theme", "overview")}
    lines = {label: claim for reply in written.values() for label, claim in reply.lines.items()}
    overview = next((written[a].claims for a in by_kind["overview"] if a in written), ())
    of_group = {ask.papers[0].label: written[ask] for ask in by_kind["theme"] if ask in written}
    taken = {p.label for topic in edition.topics for p in topic.papers}
    themes = _themes(edition.themes, {} if edition.topics else of_group)
    by_topic = _themes(edition.topics, of_group)
    return Digest(
        week=edition.period.week,
        since=edition.period.since,
        until=edition.period.until,
        papers=tuple(DigestPaper(p.label, p.paper, lines.get(p.label) or line_in_quotes(p)) for p in edition.papers),
        overview=(overview or _overview_in_quotes(edition)) + edition.continued,
        themes=themes,
        other=tuple(p.label for p in edition.other),
        excluded=edition.excluded,
        topics=tuple(
            TopicPart(t.name, part.labels, part.claims) for t, part in zip(edition.topics, by_topic, strict=True)
        ),
        outside=tuple(p.label for p in edition.papers if p.label not in taken) if edition.topics else (),
        before=edition.before,
        changed=tuple(change for change, _ in edition.changed),
        mode="llm" if any(reply.own or reply.title for reply in written.values()) else "quotes",
        notices=edition.notices + _what_failed(written.values()),
    )


def _themes(groups: Sequence[Grouped], written: Mapping[int, KeptReply]) -> tuple[Theme, ...]:
    """Groups of papers with what has been written about each, by its first label, and quotes for the rest."""
    themes = []
    for group in groups:
        reply = written.get(min((p.label for p in group.papers), default=0), KeptReply())
        labels = tuple(p.label for p in group.papers)
        themes.append(Theme(reply.title or inert(group.name), labels, reply.claims or theme_in_quotes(group)))
    return tuple(themes)


def _what_failed(replies: Collection[KeptReply]) -> tuple[str, ...]:
    replaced, left_out = sum(r.replaced for r in replies), sum(r.left_out for r in replies)
    notices = []
    if replaced:
        notices.append(
            f"{count_of(replaced, 'written sentence')} did not pass the check: replaced by quotes of what they cite."
        )
    if left_out:
        notices.append(f"{count_of(left_out, 'written sentence')} could not be used: left out.")
    if untitled := sum(r.untitled for r in replies):
        notices.append(
            f"{count_of(untitled, 'written heading')} did not pass the check: replaced by words from the papers."
        )
    return tuple(notices)

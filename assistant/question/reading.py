"""A question, read once; whatever works on it later takes this object and does not parse the text again.

It decides which job answers: `week` asks for a digest, `pairs` for a comparison, `listing`, `ranking`, `order` and
`fact` for the record; anything else is answered by reading papers. Only the words count here: whether a name is that
of a paper, or a source is in the library, is looked up by the job.
"""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from assistant.question.facts import FactRequest, ListRequest, fact_in, listing_in
from assistant.question.intent import Intent, content_stems, intent_of, is_name
from assistant.question.pairs import ComparisonRequest, pairs_in
from assistant.question.ranking import OrderRequest, RankRequest, order_in, ranking_in
from assistant.question.reference import Reference, reference_in
from assistant.question.weeks import WeekRequest, week_in
from index.dates import DatedQuestion, read_question
from index.language import language_of
from index.safety.inert import visible

MAX_LENGTH = 2_000  # characters that are searched for and sent


def one_line(text: str) -> str:
    """A text on one line, without invisible characters, cut to a sensible length."""
    return " ".join(visible(text).split())[:MAX_LENGTH]


@dataclass(frozen=True)
class Question:
    """A question as `typed`; "last week" counts from `today` (None: the current date). False if it has no text."""

    typed: str
    today: datetime.date | None = None

    def __bool__(self) -> bool:
        return bool(self.text)

    @cached_property
    def text(self) -> str:
        """The question on one line."""
        return " ".join(self.typed.split())

    @cached_property
    def to_search(self) -> "Question":
        """The question as it is searched for and sent to a model: see `one_line`."""
        line = one_line(self.typed)
        return self if line == self.typed else Question(line, self.today)

    @cached_property
    def week(self) -> WeekRequest | None:
        """The week it asks to sum up, if it does."""
        return week_in(self.text, self.today)

    @cached_property
    def pairs(self) -> ComparisonRequest | None:
        """The papers it may ask to compare, by name."""
        return pairs_in(self.text)

    @cached_property
    def listing(self) -> ListRequest | None:
        """The papers it asks to count or list, if it does."""
        return listing_in(self.dates.text)

    @cached_property
    def ranking(self) -> RankRequest | None:
        """The papers it asks for in an order of the record: the oldest, the most upvoted."""
        return ranking_in(self.dates.text)

    @cached_property
    def order(self) -> OrderRequest | None:
        """The two papers of which it asks which is older, or has more of something."""
        return order_in(self.text)

    @cached_property
    def fact(self) -> FactRequest | None:
        """The paper whose people, day or link it asks for, if it does."""
        return fact_in(self.text)

    @cached_property
    def dates(self) -> DatedQuestion:
        """The days it names, and its text without them."""
        return read_question(self.text, self.today)

    @cached_property
    def language(self) -> str | None:
        """Its language, if that is clear."""
        return language_of(self.text)

    @cached_property
    def reference(self) -> Reference:
        """How it refers to the conversation."""
        return reference_in(self.text, len(content_stems(self.text)))

    def intent(self, stems: Collection[str], idf: Callable[[str], float]) -> Intent:
        """The kind of answer and of sentence it asks for; see `intent_of`."""
        return intent_of(self.dates.text, stems, idf)

    def has_name(self, word: str) -> bool:
        """Whether one of its words is written as a name."""
        return is_name(word, self.text, self.language)

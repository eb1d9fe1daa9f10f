"""A question, read once: everything that is done with it afterwards is done with what was read here.

Which job answers it: `week` asks for a week's digest, `pairs` for a comparison, `listing` and `fact` for the record;
a question with none of them is answered by reading papers. Only the words count here: whether a name is a paper's,
or a source one of the library's, is for the job to look up.
"""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from assistant.question.facts import FactRequest, ListRequest, fact_in, listing_in
from assistant.question.intent import Intent, content_stems, intent_of, is_name
from assistant.question.language import language_of
from assistant.question.pairs import PairRequest, pairs_in
from assistant.question.reference import Reference, reference_in
from assistant.question.weeks import WeekRequest, week_in
from index.dates import DatedQuestion, read_question
from index.safety.inert import visible

MAX_LENGTH = 2_000  # characters that are searched for and sent


def one_line(text: str) -> str:
    """A text on one line, without invisible characters, cut to a sensible length."""
    return " ".join(visible(text).split())[:MAX_LENGTH]


@dataclass(frozen=True)
class Question:
    """A question as it was typed; "last week" counts from `today` (None: the day on which it is read). True where it
    has any words."""

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
        """The question as papers are searched for it and as a model is sent it: see `one_line`."""
        line = one_line(self.typed)
        return self if line == self.typed else Question(line, self.today)

    @cached_property
    def week(self) -> WeekRequest | None:
        """The week that it asks to sum up, where it does."""
        return week_in(self.text, self.today)

    @cached_property
    def pairs(self) -> PairRequest | None:
        """The two names that it asks to compare, where it may."""
        return pairs_in(self.text)

    @cached_property
    def listing(self) -> ListRequest | None:
        """The papers that it asks to count or list, where it does."""
        return listing_in(self.dates.text)

    @cached_property
    def fact(self) -> FactRequest | None:
        """Whose people, day or link it asks for, where it does."""
        return fact_in(self.text)

    @cached_property
    def dates(self) -> DatedQuestion:
        """The days that it names, and its text without them."""
        return read_question(self.text, self.today)

    @cached_property
    def language(self) -> str | None:
        """The language it is in, where that can be told."""
        return language_of(self.text)

    @cached_property
    def reference(self) -> Reference:
        """How it leans on the conversation."""
        return reference_in(self.text, alone=len(content_stems(self.text)) >= 2)

    def intent(self, stems: Collection[str], idf: Callable[[str], float]) -> Intent:
        """What kind of answer and of sentence it asks for; see `intent_of`."""
        return intent_of(self.dates.text, stems, idf)

    def has_name(self, word: str) -> bool:
        """Whether one of its words is written as a name."""
        return is_name(word, self.text)

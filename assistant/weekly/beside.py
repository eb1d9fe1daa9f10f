"""The themes of an edition beside those of the days before: which grew, go on, shrank, came or went. Costs no call.

A theme is known again by its telling phrase alone, and both counts are of that. The groups of two weeks are cut
differently: a match of groups calls a theme ended that only has other neighbours now. From one week to the next hardly
any subject begins or ends: of a phrase that stands on one side only, no more is said than that the other does not name
it, and not even that where it does in other words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from assistant.documents import ThemeHow, ThemeSince, WeekBefore
from assistant.weekly.absence import named_in
from assistant.weekly.cache import KeptTheme
from assistant.weekly.phrases import phrases_of, written
from assistant.weekly.weeks import Period
from index.paper import Paper
from index.safety.inert import inert

LEAST = 2  # papers with a theme's phrase, for anything to be said of it
GREW, MORE = 1.5, 3  # times the share of papers, and papers more, from which a theme grew, or shrank the other way


@dataclass(frozen=True)
class Side:
    """The papers of some days, and their themes."""

    papers: Sequence[Paper]
    themes: Sequence[KeptTheme]

    @cached_property
    def having(self) -> Counter[str]:
        """How many papers have a phrase."""
        return Counter(chain.from_iterable(map(phrases_of, self.papers)))

    def told(self) -> Iterator[tuple[KeptTheme, str, list[Paper]]]:
        """The themes of several papers, the larger first, each with its telling phrase and its papers that have it."""
        by_id = {p.id: p for p in self.papers}
        for theme in sorted(self.themes, key=lambda theme: -len(theme.ids)):
            members = [by_id[i] for i in theme.ids if i in by_id]
            phrase = next(iter(theme.phrases), None)
            having = [p for p in members if phrase in phrases_of(p)]
            if phrase and having and len(members) > 1:
                yield theme, phrase, having


def against(days: Period, before: Side, now: Side) -> WeekBefore | None:
    """The themes of both sides, as far as something can be said of them: those of now first, of those of the days
    before the ones that shrank or are gone; None if that is none."""
    told: list[ThemeSince] = []
    named: set[str] = set()
    for here, there in ((now, before), (before, now)):
        for theme, phrase, having in here.told():
            how = _how(before, now, phrase)
            is_of_now = here is before and how not in ("shrank", "gone")
            if how is None or phrase in named or is_of_now:
                continue
            as_written = written(phrase, having)
            if how in ("new", "gone") and (not _names_a_subject(phrase) or named_in(as_written, there.papers)):
                continue
            named.add(phrase)
            counts = now.having[phrase], before.having[phrase]
            told.append(ThemeSince(inert(theme.name), inert(as_written), how, *counts))
    return WeekBefore(str(days), len(now.papers), len(before.papers), tuple(told)) if told else None


def _how(before: Side, now: Side, phrase: str) -> ThemeHow | None:
    """What the numbers of papers with a phrase say; None if they say nothing."""
    then, count, of_then, of_now = before.having[phrase], now.having[phrase], len(before.papers), len(now.papers)
    if not then and count >= LEAST:
        return "new" if count * of_then >= LEAST * of_now else None  # else none was to be expected
    if not count and then >= LEAST:
        return "gone" if then * of_now >= LEAST * of_then else None
    if count >= then + MORE and count * of_then >= GREW * then * of_now:
        return "grew"
    if then >= count + MORE and then * of_now >= GREW * count * of_then:
        return "shrank"
    return "goes on" if min(then, count) >= LEAST else None


def _names_a_subject(phrase: str) -> bool:
    """Whether a phrase says what papers are about: one word seldom does ("risk", "longer")."""
    return len(re.split(r"[\s-]", phrase)) > 1

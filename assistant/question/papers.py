"""Which paper a person means.

A paper may be named by an id or link, its title, the short name before the colon, a part of the title, the name
that its abstract gives to what it proposes, a misspelt name, or its place in the last answer. Never guesses between
several papers: raises UnknownPaper with the candidates.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from assistant.documents import Answer
from assistant.rhetoric import is_contribution
from index.english import ORDINALS
from index.errors import LibraryError, UnknownPaper
from index.ids import canonical_id, normalise_title
from index.paper import Paper
from index.safety.inert import inert
from index.text import squash

if TYPE_CHECKING:
    from index.library import Library

NEAREST, MOST_CANDIDATES = 5, 8
ALIKE = 70  # of 100: names spelled this much alike are worth showing
Titles = Sequence[tuple[str, str]]  # id and title of every paper
PLACE = re.compile(
    rf"(?:the\s)?(?:(?P<nth>{'|'.join(ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))(?:\s(?:one|paper|source|result))?"
    r"|(?:paper|source|number|no\.?)?\s?(?P<bare>\[)?(?P<label>\d{1,2})(?(bare)\])"
    r"|(?P<of_both>first|second)\sof\sboth|(?P<former>former|latter)|(?P<other>other\s(?:one|paper|method|model))"
    r"|(?P<only>(?:(?:this|that|the\ssame|the)\s(?:one|paper|method|model|approach|system)|it|this|that)))"
    r"(?:\s(?:that\s)?(?:you|it)\s(?:just\s)?(?:cited?|named?|mention\w*|list\w*|quot\w*|found)|\sabove|\sfrom\s(?:above|before))?",
    re.IGNORECASE,
)

_FIRST = ("first", "former")
_HASH = re.compile(r"(?=.*\d)[0-9a-f]{4,16}")  # the hash of a title's id, or its beginning


class SamePaper(LibraryError):
    """Two names refer to the same paper."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(f"Two names mean the same paper, {paper.shown_title!r}: name another one to compare it with.")
        self.paper = paper


@dataclass(frozen=True)
class Named:
    """The paper that a name means, and a notice if the name had to be corrected."""

    paper: Paper
    notice: str | None = None


def find_paper(library: "Library", name: str | Paper, history: Sequence[Answer] = ()) -> Named:
    """The paper that a name means; raises UnknownPaper with the candidates, or the nearest ones."""
    if isinstance(name, Paper):
        return Named(name)
    if found := paper_named(library, name, history):
        return found
    name = trimmed(name)
    raise UnknownPaper(
        f"No paper in the library is called {name!r}: name it by its title or id.",
        _nearest(library, name, library.titles()),
    )


def paper_named(library: "Library", name: str, history: Sequence[Answer] = ()) -> Named | None:
    """The paper that a name means; None if no paper is called so, without looking for the nearest. Raises UnknownPaper
    where it fits several, or is a place that the last answer does not have."""
    name = trimmed(name)
    if paper := _by_place(name, history):
        return Named(paper)
    if PLACE.fullmatch(name) and not name.isdigit():
        if not history:
            raise UnknownPaper(
                f"There is no last answer that {name!r} could point to: name the paper by its title or id."
            )
        raise UnknownPaper(f"The last answer has no {name!r}: name the paper by its title or id.")
    if paper := library.papers_by_id([name]).get(name):
        return Named(paper)
    if canonical_id(name) or _HASH.fullmatch(name):
        return Named(library.get(name))
    if ids := fitting(library, name):
        return Named(_the_one(library, name, ids))
    if paper := _by_abstract(library, name):
        return Named(paper)
    if ids := _nearly(library, name):
        paper = _the_one(library, name, ids)
        return Named(paper, f"“{name}” was read as “{inert(paper.short_name or paper.shown_title)}”.")
    return None


def fitting(library: "Library", name: str) -> list[str]:
    """The ids of the papers that a name fits letter for letter: those called so, else those with it in the title,
    else those with all of its words there."""
    titles = library.titles()
    return called(library, name) or _part(name, titles) or _words(name, titles)


def trimmed(name: str) -> str:
    """A name without the quotes, marks and "the paper" around it."""
    name = name.strip().strip("\"'“”‘’`").strip().rstrip("?!,;").strip()
    return re.sub(r"^(?:the\s)?paper\s(?:called\s|titled\s|named\s)?(?![\d\[])", "", name, flags=re.IGNORECASE)


def _the_one(library: "Library", name: str, ids: Sequence[str]) -> Paper:
    if len(ids) == 1:
        return library.get(ids[0])
    several = tuple(library.get(id) for id in ids[:MOST_CANDIDATES])
    raise UnknownPaper(f"{name!r} fits {len(ids)} papers: which of them do you mean?", several)


def _nearest(library: "Library", name: str, titles: Titles) -> tuple[Paper, ...]:
    """The papers whose names are spelled most alike, then those that a search for the name finds."""
    wanted = squash(name)
    if not wanted:
        return ()
    alike = ((ratio(squash(_head(title)) or squash(title), wanted, score_cutoff=ALIKE), id) for id, title in titles)
    ids = [id for score, id in sorted(alike, reverse=True)[:NEAREST] if score]
    ids += [hit.paper.id for hit in library.look_up(name, k=NEAREST, spend=False).hits]
    return tuple(library.get(id) for id in list(dict.fromkeys(ids))[:NEAREST])


def _by_place(name: str, history: Sequence[Answer]) -> Paper | None:
    """The paper that `the second paper you cited`, `paper 2` or `[2]` means in the last answer that has papers."""
    found = PLACE.fullmatch(name)
    shown = next((answer for answer in reversed(history) if _papers_of(answer)), None)
    if not found or shown is None:
        return None
    papers = _papers_of(shown)
    if found["label"]:
        return papers.get(int(found["label"]))
    cited = _in_order_of_citation(shown)
    if found["only"]:
        return cited[0] if len(cited) == 1 else _named_in(shown, cited)
    if found["of_both"] or found["former"] or found["other"]:
        two = discussed(history)[:2]
        return None if len(two) < 2 else two[(found["of_both"] or found["former"] or "").lower() not in _FIRST]
    nth = found["nth"].lower()
    place = -1 if nth == "last" else ORDINALS.index(nth) if nth in ORDINALS else int(re.sub(r"\D", "", nth)) - 1
    return cited[place] if -1 <= place < len(cited) else None


def _named_in(answer: Answer, cited: Sequence[Paper]) -> Paper | None:
    """The one of several cited papers that "it" means: the only one that the question named, else the one cited first;
    None after a comparison, where it may be either."""
    asked = squash(answer.question)
    named = [paper for paper in cited if len(name := squash(paper.short_name or "")) > 2 and name in asked]
    if answer.comparison or len(named) > 1 or not cited:
        return None
    return named[0] if named else cited[0]


def discussed(history: Sequence[Answer]) -> list[Paper]:
    """The papers that the answers of a conversation cite, those of the last answer first."""
    answers = [answer for answer in reversed(history) if answer.answered and any(p.cited for p in answer.papers)]
    papers = (paper for answer in answers for paper in _in_order_of_citation(answer))
    return list({paper.id: paper for paper in papers}.values())


def last_cited(history: Sequence[Answer]) -> list[Paper]:
    """The papers that the last answer with papers cites, in the order of citation."""
    shown = next((answer for answer in reversed(history) if _papers_of(answer)), None)
    return _in_order_of_citation(shown) if shown else []


def _papers_of(answer: Answer) -> dict[int, Paper]:
    shown = answer.papers or (answer.comparison.papers if answer.comparison else ())
    return {p.label: p.paper for p in shown}


def _in_order_of_citation(answer: Answer) -> list[Paper]:
    """The papers that an answer cites, in order of citation; all of them if it cites none."""
    papers = _papers_of(answer)
    cited = dict.fromkeys(c.label for claim in answer.claims for c in claim.citations)
    return [papers[int(label)] for label in cited if label in papers] or list(papers.values())


def _head(title: str) -> str:
    """The part of a title before its colon; empty if there is none."""
    head, colon, _ = title.partition(":")
    return head if colon else ""


def called(library: "Library", name: str) -> list[str]:
    """The papers whose title or short name this is, however it is spaced or capitalised (`FBNet v5`)."""
    wanted = squash(name)
    return library.words.named([wanted]) if wanted else []


def _part(name: str, titles: Titles) -> list[str]:
    """Titles that contain the name as whole words; `DARTS` is not part of `PC-DARTS`."""
    wanted = squash(name)
    return [id for id, title in titles if len(wanted) > 2 and wanted in _squashed(title) and _holds(title, wanted)]


def _holds(title: str, wanted: str) -> bool:
    words = [squash(word) for word in title.split()]
    return any("".join(words[i:j]) == wanted for i in range(len(words)) for j in range(i + 1, len(words) + 1))


def _words(name: str, titles: Titles) -> list[str]:
    """Titles that contain all words of the name (at least two), in any order."""
    wanted = set(normalise_title(name).split()) - {"the", "a", "of", "for", "on", "and", "in", "paper"}
    return [id for id, title in titles if len(wanted) > 1 and wanted <= set(_normalised(title).split())]


# A question with several names looks through all titles for each of them.
_squashed = lru_cache(maxsize=50_000)(squash)
_normalised = lru_cache(maxsize=50_000)(normalise_title)


def _nearly(library: "Library", name: str) -> list[str]:
    """The papers whose title or short name this misspells: by one letter in up to seven, two in more, one in
    ten of a long title. The first letter and the digits must be right."""
    wanted = squash(name)
    if len(wanted) < 5:
        return []
    slips = max(1 if len(wanted) < 8 else 2, len(wanted) // 10)
    digits = re.findall(r"\d+", wanted)
    alike = [n for n in library.words.names_starting(wanted[0]) if n[-1] != "*" and re.findall(r"\d+", n) == digits]
    distances = {n: OSA.distance(n, wanted, score_cutoff=slips) for n in alike}
    closest = min(distances.values(), default=slips + 1)
    return library.words.named([n for n, distance in distances.items() if distance == closest <= slips])


def _by_abstract(library: "Library", name: str) -> Paper | None:
    """The one paper whose abstract gives this name to what it proposes: `Chain-of-Experts (CoE)`."""
    if not re.fullmatch(r"[\w^+.-]{2,30}", name) or not re.search(r"[A-Z0-9]", name):
        return None
    said = re.compile(
        rf"\(\s*{re.escape(name)}\s*\)|\b(?:called|named|dubbed|namely|propose|present|introduce)\s{re.escape(name)}\b"
    )
    found = [
        hit.paper
        for hit in library.look_up(name, k=10, spend=False).hits
        if any(is_contribution(s.text) and said.search(s.text) for s in hit.paper.sentences)
    ]
    return found[0] if len(found) == 1 else None

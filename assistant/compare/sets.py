"""Papers to compare that are not named one by one: those with a tag, those of a search, those of a week's theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.compare.job import A_CALL, MOST
from assistant.documents import Digest
from index.errors import LibraryError
from index.ids import normalise_title
from index.paper import Paper

if TYPE_CHECKING:
    from index.library import Library


@dataclass(frozen=True)
class ChosenSet:
    """Papers to compare, and what is to be said of how they were chosen."""

    papers: tuple[Paper, ...]
    notices: tuple[str, ...] = ()


def tagged(library: "Library", tags: Sequence[str], most: int = MOST) -> ChosenSet:
    """The newest papers with all of some tags. Raises LibraryError if none has them."""
    papers = library.papers(tags=tags)
    if not papers:
        raise LibraryError(f"No paper has the tag {' and '.join(map(repr, tags))}: `papers tags` lists them.")
    return _first(papers, most, "have the tag", "the newest")


def found(library: "Library", query: str, count: int = A_CALL, tags: Sequence[str] = ()) -> ChosenSet:
    """The best papers of a search. Raises LibraryError if it finds none."""
    looked_up = library.look_up(query, k=min(count, MOST), tags=tags)
    if not looked_up.hits:
        raise LibraryError(f"Nothing is found for {query!r}: name the papers, or search for other words.")
    return ChosenSet(tuple(hit.paper for hit in looked_up.hits), tuple(looked_up.notices))


def of_theme(digest: Digest, theme: str, most: int = MOST) -> ChosenSet:
    """The papers of one theme of a digest, by its number from 1 or by words of its title; 0 are those of no theme.
    Raises LibraryError, with the themes, if that is not one of them."""
    number = int(theme) if theme.strip().isdecimal() and len(theme) < 4 else None
    wanted = normalise_title(theme)
    if number is not None:
        groups = [digest.other] if number == 0 else [each.labels for each in digest.themes[number - 1 : number]]
    else:
        groups = [each.labels for each in digest.themes if wanted and wanted in normalise_title(each.title)]
    if len(groups) != 1 or not groups[0]:
        named = "; ".join(f"{n} {each.title}" for n, each in enumerate(digest.themes, 1)) or "none"
        raise LibraryError(f"{theme!r} is not one theme of {digest.week or 'these days'}. Its themes: {named}.")
    by_label = {each.label: each.paper for each in digest.papers}
    return _first([by_label[label] for label in groups[0] if label in by_label], most, "are in the theme", "the first")


def _first(papers: Sequence[Paper], most: int, say: str, which: str) -> ChosenSet:
    if len(papers) <= most:
        return ChosenSet(tuple(papers))
    return ChosenSet(tuple(papers[:most]), (f"{len(papers):,} papers {say}: {which} {most} are compared.",))

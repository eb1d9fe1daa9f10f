"""A Daily Papers page as a browser copies it, without its links: text -> papers and rejects.

The grammar: site words; the page's own day (`Apr 17`); then, per paper, a title and an abstract, told apart by
position alone, and mostly what stands beneath them: `• 6 authors` or the organisation (`handle Name`), `·`, and
`Sep 1, 2025`, followed by the number of comments. Depending on the view, upvotes and `Submitted by NAME` come
before the title, and `Upvote`, GitHub stars and links after the date. What papers are about plays no part: no line
is a title because of its words.
"""

import datetime
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from index.paper import Paper, Reject
from index.safety.limits import LINES, refuse_long_paper
from index.sources.pages.forms import (
    AUTHORS,
    COMMENTS,
    DATE,
    NAME,
    PAPER_LINK,
    SHORT,
    UPVOTE,
    count_of,
    day_of,
    display_name,
    kind_of,
    own_year,
)
from index.sources.rejected import kept_record

_OPENING_WORDS = re.compile(
    r"by ?AK and the research community|^Get trending papers in |^Submitted by$"
    r"|^(?:Daily|Trending) Papers - Hugging Face",
    re.MULTILINE,
)
_HEAD = 50_000  # characters to look at to tell whether a text is such a page
_WRAPPED_LINE = 140  # characters: a line longer than this was not wrapped by hand


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int
    block: int  # lines without an empty line between them share a block


@dataclass
class _Card:
    """Consecutive titles and abstracts, and what surrounds the last of them."""

    texts: list[_Token] = field(default_factory=list)
    links: dict[int, str] = field(default_factory=dict)  # line of a text -> the link beneath it
    dot: _Token | None = None
    author_count: int | None = None
    date: re.Match[str] | None = None
    comments: int | None = None
    upvotes: int | None = None
    loose: list[int] = field(default_factory=list)  # numbers on their own lines
    after_site: bool = False  # comes right after the site's own words

    @property
    def has_meta(self) -> bool:
        return self.dot is not None or self.author_count is not None or self.date is not None


def recognises(text: str) -> bool:
    """Whether the beginning of a text has what only such a page has: its opening words, a number of authors before the
    `·`, or an organisation there by handle and name. A name and a date are found in letters and news too."""
    head = text[:_HEAD]
    if _OPENING_WORDS.search(head):
        return True
    before_dots = (above for above, dot in pairwise(_tokens(head)) if dot.kind == "dot")
    return any(line.kind == "authors" or (line.kind == "text" and _has_handle(line.text)) for line in before_dots)


def _has_handle(line: str) -> bool:
    return len(line) <= SHORT and display_name(line, with_handles=True) != line


def read(
    text: str, *, year: int | None = None, posted: str | None = None, today: datetime.date | None = None
) -> tuple[list[Paper], list[Reject]]:
    """The papers of a page in order, and rejects. A date without a year is in `year`, else in the page's own year: the
    latest printed year + 1, or, if none is printed, the latest year in which the page's day is not in the future."""
    if text.count("\n") + text.count("\r") - text.count("\r\n") > LINES:
        return [], [Reject("the page", f"has more than {LINES:,} lines: save it in parts")]
    cards, day = _cards(text)
    page_year = year or own_year([card.date for card in cards if card.date], day, today or datetime.date.today())
    cuts = [_cut(card) for card in cards]
    with_handles = all(len(org.split()) > 1 for _, org in cuts if org)
    papers: list[Paper] = []
    rejects: list[Reject] = []
    number = 0
    for card, (pairs, org) in zip(cards, cuts, strict=True):
        for title, abstract in pairs:
            number += 1
            last = (title, abstract) == pairs[-1]
            place = f"paper {number}, line {title.line}: {_shortened(title.text)}"
            if abstract is None:
                rejects.append(Reject(place, "has no abstract", record=_kept(title.text, "")))
                continue
            try:
                refuse_long_paper(title.text, abstract.text)
                papers.append(
                    Paper(
                        title=title.text,
                        abstract=abstract.text,
                        author_count=card.author_count if last else None,
                        organization=display_name(org, with_handles) if org and last else None,
                        published=day_of(card.date, page_year) if card.date and last else None,
                        posted=posted,
                        url=card.links.get(title.line),
                        comments=card.comments if last else None,
                        upvotes=card.upvotes if title is pairs[0][0] else None,
                        source=NAME,
                    )
                )
            except ValueError as error:
                rejects.append(Reject(place, str(error), record=_kept(title.text, abstract.text)))
    return papers, rejects


def _kept(title: str, abstract: str) -> str:
    return kept_record({"title": title, "abstract": abstract}, source=NAME)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def _tokens(text: str) -> Iterator[_Token]:
    """The lines of a page by kind; a line such as `handle Name · Oct 4, 2026` is three."""
    block = 0
    text_above = -1  # the block of the text in the line above
    lines = re.split(r"\r\n|[\r\n]", text)
    dense = sum(not line.strip() for line in lines) < sum("·" in line for line in lines)  # without empty lines
    for number, raw in enumerate(lines, 1):
        line = raw.strip().strip("\u200b\ufeff").strip()
        if not line:
            block += 1
            continue
        head, dot, tail = line.rpartition("·")
        if dot and kind_of(" ".join(tail.split())) in ("date", "authors"):
            if head := head.strip():
                yield _Token(kind_of(" ".join(head.split())), head, number, block)
            yield _Token("dot", dot, number, block)
            line = tail.strip()
        plain = " ".join(line.split())
        kind = kind_of(plain)
        if kind in ("site", "card", "link") and text_above == block and not dense:
            kind = "text"  # the last line of a text wrapped by hand
        text_above = block if kind == "text" else -1
        yield _Token(kind, line if kind == "text" else plain, number, block)


@dataclass
class _Page:
    """A page while its lines are read."""

    cards: list[_Card] = field(default_factory=list)
    card: _Card = field(default_factory=_Card)
    day: re.Match[str] | None = None
    votes_lead: bool = False  # whether a number stands before each title

    def take(self, token: _Token, before: str) -> None:
        """One line of the page; `before` is the kind of the line before."""
        card = self.card
        if token.kind == "text":
            if card.has_meta or card.loose:
                self.close()
            self.card.texts.append(token)
        elif token.kind == "number":
            if before == "upvote":
                card.upvotes = count_of(token.text)
            elif before != "stars":
                card.loose.append(count_of(token.text))
                if self.votes_lead and card.texts and not card.has_meta:  # a paper with nothing beneath it
                    self.close()
        elif token.kind == "submitted":
            if card.texts:
                self.close()
        elif token.kind == "site":
            self.end()
        elif token.kind == "date" and (found := DATE.fullmatch(token.text)):
            self.date(found)
        else:
            _note(card, token)

    def date(self, found: re.Match[str]) -> None:
        """Takes a date: the card's, or the page's own if it stands alone."""
        card = self.card
        if card.has_meta or (card.texts and (self.day or len(card.texts[-1].text) > SHORT)):
            if card.date is None:
                card.date = found
                card.comments = count_of(found["comments"]) if found["comments"] else card.comments
            return
        self.day = self.day or found
        self.end()

    def close(self, *, last: bool = False) -> None:
        """Ends a card. Of the numbers on their own lines after it, the last may be the upvotes of the next."""
        card = self.card
        self.votes_lead = self.votes_lead or (bool(card.loose) and not card.texts and not self.cards)
        upvotes = card.loose.pop() if not last and card.loose and (self.votes_lead or len(card.loose) > 1) else None
        if card.loose and card.comments is None:
            card.comments = card.loose[0]
        if card.texts:
            self.cards.append(card)
        self.card = _Card(upvotes=upvotes)

    def end(self) -> None:
        """Ends a card at the site's own words. At the head of the page, short lines before them are the site's too (a
        search query, a user's name)."""
        card = self.card
        if not self.cards and not card.has_meta and all(len(text.text) <= SHORT for text in card.texts):
            card.texts.clear()
        self.close(last=True)
        self.card.after_site = True


def _cards(text: str) -> tuple[list[_Card], re.Match[str] | None]:
    """The cards of a page and its own day."""
    page = _Page()
    before = ""
    for token in _tokens(text):
        if before == "submitted" and token.kind == "text" and len(token.text.split()) <= 3:
            before = ""  # the submitter, on a line of its own
            continue
        page.take(token, before)
        before = "" if token.kind == "submitted" and " by " in token.text.lower() else token.kind
    if page.card.after_site and len(page.card.texts) == 1 and not page.card.has_meta:
        page.card.texts.clear()  # a line in the page's footer
    page.close(last=True)
    return page.cards, page.day


def _note(card: _Card, token: _Token) -> None:
    """Records on its card what a line in one of the page's own forms says."""
    text = token.text
    if token.kind == "dot":
        card.dot = token
    elif found := AUTHORS.fullmatch(text):
        card.author_count = int(found[1].replace(",", ""))
    elif token.kind == "link" and card.texts and PAPER_LINK.fullmatch(text):
        card.links.setdefault(card.texts[-1].line, text)
    elif (found := UPVOTE.fullmatch(text)) and (count := found[1] or found[2]):
        card.upvotes = count_of(count)
    elif found := COMMENTS.fullmatch(text):
        card.comments = count_of(found[1] or found[2])


def _cut(card: _Card) -> tuple[list[tuple[_Token, _Token | None]], str | None]:
    """The (title, abstract) pairs of a card and the organisation line beneath the last.

    Beneath an abstract without a line of authors there may be the organisation's line. It is recognised by an odd
    number of texts, or by touching the `·` while an empty line separates it from what is above.
    """
    may_have_org = card.dot is not None and card.author_count is None

    def come_out(units: list[_Token]) -> bool:
        return len(units) % 2 == (may_have_org and len(units) > 2 and len(units[-1].text) <= SHORT)

    units, by_line = _units(card.texts, joined=True), _units(card.texts, joined=False)
    if not come_out(units) and come_out(by_line):
        units = by_line
    if not may_have_org or len(units) < 2 or len(units[-1].text) > SHORT:
        return _pairs(units), None
    assert card.dot is not None
    touches = units[-1].line == card.dot.line or units[-2].block != units[-1].block == card.dot.block
    if len(units) % 2 or touches:
        return _pairs(units[:-1]), units[-1].text
    return _pairs(units), None


def _units(texts: Sequence[_Token], *, joined: bool) -> list[_Token]:
    """Texts as titles and abstracts: line by line, or with the lines of a block that was wrapped by hand joined."""
    units: list[_Token] = []
    blocks: dict[int, list[_Token]] = {}
    for token in texts:
        blocks.setdefault(token.block, []).append(token)
    for lines in blocks.values():
        if joined and max(len(line.text) for line in lines) <= _WRAPPED_LINE:
            first = lines[0]
            units.append(_Token("text", " ".join(line.text for line in lines), first.line, first.block))
        else:
            units.extend(lines)
    return units


def _pairs(units: list[_Token]) -> list[tuple[_Token, _Token | None]]:
    """Titles with their abstracts. Of an odd number one is a title alone: the one without which the rest looks most
    like short titles over long abstracts."""
    if not units:
        return []
    alone = len(units)
    if len(units) % 2:
        ratios = [math.log(len(b.text) / len(a.text)) for a, b in pairwise(units)]
        before = list(accumulate(ratios[::2], initial=0.0))  # how well the pairs fit that begin at 0, 2, 4, ...
        behind = list(accumulate(ratios[::-2], initial=0.0))[::-1]  # and those that begin at 1, 3, 5, ...
        fits = [one + other for one, other in zip(before, behind, strict=True)]
        alone = 2 * fits.index(max(fits))
    pairs: list[tuple[_Token, _Token | None]] = []
    at = 0
    while at < len(units):
        pairs.append((units[at], None if at == alone else units[at + 1]))
        at += 1 if at == alone else 2
    return pairs

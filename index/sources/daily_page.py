"""A Daily Papers page of Hugging Face as a browser copies it: text -> papers and rejects.

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

from index.english import MONTH, MONTHS
from index.paper import Paper, Reject
from index.safety.limits import LINES, refuse_long_paper

NAME = "daily-page"
WHAT = "a Daily Papers page of Hugging Face, copied from the browser (day, week, month, search or trending view)"

_NUMBER = r"\d+(?:[.,]\d+)*\s?k?|-"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


_DATE = _form(
    rf"(?:published on )?(?P<month>{MONTH})\.? (?P<day>\d{{1,2}})(?:, ?(?P<year>\d{{4}}))?"
    rf"(?: (?P<comments>{_NUMBER}))?"
)
_AUTHORS = _form(r"(?:[•·*-] ?)?\+? ?(\d[\d,]*) authors?")
_UPVOTE = _form(rf"(?:upvotes?|▲) ?({_NUMBER})?|({_NUMBER}) upvotes?")
_COMMENTS = _form(rf"(?:comments? |💬 ?)({_NUMBER})|({_NUMBER}) comments?")
_SUBMITTED = _form(r"submitted by:?(?: (\S.*))?")
_PAPER_LINK = _form(r"https?://(?:huggingface\.co/papers|arxiv\.org/abs)/[\w./-]+")
_FORMS = (
    ("number", _form(_NUMBER)),
    ("authors", _AUTHORS),
    ("date", _DATE),
    ("upvote", _UPVOTE),
    ("stars", _form(rf"(?:github|stars?|[★⭐]) ?(?:[★⭐] ?)?(?:{_NUMBER})?|(?:{_NUMBER}) stars?")),
    ("comments", _COMMENTS),
    ("submitted", _SUBMITTED),
    ("link", _form(r"https?://\S+")),
    ("site", _form(rf"get trending papers in .*|by ?ak\b.*|©.*|week \d+(?:, \d{{4}})?|(?:{MONTH}) \d{{4}}")),
)
_SITE_WORDS = frozenset(
    "new|subscribe|daily|weekly|monthly|trending|models|datasets|spaces|buckets|buckets new|docs|enterprise|pricing"
    "|community|solutions|website|tasks|huggingchat|collections|languages|organizations|blog|posts|learn|discord|forum"
    "|log in|sign up|search|search papers|previous|next|system theme|company|tos|privacy|about|careers|jobs|papers"
    "|team & enterprise|hugging face pro|enterprise support|inference providers|inference endpoints|storage buckets"
    "|hugging face|hugging face's logo|hugging face's logo hugging face|daily papers|trending papers"
    "|daily papers - hugging face|trending papers - hugging face|trending papers ranked by github stars activity"
    "|by|ak|and the research community|submit a paper|submit|sort|today|yesterday|load more|view all|view all papers"
    "|skip to content".split("|")
)
_CARD_WORDS = frozenset(
    "•|*|arxiv page|view arxiv page|arxiv|pdf|view pdf|project page|code|add to collection".split("|")
)
_HEAD = 50_000  # characters to look at to tell whether a text is such a page
_WRAPPED_LINE = 140  # characters: a line longer than this was not wrapped by hand
_SHORT = 100  # characters: enough for an organisation, and too few for any abstract seen so far


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
    """Whether the beginning of a text has the page's marks: authors, `·` and a date in a row, or its opening words."""
    text = text[:_HEAD]
    kinds = [token.kind for token in _tokens(text)]
    marks = sum(a in ("authors", "dot") and b in ("authors", "dot", "date") and a != b for a, b in pairwise(kinds))
    return marks > 0 or re.search(r"by ?AK and the research community|^Get trending papers in ", text, re.M) is not None


def read(
    text: str, *, year: int | None = None, posted: str | None = None, today: datetime.date | None = None
) -> tuple[list[Paper], list[Reject]]:
    """The papers of a page in order, and rejects. A date without a year is in `year`, else in the page's own year: the
    latest printed year + 1, or, if none is printed, the latest year in which the page's day is not in the future."""
    if text.count("\n") + text.count("\r") - text.count("\r\n") > LINES:
        return [], [Reject("the page", f"has more than {LINES:,} lines: save it in parts")]
    cards, day = _cards(text)
    own_year = year or _own_year(cards, day, today or datetime.date.today())
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
                rejects.append(Reject(place, "has no abstract"))
                continue
            try:
                refuse_long_paper(title.text, abstract.text)
                papers.append(
                    Paper(
                        title=title.text,
                        abstract=abstract.text,
                        author_count=card.author_count if last else None,
                        organization=_display_name(org, with_handles) if org and last else None,
                        published=_day(card.date, own_year) if card.date and last else None,
                        posted=posted,
                        url=card.links.get(title.line),
                        comments=card.comments if last else None,
                        upvotes=card.upvotes if title is pairs[0][0] else None,
                        source=NAME,
                    )
                )
            except ValueError as error:
                rejects.append(Reject(place, str(error)))
    return papers, rejects


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
        if dot and _kind(" ".join(tail.split())) in ("date", "authors"):
            if head := head.strip():
                yield _Token(_kind(" ".join(head.split())), head, number, block)
            yield _Token("dot", dot, number, block)
            line = tail.strip()
        plain = " ".join(line.split())
        kind = _kind(plain)
        if kind in ("site", "card", "link") and text_above == block and not dense:
            kind = "text"  # the last line of a text wrapped by hand
        text_above = block if kind == "text" else -1
        yield _Token(kind, line if kind == "text" else plain, number, block)


def _kind(line: str) -> str:
    """The kind of a line, given with single spaces; "text" if it is none of the page's own forms."""
    if line == "·":
        return "dot"
    if len(line) <= _SHORT:
        for kind, form in _FORMS:
            if form.fullmatch(line):
                return kind
        lower = line.lower()
        if lower in _SITE_WORDS or lower in _CARD_WORDS:
            return "site" if lower in _SITE_WORDS else "card"
    return "text"


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
                card.upvotes = _count(token.text)
            elif before != "stars":
                card.loose.append(_count(token.text))
                if self.votes_lead and card.texts and not card.has_meta:  # a paper with nothing beneath it
                    self.close()
        elif token.kind == "submitted":
            if card.texts:
                self.close()
        elif token.kind == "site":
            self.end()
        elif token.kind == "date" and (found := _DATE.fullmatch(token.text)):
            self.date(found)
        else:
            _note(card, token)

    def date(self, found: re.Match[str]) -> None:
        """Takes a date: the card's, or the page's own if it stands alone."""
        card = self.card
        if card.has_meta or (card.texts and (self.day or len(card.texts[-1].text) > _SHORT)):
            if card.date is None:
                card.date = found
                card.comments = _count(found["comments"]) if found["comments"] else card.comments
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
        if not self.cards and not card.has_meta and all(len(text.text) <= _SHORT for text in card.texts):
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
    elif found := _AUTHORS.fullmatch(text):
        card.author_count = int(found[1].replace(",", ""))
    elif token.kind == "link" and card.texts and _PAPER_LINK.fullmatch(text):
        card.links.setdefault(card.texts[-1].line, text)
    elif (found := _UPVOTE.fullmatch(text)) and (count := found[1] or found[2]):
        card.upvotes = _count(count)
    elif found := _COMMENTS.fullmatch(text):
        card.comments = _count(found[1] or found[2])


def _count(text: str) -> int:
    """`1.2k` -> 1200, `1,234` -> 1234, `-` -> 0."""
    text = text.lower().replace(" ", "")
    if text == "-":
        return 0
    if text.endswith("k"):
        return round(float(text[:-1].replace(",", "")) * 1000) if text[:-1].count(".") < 2 else 0
    return int(re.sub(r"[.,]", "", text))


def _cut(card: _Card) -> tuple[list[tuple[_Token, _Token | None]], str | None]:
    """The (title, abstract) pairs of a card and the organisation line beneath the last.

    Beneath an abstract without a line of authors there may be the organisation's line. It is recognised by an odd
    number of texts, or by touching the `·` while an empty line separates it from what is above.
    """
    may_have_org = card.dot is not None and card.author_count is None

    def come_out(units: list[_Token]) -> bool:
        return len(units) % 2 == (may_have_org and len(units) > 2 and len(units[-1].text) <= _SHORT)

    units, by_line = _units(card.texts, joined=True), _units(card.texts, joined=False)
    if not come_out(units) and come_out(by_line):
        units = by_line
    if not may_have_org or len(units) < 2 or len(units[-1].text) > _SHORT:
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


def _own_year(cards: Sequence[_Card], day: re.Match[str] | None, today: datetime.date) -> int:
    """The year of the page's dates that print none."""
    if day and day["year"]:
        return int(day["year"])
    dates = [card.date for card in cards if card.date]
    if printed := [int(date["year"]) for date in dates if date["year"]]:
        return max(printed) + 1
    latest = max((_month_and_day(date) for date in ([day] if day else dates)), default=(1, 1))
    for year in range(today.year, today.year - 9, -1):  # nine, because of 29 February
        try:
            if datetime.date(year, *latest) <= today:
                return year
        except ValueError:
            continue
    return today.year


def _month_and_day(date: re.Match[str]) -> tuple[int, int]:
    return MONTHS.index(date["month"][:3].lower()) + 1, int(date["day"])


def _day(date: re.Match[str], own_year: int) -> str:
    """The day of a date line. Raises ValueError if there is no such day."""
    year = int(date["year"] or own_year)
    try:
        return datetime.date(year, *_month_and_day(date)).isoformat()
    except ValueError:
        raise ValueError(f"{date['month']} {date['day']}, {year} is not a day") from None


def _display_name(line: str, with_handles: bool) -> str:
    """`deepseek-ai DeepSeek` -> `DeepSeek`. The handle is the picture's text, glued to the name by one space; some
    browsers do not copy it. A first word is taken for a handle where it looks like one (no capital in front, a digit,
    a sign) or is made of the name's own letters (`GAIR SII - GAIR`); not in `Princeton University`."""
    handle, _, name = line.partition(" ")
    if not with_handles or not name.strip() or not re.fullmatch(r"[\w.-]+", handle):
        return line
    letters = iter(re.sub(r"\W", "", name).casefold())
    looks_like_one = not handle[0].isupper() or re.search(r"[\d_.-]", handle)
    if looks_like_one or all(letter in letters for letter in handle.casefold()):
        return name.strip()
    return line

"""A Daily Papers page whose links came with it, whatever carried it: lines with links -> papers and rejects.

A paper's title, abstract and votes lead to the paper's own address, so the links say which lines belong together and
which paper they are of. What stands on a line is told by the page's own forms, as for a page without links.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from index.paper import NoAbstract, Paper, Reject
from index.safety.limits import refuse_long_paper
from index.sources.pages import forms
from index.sources.pages.carriers import Line
from index.sources.rejected import kept_record

_PAPER = re.compile(
    r"(?:^|huggingface\.co|hf\.co|next=)/papers/(\d{4}\.\d{4,5})(?:v\d+)?(?![\d.])"
    r"|arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})(?:v\d+)?(?![\d])"
)
_SITE = re.compile(r"^(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co))?/(?P<path>[^?#]*)")
_VOTES = re.compile(r"(?:\[[-–x ]?\]\s*)?(-|\d+(?:[.,]\d+)*\s?k?)", re.IGNORECASE)
_ALT = re.compile(r"^\[[\w .-]{1,60}\]\s*(?=\S)")  # a picture's name in the place of the picture


@dataclass
class _Card:
    """What stands on a page about one paper, once."""

    paper: str
    title: Line | None = None
    body: list[Line] = field(default_factory=list)
    organization: str | None = None
    author_count: int | None = None
    date: re.Match[str] | None = None
    comments: int | None = None
    upvotes: int | None = None
    ended: bool = False  # its body has ended: what follows is beneath it

    @property
    def has_mark(self) -> bool:
        """Whether anything of what the page says beneath a paper was found."""
        return self.author_count is not None or self.date is not None or self.organization is not None

    @property
    def abstract(self) -> str:
        """The text between the title and what stands beneath."""
        return " ".join(line.text for line in self.body)


def recognises(text: str) -> bool:
    """Whether a text has addresses of papers."""
    return _PAPER.search(text) is not None


def read(
    lines: Sequence[Line], *, year: int | None = None, posted: str | None = None, today: datetime.date | None = None
) -> tuple[list[Paper], list[Reject]] | None:
    """The papers of a page, each once, in its order; None where it is no page of papers: where most of what has a
    paper's link lacks the marks of a card. Dates without a year as in `pasted.read`."""
    cards, day = _cards(lines)
    titled = [card for card in cards if card.title]
    if not titled or 2 * sum(card.has_mark for card in titled) < len(titled):
        return None
    dates = [card.date for card in titled if card.date]
    own_year = year or forms.own_year(dates, day, today or datetime.date.today())
    papers: list[Paper] = []
    rejects: list[Reject] = []
    for number, card in enumerate(_each_once(titled), 1):
        assert card.title is not None
        title = card.title.text
        shown = title if len(title) <= 60 else title[:59].rstrip() + "…"
        place = f"paper {number}, line {card.title.number}: {shown}"
        try:
            refuse_long_paper(title, card.abstract)
            paper = _paper(card, title, own_year, posted)
        except ValueError as error:
            fields = {"title": title, "abstract": card.abstract, "id": f"arxiv:{card.paper}"}
            rejects.append(Reject(place, str(error), record=kept_record(fields, source=forms.NAME)))
            continue
        if paper.abstract:
            papers.append(paper)
        else:
            said = kept_record(paper.to_dict())
            rejects.append(NoAbstract(place, "has no abstract on this page", paper, record=said))
    return papers, rejects


def _paper(card: _Card, title: str, own_year: int, posted: str | None) -> Paper:
    """The paper of a card, as far as the page has it. Raises ValueError for a day that does not exist."""
    return Paper(
        title=title,
        abstract=card.abstract,
        id=f"arxiv:{card.paper}",
        author_count=card.author_count,
        organization=card.organization,
        published=forms.day_of(card.date, own_year) if card.date else None,
        posted=posted,
        url=f"https://huggingface.co/papers/{card.paper}",
        comments=card.comments,
        upvotes=card.upvotes,
        source=forms.NAME,
    )


def paper_in(address: str) -> str | None:
    """The arXiv number of the paper that an address of the Hub or of arXiv leads to; also behind a sign-in."""
    found = _PAPER.search(unquote(address))
    return found and (found[1] or found[2])


def _paper_of(line: Line) -> str | None:
    """The paper that a whole line leads to; a link within a text says nothing of whose text it is."""
    for link in line.links:
        paper = paper_in(link.address)
        if paper and 5 * len(link.text) >= 4 * len(line.text):
            return paper
    return None


def _cards(lines: Sequence[Line]) -> tuple[list[_Card], re.Match[str] | None]:
    cards: list[_Card] = []
    day: re.Match[str] | None = None
    card: _Card | None = None
    for at, line in enumerate(lines):
        paper = _paper_of(line)
        parts = list(_parts(line))
        is_title = parts[0][0] == "text" and not _VOTES.fullmatch(line.text) and paper and _is_title(line, card)
        if paper and (card is None or card.paper != paper or (is_title and card.title is not None)):
            card = _Card(paper)
            cards.append(card)
        if card is None:
            if parts[0][0] == "date" and day is None:
                day = forms.DATE.fullmatch(parts[0][1])
            continue
        if is_title and card.title is None:
            card.title = line
            continue
        dot_follows = at + 1 < len(lines) and lines[at + 1].text.startswith("·")
        for kind, text in parts:
            _put(card, line, kind, text, beneath=len(parts) > 1 or dot_follows)
    return cards, day


def _is_title(line: Line, card: _Card | None) -> bool:
    """Whether a line that leads to a paper is a title: the first text, or a heading, or the same title again."""
    if card is None or card.title is None or line.heading:
        return True
    return card.ended and (line.text == card.title.text or _paper_of(line) != card.paper)


def _parts(line: Line) -> Iterator[tuple[str, str]]:
    """What stands on a line, by kind: `Example Lab · Apr 14, 2026` is three."""
    rest, parts = line.text, list[tuple[str, str]]()
    while True:
        head, dot, tail = rest.rpartition("·")
        tail = " ".join(tail.split())
        if not dot or (tail and forms.kind_of(tail) not in ("date", "authors")):
            break
        parts += [(forms.kind_of(tail), tail), ("dot", dot)] if tail else [("dot", dot)]
        rest = head.strip()
    if rest:
        parts.append((forms.kind_of(rest), rest))
    return reversed(parts)


def _put(card: _Card, line: Line, kind: str, text: str, *, beneath: bool) -> None:
    """Puts a part of a line where it belongs on a card. `beneath`: the `·` follows, before which the organisation
    stands."""
    address = line.links[-1].address if line.links else ""
    if votes := _VOTES.fullmatch(text):
        if "next=" in address:
            card.upvotes = forms.count_of(votes[1])
        elif "#community" in address or (card.date and card.comments is None and not address):
            card.comments = forms.count_of(votes[1])
    elif kind == "date" and (found := forms.DATE.fullmatch(text)):
        card.ended = True
        if card.date is None:
            card.date = found
            card.comments = forms.count_of(found["comments"]) if found["comments"] else card.comments
    elif kind == "authors" and (found := forms.AUTHORS.fullmatch(text)):
        card.ended, card.author_count = True, int(found[1].replace(",", ""))
    elif kind == "upvote":
        card.ended = True
        if (found := forms.UPVOTE.fullmatch(text)) and (count := found[1] or found[2]):
            card.upvotes = forms.count_of(count)
    elif kind == "comments" and (found := forms.COMMENTS.fullmatch(text)):
        card.comments = forms.count_of(found[1] or found[2])
    elif kind in ("dot", "submitted", "site", "card"):
        card.ended = card.ended or (card.title is not None and bool(card.body))
    elif kind == "text" and card.title is not None and not card.ended:
        if card.body and len(text) <= 100 and (beneath or _leads_to_account(address)):
            card.organization, card.ended = _ALT.sub("", text), True
        else:
            card.body.append(line)


def _leads_to_account(address: str) -> bool:
    """Whether an address is that of a person or an organisation on the Hub: one name and no more."""
    found = _SITE.match(address)
    return found is not None and bool(re.fullmatch(r"[\w.-]+(?:/papers)?", found["path"])) and found["path"] != "papers"


def _each_once(cards: Sequence[_Card]) -> Iterator[_Card]:
    """The papers of cards in order. One that stands there twice is told by the longer text, and by what either says."""
    by_paper: dict[str, _Card] = {}
    for card in cards:
        kept = by_paper.setdefault(card.paper, card)
        if kept is card:
            continue
        if len(card.abstract) > len(kept.abstract):
            kept.body = card.body
        for name in ("organization", "author_count", "date", "comments", "upvotes"):
            if getattr(kept, name) is None:
                setattr(kept, name, getattr(card, name))
    yield from by_paper.values()

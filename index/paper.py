"""The data of the index: papers, what a search finds, and the report of an addition.

All of it is frozen. Nothing here reads or writes files.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from index.annotations import note_in, tags_in
from index.ids import canonical_id, id_in_url, title_id, version_in
from index.readable import readable
from index.safety.inert import inert
from index.sentences import Sentence, split_sentences
from index.withdrawn import WITHDRAWN, says_withdrawn, title_says_withdrawn

SAMPLE = "sample"  # the `source` of the bundled sample's papers
DESCRIBED = "Description by Daily Papers, not the paper's abstract"
"""What is said wherever the text about a paper of the sample is shown: it was written for this project."""
AI_SUMMARY = "AI summary by Hugging Face"  # how that of a paper is named wherever it is shown

_CODE_HOSTS = re.compile(
    r"https://(?:www\.)?(?:github|gitlab|huggingface|bitbucket|codeberg)\.(?:com|co|org)/[\w./~-]+$"
)
_LINE_ENDS = re.compile(r"[\r\n\u2028\u2029]+")
_IN_LINKS = "!#$%&'()*+,/:;=?@[]~"  # may appear in a link unescaped


def is_of_days(day: str | None, since: str | None, until: str | None) -> bool | None:
    """Whether a day is in a span (all YYYY-MM-DD, both ends included; None is open); None for no day."""
    return None if day is None else (since or "") <= day <= (until or "9999-12-31")


def iso_date(value: str | datetime.date | None) -> str | None:
    """A day as `YYYY-MM-DD`; a time of day is dropped. Raises ValueError for text that is not a date."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    found = re.match(r"\d{4}-\d{2}-\d{2}(?=$|[T ])", str(value).strip())
    if not found:
        raise ValueError(f"{value!r} is not a date of the form YYYY-MM-DD")
    return datetime.date.fromisoformat(found[0]).isoformat()


def _canonical(text: str) -> str:
    return (canonical_id(text) if isinstance(text, str) else None) or text  # `Library.add` refuses what is no text


def _http_link(url: str | None) -> str | None:
    """An http(s) address with what does not belong in a link percent-encoded; None for anything else."""
    found = url and re.match(r"https?://[^\s\"'<>]+$", url)
    return quote(found[0], safe=_IN_LINKS, errors="replace") if found else None


def _unwrapped(text: str) -> str:
    return " ".join(filter(None, (line.strip() for line in _LINE_ENDS.split(text))))


@lru_cache(maxsize=16_384)
def _inert_sentences(abstract: str) -> tuple[Sentence, ...]:
    shown = ((s, inert(s.text)) for s in split_sentences(readable(abstract)))
    return tuple(s if s.text == text else Sentence(s.number, text) for s, text in shown)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper as its source gives it.

    `title` and `abstract` are the source's own text without surrounding space and hard line breaks. If no `id` is
    given, it is the first of `ids`, or is derived at once from the link (arXiv, DOI), else from the title. `ids` reads
    back as every id that the paper answers to, `id` first: the given ones in their canonical form, and the link's.
    `published` is the day the paper appeared, `posted` the first day it was on a Daily page, `posted_days` all of them
    in order; they read back as `YYYY-MM-DD`. `version` is that of the text (arXiv's), told by the id or the link where
    it is not given. `author_count` defaults to the number of `authors`. `tags` and `note` are people's own words about
    it; `ai_summary` is the one that Hugging Face shows. Raises ValueError for an invalid date.
    """

    title: str
    abstract: str
    id: str = None  # type: ignore[assignment]  # given as None, read back as str
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    organization: str | None = None
    published: str | None = None
    posted: str | None = None
    url: str | None = None
    comments: int | None = None
    upvotes: int | None = None
    source: str = ""
    ids: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    code_url: str | None = None
    version: int | None = None
    posted_days: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str | None = None
    ai_summary: str | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "title", _unwrapped(self.title or ""))
        put(self, "abstract", _unwrapped(self.abstract or ""))
        put(self, "authors", (self.authors,) if isinstance(self.authors, str) else tuple(self.authors or ()))
        if self.author_count is None and self.authors:
            put(self, "author_count", len(self.authors))
        put(self, "source", self.source or "")
        put(self, "published", iso_date(self.published))
        days = sorted({day for day in map(iso_date, (self.posted, *(self.posted_days or ()))) if day})
        put(self, "posted_days", tuple(days))
        put(self, "posted", days[0] if days else None)
        put(self, "keywords", (self.keywords,) if isinstance(self.keywords, str) else tuple(self.keywords or ()))
        put(self, "tags", tags_in(self.tags))
        put(self, "note", note_in(self.note))
        if self.version is None:
            put(self, "version", version_in(self.id) or version_in(self.url))
        given = (self.ids,) if isinstance(self.ids, str) else self.ids or ()
        linked = id_in_url(self.url)
        ids = [_canonical(text) for text in filter(None, (self.id, *given, linked))]
        put(self, "id", self.id or next(iter(ids), None) or title_id(self.title))
        put(self, "ids", tuple(dict.fromkeys((self.id, *ids))))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the abstract, numbered from 1, as they are shown, quoted and sent to a model: the source's
        own, without what is invisible or would be live (see `index.safety.inert`). A quote is verbatim from these."""
        return _inert_sentences(self.abstract)

    @property
    def shown_title(self) -> str:
        """The title as people read it: without tags, entities and LaTeX. As untrusted as the title itself."""
        return readable(self.title)

    @property
    def shown_abstract(self) -> str:
        """The abstract as people read it, before it is split: without tags, entities and LaTeX."""
        return readable(self.abstract)

    @property
    def has_markup(self) -> bool:
        """Whether what is shown of the paper is another text than the source's own."""
        return self.shown_title != self.title or self.shown_abstract != self.abstract

    @property
    def is_withdrawn(self) -> bool:
        """Whether its source says, in a keyword, the title or the abstract, that it was withdrawn or retracted."""
        return WITHDRAWN in self.keywords or title_says_withdrawn(self.title) or says_withdrawn(self.abstract)

    @property
    def is_sample(self) -> bool:
        """Whether its abstract is our own description of the paper, of the bundled sample, and not the authors'."""
        return self.source == SAMPLE

    @property
    def words_by(self) -> str | None:
        """Who wrote the text in place of the abstract, as it is said beside it; None for the paper's own abstract."""
        return DESCRIBED if self.is_sample else None

    @property
    def day(self) -> str | None:
        """The day that date filters use: published, else posted."""
        return self.published or self.posted

    @property
    def week_day(self) -> str | None:
        """The first day that decides a paper's week: posted, else published."""
        return self.posted or self.published

    @property
    def week_days(self) -> tuple[str, ...]:
        """All days that decide in which weeks a paper stands: those on which it was posted, else the one on which it
        was published."""
        return self.posted_days or ((self.published,) if self.published else ())

    @property
    def short_name(self) -> str | None:
        """The name before the colon of the title as shown (`FBNetV5` in `FBNetV5: Neural ...`), of at most four words;
        or None."""
        head, colon, _ = self.shown_title.partition(":")
        return head.strip() if colon and 0 < len(head.split()) <= 4 else None

    @property
    def link(self) -> str | None:
        """Where the paper can be read: its own http(s) link, else one built from its arXiv id or DOI. Characters that
        do not belong in a link, such as invisible ones, are percent-encoded."""
        if given := _http_link(self.url):
            return given
        scheme, _, rest = self.id.partition(":")
        site = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}.get(scheme)
        return site and site + quote(rest, safe="/:;,()", errors="replace")

    @property
    def code_link(self) -> str | None:
        """Where the paper's code can be read; None unless that is an address of a known host of code: a record is not
        trusted to lead anywhere else."""
        return self.code_url if self.code_url and _CODE_HOSTS.match(self.code_url) else None

    def to_document(self) -> dict[str, Any]:
        """The JSON of `papers show`: the record, and the numbered sentences."""
        return {"paper": self.to_dict(), "sentences": [{"number": s.number, "text": s.text} for s in self.sentences]}

    def to_dict(self) -> dict[str, Any]:
        """The paper as the JSON of every command shows it."""
        lists = {name: list(getattr(self, name)) for name in ("ids", "authors", "keywords", "posted_days", "tags")}
        return {"id": self.id} | vars(self) | lists

    def with_(self, **changes: Any) -> "Paper":
        """A copy with other values. Another `id` takes the place of the one that it had, another `posted` that of all
        days, unless `ids` or `posted_days` say otherwise."""
        if "id" in changes and "ids" not in changes:
            changes["ids"] = tuple(i for i in self.ids if i not in (self.id, canonical_id(self.id)))
        if "posted" in changes and "posted_days" not in changes:
            changes["posted_days"] = ()
        return replace(self, **changes)


@dataclass(frozen=True)
class Hit:
    """A paper that a search found: its rank from 1, its score (only comparable within one search), and the sentences
    that match the question best, best first."""

    paper: Paper
    score: float
    sentences: tuple[Sentence, ...]
    rank: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The hit as `papers search --json` shows it."""
        sentences = [asdict(sentence) for sentence in self.sentences]
        return {"rank": self.rank, "score": round(self.score, 4), "paper": self.paper.to_dict(), "sentences": sentences}


@dataclass(frozen=True)
class Reject:
    """A record that was not accepted: where it is in its source, and why. `record` is its own text or JSON as far as
    it is known and not too long, so that it can be mended and added again; `source` what was read, where it is kept."""

    place: str
    reason: str
    record: str = field(default="", kw_only=True, compare=False, repr=False)
    source: str = field(default="", kw_only=True, compare=False)


@dataclass(frozen=True)
class NoAbstract(Reject):
    """A record that was not accepted because its source has no abstract of it; `paper` is what the source does have."""

    paper: Paper


@dataclass(frozen=True)
class AddReport:
    """The result of an addition: ids by outcome, and what was rejected."""

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    rejected: tuple[Reject, ...] = ()
    notices: tuple[str, ...] = ()

    def __add__(self, other: "AddReport") -> "AddReport":
        return AddReport(
            self.new + other.new,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            tuple(dict.fromkeys(self.notices + other.notices)),
        )

    def to_dict(self) -> dict[str, Any]:
        """The report as `papers add --json` shows it."""
        lists = {name: list(values) for name, values in vars(self).items()}
        return lists | {"rejected": [{"place": r.place, "reason": r.reason} for r in self.rejected]}


class Outline(NamedTuple):
    """What a long list needs of a paper, to be sorted and counted."""

    id: str
    title: str
    day: str | None
    source: str
    upvotes: int | None

    @property
    def shown_title(self) -> str:
        """The title as people read it."""
        return readable(self.title)

    @property
    def is_sample(self) -> bool:
        """Whether the paper is of the bundled sample."""
        return self.source == SAMPLE


Listed = TypeVar("Listed", Paper, Outline)


def outline_of(paper: Paper) -> Outline:
    """What a long list needs of a paper."""
    return Outline(paper.id, paper.title, paper.day, paper.source, paper.upvotes)


def newest_first(papers: Sequence[Listed]) -> list[Listed]:
    """Papers by day, newest first, those without a day last; by title within a day."""
    return sorted(sorted(papers, key=lambda p: p.title), key=lambda p: p.day or "", reverse=True)

"""What the three jobs return: cited and checked claims, and the Answer, Comparison and Digest made of them.

Frozen dataclasses. Pydantic turns them into the JSON that users rely on (`to_dict`) and reads stored ones back
(`read_back`). How a document is shown is up to `assistant/render`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    field_serializer,
    model_serializer,
)

from index.paper import Paper
from index.safety.inert import inert

Label = int | str
Verdict = Literal["ok", "look", "nothing_to_check", "uncited"]
FlagKind = Literal["figure", "unit", "name", "quote", "date", "citation", "wrong_paper", "addressed", "scope"]
HintKind = Literal["polarity", "negation", "comparison", "strength", "addition", "judge"]
Mode = Literal["llm", "quotes"]
ThemeHow = Literal["grew", "goes on", "shrank", "new", "gone"]
NoticeKind = Literal["other", "no_model", "waiting"]
Document = TypeVar("Document")


class Notice(str):
    """A line for people, with a kind by which code can tell it from others. `no_model`: no chat model is configured;
    `waiting`: the server has not answered yet."""

    kind: NoticeKind

    def __new__(cls, text: str, kind: NoticeKind = "other") -> "Notice":
        """A notice with this text and kind."""
        notice = super().__new__(cls, text)
        notice.kind = kind
        return notice


_HOW = "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
NO_MODEL_ANSWER = Notice(f"No chat model is configured, so the answer is in quotes: {_HOW}", "no_model")
NO_MODEL_COMPARISON = Notice(f"No chat model is configured, so the comparison is in quotes: {_HOW}", "no_model")
NO_MODEL_JUDGE = f"No chat model is configured, so nothing was judged: {_HOW}"
_WITH_KIND = {str(notice): notice for notice in (NO_MODEL_ANSWER, NO_MODEL_COMPARISON)}

# How parts of a document are written as JSON. `Hidden` fields are left out.
Hidden = Field(exclude=True)
InertText = Annotated[str, PlainSerializer(inert)]
PaperField = Annotated[Paper, PlainSerializer(Paper.to_dict)]
Dollars = Annotated[float | None, PlainSerializer(lambda cost: None if cost is None else round(cost, 6))]
# Notices are stored as plain text: those with a kind get it back when they are read.
Notices = tuple[Annotated[str, AfterValidator(lambda text: _WITH_KIND.get(text, text))], ...]


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read_back(kind: type[Document], kept: object) -> Document:
    """The document (of class `kind`) that `dataclasses.asdict` turned into `kept`, which may have been stored as JSON.
    Raises pydantic's ValidationError."""
    of_any: Any = kind
    document: Document = _adapter(of_any).validate_python(kept)
    return document


class _AsJson:
    """A document or a part of one that can be written as JSON."""

    def to_dict(self) -> dict[str, Any]:
        """This as the JSON that the commands print."""
        kind: Any = type(self)
        document: dict[str, Any] = _adapter(kind).dump_python(self, mode="json")
        return document


@dataclass(frozen=True)
class Citation(_AsJson):
    """A pointer from written text to a paper (`[1]`: sentence None) or to one of its sentences (`[1.4]`)."""

    label: Label
    sentence: int | None = None


@dataclass(frozen=True)
class Flag(_AsJson):
    """Something that was looked for in the cited sentence and not found there."""

    kind: FlagKind
    token: InertText
    message: InertText
    nearest: InertText | None = None


@dataclass(frozen=True)
class Hint(_AsJson):
    """A difference in wording between a sentence and what it cites. It leaves the verdict as it is."""

    kind: HintKind
    token: InertText
    message: InertText
    nearest: InertText | None = None


@dataclass(frozen=True)
class Check:
    """The result of checking a sentence: the verdict, what was found, what was not, and where the wording differs."""

    verdict: Verdict
    found: tuple[InertText, ...] = ()
    flags: tuple[Flag, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def ticked(self) -> bool:
        """Whether a tick may stand: something was found, and the wording gives no hint."""
        return self.verdict == "ok" and not self.hints


@dataclass(frozen=True)
class Claim(_AsJson):
    """A written sentence with its markers (`... [1.4].`), its citations and its check. `attributed`: the model cited
    nothing, and the citation is ours."""

    text: str
    citations: tuple[Citation, ...]
    check: Check
    attributed: Annotated[bool, Field(exclude_if=lambda ours: not ours)] = False

    @model_serializer(mode="wrap")
    def _with_its_check(self, as_fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        claim = as_fields(self)
        check = claim.pop("check")
        return {**claim, **check}


@dataclass(frozen=True)
class Usage(_AsJson):
    """What a run spent: calls, tokens, and US dollars (None if a price is not known)."""

    llm_calls: int = 0
    embedding_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Dollars = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        unknown = self.cost_usd is None or other.cost_usd is None
        return Usage(
            self.llm_calls + other.llm_calls,
            self.embedding_calls + other.embedding_calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            None if unknown else (self.cost_usd or 0.0) + (other.cost_usd or 0.0),
        )


@dataclass(frozen=True)
class LabelledPaper:
    """A paper and the label by which markers cite it; `cited`: whether the text cites it."""

    label: int
    cited: bool = field(default=True, kw_only=True)
    paper: PaperField


@dataclass(frozen=True)
class Row(_AsJson):
    """A row of a comparison: an aspect, a cell per paper (None: not stated in the abstract), and a remark."""

    aspect: str
    cells: tuple[Claim | None, ...]
    note: str | None = None


@dataclass(frozen=True)
class Comparison(_AsJson):
    """Papers side by side: a table of cited, checked cells, and a short summary. Every row has one cell per paper, in
    the order of `papers`."""

    papers: tuple[LabelledPaper, ...]
    rows: tuple[Row, ...] = ()
    summary: tuple[Claim, ...] = ()
    mode: Mode = "quotes"
    usage: Usage = Usage()
    model: str | None = None
    notices: Notices = ()
    complete: Annotated[bool, Hidden] = True

    @field_serializer("papers")
    def _all_of_them_cited(self, papers: tuple[LabelledPaper, ...]) -> list[dict[str, Any]]:
        return [{"label": p.label, "paper": p.paper.to_dict()} for p in papers]


@dataclass(frozen=True)
class DigestPaper:
    """A paper in a digest: its label and its one line."""

    label: int
    paper: PaperField
    line: Claim


@dataclass(frozen=True)
class Theme:
    """A theme of a digest: its title, the labels of its papers, and what is said about them together."""

    title: str
    labels: tuple[int, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class TopicPart:
    """The part of a digest that is on a saved topic: its name, the labels of its papers, and what is said about them
    together."""

    name: InertText
    labels: tuple[int, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Excluded:
    """A paper that a digest leaves out, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class ThemeSince:
    """A theme beside the days before: how many papers have a telling `phrase` of it in title or abstract `now`, and had
    it `before`. It `grew` or `shrank` if the share of all papers is clearly another one; `new`, `gone`: the other side
    does not name it, in other words either."""

    title: InertText
    phrase: InertText
    how: ThemeHow
    now: int
    before: int


@dataclass(frozen=True)
class WeekBefore:
    """The themes of a digest beside the days before it (`2026-W15`), the larger first, as far as something can be said
    of them; and how many papers there are `now`, and were `before`."""

    days: str
    now: int
    before: int
    themes: tuple[ThemeSince, ...]


@dataclass(frozen=True)
class ChangedFigure:
    """A figure of an abstract as it was and as it is `now` (None: it was not, or is not, there), with its sentence then
    (`was`), and now (`sentence`, and its number)."""

    before: InertText | None
    now: InertText | None
    was: InertText | None
    sentence: InertText | None
    number: int | None


@dataclass(frozen=True)
class Changed:
    """A paper whose version or abstract changed since it was in a digest: what changed in words, and the figures that
    differ."""

    id: str
    message: InertText
    title: InertText
    figures: tuple[ChangedFigure, ...] = ()


@dataclass(frozen=True)
class Digest(_AsJson):
    """A week of papers by theme: every label is in exactly one theme or in `other`. While it is being written, each
    digest has more themes done than the one before; `complete` marks the last. `progress`: calls done, of how many.

    Divided by topics, it has every label in exactly one of `topics` or in `outside` as well, and is shown by them.
    `before`: its themes beside the days before, where both have some."""

    week: str | None
    since: str
    until: str
    papers: tuple[DigestPaper, ...] = ()
    overview: tuple[Claim, ...] = ()
    themes: tuple[Theme, ...] = ()
    other: tuple[int, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    topics: tuple[TopicPart, ...] = ()
    outside: tuple[int, ...] = ()
    before: WeekBefore | None = None
    changed: tuple[Changed, ...] = ()
    mode: Mode = "quotes"
    usage: Usage = Usage()
    model: str | None = None
    notices: Notices = ()
    complete: Annotated[bool, Hidden] = True
    progress: Annotated[tuple[int, int], Hidden] = field(default=(0, 0), compare=False)


@dataclass(frozen=True)
class KeptDigest:
    """A digest that was made before, as it reads now: its name in addresses and of its file (`2026-W16`), and what it
    is of, in words (empty: all papers) and as options of `Assistant.weekly`."""

    name: str
    topic: str
    digest: Digest
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer(_AsJson):
    """The answer to a question. While it streams, quotes stand first (`mode` "quotes"); from the model's first sentence
    on each answer is longer than the one before. `complete` marks the last.

    `text` is Markdown with canonical markers (`[1.4]`). `mode` is `llm` if any sentence shown was written by the model,
    else `quotes`. `answered` is false if the papers hold no answer. `judged`: whether a judge has been asked about it.
    `listed`: how many papers a list of them counts, where it does not show them all. `timing`: the seconds that each
    step took.
    """

    question: str
    mode: Mode = "quotes"
    answered: bool = True
    text: str = ""
    claims: tuple[Claim, ...] = ()
    papers: tuple[LabelledPaper, ...] = ()
    usage: Usage = Usage()
    model: str | None = None
    notices: Notices = ()
    comparison: Annotated[Comparison | None, Field(exclude_if=lambda comparison: comparison is None)] = None
    digest: Annotated[Digest | None, Field(exclude_if=lambda digest: digest is None)] = None
    complete: Annotated[bool, Hidden] = True
    judged: Annotated[bool, Hidden] = False
    listed: Annotated[int, Hidden] = 0
    timing: Annotated[tuple[tuple[str, float], ...], Hidden] = field(default=(), compare=False)

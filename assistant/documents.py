"""What the three jobs return: cited and checked claims, and the Answer, Comparison and Digest made of them.

Frozen; rendered at the edge (`assistant/rendering`). `to_dict` gives the JSON that users rely on.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from index.paper import Paper
from index.safety.inert import inert

Label = int | str
Verdict = Literal["ok", "look", "nothing_to_check", "uncited"]
FlagKind = Literal["figure", "unit", "name", "quote", "date", "citation", "wrong_paper", "addressed"]
Mode = Literal["llm", "quotes"]


@dataclass(frozen=True)
class Citation:
    """A pointer from written text to a paper (`[1]`: sentence None) or to one of its sentences (`[1.4]`)."""

    label: Label
    sentence: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The citation as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Flag:
    """One thing that was looked for in the cited sentence and not found there."""

    kind: FlagKind
    token: str
    message: str
    nearest: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The flag as JSON."""
        return {name: text and inert(text) for name, text in asdict(self).items()}


@dataclass(frozen=True)
class Check:
    """What checking a sentence showed: the verdict, what was found, and what was not."""

    verdict: Verdict
    found: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A written sentence with its markers (`... [1.4].`), its citations and its check."""

    text: str
    citations: tuple[Citation, ...]
    check: Check

    def to_dict(self) -> dict[str, Any]:
        """The claim as JSON."""
        return {
            "text": self.text,
            "citations": [c.to_dict() for c in self.citations],
            "verdict": self.check.verdict,
            "found": [inert(text) for text in self.check.found],
            "flags": [f.to_dict() for f in self.check.flags],
        }


@dataclass(frozen=True)
class Usage:
    """What a run spent: calls, tokens, and US dollars (None where a price is not known)."""

    llm_calls: int = 0
    embedding_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        unknown = self.cost_usd is None or other.cost_usd is None
        return Usage(
            self.llm_calls + other.llm_calls,
            self.embedding_calls + other.embedding_calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            None if unknown else (self.cost_usd or 0.0) + (other.cost_usd or 0.0),
        )

    def to_dict(self) -> dict[str, Any]:
        """The usage as JSON."""
        return {**asdict(self), "cost_usd": None if self.cost_usd is None else round(self.cost_usd, 6)}


@dataclass(frozen=True)
class LabelledPaper:
    """A paper and the label that markers name it by; `cited`: whether the text does."""

    label: int
    paper: Paper
    cited: bool = True


@dataclass(frozen=True)
class Answer:
    """The answer to a question. While it streams, one follows another, each longer; `complete` marks the last.

    `text` is Markdown with canonical markers (`[1.4]`). `mode` is `llm` when any sentence shown was written by
    the model, else `quotes`. `answered` is false when the papers hold no answer.
    """

    question: str
    mode: Mode = "quotes"
    answered: bool = True
    text: str = ""
    claims: tuple[Claim, ...] = ()
    papers: tuple[LabelledPaper, ...] = ()
    usage: Usage = Usage()
    model: str | None = None
    notices: tuple[str, ...] = ()
    comparison: "Comparison | None" = None
    digest: "Digest | None" = None
    complete: bool = True
    timing: tuple[tuple[str, float], ...] = field(default=(), compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The answer as `papers ask --json` shows it."""
        document: dict[str, Any] = {
            "question": self.question,
            "mode": self.mode,
            "answered": self.answered,
            "text": self.text,
            "claims": [c.to_dict() for c in self.claims],
            "papers": [{"label": p.label, "cited": p.cited, "paper": p.paper.to_dict()} for p in self.papers],
            "usage": self.usage.to_dict(),
            "model": self.model,
            "notices": list(self.notices),
        }
        if self.comparison is not None:
            document["comparison"] = self.comparison.to_dict()
        if self.digest is not None:
            document["digest"] = self.digest.to_dict()
        return document


@dataclass(frozen=True)
class Row:
    """A row of a comparison: an aspect, a cell per paper (None: not stated in the abstract), and a remark."""

    aspect: str
    cells: tuple[Claim | None, ...]
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON."""
        return {"aspect": self.aspect, "cells": [c and c.to_dict() for c in self.cells], "note": self.note}


@dataclass(frozen=True)
class Comparison:
    """Papers side by side: a table whose cells cite and are checked, and a short summary. Every row has one
    cell per paper, in the order of `papers`."""

    papers: tuple[LabelledPaper, ...]
    rows: tuple[Row, ...] = ()
    summary: tuple[Claim, ...] = ()
    mode: Mode = "quotes"
    usage: Usage = Usage()
    model: str | None = None
    notices: tuple[str, ...] = ()
    complete: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The comparison as `papers compare --json` shows it."""
        return {
            "papers": [{"label": p.label, "paper": p.paper.to_dict()} for p in self.papers],
            "rows": [r.to_dict() for r in self.rows],
            "summary": [c.to_dict() for c in self.summary],
            "mode": self.mode,
            "usage": self.usage.to_dict(),
            "model": self.model,
            "notices": list(self.notices),
        }


@dataclass(frozen=True)
class DigestPaper:
    """A paper of a week, its label and its one line."""

    label: int
    paper: Paper
    line: Claim


@dataclass(frozen=True)
class Theme:
    """A theme of a week: its title, the labels of its papers, and what is said of them together."""

    title: str
    labels: tuple[int, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Excluded:
    """A paper that a digest leaves out, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class Digest:
    """A week of papers as themes: every label is in exactly one theme or in `other`. While it is written, one
    follows another, each with more themes done; `complete` marks the last."""

    week: str | None
    since: str
    until: str
    papers: tuple[DigestPaper, ...] = ()
    overview: tuple[Claim, ...] = ()
    themes: tuple[Theme, ...] = ()
    other: tuple[int, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    mode: Mode = "quotes"
    usage: Usage = Usage()
    model: str | None = None
    notices: tuple[str, ...] = ()
    complete: bool = True
    progress: tuple[int, int] = field(default=(0, 0), compare=False)  # calls that are done, of how many

    def to_dict(self) -> dict[str, Any]:
        """The digest as `papers weekly --json` shows it."""
        return {
            "week": self.week,
            "since": self.since,
            "until": self.until,
            "papers": [{"label": p.label, "paper": p.paper.to_dict(), "line": p.line.to_dict()} for p in self.papers],
            "overview": [c.to_dict() for c in self.overview],
            "themes": [
                {"title": t.title, "labels": list(t.labels), "claims": [c.to_dict() for c in t.claims]}
                for t in self.themes
            ],
            "other": list(self.other),
            "excluded": [asdict(e) for e in self.excluded],
            "mode": self.mode,
            "usage": self.usage.to_dict(),
            "model": self.model,
            "notices": list(self.notices),
        }

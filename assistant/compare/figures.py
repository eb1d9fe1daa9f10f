"""Figures of a row that may be drawn side by side: the same thing, measured in the same unit on the same data.

Strict, since a bar that should not stand misleads. Two figures are drawn only if their cells say of both the same:
what is measured, in which unit, as a value or as a change and in which direction, with which qualifier ("up to"), on
which data set and hardware, against which baseline, in which phase (training, decoding). A figure of quality, or one
with a unit of its own, needs a data set that both name. A cell with two figures of one kind gives none of them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.checking.names import names
from assistant.checking.quantities import FRACTION, LABEL, LITERAL, MAGNITUDE, YEAR, Quantity
from assistant.checking.scope import Qualified, qualified, qualifiers
from assistant.checking.text import clean, compact_name
from assistant.checking.units import COUNT, PERCENT, TIMES
from assistant.citations import without_markers
from assistant.compare.comparable import (
    baselines_in,
    cited_text,
    data_sets_in,
    is_model_or_machine,
    note_on,
    why_not_comparable,
)
from assistant.documents import Claim, Label, LabelledPaper, Row
from assistant.rhetoric import figures_in
from index.english import enumerated
from index.paper import Paper

ASIDE = frozenset({"Problem", "Limits stated"})  # rows whose figures are not the paper's own results
LEAST = 0.02  # of the largest figure; less is another thing, or nothing to see
REACH = 90  # characters on either side of a figure that may say what it is of

# What is measured. Those of quality depend on the data, and are not drawn without it.
_EFFICIENCY = {
    "speed": r"speed-?\s?ups?|speeds?\sup|speeding\sup|sped\sup|faster|accelerat\w+",
    "slowdown": r"slow(?:er|down|s)\b",
    "throughput": r"throughput|tokens\sper\ssecond",
    "latency": r"latenc\w+|inference\stime|response\stime",
    "running time": r"running\stime|run-?time|wall-?clock|execution\stime",
    "training time": r"training\stime",
    "energy": r"energy",
    "power": r"\bpower\s(?:consumption|draw|efficiency|usage)",
    "FLOPs": r"FLOPs?\b(?!/s)|MACs\b",
    "computation": r"comput(?:e|ation\w*)\b",
    "memory": r"memory(?!-)",
    "size": r"smaller|model\ssize|parameters",
    "cost": r"\bcosts?\b|cheaper",
    "area": r"\barea\b",
    "tokens": r"\btokens\b(?!\sper)",
}
_QUALITY = {
    "accuracy": r"accurac\w+|top-?[15]\b",
    "error": r"\berrors?\b(?!\srate)",
    "error rate": r"error\srates?|\bWER\b",
    "mAP": r"\bmAP\w*|\bAP\b",
    "mIoU": r"\bmIoU\b",
    "perplexity": r"perplexity|\bPPL\b",
    "F1": r"\bF_?1\b",
    "BLEU": r"\bBLEU\b",
    "FID": r"\bFID\b",
    "PSNR": r"\bPSNR\b",
    "success rate": r"success\srates?",
    "pass rate": r"pass@\w+|pass\srates?",
    "win rate": r"win\srates?",
    "score": r"\bscores?\b",
}
_UP = re.compile(
    r"\b(?:increas\w+|improv\w+|gain\w*|boost\w*|rais\w+|higher|better|greater|more|larger|outperform\w*|exceed\w*"
    r"|surpass\w*|enhanc\w+|faster|speed\w*|sped|accelerat\w+)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:reduc\w+|decreas\w+|lower\w*|less|fewer|sav(?:es?|ed|ing|ings)|drop\w*|degrad\w+|loss(?:es)?|los(?:es?|ing)"
    r"|cut\w*|smaller|shrink\w*|compress\w+|cheaper|declin\w+|slow\w*|worse|eliminat\w+|remov\w+|prun\w+)\b",
    re.IGNORECASE,
)
_OF_A_SHARE = re.compile(r"\b(?:retain|preserv|maintain|recover|keep|match|within|from|only|just)\w*\b", re.IGNORECASE)
_AFTER_BY = re.compile(r"\bby\s(?:an?\s(?:factor\sof\s)?)?(?:[a-z~<>]+\s?){0,3}$", re.IGNORECASE)
_AFTER_OF = re.compile(r"(?P<noun>[\w-]+)\sof\s(?:[a-z~<>]+\s?){0,2}$", re.IGNORECASE)
# What narrows a figure down: both must have the same of these.
_NARROWED = re.compile(
    r"""\b(?:(?P<training>(?:pre-?|post-?)?train\w*|fine-?tun\w+|RL\b|rollouts?)|(?P<inference>inference\w*|deploy\w*)
    |(?P<decoding>decod\w+)|(?P<prefill>pre-?fill\w*)|(?P<generation>generat\w+|sampling)|(?P<serving>serv(?:ing|e)\b)
    |(?P<search>search\w*)|(?P<peak>peak)|(?P<cache>(?:kv|key-value)[\s-]?caches?|\bkv\b)|(?P<kernel>kernels?|operators?)
    |(?P<attention>attention)|(?P<layer>layers?|blocks?)
    |(?P<bandwidth>bandwidth)|(?P<traffic>communicat\w+|traffic|transfer\w*)|(?P<efficiency>efficien\w+)
    |(?P<relative>relative\w*)|(?P<forward>forward)|(?P<backward>backward)|(?P<long>long\w*)|(?P<batch>batch\w*)
    |(?P<reward>reward\w*)|(?P<human>human\w*|annotat\w+)|(?P<first>first|TTFT)|(?P<step>steps?|iterations?)
    |(?P<data>data|samples?|examples?)|(?P<video>videos?)|(?P<image>images?|visual|vision)|(?P<audio>audio|speech)
    |(?P<activation>activations?)|(?P<weight>weights?)|(?P<gradient>gradients?)|(?P<optimizer>optimizers?)
    |(?P<gpu>gpus?)|(?P<cpu>cpus?)|(?P<storage>storage|disk)|(?P<output>outputs?|reasoning|thinking)|(?P<prompt>prompts?|inputs?)
    |(?P<theoretical>theoretical\w*|simulat\w+)|(?P<convergence>converg\w+)|(?P<rendering>render\w+|reconstruct\w+)
    |(?P<chip>FPGAs?|ASICs?|accelerators?|chips?)|(?P<edge>edge|mobile|phones?)|(?P<zero>zero-shot)|(?P<shot>[\w-]+-shot))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PARTS = re.compile(r"[;:,)]|\.\s|\s(?:and|while|whereas|but|plus|or|with|without|yet)\s")
_JOINED = re.compile(
    r"\s?[,&/–~%-]*\s?(?:\\?rightarrow|[-=]>)?(?:(?:and|or|to|vs\.?|v\.s\.|versus|against|compared\sto|than|from|up\sto|about|over|nearly|\()\s?)*[~<>+]?\s?",
    re.IGNORECASE,
)
_OF_SCORES = frozenset({"human", "zero", "shot", "relative", "first", "training"})
_UNDER = re.compile(r"(?:\bunder|\bless\sthan|\bbelow|<=?)\s?$", re.IGNORECASE)
_NO_MEASURES = frozenset({FRACTION, MAGNITUDE, YEAR, LITERAL, LABEL, "bits", "lines", "months", "years"})
_GOES_ON = re.compile(r"\s?%?\s?(?:\\?(?:long)?rightarrow|to\s?\d|[-=]+>)")  # "66.3 %rightarrow72.9 %": from, to
_PLACE = re.compile(r"\b(?:on|for|with|using|at|in|across|when|of|by|under|during)\s(?:the\s|an?\s)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Bar:
    """A paper's figure as its cell writes it, the share of the largest that it is (0 to 1), and the sentence that it
    stands in."""

    label: Label
    shown: str
    share: float
    sentence: str


@dataclass(frozen=True)
class Bars:
    """The figures of two or more papers for one thing, in the order of the papers; `measure` says of what."""

    measure: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Measured:
    """What a figure measures: two that are equal may be drawn side by side."""

    metric: str
    unit: str
    change: str  # "up", "down", or "" for a value
    bound: str
    data: frozenset[str]
    against: frozenset[str]
    on: frozenset[str]
    narrowed: frozenset[str]


@cache
def _metrics() -> dict[str, re.Pattern[str]]:
    of_names = {"FLOPs", "mAP", "mIoU", "BLEU", "FID", "PSNR", "F1", "perplexity"}
    return {
        name: re.compile(rf"(?:\b|(?<=-))(?:{pattern})", 0 if name in of_names else re.IGNORECASE)
        for name, pattern in (_EFFICIENCY | _QUALITY).items()
    }


def bars_of(row: Row, papers: Sequence[LabelledPaper]) -> Bars | None:
    """The first thing that every stated cell of a row measures alike, with the figures; None if there is none, or if
    fewer than two papers state something. Of more than two papers it is what the most of them measure alike."""
    stated = [(p, cell) for p, cell in zip(papers, row.cells, strict=True) if cell]
    if len(stated) < 2 or row.aspect in ASIDE:
        return None
    if len(papers) == 2:
        return None if "figures not comparable" in (row.note or "") else _drawn(stated, papers)
    groups = [stated] + [g for most in range(len(stated) - 1, 1, -1) for g in _alike(stated, most)]
    for group in groups:
        cited = [cited_text(cell, papers) for _, cell in group]
        if why_not_comparable(cited) is None and (bars := _drawn(group, papers)):
            return bars
    return None


def remarks_on(row: Row, papers: Sequence[LabelledPaper]) -> str | None:
    """The note on a row's figures: why they are not comparable; of more than two papers also whose are."""
    why = note_on(row.cells, papers)
    bars = bars_of(row, papers) if len(papers) > 2 else None
    if bars is None:
        return why
    drawn = [bar.label for bar in bars.bars]
    cells = zip(papers, row.cells, strict=True)
    left = [p.label for p, cell in cells if cell and p.label not in drawn and figures_in(cited_text(cell, papers))]
    if not left:
        return why
    said = f"comparable ({bars.measure}): figures of {_listed(drawn)}; those of {_listed(left)} are of something else"
    return "; ".join(filter(None, (why, said)))


def _listed(labels: Sequence[Label]) -> str:
    return enumerated([f"[{label}]" for label in labels])


Stated = tuple[LabelledPaper, Claim]


def _alike(stated: Sequence[Stated], most: int) -> list[list[Stated]]:
    """The groups of `most` cells that measure one thing alike, as far as it is measured by no more."""
    groups: dict[Measured, list[Stated]] = {}
    for p, cell in stated:
        for what in _figures_of(cell, p.paper):
            groups.setdefault(what, []).append((p, cell))
    return [group for group in groups.values() if len(group) == most]


def _drawn(stated: Sequence[Stated], papers: Sequence[LabelledPaper]) -> Bars | None:
    read = [_figures_of(cell, p.paper) for p, cell in stated]
    for what in read[0]:
        if not all(what in figures for figures in read):
            continue
        told = [figures[what] for figures in read]
        most = max(each.quantity.value for each in told)
        if min(each.quantity.value for each in told) < LEAST * most:
            continue
        bars = [
            Bar(p.label, each.words or each.quantity.text, each.quantity.value / most, cited_text(cell, papers))
            for (p, cell), each in zip(stated, told, strict=True)
        ]
        return Bars(_said(what, stated[0][1]), tuple(bars))
    return None


def _said(what: Measured, cell: Claim) -> str:
    """What is measured, in words: "speed", "memory: reduction", "accuracy on ImageNet"."""
    change = {"up": ": gain", "down": ": reduction", "": ""}[what.change] if what.unit == PERCENT else ""
    data = [name for folded, name in data_sets_in(clean(cell.text)).items() if folded in what.data]
    return f"{what.metric}{' on ' if data else ''}{', '.join(data)}{change}"


def _figures_of(cell: Claim, paper: Paper) -> dict[Measured, Qualified]:
    """What a cell measures, each with its only figure."""
    text = clean(without_markers(cell.text))
    return dict(_figures_in(text, compact_name(paper.short_name or "")))


@lru_cache(maxsize=4096)
def _figures_in(text: str, own: str) -> tuple[tuple[Measured, Qualified], ...]:
    figures = qualified(text)
    found: dict[Measured, list[Qualified]] = {}
    for place, figure in enumerate(figures):
        if what := _measured(text, figures, place, own):
            found.setdefault(what, []).append(figure)
    alike = Counter((what.metric, what.unit, what.data) for what, its in found.items() for _ in its)
    return tuple((what, its[0]) for what, its in found.items() if alike[what.metric, what.unit, what.data] == 1)


def _measured(text: str, figures: Sequence[Qualified], place: int, own: str) -> Measured | None:
    """What a figure of a clean text measures; None if that is not plain."""
    quantity = figures[place].quantity
    bounds = _part(text, figures, place)
    if bounds is None or quantity.unit in _NO_MEASURES or (quantity.unit == COUNT and not 0 < quantity.step < 1):
        return None
    before, after = text[bounds[0] : quantity.start], text[quantity.end : bounds[1]]
    part = f"{before} {after}"
    change = _change(before, after, quantity)
    data = frozenset(data_sets_in(after) or data_sets_in(before) or (data_sets_in(text) if len(figures) == 1 else ()))
    metrics = [name for name, pattern in _metrics().items() if pattern.search(part)] or (["score"] if data else [])
    if change is None or len(metrics) != 1:
        return None
    efficiency = metrics[0] in _EFFICIENCY
    if (efficiency and (not change or quantity.unit not in (PERCENT, TIMES))) or not (efficiency or data):
        return None
    unit = PERCENT if quantity.unit == COUNT else quantity.unit
    against = frozenset(baselines_in(text if efficiency or change else part))
    named = _places(text if efficiency or change else part, own) - data - against
    narrowed = frozenset(str(match.lastgroup) for match in _NARROWED.finditer(part))
    narrowed = narrowed if efficiency or change else narrowed & _OF_SCORES
    return Measured(metrics[0], unit, change, _bound(figures[place], before), data, against, named, narrowed)


def _bound(figure: Qualified, before: str) -> str:
    """What a figure is to the truth: "up to", "under", a part of the cases, or not final; "" for about, at least and
    plain."""
    if figure.quantity.bound < 0 and _UNDER.search(before):
        return "under"
    kind = qualifiers().index(figure.kind) if figure.kind else -1
    return {0: "up to", 3: "some", 4: "open"}.get(kind, "")


def _part(text: str, figures: Sequence[Qualified], place: int) -> tuple[int, int] | None:
    """The part of a clean text that speaks of one figure alone, as its two ends; None if it is not alone: one of a run
    or a range, or one that another figure conditions ("3x at 4 bits")."""
    figure = figures[place].quantity
    if _GOES_ON.match(text, figure.end):
        return None
    begin, end = 0, len(text)
    for other in (each.quantity for each in figures):
        if other is figure:
            continue
        gap = text[other.end : figure.start] if other.end <= figure.start else text[figure.end : other.start]
        cuts = list(_PARTS.finditer(gap))
        if _JOINED.fullmatch(gap) or (not cuts and len(gap) < 2 * REACH):
            return None
    for cut in _PARTS.finditer(text):
        if cut.end() <= figure.start:
            begin = cut.end()
        elif cut.start() >= figure.end:
            end = cut.start()
            break
    if re.match(r"\s(?:without|w/o)\b", text[end:]):
        return None  # under a condition of its own
    return max(begin, figure.start - REACH), min(end, figure.end + REACH)


def _change(before: str, after: str, quantity: Quantity) -> str | None:
    """Whether a figure is a change "up" or "down", or "" for a value; None if that is not plain."""
    part = f"{before} {after}"
    up, down = bool(_UP.search(part)), bool(_DOWN.search(part))
    if (
        _OF_A_SHARE.search(part)
        or re.match(r"\s(?:of|as)\b", after)
        or re.search(r"(?<!\bup\s)\b(?:to|at)\s\S{0,9}\s?$", before)
    ):
        return None
    if before.rstrip().endswith("+") and not (up or down):
        return None
    if quantity.unit not in (PERCENT, TIMES):
        return "" if not (up or down) else None
    if up == down:
        return "" if not up and quantity.unit == PERCENT else None
    said_after = _UP.search(after[:40]) or _DOWN.search(after[:40])
    of = _AFTER_OF.search(before)
    of_change = of and (_UP.search(of["noun"]) or _DOWN.search(of["noun"]))
    if not (said_after or of_change or _AFTER_BY.search(before)):
        return None
    return "up" if up else "down"


def _places(text: str, own: str) -> frozenset[str]:
    """The names in a clean text that say on or with what something is measured: those behind a preposition, and all
    models and machines; not the paper's own name."""
    found = set()
    for name in names(text):
        folded = compact_name(name.text)
        if folded != own and (is_model_or_machine(name.text) or _PLACE.search(text[: text.find(name.text)])):
            found.add(folded)
    return frozenset(found)

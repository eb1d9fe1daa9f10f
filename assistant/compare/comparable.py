"""Whether figures shown side by side are comparable: by rule, from what their sentences name.

They are not if their sentences name different data sets, metrics or baselines. A data set is what follows "on", a
baseline what follows "over" or "than"; the only lists are of well-known data sets, metrics, hardware and families of
models. Also finds the names that several abstracts share.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from assistant.checking import check_claim
from assistant.checking.names import EVERYDAY, names
from assistant.checking.text import clean, compact_name
from assistant.citations import cited_sentence, marker
from assistant.documents import Citation, Claim, Label, LabelledPaper
from assistant.rhetoric import figures_in
from index.english import enumerated
from index.paper import Paper

_NAME = r"[A-Z][\w.+^/-]*\w"
_LIST = rf"{_NAME}(?:(?:,\s{_NAME})*,?\sand\s{_NAME})?"
_DATA_SET = re.compile(
    rf"(?<!based\s)(?<!built\s)(?<!building\s)(?<!applied\s)\b(?:[Oo]n|[Aa]cross)\s(?:the\s|both\s)?(?P<on>{_LIST})(?P<of>\s[\w-]+)?"
    rf"|(?P<named>{_NAME})\s(?:data\s?sets?|benchmarks?|test\sset|corpus|leaderboard)\b"
    r"|\b(?P<known>ImageNet(?:-\w+)?|CIFAR-?\s?\d+|MS-?COCO|COCO|\w+-?Bench|\w+QA)\b"
)
# What also follows "on" but is not a data set: hardware and number formats, models by family or size, and whatever the
# next word calls a model or a machine.
_HARDWARE = re.compile(
    r"(?:[A-Z]\d{2,3}|GB200|[GTCN]PUs?|FPGAs?|ASICs?|RTX.*|NVIDIA|Nvidia|Intel|AMD|ARM|Apple|Jetson|Orin|Xilinx|Alveo"
    r"|Titan|TITAN|Raspberry|Qualcomm|Snapdragon|ZCU\d+|U\d+C?|VCU\d+|STM\w+|Xeon|Blackwell|Hopper|(?:BF|FP|INT)\d+)$"
)
_MODEL = re.compile(
    r"(?:Qwen|QwQ|LLa|Llama|GPT|Gemini|Gemma|DeepSeek|Claude|Mi[sx]tral|Phi-|BERT|RoBERTa|T5|ViT|DeiT|DiT|ResNet|MobileNet"
    r"|OPT|BLOOM|Vicuna|SDXL|Stable|FLUX|Wan|Hunyuan|CogVideo)|.*\d[BM]$|.*-(?:Instruct|Distill|Base)$",
)
_NO_DATA = re.compile(
    r"\s(?:models?|LLMs?|series|famil(?:y|ies)|backbones?|base|networks?|architectures?|transformers?|accelerators?"
    r"|processors?|chips?|devices?|platforms?|boards?|clusters?|servers?|hardware|parsing|attention)$",
    re.IGNORECASE,
)
_BASELINE = re.compile(
    r"\b(?:over|(?<![Rr]ather\s)than|against|versus|vs\.?|outperform\w*|surpass\w*|exceed\w*|beat\w*|match\w*|relative\sto"
    r"|[Cc]ompar(?:ed|able|ison)\s(?:to|with))\s(?!(?:an?\s)?\d)(?=(?P<who>[^;:()]{2,70}(?![\w-])))"
)
_TESTED_OVER = re.compile(  # over data sets
    r"\b[Ee]valuat\w+\b(?!.*(?:improv|gain|better|higher|lower|faster|speed|outperform|superior|reduc))[^;]*$"
)
OPENING = 20  # characters of a sentence
_END_OF_BASELINES = re.compile(r"\s(?:on|by|with|while|using|across|at|under)\s")
_METRICS = {
    "accuracy": r"accurac\w+|top-?[15]\b",
    "error": r"error",
    "speed": r"speed\w*|faster|accelerat(?!ors?\b)\w+|throughput|runtime|TFLOPs?/s",
    "latency": r"latenc\w+|(?<!at )inference time",
    "energy": r"energy|power",
    "FLOPs": r"FLOPs?\b(?!/s)|MACs?\b",
    "memory": r"memory|footprint",
    "parameters": r"param\w+|model size",
    "mAP": r"mAP|\bAP\b",
    "mIoU": r"mIoU",
    "perplexity": r"perplexity|\bPPL\b",
    "F1": r"\bF_?1\b",
    "BLEU": r"BLEU",
    "success rate": r"success rate|pass@\w+|pass rate",
    "area": r"\barea\b",
    "cost": r"\bcosts?\b|GPU[- ](?:hours|days)|dollars",
    "utilization": r"utili[sz]ation",
}
_METRIC = {name: re.compile(pattern, re.IGNORECASE if name.islower() else 0) for name, pattern in _METRICS.items()}


def data_sets_in(text: str) -> dict[str, str]:
    """The data sets that a sentence names: folded form -> as written."""
    found: dict[str, str] = {}
    for match in _DATA_SET.finditer(text):
        if match["of"] and _NO_DATA.match(match["of"]):
            continue
        for name in re.split(r",\s(?:and\s)?|\sand\s", match["on"] or match["named"] or match["known"]):
            other = is_model_or_machine(name) or compact_name(name) in EVERYDAY
            if not other and re.search(r"[A-Z0-9]", name[1:]):
                found.setdefault(compact_name(name).removesuffix("1k"), name)
    return found


def baselines_in(text: str) -> dict[str, str]:
    """The named things that a sentence compares with: folded form -> as written."""
    data_sets = data_sets_in(text)
    found: dict[str, str] = {}
    for match in _BASELINE.finditer(text):
        if match[0].startswith("over") and _TESTED_OVER.search(text[: match.start()]):
            continue
        who = _END_OF_BASELINES.split(match["who"])[0]
        if match.start() < OPENING and match[0].lower().startswith("compared"):  # "Compared to X, Y ..."
            who = who.partition(",")[0]
        for name in names(who):
            folded = compact_name(name.text)
            if name.plain or folded in EVERYDAY | data_sets.keys() or _HARDWARE.match(name.text):
                continue
            if not any(pattern.search(name.text) for pattern in _METRIC.values()):
                found.setdefault(folded, name.text)
    return found


def is_model_or_machine(name: str) -> bool:
    """Whether a name is a model's, by its family or size, or a piece of hardware's or a number format's."""
    return bool(_HARDWARE.match(name) or _MODEL.match(name))


def metrics_in(text: str) -> dict[str, str]:
    """The metrics that a sentence mentions, each under its own name."""
    return {name: name for name, pattern in _METRIC.items() if pattern.search(text)}


def without_metrics(text: str) -> str:
    """A text without the words for metrics."""
    for pattern in _METRIC.values():
        text = pattern.sub(" ", text)
    return text


@lru_cache(maxsize=8_192)
def measured_in(text: str) -> frozenset[str]:
    """The data sets and metrics that a sentence names, if it has figures."""
    plain = clean(text)
    return frozenset({*data_sets_in(plain), *metrics_in(plain)}) if figures_in(text) else frozenset()


_KINDS = (("data sets", data_sets_in), ("metrics", metrics_in), ("baselines", baselines_in))


def why_not_comparable(texts: Sequence[str], labels: Sequence[Label] = ()) -> str | None:
    """Why the figures of some sentences are not comparable; None if nothing says so, or if fewer than two of the texts
    have figures. With `labels`, one a text, it says whose they are."""
    told = [(place, clean(text)) for place, text in enumerate(texts) if figures_in(text)]
    reasons = []
    for kind, find in _KINDS:
        sets = [(place, found) for place, text in told if (found := find(text))]
        if any(not one.keys() & other.keys() for (_, one), (_, other) in combinations(sets, 2)):
            shown = [_shown(found, labels[place] if labels else None) for place, found in sets]
            reasons.append(f"different {kind} ({'; '.join(shown) if labels else ' / '.join(shown)})")
    return "figures not comparable: " + "; ".join(reasons) if reasons else None


def _shown(found: Mapping[str, str], label: Label | None) -> str:
    names = ", ".join(list(found.values())[:3])
    return names if label is None else f"[{label}] {names}"


def note_on(cells: Sequence[Claim | None], papers: Sequence[LabelledPaper]) -> str | None:
    """The note on a row's figures, judged by the sentences that its cells cite; of more than two papers it says whose
    figures differ in what."""
    return why_not_comparable(
        [cited_text(cell, papers) for cell in cells], [p.label for p in papers] if len(papers) > 2 else ()
    )


def cited_text(cell: Claim | None, papers: Sequence[LabelledPaper]) -> str:
    """The sentences that a cell cites, as one text; empty for no cell."""
    return " ".join(filter(None, (cited_sentence(c, papers) for c in cell.citations))) if cell else ""


def what_both_name(papers: Sequence[LabelledPaper], most: int = 3) -> tuple[Claim, ...]:
    """One checked sentence on the methods, data sets and baselines that every abstract names; none if they
    share no name."""
    places: list[dict[str, tuple[str, Citation]]] = []
    for labelled in papers:
        first: dict[str, tuple[str, Citation]] = {}
        for sentence in labelled.paper.sentences:
            for name in names(clean(sentence.text)):
                if not name.plain and compact_name(name.text) not in EVERYDAY:
                    first.setdefault(compact_name(name.text), (name.text, Citation(labelled.label, sentence.number)))
        places.append(first)
    shared = [folded for folded in places[0] if all(folded in first for first in places[1:])][:most]
    if not shared:
        return ()
    listed = enumerated([places[0][folded][0] for folded in shared])
    citations = dict.fromkeys(first[folded][1] for first in places for folded in shared)
    text = f"{'Both' if len(papers) == 2 else 'The'} abstracts name {listed} {marker(citations)}."
    by_label: dict[Label, Paper] = {p.label: p.paper for p in papers}
    claim = check_claim(text, by_label)
    return (claim,) if claim.check.verdict == "ok" else ()

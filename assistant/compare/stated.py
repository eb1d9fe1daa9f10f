"""Which sentence of an abstract states what a row of a person's own asks for: by strict rules on words and figures.

Nothing rather than something wrong: a sentence is quoted in a row only if it is about the paper's own work and says
the row's words, or what the row is a word for (a data set's name, a machine's, a figure of the quantity). Another
sentence may still state it in other words. Also judges whether what a model wrote in such a row says what it cites.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from assistant.checking.names import names
from assistant.checking.text import clean, compact_name
from assistant.citations import without_markers
from assistant.compare.comparable import baselines_in, metrics_in, without_metrics
from assistant.compare.data_rows import DATA_WORDS, states_data, states_test_data, states_training_data
from assistant.compare.measured_rows import IN_WORDS, measures
from assistant.compare.quotes import ASPECTS
from assistant.documents import Claim
from assistant.question.intent import content_stems
from assistant.rhetoric import Role, Scores, main_role, role_scores, scored_sentences
from index.english import FUNCTION_WORDS
from index.paper import Paper
from index.sentences import Sentence
from index.text import forms_of, stems_of

_ABOUT_OTHERS: tuple[Role, ...] = ("background", "problem")
_COPIED = 0.5  # of a cell's words: so many must stand in what it cites
Rule = Callable[[str], float]  # how well a sentence states a row; 0: not at all

# Rows that are a word for a fixed row, and those that are a word for a kind of thing.
_FIXED = {
    "Problem": r"problems?|motivations?|challenges?",
    "Approach": r"approach(?:es)?|methods?|(?:key |main |core )?ideas?|techniques?|contributions?",
    "Evaluated on": r"evaluat(?:ion|ions|ed)(?: on)?|experiments?|tested on",
    "Main results": r"(?:main |key )?(?:results?|findings?)",
    "Limits stated": r"limits?(?: stated)?|limitations?|weaknesses|drawbacks?|future work",
}
_CODE = re.compile(
    r"\b(?:codes?|open[\s-]?sourced?|github|repositor(?:y|ies)|implementation|software)\b", re.IGNORECASE
)
# What is open: not "the available examples".
_AVAILABLE = (
    r"(?:available\b(?!\s(?!(?:at|on|in|via|here|from|under|for|through|as|upon|with|to|and|or|online|publicly|soon)\b)\w)"
    r"|(?:releas\w+|open[\s-]?sourc\w+|public\w*|found\sat|accessed\sat)\b)"
)
_RELEASED = re.compile(
    rf"\b(?:codes?|weights|models?|data|implementation|software|we|source)\b.{{0,90}}\b{_AVAILABLE}"
    r"|\bgithub\.(?:com|io)\b|\bgithub\b",
    re.IGNORECASE,
)
# A kind of models, not something that a paper makes open: "outperforms open-source models".
_OPEN_KIND = re.compile(
    r"(?<!we\s)(?<!our\s)\bopen[\s-]?sourced?\s(?:(?:(?!releas)[\w-]+\s){0,2}\w*(?:LM|model|method|baseline|system|alternative|agent"
    r"|counterpart|approache|solution|competitor|benchmark|dataset|project)s\b|(?:and|or)\s(?:closed|propriet|commerc)\w*)"
    r"|\b(?:closed[\s-]source|proprietary|commercial|best|strongest|leading|top|other|any|existing|prior|previous|larger)"
    r"(?:\s(?:and|or))?\sopen[\s-]source\b"
    r"|(?<!we\s)(?<!our\s)\bopen[\s-]?sourced?\b(?=[^.;]{0,80}\b(?:closed[\s-]sourced?|propriet\w+|commercial)\b)"
    r"|\bgithub\s(?:\w+\s)?(?:issues|repositories|repos|projects|commits|pull\srequests|users|copilot|actions)\b"
    r"|\bfrom\s(?:\w+\s)?public\w*(?:\savailable)?\s\w+",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?<![\w-])[\w-]+\.github\.io\S*", re.IGNORECASE)  # a project's page, which need not have code
_CODE_RELEASED = re.compile(rf"\bcodes?\b.{{0,90}}\b{_AVAILABLE}", re.IGNORECASE)
_MACHINES = frozenset(stems_of("hardware device platform machine accelerator chip gpu fpga cpu tpu npu asic phone run"))
_NAMED_MACHINES = _MACHINES - {*stems_of("machine run")}  # as in "machine learning"
_ANY_MACHINE = frozenset(stems_of("hardware device platform machine accelerator chip run"))
_A_MACHINE = re.compile(
    r"\b(?:[ABHV]\d{2,3}s?|GB200|RTX\s?[A-Z]?\d+\w*|Jetson|Xilinx|Alveo|Snapdragon|Xeon|Raspberry\sPi|Blackwell|Hopper"
    r"|TPU\s?v\d\w*|ReRAM|memristors?|\d+\s?nm)\b"
    r"|\b(?:[Oo]n|[Ww]ith|[Uu]sing|[Aa]cross)\s(?:[\w.,-]+\s){0,4}?"
    r"(?:GPUs?|CPUs?|TPUs?|NPUs?|FPGAs?|ASICs?|(?:mobile|edge)\sdevices?|phones?|smartphones?|microcontrollers?)\b"
    r"(?![\s-](?:memory|hours?|days?|utili[sz]ation|kernels?|time|acceleration|(?:\w+\s)?design|verification)\b)"
)
_ANY_CODE = frozenset(
    stems_of(
        "code open source sourced github repository implementation software available availability released release"
    )
    + stems_of("public publicly link url address data dataset model weights where")
)
_OPEN = re.compile(r"\b(?:open(?:ed)?|available|released?|public(?:ly)?)\b", re.IGNORECASE)
_ANY_DATA = frozenset(stems_of("data set dataset benchmark corpus corpora test train pretrain fine-tune evaluation"))
_GENERIC = frozenset(stems_of("used use value number amount many much open opened available released public kind"))
_OF_METRICS = frozenset(stems_of("gain improvement reduction saving rate factor time up result achieved loss use"))
_UNTOLD = frozenset("various diverse many several different multiple downstream other".split())  # "various tasks"
_YES_OR_NO = re.compile(r"\W*(?:yes|no|true|false|partly|partially)\b[\s,.:;]*", re.IGNORECASE)
_NEGATES = re.compile(r"\b(?:no|not|none|never|without|neither|nor|cannot|closed)\b|n['’]t\b", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def stating_sentence(row: str, paper: Paper) -> Sentence | None:
    """The sentence of an abstract that states what a row asks for; None if none plainly does."""
    fixed = _fixed_row(row)
    rule = _rule_of(row)
    best: tuple[float, Sentence] | None = None
    for sentence, scores in scored_sentences(paper.sentences, paper.title):
        worth = _worth_for(fixed, scores) if fixed else _worth_of_own(rule, sentence.text, scores)
        if worth > (best[0] if best else 0.0):
            best = worth, sentence
    return best[1] if best else None


def asks_for_code(row: str) -> bool:
    """Whether a row asks where the code is, or whether it is open, and for nothing else of it."""
    return _CODE.search(row) is not None and _ANY_CODE.issuperset(content_stems(clean(row)))


def _worth_for(aspect: str, scores: Scores) -> float:
    role, least = ASPECTS[aspect]
    return scores[role] - least + 1.0 if scores[role] >= least and main_role(scores) == role else 0.0


def _worth_of_own(rule: Rule, text: str, scores: Scores) -> float:
    if main_role(scores) in _ABOUT_OTHERS or max(scores.values()) <= 0:
        return 0.0
    worth = rule(text)
    return worth if worth != IN_WORDS or main_role(scores) == "result" else 0.0


def answers(row: str, cell: Claim, cited: Sequence[str]) -> bool:
    """Whether a written cell says what the sentences that it cites say, and says it of its row: `is_copied`, and a row
    whose kind is known finds a word of that kind. A yes answers a question, and cites a sentence that states it."""
    text = without_markers(cell.text)
    said = _YES_OR_NO.sub("", text, count=1)
    if said != text:
        if not (row.endswith("?") or asks_for_code(row)) or not any(_rule_of(row)(sentence) for sentence in cited):
            return False
        said = " ".join(word for word in said.split() if not set(stems_of(word)) & set(content_stems(row)))
        return not _unsupported_no(text, cited) and (not content_stems(said) or _copies(said, cited))
    return is_copied(cell, cited) and any(_is_of_kind(row, sentence) for sentence in (text, *cited))


def is_copied(claim: Claim, cited: Sequence[str], papers: Collection[str] = ()) -> bool:
    """Whether half of a written sentence's words stand in the sentences that it cites, and a negation does too. The
    names of `papers` count for nothing: sentences seldom hold that of their own paper."""
    text = without_markers(claim.text)
    for name in papers:
        text = text.replace(name, " ")
    if any(hint.kind in ("polarity", "negation") for hint in claim.check.hints) or _unsupported_no(text, cited):
        return False
    return _copies(text, cited)


def _unsupported_no(text: str, cited: Sequence[str]) -> bool:
    return _NEGATES.search(text) is not None and not any(map(_NEGATES.search, cited))


def _copies(text: str, cited: Sequence[str]) -> bool:
    there = set(stems_of(" ".join(cited)))
    stems = content_stems(text)
    return bool(stems) and sum(stem in there for stem in stems) >= _COPIED * len(stems)


def _is_of_kind(row: str, text: str) -> bool:
    """Whether a text has a word of the kind of thing that a row asks for; true where the kind is not known."""
    plain, stems = clean(row), [stem for stem in content_stems(clean(row)) if stem not in _GENERIC]
    if aspect := _fixed_row(row):
        role, least = ASPECTS[aspect]
        return role_scores(text, 3, 5)[role] >= least  # as if in the midst of an abstract
    if asks_for_code(plain):
        return _CODE.search(text) is not None or _RELEASED.search(text) is not None
    if _asks_for_data(plain, stems):
        return DATA_WORDS.search(text) is not None or _data_rule(plain)(text) > 0
    if stems and _MACHINES.issuperset(map(_singular, stems)):
        return not _NAMED_MACHINES.isdisjoint(map(_singular, stems_of(text))) or _A_MACHINE.search(text) is not None
    wanted = metrics_in(plain)
    return not wanted or not metrics_in(clean(text)).keys().isdisjoint(wanted)


def _fixed_row(row: str) -> str | None:
    words = " ".join(forms_of(row)).casefold()
    named = next((aspect for aspect in ASPECTS if aspect.casefold() == words), None)
    return named or next((aspect for aspect, pattern in _FIXED.items() if re.fullmatch(pattern, words)), None)


@lru_cache(maxsize=512)
def _rule_of(row: str) -> Rule:
    """The rule by which a sentence states a row: by the kind of thing that it names, else by the row's own words."""
    plain = clean(row)
    stems = [stem for stem in content_stems(plain) if stem not in _GENERIC]
    if asks_for_code(plain):
        return _says_code_is_open
    if stems and _OPEN.search(plain):
        return _all_of(_found(_RELEASED), _says(stems))
    if _asks_for_data(plain, stems):
        return _data_rule(plain)
    if stems and _MACHINES.issuperset(map(_singular, stems)):
        return _all_of(_found(_A_MACHINE), _says([stem for stem in stems if stem not in _ANY_MACHINE]))
    if stems == stems_of("baseline"):
        return lambda text: float(len(baselines_in(clean(text))))
    if measured := measures(plain):
        rest = [s for s in content_stems(without_metrics(plain)) if s not in _GENERIC | _OF_METRICS]
        return _all_of(measured, _says(rest))
    return _says_as_written(plain, stems)


def _asks_for_data(row: str, stems: Collection[str]) -> bool:
    about_data = DATA_WORDS.search(row) or re.search(r"\btrain(?:ing|ed)\b|\bdata\b", row, re.IGNORECASE)
    return about_data is not None and set(stems) <= _ANY_DATA


def _data_rule(row: str) -> Rule:
    if re.search(r"\b(?:pre-?)?train", row, re.IGNORECASE):
        return states_training_data
    return states_test_data if re.search(r"\b(?:evaluat|test|benchmark)", row, re.IGNORECASE) else states_data


def _says_code_is_open(text: str) -> float:
    own = _OPEN_KIND.sub(" ", text)
    if not re.search(r"\b(?:codes?|implementation|software|open[\s-]?sourc\w+)\b", own, re.IGNORECASE):
        own = _PAGE.sub(" ", own)
    if not (_RELEASED.search(own) and _CODE.search(own)):
        return 0.0
    return 2.0 if _CODE_RELEASED.search(own) else 1.0


def _found(pattern: re.Pattern[str]) -> Rule:
    return lambda text: 1.0 if pattern.search(text) else 0.0


def _all_of(*rules: Rule) -> Rule:
    return lambda text: sum(worths) if all(worths := [rule(text) for rule in rules]) else 0.0


def _says(stems: Collection[str]) -> Rule:
    """All of some words, anywhere in a sentence."""
    wanted = set(map(_singular, stems))
    return lambda text: 1.0 if wanted <= set(map(_singular, stems_of(text))) else 0.0


def _singular(word: str) -> str:
    """A word without the s of its plural, which stems of acronyms keep ("GPUs")."""
    return word.casefold().removesuffix("s")


def _says_as_written(row: str, stems: Sequence[str]) -> Rule:
    """The row's words side by side, its last one the head of what is spoken of: "large language models" does not state
    a language. A word written as a name may stand anywhere."""
    if not stems:
        return lambda _: 0.0
    named = {compact_name(name.text) for name in names(row) if not name.plain}
    if named and {stem for name in names(row) if not name.plain for stem in stems_of(name.text)} >= set(stems):
        return lambda text: 1.0 if named <= {compact_name(name.text) for name in names(clean(text))} else 0.0

    wanted = [_singular(word) for word in forms_of(row) if set(stems_of(word)) & set(stems)]

    def rule(text: str) -> float:
        words = forms_of(text)
        said = [_singular(word) for word in words]
        for at in range(len(said) - len(wanted) + 1):
            if said[at : at + len(wanted)] != wanted or (at and words[at - 1].casefold() in _UNTOLD):
                continue
            if _ends_there(words, at + len(wanted), text):
                return 1.0
        return 0.0

    return rule


def _ends_there(words: Sequence[str], end: int, text: str) -> bool:
    """Whether what is spoken of ends before the word at `end`: a function word, a figure, a mark or nothing follows."""
    if end == len(words) or words[end].casefold() in FUNCTION_WORDS or words[end][0].isdigit():
        return True
    if len(words[end]) > 4 and words[end].endswith("ed"):  # "a tokenizer trained on audio"
        return True
    return re.search(rf"{re.escape(words[end - 1])}\s*[^\w\s-]\s*{re.escape(words[end])}", text) is not None

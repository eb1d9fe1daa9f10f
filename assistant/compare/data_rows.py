"""Which data a sentence says a paper was trained on, tested on, or made: for the rows that ask for one of these.

By name where the sentence names them, else by what they are of ("four question-answering benchmarks"); "various
benchmarks" says nothing. What others were trained on is not the paper's own.
"""

import re

from assistant.checking.text import clean
from assistant.compare.comparable import data_sets_in
from index.english import FUNCTION_WORDS

DATA_WORDS = re.compile(r"\b(?:data\s?sets?|benchmarks?|corpus|corpora)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s(?:[\w-]+\s){0,4}"
    r"(?:data\s?sets|benchmarks|corpora)\b",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\b(?:evaluat|experiment|validat|test(?:s|ed|ing)?\b|achiev|reach|attain|outperform|surpass|improv|sets?\sa\snew"
    r"|accurac|error|score|perplexity|mAP\b|mIoU\b|F1\b|results?\b|performance|records?\b|ranks?\b|state[\s-]of|\d\s?%)",
    re.IGNORECASE,
)
_TRAINING = re.compile(r"\btrain(?:ed|ing)?\b", re.IGNORECASE)
_SET = (
    r"(?:data\s?sets?|benchmarks?|corpora|corpus|test\s(?:sets?|suites?|beds?))\b"
    r"(?!\s(?:components?|c\w+ion|generation|design|size)\b)"
)
_OF = (
    r"(?P<of>\s(?:for|of|with|containing|comprising|composed|spanning|covering)\s|,\s(?:including|such\sas)\s"
    r"|,?\s(?=(?-i:[A-Z]\w*[A-Z\d-])))?"  # "a benchmark, Story-9K"
)
_OF_A_KIND = re.compile(
    rf"\b(?:on|in|over|across|using)\s(?:(?:the|an?|our|its|both)\s)?(?P<kind>(?:[\w.+/-]+\s){{1,5}}?){_SET}{_OF}",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:introduc\w+|present|propos\w+|construct\w*|build|built|curat\w+|releas\w+|creat\w+|collects?|collected|gather|gathered"
    r"|contribut\w+|develop|developed|design|designed|establish\w*|synthesi\w+|compil\w+|generate)\s"
    rf"(?P<kind>(?:(?!(?:for|on|to|with|that|which|across|in|from|by|of)\s)\S+\s){{0,9}}?){_SET}{_OF}",
    re.IGNORECASE,
)
# Words that say nothing of what data are.
_EMPTY = FUNCTION_WORDS | frozenset(
    "various multiple diverse several standard challenging extensive existing public publicly available mainstream new "
    "popular widely used in-domain out-of-domain different many established common commonly real-world comprehensive "
    "large large-scale high-quality novel recent open relevant representative downstream less limited evaluation small "
    "training numerous broad wide varying amount amounts range variety array suite series collection major key "
    "additional single".split()
)
# "trained with RL on ...", "fine-tune a small model on ...": the words between are no other verb's.
_TRAINED = re.compile(
    r"\b(?:(?:pre|fine|post|mid|co)?-?(?:train|tun)(?:ed|ing|es?)?|train|SFT|distill(?:ed|ing|ation)?)\b"
    r"(?:\s(?!(?:on|from|to|that|which|is|are|and|process|performance|results?|improv\w+|achiev\w+|evaluat\w+)\b)"
    r"[^\s;:,]*[^\s.;:,]){0,7}?\s(?P<by>on|from|with|using)\s(?P<what>[^;:()]{2,120})",
    re.IGNORECASE,
)
_END_OF_WHAT = re.compile(
    r",\s|\.(?:\s|$)|\s(?:to|that|which|for|by|while|when|as|into|in|at|under|via|through|across|without|using|after|can|is"
    r"|are|not|(?:and\s)?(?:achiev|evaluat|test|show|demonstrat|outperform)\w*)\s"
)
_MATERIAL = re.compile(
    r"\b(?:data\s?sets?|data|corpus|corpora|benchmarks?|images|videos|samples|examples|tokens|pairs|trajector(?:y|ies)"
    r"|demonstrations|hours|documents|texts?|problems|questions|prompts|frames|clips|speech|audio|footage|recordings"
    r"|annotations|instructions|conversations|dialogues|traces|scenes|tasks|episodes)\b(?!-)"
    r"(?=\s(?:of|from|with|and|or|collected|generated|spanning|covering|consisting|containing|sourced|drawn|\w+ly|\w+s)\b|\W*$)",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s(?:of|from|collected|generated|spanning|covering|consisting|containing|sourced|drawn)\s")
_TRAINING_SET = re.compile(
    r"\b(?:train|tun)ing\s(?:data\s?sets?|data|corpus|corpora|sets?|samples|examples|instances|pairs)\b", re.IGNORECASE
)
_OF_OTHERS = re.compile(
    r"\b(?:than|over|outperform\w*|surpass\w*|exceed\w*|compar\w+|unlike|against|existing|prior|previous|without|instead"
    r"|rather|not|no|need\sto|(?:avoid|remov|eliminat|obviat|bypass)\w*)\b(?!.*[,;])",
    re.IGNORECASE,
)


def states_data(text: str) -> float:
    """How well a sentence says which data a paper used or made: by name, by number, or what they are of."""
    plain = clean(text)
    if not (DATA_WORDS.search(plain) or _TESTED.search(plain) or _TRAINING.search(plain)):
        return 0.0
    return _named(plain) + (0.5 if _COUNTED.search(plain) else 0.0) or _described(plain)


def states_test_data(text: str) -> float:
    """The same of what a paper was tested on; a benchmark that it made counts, too, and what it was trained on not."""
    plain = re.sub(r"^Using\s", "", clean(text))
    if _trained_on(plain):
        plain = _TRAINED.sub(lambda found: " " + found["what"].removeprefix(_what_of(found)), plain)
    if _TESTED.search(plain):
        return 1.0 + worth if (worth := states_data(plain)) else 0.0
    return _described(plain) if re.search(r"benchmark|test\s", plain, re.IGNORECASE) and _MADE.search(plain) else 0.0


def states_training_data(text: str) -> float:
    """The same of what a paper's own model was trained on."""
    plain = clean(text)
    if trained := _trained_on(plain):
        return 1.0 + trained
    named = _TRAINING_SET.search(plain)
    own = named and not _OF_OTHERS.search(plain[: named.start()])
    return 0.5 if own and re.search(r"\d", plain) else 0.0


def _trained_on(plain: str) -> float:
    """How well a text says what was trained on; 0 where it does not, or says it of others."""
    best = 0.0
    for match in _TRAINED.finditer(plain):
        if _OF_OTHERS.search(plain[: match.start()]):
            continue
        what = _what_of(match)
        named = _named(f"on {what}") if match["by"] == "on" else 0.0
        material = _MATERIAL.search(what)
        told = material and _says_a_kind(what[: material.start()], _FROM.match(what, material.end()) is not None)
        if named or told:
            best = max(best, named + (0.5 if re.search(r"\d", what) else 0.1))
    return best


def _what_of(trained: re.Match[str]) -> str:
    """What follows "trained on", up to the end of the phrase."""
    return _END_OF_WHAT.split(trained["what"])[0]


def _named(plain: str) -> float:
    return float(sum(not re.search(r"[CGNT]PU", name) for name in data_sets_in(plain).values()))


def _described(plain: str) -> float:
    """How well a sentence says what unnamed data are of: best of those that the paper made itself."""
    for pattern, worth in ((_MADE, 0.45), (_OF_A_KIND, 0.4)):
        if any(_says_a_kind(match["kind"], match["of"] is not None) for match in pattern.finditer(plain)):
            return worth
    return 0.0


def _says_a_kind(before: str, told_after: bool) -> bool:
    """Whether the words before "data sets" say what these are of, if what follows does not."""
    if before.endswith(", "):  # "the code, data set and models": one of a list
        return False
    words = re.findall(r"[\w+-]+", re.split(r"\b(?:and|or)\s", before)[-1])
    return told_after or any(word.casefold() not in _EMPTY for word in words)

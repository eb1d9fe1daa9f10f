"""What a sentence of an abstract does: it sets the scene, names a problem, says what is new, reports a result.

Rules on words and on position in the abstract; no model. Knows nothing of tables or digests, which use it to
choose the sentence to quote.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, get_args

from assistant.addressed import is_addressed
from index.paper import Paper
from index.sentences import Sentence

Role = Literal["background", "problem", "method", "evaluation", "result", "resource", "availability", "limitation"]
ROLES: tuple[Role, ...] = get_args(Role)
_NO_ROLE = -100.0
_OWN: tuple[Role, ...] = ("method", "evaluation", "result")  # a paper's own work: not before it speaks of itself
Scores = Mapping[Role, float]
_ADDRESS = (  # from the beginning of a name of a machine on: in "a.a.a." there is one, not three
    r"(?<![\w-])(?<![\w-]\.)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/|(?<=\.com|\.org|\.net|\.edu|\.dev)|(?<=\.io|\.ai|\.me))"
)
# Weight, how many different matches count, pattern: of a sentence in small letters, in which Python's `re` finds words
# in half the time that it takes where case is ignored; one that tells capitals apart is of the sentence as it stands.
Cue = tuple[float, int, re.Pattern[str]]


def _cue(weight: float, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Cue:
    return weight, 1, re.compile(pattern, re.VERBOSE | flags)


def _words(weight: float, *lines: str, most: int = 1) -> Cue:
    """A cue made of words (patterns in which `_` is a space); up to `most` different ones count."""
    words = "|".join(" ".join(lines).split()).replace("_", " ")
    return weight, most, re.compile(rf"\b(?:{words})\b")


def _opening(weight: float, words: str) -> Cue:
    """A cue made of words that open a sentence."""
    return weight, 1, re.compile(rf"^(?:{'|'.join(words.split()).replace('_', ' ')})\b")


_CUES: dict[Role, tuple[Cue, ...]] = {
    "background": (
        _opening(1.5, "recent(?:ly)? in_recent over_the_(?:past|last) traditional(?:ly)? as with_the modern given"),
        _cue(
            1.5,
            r"""\b(?:has|have)\s(?:\w+\s)?(?:become|emerged|been|shown|demonstrated|achieved|gained|attracted|driven
                |seen|enabled|revolutioni\w+|transformed|made|advanced|shifted)\b""",
        ),
        _words(
            1.0,
            "crucial essential important popular widely ubiquitous fundamental prevalent promising success(?:ful)?",
            "cornerstone increasingly key_(?:to|components?) plays?_an? progress",
        ),
    ),
    "problem": (
        _opening(1.5, "however yet but unfortunately nevertheless nonetheless despite although while still"),
        _words(
            1.6,
            "challeng\\w+ bottleneck\\w* suffer\\w* hinder\\w* hamper\\w* limit(?:s|ed|ing|ations?) lack\\w* fail\\w*",
            "struggl\\w* falter\\w* costly expensive difficult\\w* prohibitive\\w* gaps? inefficien\\w* impractical",
            "insufficien\\w* unclear unexplored under-?explored overlook\\w* neglect\\w* vulnerab\\w* obstacles?",
            "drawbacks? issues? problems? problematic cannot unable poor(?:ly)? short_of fall_short infeasible",
            "intractable burden incur\\w* time-consuming labor-intensive sub-?optimal degrad\\w* restrict\\w* risks?",
            "scarc\\w* harmful dilemma (?:in|less_)effective complicated overheads? too_(?:large|slow|high)",
            "remains? rarely prevents? trade-?offs? concerns? non-trivial not_(?:been|well|fully|yet)",
            most=2,
        ),
        _words(
            1.0,
            "(?:previous|existing|prior|earlier|current|conventional)_(?:\\w+_){0,2}(?:works?|methods?|approaches|models)",
            "(?:previous|existing|prior|earlier|current|conventional)_(?:\\w+_){0,2}(?:studies|schemes|solutions|research)",
        ),
        _words(1.0, "we_need need_(?:for|to) requir(?:es|ing) demands? complex(?:ity)? pressing"),
    ),
    "method": (
        _opening(
            1.2, "specifically concretely in_particular in_detail in_this_way to_this_end to_address to_tackle by"
        ),
        _opening(0.8, "first second third finally then next additionally moreover furthermore we"),
        _cue(0.8, r"\(i+\)|\b[1-3]\)"),
        _cue(
            1.5,
            r"""\bwe\s(?:\w+\s)?(?:use|leverage|employ|adopt|train|apply|combine|show\show|extend|exploit|define|derive
                |(?:re)?formulate|incorporate|integrate|fine-?tune|annotate|implement|replace|optimi[sz]e|propose)\b""",
        ),
        _words(1.0, "our_(?:\\w+_)?(?:approach|method|framework|algorithm|system|key|core|solution|design|pipeline)"),
        _words(1.0, "novel new first insight key_idea innovations? paradigm"),
        _cue(
            1.2,
            r"""\b(?:leverag|utili[sz]|employ|consist|compris|based\son|combin|integrat|incorporat|exploit|operates
                |encod|decompos|extract|align|generat|segmented|jointly|allow|enabl|stages?\b|phases?\b|modules?\b
                |components?\b)""",
        ),
    ),
    "evaluation": (
        _cue(
            2.5,
            r"""\b(?:we|is|are)\s(?:[\w-]+\s){0,3}
                   (?:evaluat|validat|benchmark|tested|conduct|assess|examin|experiment)\w*
                |\bwe\s(?:\w+\s)?test\b|^(?:validat|evaluat|test)(?:ed|ing)\b""",
        ),
        _words(
            1.5, "experiment(?:s|al_results?)? evaluations? empirical_studies simulations? case_stud\\w+ ablations?"
        ),
        _cue(
            1.5,
            r"""\b(?:on|across|over|using|including|in)\s(?:[\w,/&'’+-]+\s){0,8}?
                  (?:benchmarks?|datasets?|data\ssets?|tasks|corpora|suites?|workloads?|models|LLMs|MLLMs|networks
                  |domains|platforms|scenarios|test\scases?)\b
                |\bon\s(?-i:(?:the\s)?[A-Z][\w-]*[A-Z0-9][\w-]*)""",
            re.IGNORECASE,
        ),
        _cue(
            1.5,
            r"""\b\d[\d,]*[+k]?\s(?:[\w-]+\s){0,3}
                (?:problems|questions|scenarios|tasks|samples|images|videos|conversations|instances|prompts)\b""",
        ),
        _words(
            1.5,
            "imagenet cifar coco glue squad mmlu gsm8k mnist ade20k wikitext librispeech humaneval math aime\\w*",
            "swe-bench kitti cityscapes nuscenes \\w+-?bench \\w+qa resnet\\S* llama\\S* bert\\S*",
        ),
    ),
    "result": (
        _words(
            1.8,
            "achiev\\w+ outperform\\w* surpass\\w* exceed\\w* improv(?:es|ed|ing|ements?) reduc(?:es|ed|ing|tions?)",
            "speed-?ups? faster state[-_]of[-_]the[-_]art sota superior\\w* competitive comparable on_par gains?",
            "accelerat(?:es|ed|ing|ions?) sav(?:es|ing|ings) attains? delivers? higher lower fewer reach\\w*",
            "better generalizes? boosts? raises? excels? successfully effectively",
            most=2,
        ),
        _cue(
            2.2,
            r"""\b(?:results?|experiments?|evaluations?|findings?|analys[ie]s|study|this\swork|we|prototype|tests?|insights?)\b
                (?:\s+\S+){0,16}?\s+
                (?:show|demonstrat|indicat|reveal|suggest|confirm|find|found|observ|uncover|highlight|verif|identif
                |underscor)\w*""",
        ),
        _opening(0.8, "notably remarkably for_(?:example|instance) as_a_result overall compared moreover furthermore"),
    ),
    "resource": (
        _words(
            1.6,
            "[gtcn]pus? fpgas? asics? a100s? h100s? h20s? v100s? b200s? rtx jetson xilinx alveo sram dram hbm reram",
            "memristors? mobile_devices? microcontrollers? (?:consumer|edge)_devices? \\d+_?nm cmos",
            most=2,
        ),
        _words(
            1.4,
            "latency throughput flops? memory energy power area parameters? params compute carbon",
            "(?:training|inference|search|computation(?:al)?)(?:_\\w+)?_(?:times?|costs?|speeds?|budgets?)",
            "gpu[-_](?:hours|days) bandwidth",
            most=2,
        ),
    ),
    "availability": (
        _cue(4.0, rf"{_ADDRESS}|\bgithub\b|\bthis\s(?:https?|url)\b"),
        _cue(
            4.0,
            r"""\b(?:codes?|models?|weights|data|datasets?|benchmarks?|pages?|demos?|implementations?|checkpoints|source
                |software|resources|toolkit|library|framework|project)\b[^.;]{0,90}?
                \b(?:available|released?|open[-\s]?sourced|public|found\sat|accessed|accessible)\b""",
        ),
        _cue(4.0, r"\bwe\s(?:\w+\s){0,3}(?:release|open-?source)\b|\bwe\s(?:\w+\s){0,2}make\s.{0,80}\bavailable"),
        _cue(1.0, r"\bopen[-\s]?sourc\w+|\bpublicly\b"),
    ),
    "limitation": (
        _cue(
            3.5,
            r"""\blimitations?\sof\s(?:our|this|the\sproposed)|\bour\s(?:\w+\s)?limitations?|\bwe\sleave\b
                |\b(?:for|in|to|as)\sfuture\s(?:work|studies)|\bfuture\s(?:work|directions?)\b""",
        ),
        _cue(
            2.5,
            r"""\bat\sthe\s(?:cost|expense)\sof
                |\b(?:still|even)\s(?:\w+\s)?(?:fail|struggle|fall|show|suffer|lag)\w*
                |^(?:however|nevertheless|nonetheless|yet|but)\b.*\b(?:fail|struggl|degrad|limit|cannot|not\b)""",
        ),
        _words(
            0.6,
            "only not cannot except degrad\\w+ worse gaps? drops? slight\\w* negligible minor loss trade-?offs?",
            "however although despite remain\\w* unsatisf\\w+ struggl\\w* fail\\w* limit(?:s|ed) below",
            most=2,
        ),
    ),
}

_MAKING = (
    r"(?:propos|present|introduc|develop|design|describ|buil[dt]|devis|construct|creat|formulat|establish|curat|unveil"
    r"|advocat|explor|investigat|stud(?:y|ie)|examin|collect|provid|offer|contribut|compil|deriv|address|tackl)\w*"
)
_CONTRIBUTION = re.compile(  # of a sentence in small letters
    rf"""\b(?:we|this\s+(?:paper|work|article|report|study|survey|thesis)|(?:the|our)\s+(?:paper|work|study))\b
             (?:(?:\s+[\w,-]+){{0,6}}?|[^.;]*?\sand)\s+{_MAKING}
         | ,\s+{_MAKING}\s+(?:the|a|an|our)\b(?=.*\bwe\b)
         | ^(?!.*\b(?:previous|existing|prior|many|most)\b).*\b(?:is|are)\s+(?:\w+\s+)?
           (?:proposed|introduced|presented|developed|designed)\b
         | ^(?:\S+\s+){{1,4}}(?:presents?|introduces?|proposes?)\b
         | ^(?:\S+\s+){{1,4}}(?:is|are)\s+(?:an?|the)\s+(?:\w+\s+){{0,2}}(?:novel|new)\b
         | \b(?:dubbed|coined|termed|our\s+proposed|led\s+us\s+to|we\s+(?:coin|term|call))\b""",
    re.VERBOSE,
)
_INTRODUCES = re.compile(
    r"\b(?:we|this (?:paper|work|article|report|study))\b(?:\s+[\w,-]+){0,4}?\s+(?:propose|present|introduce|develop"
    r"|design|construct|build|unveil|describe|curate|create)s?\b",
    re.IGNORECASE,
)
# The paper speaks of itself from here on; an argument or a belief may still be about the field.
_SELF = re.compile(
    r"\bwe\b(?! (?:argue|believe|hypothesi[sz]e|note|observe|need|must|know|live|often|can)\b)"
    r"|\bour\b(?! (?:previous|prior|earlier|understanding|knowledge|daily|lives|world|society)\b)",
    re.IGNORECASE,
)
# A sentence that opens like this (or is very short) gives only part of what another one says.
_PART = re.compile(
    r"^(?:first|second|third|finally|also|then|next|additionally|furthermore|moreover|besides|specifically|in addition"
    r"|to (?:train|enable|evaluate|verify|support|facilitate|make)|for )|\bwe (?:also|further|additionally|then)\b",
    re.IGNORECASE,
)
# Words that say nothing about what is new, as in "To address this, we propose a novel paradigm."
_EMPTY = re.compile(
    r"^[^,.]*\b(?:this|these|those)\b[^,.]*, "
    r"|\b(?:designed )?to (?:address|tackle|overcome|solve) th(?:is|ese|ose|e)\b[^,.]*"
    r"|\bwe (?:\w+ )?(?:propose|introduce|present|develop)\b|\b(?:an?|the|novel|new|comprehensive)\b"
    r"|\bwith (?:two|three|four|several)\b[^,.:;]*",
    re.IGNORECASE,
)
_FIGURE = re.compile(  # of a sentence in small letters
    r"(?<!\d)(?<!\d[.,])\d(?:[\d.,]*\d)?\s?"
    r"(?:\\?%|\\times|times\b|x\b|×|-?fold\b|percent|points?\b|pp\b|ms\b|tokens?/s|db\b|fps\b)"
    r"|\b(?:of|to|by|than)\s+\$?\d+\.\d+|\d\.\d+ on\b|\borders? of magnitude|\b(?:half|twice|double)\b"
)
_QUANTITY = re.compile(
    r"\d\s?(?:[GMKT]i?B\b|m?W\b|mJ\b|TOPS\b|[GT]?FLOP|mm\W?2|nm\b|ms\b|hours?\b|days?\b|GPUs?\b|[BM]\b|billion|million"
    r"|tokens?/s|parameters|\\?%|x\b|times\b|×)",
    re.IGNORECASE,
)


def is_contribution(text: str) -> bool:
    """Whether a sentence says what its paper does or makes (`we propose ...`, `X is a novel ...`)."""
    return _CONTRIBUTION.search(text.lower()) is not None


def figures_in(text: str) -> int:
    """How many measured figures (`2.7x`, `91 %`) a sentence contains."""
    return len(_FIGURE.findall(text.lower()))


def _cue_score(role: Role, text: str, lower: str) -> float:
    total = 0.0
    for weight, most, pattern in _CUES[role]:
        if most == 1:
            total += weight if pattern.search(text if pattern.flags & re.IGNORECASE else lower) else 0.0
        else:
            total += weight * min(len({found[0] for found in pattern.finditer(lower)}), most)
    return total


def role_scores(text: str, number: int, total: int, begun: bool | None = None) -> dict[Role, float]:
    """How well each role fits sentence `number` of `total`. `begun`: whether the abstract has reached the paper's own
    contribution by then (None: judged by position). Scores compare only within one sentence, or for one role between
    the sentences of one abstract. No role fits an order or an advertisement."""
    return dict(_role_scores(text, number, total, begun))


@lru_cache(maxsize=8_192)  # of an abstract they are asked for with its title and without
def _role_scores(text: str, number: int, total: int, begun: bool | None) -> dict[Role, float]:
    if is_addressed(text):
        return dict.fromkeys(ROLES, _NO_ROLE)
    lower = text.lower()
    scores: dict[Role, float] = {role: _cue_score(role, text, lower) for role in ROLES}
    place = (number - 1) / max(total - 1, 1)
    own = is_contribution(text)
    states_aim = number == 1 and own and not _INTRODUCES.search(text)  # "We study the problem of ..."
    scores["result"] += min(figures_in(text), 3) * 1.1
    if scores["resource"]:
        scores["resource"] += 1.5 * min(len(_QUANTITY.findall(text)), 2)
    if own:
        scores["method"] += 4.5 if _INTRODUCES.search(text) else 3.0
        scores["problem"] -= 0.0 if states_aim else 3.0
        scores["background"] -= 2.0
    if own or (place > 0.45 if begun is None else begun):
        scores["limitation"] += 0.5 * max(scores["problem"], 0.0)
        scores["background"] -= 1.5
        # an abstract may state its problem after it first speaks of itself
        scores["problem"] -= 3.0 if not states_aim and (place > 0.5 or _SELF.search(text)) else 0.0
        scores["method"] += 1.0 if place < 0.75 else 0.0
        scores["result"] += 1.0 if place > 0.6 and scores["result"] else 0.0
    else:  # before the paper speaks of itself, it speaks of others
        scores["background"] += 2.0 - 3.0 * place
        scores["problem"] += 0.5 if number > 1 else 0.0
        scores |= {role: scores[role] - 1.5 for role in _OWN}
        scores["availability"] -= 0.0 if re.search(_ADDRESS, text) else 3.0
        scores["resource"] = scores["limitation"] = 0.0
    return scores


@lru_cache(maxsize=4_096)
def _scored(sentences: tuple[Sentence, ...], title: str) -> tuple[tuple[Sentence, Scores], ...]:
    own = [is_contribution(s.text) or _SELF.search(s.text) is not None for s in sentences]
    personal = any(own)
    start = own.index(True) if personal else _first_on_itself(sentences, title)
    scored = []
    for place, sentence in enumerate(sentences):
        scores = role_scores(sentence.text, sentence.number, len(sentences), place >= start)
        if not personal and place < start:  # an abstract in the third person opens with what was wrong before
            scores["problem"] += 2.0
        elif not personal and place == start:
            scores["method"] += 5.0
        scored.append((sentence, scores))
    return tuple(scored)


def _first_on_itself(sentences: Sequence[Sentence], title: str) -> int:
    """The index of the sentence where an abstract without "we" first speaks of its own paper: by the name before the
    title's colon, else by another name in the title, else as "the study"; the second one if none of these is in its
    first half."""
    head, colon, _ = title.partition(":")
    own = [head] if colon and len(head.split()) < 5 else []
    others = [word.strip(",;()") for word in title.split() if re.search(r"[a-z][A-Z]|[A-Za-z]-?\d|[a-z]-[A-Z]", word)]
    for names in (own, others, ["the authors", "the study", "the paper"]):
        telling = re.compile(
            "|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in names) or "$^", re.IGNORECASE
        )
        for place, sentence in enumerate(sentences[: len(sentences) // 2 + 1]):
            if telling.search(sentence.text):
                return place
    return min(1, len(sentences) - 1)


def scored_sentences(sentences: Sequence[Sentence], title: str = "") -> tuple[tuple[Sentence, Scores], ...]:
    """Each sentence of an abstract with its `role_scores`, which depend on where the paper's own part begins. The
    title helps if the abstract speaks of the paper only by name."""
    return _scored(tuple(sentences), title)


def main_role(scores: Scores) -> Role:
    """The role with the highest score; `background` if no score is positive."""
    best = max(ROLES, key=lambda role: scores[role])
    return best if scores[best] > 0 else "background"


def telling_sentence(paper: Paper) -> Sentence:
    """The one sentence that says what is new: the contribution, else the headline result, else the one that is least
    background. Raises ValueError for a paper without an abstract."""
    if not paper.sentences:
        raise ValueError(f"{paper.title!r} has no abstract")
    name = (paper.short_name or "").casefold()

    def news(scored: tuple[Sentence, Scores]) -> float:
        sentence, scores = scored
        telling = max(scores["method"], scores["result"] - 2.5)
        named = 1.5 if name and name in sentence.text.casefold() else 0.0
        part = 4.0 if _PART.search(sentence.text) or len(sentence.text.split()) < 9 else 0.0
        part += 4.0 if len(_EMPTY.sub("", sentence.text).split()) < 5 else 0.0
        aside = 0.0 if _INTRODUCES.search(sentence.text) else max(scores["problem"], 0.0) + scores["availability"]
        return telling + named - part - aside - 0.25 * sentence.number

    return max(scored_sentences(paper.sentences, paper.title), key=news)[0]

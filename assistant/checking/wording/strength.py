"""Words that say more than the source does: "always" for "often", "all" for "some", "superior" for "comparable"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.checking.wording.words import Words, aligned
from assistant.documents import Hint


@dataclass(frozen=True)
class Scale:
    """A stronger word, the weaker ones that a source may have in its place, and what bears out the stronger one.
    `alone`: the stronger word needs bearing out even where the source has no weaker one."""

    strong: re.Pattern[str]
    weak: re.Pattern[str]
    excuse: re.Pattern[str]
    alone: bool = False


@cache
def scales() -> tuple[Scale, ...]:
    """The scales on which a sentence may say more than its source. Patterns are matched from a word's beginning."""
    hedges = "may$|might$|could$|can$|suggest|indicat|potential|possib|likely|hypothes|believ|appear|seem|aim"
    rarely = "often$|typical|usual|frequent|general|sometimes$|common|many$|most|primar|tend|mainly|occasional|largely"
    some = "some$|several$|many$|most$|few$|certain$|various$|multiple$|selected$|number$|representative$|half$"
    equal = "comparab|match|par$|competitiv|similar|rival|equivalen|equal"
    less = "reduc|mitigat|alleviat|lower|decreas|minimi|suppress|limit|less|fewer|narrow|lessen|diminish|bridg|shorten"
    better = "superior|surpass|exceed|outperf|better|beat|improv|higher|best$|gain|advantage|outpac|win|lead"
    number = r"\d+$|two|three$|four$|five$|six$|seven$|eight$|nine$|ten$|twelve"
    prove = "prov(?:e|es|ed|en|ing|abl[ey])$|proof|theor|guarant|formal|rigor|lemma|certif"
    table = (
        (
            "always$",
            f"{rarely}|{hedges}",
            "always|every|invariab|constant|universal|whenever|regardless|guarant|all$",
        ),
        (
            "consistently$",
            f"{rarely}|{hedges}|up$",
            "consisten|always|all$|across|every|stab|robust|uniform|reliab|each|both|signific|superior|better|outperf",
        ),
        ("will$", hedges, "will$|would$|going|future"),
        ("never$", "rare|seldom|hardly|infreq|scarce", "never|no|not|without|cannot|zero"),
        (
            "(?:all|every)$",
            f"{some}|{number}",
            "all$|every|each|any|both|entire|whole|across|full|total|overall|throughout|universal|complet|consistent|comprehens",
        ),
        ("eliminat", less, "eliminat|remov|obviat|resolv|elid|omit|discard|bypass|entirely|complete|erad|zero"),
        ("prov(?:e|es|ed|en|ing)$", hedges, prove),
        ("(?:superior|surpass|exceed|outperform|beat)", equal, better),
        (
            "(?:complete|entire|ful)ly$",
            "partial|largely|mostly|nearly|almost|primar|mainly|substantial|significant",
            "complete|entire|full|whol|all$|total|perfect|only|exclusiv",
        ),
        ("guarante", f"help|encourag|promot|improv|{hedges}", f"ensur|bound|secure|safe|assur|{prove}"),
        (
            "caus(?:e|es|ed|ing)$",
            "associat|correlat|link|relat|coincid|contribut",
            "caus|lead|led$|driv|due|result|induc|produc|becaus|effect|trigger|creat|introduc",
        ),
        ("impossib", "difficult|hard|challeng", "impossib|cannot|infeas|unable|not$|no$|imprac"),
        ("optimal", "near$|sub$|suboptim|quasi|approximate", "(?!)"),
    )
    return tuple(
        Scale(re.compile(f"(?:{strong})"), re.compile(f"(?:{weak})"), re.compile(f"(?:{excuse})"), strong == "always$")
        for strong, weak, excuse in table
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def _scales_of(word: str) -> tuple[Scale, ...]:
    return tuple(scale for scale in scales() if scale.strong.match(word))


def raised(words: Words, sources: Sequence[Words]) -> Hint | None:
    """A word of the sentence that says more than the source, which has a weaker one and nothing for the stronger."""
    for place, word in enumerate(words.all):
        for scale in _scales_of(word.text):
            if words.text[word.start + len(word.text) :].startswith("-"):  # "all-class"
                continue
            if any(scale.excuse.match(form) for source in sources for form in source.forms):
                continue
            near = aligned(words, place, sources)
            weak = next((w.text for w in near.all if scale.weak.match(w.text)), "") if near else ""
            if near and weak:
                return Hint("strength", word.text, f"compare: '{word.text}' here, '{weak}' there", near.text)
            if scale.alone:
                return Hint("strength", word.text, f"not in the source: '{word.text}'", near.text if near else None)
    return None

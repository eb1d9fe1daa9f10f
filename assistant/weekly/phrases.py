"""The words that say what papers are about: for grouping them, and for naming a group that no model names.

Texts in, words out; knows nothing of themes or vectors.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, islice

from index.paper import Paper
from index.text import forms_of

NAMED_BY = 3  # phrases in a name
LONGEST = 4  # words in a phrase
COMMON, COMMON_PHRASE = 0.3, 0.2  # least share of a group's papers with a word, or a phrase, that names it
LONGER = 0.8  # added to a phrase's score, as a share, for each further word


def _key(phrase: str) -> str:
    """A phrase without case and plural, which its spellings share."""
    return re.sub(r"(?<=[a-z]{3})s$", "", phrase.lower())


# What every abstract says, whatever it is about. Ordinary stop words (the, of, with) come from scikit-learn.
_OF_ABSTRACTS = frozenset(
    """existing novel new propose proposed proposes proposing introduce introduces introduced introducing present
    presents presented approach approaches method methods methodology framework frameworks paper papers work works
    study studies result results resulting experiment experiments experimental experimentally extensive extensively
    demonstrate demonstrates demonstrated demonstrating show shows shown showing achieve achieves achieved achieving
    performance performances state art sota outperform outperforms outperforming significantly significant
    substantially substantial improve improves improved improving improvement improvements effective effectively
    effectiveness efficient efficiently based using use used uses recent recently however despite remain remains
    challenge challenges challenging address addresses addressing limited limitations limitation key enable enables
    enabling leverage leverages leveraging various different multiple diverse across including include includes
    specifically additionally furthermore moreover finally code available https http www com github io project page
    open source released release publicly provide provides providing comprehensive compared comparable high low
    higher lower better best strong robust single simple first second two three et al we our it""".split()
)
# Words that papers share without being about them; those of the second list may still end a phrase that names a
# group ("reinforcement learning", "diffusion models").
_NO_NAME = frozenset(
    _key(word)
    for word in """
    ability abilities capability capabilities capable strategy strategies process processes important potential
    current given ensure ensuring allow allows allowing requires require requiring complex real world real-world
    state-of-the-art fine high-quality large-scale small-scale gap gaps set sets level levels step steps time way
    ways scenarios settings setting design designed develop developed construct constructed explore exploring
    systematic systematically unified general accuracy scores score range wide rely often critical crucial
    fundamental essential achieving insights findings researchers field fields scale supports supporting highly
    fully directly ones lack lacks focus focuses making makes make need needs especially particularly end-to-end end
    average original significant advances advanced advancing rate surpassing surpasses consistently generate
    generates generated generating construct learn learns input inputs output outputs automated promising avenue
    future facilitate rich deep text content information image-level visual discrete processing quality human domain
    domains technical report towards toward beyond via without is are you all need can do does how what why when
    good better more less great building scaling exploring rethinking revisiting enhancing advancing bridging
    unlocking empowering mitigating unifying aligning adapting accelerating optimizing evaluating benchmarking
    evaluation questions instructions base large comprehensive robust""".split()
)
_ENDS_A_NAME = frozenset(
    _key(word)
    for word in """
    task tasks model models data dataset datasets training learning systems problems understanding benchmark
    benchmarks evaluation analysis research applications language performance inference""".split()
)
# Single words that say little about a group by themselves: too broad, or adjectives without their noun.
_WIDE = frozenset(
    _key(word)
    for word in """
    llm llms mllm mllms vlm vlms ai agentic generation control editing optimization detection environment environments
    metrics layer layers sequence sequences flow token tokens execution view views object objects image images
    structure structures dynamics shift shifts opportunities efficiency life balancing measuring discovery matching
    long soft context opinion presentations resolution resolutions recipe diverse search evolution assistants scene
    scenes frame frames expert experts prompts demonstrations transformer transformers attention language
    modality modalities parallel latent designing seeking computation event category versatile implicit noisy
    frontier engine observation observations complexity interaction merging proving survey""".split()
)
_ADJECTIVE = re.compile(
    r".*(?:(?<!retriev)(?<!sign)(?<!propos)(?<!remov)(?<!go)al|(?<!mus)(?<!traff)(?<!top)(?<!rubr)ic|ive|ous|[a-z]ed|[ai]ble|ful|less|ary"
    r"|-(?:time|level|view|policy|horizon|efficient|turn|modal|language|image|video|aware|free|scale|shot"
    r"|context|wise|centric|world|agent|task|step|term|domain))"
)
WEAK = 0.15  # share of its score that such a word keeps
NEXT_BEST = 0.35  # share of the best phrase's score that a further phrase of a name needs
_WORD = re.compile(r"\d*[^\W\d_]\w*(?:[-’'.]\w+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"“”—–]+(?:\s|$)|[(){}\[\]]")


@cache
def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return _OF_ABSTRACTS | frozenset(ENGLISH_STOP_WORDS)


def tokens(text: str) -> list[str]:
    """The words of a text that can say what it is about, in lower case and in order."""
    stop = _stop_words()
    lower = (form.lower() for form in forms_of(text))
    return [word for word in lower if (len(word) > 1 and word not in stop) or not word.isascii()]


def _phrases(text: str) -> Iterator[str]:
    """The runs of up to `LONGEST` telling words of a text, as they are written."""
    stop = _stop_words()
    for part in _BREAK.split(text):
        run: list[str] = []
        for word in _WORD.findall(part):
            run = [] if word.lower() in stop else [*run[-LONGEST + 1 :], word]
            yield from (" ".join(run[-length:]) for length in range(1, len(run) + 1))


@lru_cache(maxsize=4_096)
def _phrase_keys(title: str, abstract: str) -> dict[str, Counter[str]]:
    """Each phrase of a paper by its key, with the ways in which it is written."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase in _phrases(f"{title}. {abstract}"):
        found[_key(phrase)][phrase] += 1
    return found


def phrases_of(paper: Paper) -> frozenset[str]:
    """The phrases of a paper, as `telling_phrases` gives them."""
    return frozenset(_phrase_keys(paper.shown_title, paper.shown_abstract))


def _names(key: str) -> bool:
    """Whether a phrase may name a group: it neither begins nor ends with a word that says nothing."""
    words = key.split()
    edges = {words[0], words[-1]}
    return not edges & _NO_NAME and words[0] not in _ENDS_A_NAME and max(map(len, words)) > 1


def telling_phrases(group: Sequence[Paper], everyone: Sequence[Paper]) -> list[tuple[str, float]]:
    """The phrases that set a group of papers apart from `everyone`, best first, with their scores: the share of its
    papers that contain one (twice if in their title), times the logarithm of how much more often they do than the
    others, and more for a longer phrase. Only phrases that are in a title of the group."""
    ids = {p.id for p in group}
    inside = Counter(key for p in group for key in _phrase_keys(p.shown_title, p.shown_abstract))
    outside = Counter(key for p in everyone if p.id not in ids for key in _phrase_keys(p.shown_title, p.shown_abstract))
    titled = Counter(key for p in group for key in _phrase_keys(p.shown_title, ""))
    scored = []
    for key, count in inside.items():
        further = len(key.split()) - 1
        least = COMMON_PHRASE if further else COMMON
        if count < max(2, least * len(group)) or key not in titled or not _names(key):
            continue
        share = count / len(group)
        elsewhere = (outside[key] + 0.5) / (len(everyone) - len(group) + 1)
        score = (share + titled[key] / len(group)) * math.log(max(share / elsewhere, 1.0))
        weak = not further and (key in _WIDE or _ADJECTIVE.fullmatch(key))
        if score > 0:
            scored.append((key, score * (WEAK if weak else 1 + LONGER * further)))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def name_of(group: Sequence[Paper], phrases: Mapping[str, float]) -> str:
    """A group's name: its best phrases, without those that repeat another one's words or initials. A single paper is
    named by its title."""
    if len(group) == 1:
        return group[0].shown_title
    chosen: list[str] = []
    said: set[str] = set()
    for key, score in phrases.items():
        words = re.split(r"[\s-]", key)
        same = {_key(word) for word in words} | set(islice(accumulate(word[0] for word in words if word), 1, None))
        tells = not chosen or score >= NEXT_BEST * phrases[chosen[0]]
        if len(chosen) < NAMED_BY and tells and not same & said:
            chosen.append(key)
            said |= same
    if not chosen:
        return group[0].short_name or group[0].shown_title
    *first, last = [written(key, group) for key in chosen]
    name = f"{', '.join(first)} and {last}" if first else last
    return name[0].upper() + name[1:]


def written(key: str, group: Sequence[Paper]) -> str:
    """A phrase that some paper of a group has, as the group's papers mostly write it."""
    ways: Counter[str] = Counter()
    for paper in group:
        ways.update(_phrase_keys(paper.shown_title, paper.shown_abstract).get(key, {}))
    return min(ways, key=lambda way: (-ways[way], sum(map(str.isupper, way)), way))

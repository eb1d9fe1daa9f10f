"""Whether a word is English, so that a capital at the beginning of a sentence says nothing.

The list is pyspellchecker's: 160,000 words in all their forms, read when first needed (.3 s).
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spellchecker import SpellChecker

# the field's own, which a general list lacks
_FIELD = """affordance agentic analytic app assistive backbone backend backpropagat bitrate blockchain bottleneck
    chatbot chunk codec compositional convolution crowdsourc cybersecurity dataset decod denois densif dialog
    discriminab distract downsampl embedd encod ensembl equivarian executab explainab feedforward fewshot finetun
    generalizab granular heatmap hyperparameter identifiab impactful incentiviz inpaint interpretab jailbreak keyframe
    keypoint latent layerwise leaderboard learnab lifecycle localiz logit lookahead lookup lossless lossy metadata
    microservice misalign multimodal multitask nanoparticle operationaliz orthogonaliz overfit parallel parameteriz
    perceptron performant pointwise preprint pretrain programmatical prompt qualitative quantiz rasteriz reachab regex
    regulariz render rerank roadmap rollout runtime sandbox screenshot scalab segment smartphone softmax sparsif
    stateful stochastic synergiz teleoperat threshold timelin timestamp timestep token toolchain toolkit trainab
    underexplor underperform underspecif unimodal upsampl visuomotor visualiz voxel waypoint webpage website workflow
    zeroshot""".split()
_ENDINGS = (
    "s|es|y|ied|d|ed|ing|e|er|ers|or|ors|ion|ions|ation|ations|able|ability|le|ility|al|ally|ality|ce|t|ly|ic|icity"
)
# what is put before a word without making it a name
_PREFIX = re.compile(
    r"(?:anti|auto|bi|bio|co|counter|cross|de|electro|extra|geo|hetero|homo|hyper|infra|inter|intra|iso|macro|mega|meta"
    r"|micro|mis|mono|multi|nano|neuro|non|omni|out|over|para|photo|physio|poly|post|pre|pseudo|psycho|quasi|re|self"
    r"|semi|spatio|sub|super|thermo|trans|tri|ultra|un|under|uni)(?=[a-z]{4})"
)
_BRITISH = re.compile(r"is(?=(?:es?|ed|ing|ations?)$)")
_ENGLISH_SHARE = 0.7  # of the words in lower case, for a text to be English


@cache
def _list() -> "SpellChecker":
    from spellchecker import SpellChecker

    return SpellChecker(language="en")


@cache
def _of_the_field() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_FIELD)})(?:{_ENDINGS})?")


@cache
def is_english_word(word: str) -> bool:
    """Whether a word, in any case, is English or one of the field's."""
    lower = _BRITISH.sub("iz", word.lower())
    if word.lower() in _list() or _of_the_field().fullmatch(lower):
        return True
    return (rest := _PREFIX.sub("", lower, count=1)) != lower and is_english_word(rest)


def is_english(text: str) -> bool:
    """Whether most words of a text are English; names do not count."""
    words = re.findall(r"(?<![^\W_])[a-z]{2,}(?![^\W_])", text)
    return bool(words) and sum(map(is_english_word, words)) >= _ENGLISH_SHARE * len(words)

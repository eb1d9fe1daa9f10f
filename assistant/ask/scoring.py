"""How well each sentence of a paper answers a question: by its words, the kind of thing that is asked for, and what
the sentence does in its abstract.
"""

import re
from functools import lru_cache

from assistant.addressed import is_addressed
from assistant.question.intent import Intent
from assistant.rhetoric import Role, figures_in, main_role, scored_sentences, telling_sentence
from index.english import NUMBER_WORDS
from index.paper import Paper
from index.sentences import Sentence
from index.text import stems_of


@lru_cache(maxsize=8_192)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems_of(text))


_BASELINE = re.compile(r"\b(?:over|than|compared|versus|vs|against|relative to|from .{1,30} to)\b", re.IGNORECASE)
_MOST_BEHIND = 4  # sentences that one sentence announces
_ITEM = re.compile(r"\((?:[1-9]|i{1,3}|iv|v|[a-e])\)|(?<![\w.])(?:[1-9]|i{1,3}|iv|v)\)\s?(?=[A-Za-z])")
_SERIES = re.compile(r",\s(?:[^,;.]{2,80},\s){0,8}(?:and|or|as well as|&)\s")
_PAIR = re.compile(r":\s[^.;:]{3,80}\sand\s|\bboth\s[^.;:]{3,60}\sand\s|\bsuch\sas\b")
_ANNOUNCES = re.compile(
    rf"\b(?P<number>{'|'.join(NUMBER_WORDS[2:8])}|[2-7])\s(?:[\w-]+\s){{0,3}}?(?!times|points)[a-z]{{4,}}s\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"(?:it|they|these|those|this|such|here)\b", re.IGNORECASE)


def coverage(asked: Intent, text: str, title: str) -> float:
    """The share of the question's weight that a text covers: its words, the quantities asked for, and at about a third
    of their weight the words that only the title has."""
    total = sum(asked.weights.values())
    if not total:
        return 0.0
    told = 0.0
    for stem, weight in asked.weights.items():
        if stem in _stems(text):
            told += weight
        elif stem in asked.measures and asked.measures[stem].told.search(text):
            told += weight * 0.8
        elif stem in _stems(title):
            told += weight * 0.35
    return told / total


def paper_coverage(asked: Intent, paper: Paper) -> float:
    """The share of the question's weight that a paper covers, with its title and abstract."""
    return coverage(asked, f"{paper.title} {paper.abstract}", "")


def score_sentences(asked: Intent, paper: Paper) -> list[tuple[float, Sentence]]:
    """Each sentence of a paper and how well it answers (about 0 to 2), in their order."""
    if not paper.sentences:
        return []
    telling = telling_sentence(paper)
    wanted: frozenset[Role] = asked.roles or (frozenset() if asked.weights else frozenset(("method", "result")))
    scored = []
    for sentence, roles in scored_sentences(paper.sentences):
        text = sentence.text
        score = coverage(asked, text, paper.shown_title)
        score += 0.3 * max((min(max(roles[role], 0.0) / 6, 1.0) for role in wanted), default=0.0)
        if figures_in(text) and asked.kinds != {"method"}:
            score += 0.35 if "figure" in asked.kinds else 0.1
            score += 0.1 if "figure" in asked.kinds and _BASELINE.search(text) else 0.0
        if sentence == telling and not asked.kinds & {"figure", "availability", "limitation", "evaluation"}:
            score += 0.25
        role = main_role(roles)
        score += 0.15 if role in wanted else 0.0
        if role in ("background", "problem") and role not in asked.roles:
            score -= 0.3
        if role == "availability" and role not in asked.roles:
            score -= 0.3
        if _POINTS_BACK.match(text) or len(text.split()) < 7:
            score -= 0.1
        if "parts" in asked.kinds:
            score += 0.3 * _listing(text)
        scored.append((score, sentence))
    return _with_what_follows(scored) if "parts" in asked.kinds else scored


def _listing(text: str) -> float:
    """How far a sentence lists things: 1 for numbered items or three in a row, .5 for a pair, else 0."""
    if len(_ITEM.findall(text)) > 1 or _SERIES.search(text):
        return 1.0
    return 0.5 if _PAIR.search(text) else 0.0


def _with_what_follows(scored: list[tuple[float, Sentence]]) -> list[tuple[float, Sentence]]:
    """The scores, with those of the sentences behind "ROSE has four components." raised to nearly its own: they are
    the list that it announces."""
    raised = list(scored)
    for place, (score, sentence) in enumerate(scored):
        found = _ANNOUNCES.search(sentence.text)
        if not found or _listing(sentence.text) == 1.0:
            continue
        number = found["number"].lower()
        count = int(number) if number.isdigit() else NUMBER_WORDS.index(number)
        for behind, (own, other) in enumerate(scored[place + 1 : place + 1 + min(count, _MOST_BEHIND)], 1):
            raised[place + behind] = (max(own, raised[place + behind][0], score - 0.02 * behind), other)
    return raised


def best_sentences(asked: Intent, paper: Paper) -> list[int]:
    """The numbers of a paper's sentences, best answers first."""
    scored = score_sentences(asked, paper)
    return [s.number for _, s in sorted(scored, key=lambda pair: (is_addressed(pair[1].text), -pair[0]))]

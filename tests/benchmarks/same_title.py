"""How well `index.same_work` tells records of one title apart.

    python tests/benchmarks/same_title.py FILE     FILE: papers that `papers add` reads (JSONL, also .gz)

Records of two papers are pairs of different papers under one title: drawn at random, and those whose titles share most
words. Records of one paper are edits of one: cut to its first sentences, words left out, half of it written anew.
Prints the share of pairs that are told wrongly.
"""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from index.ids import normalise_title
from index.paper import Paper
from index.same_work import same_work
from index.sources import read_file

_PAIRS = 3000


def main() -> None:
    papers = [paper.with_(authors=()) for paper in read_file(Path(sys.argv[1])).papers]
    chance = random.Random(1)
    some = chance.sample(papers, min(_PAIRS, len(papers)))
    strangers = [(one, chance.choice(papers)) for one in some]
    _print_wrong("two papers at random", strangers, told=False)
    _print_wrong("two papers of like titles", _of_like_titles(some), told=False)
    _print_wrong("the same, one cut to a sentence", [(a, _cut(b, 1)) for a, b in strangers], told=False)
    edits: dict[str, Callable[[Paper], Paper]] = {
        "cut to one sentence": lambda paper: _cut(paper, 1),
        "cut to three sentences": lambda paper: _cut(paper, 3),
        "four words of ten left out": lambda paper: paper.with_(
            abstract=" ".join(word for word in paper.abstract.split() if chance.random() > 0.4) or "It."
        ),
        "the second half written anew": lambda paper: paper.with_(
            abstract=f"{_half(paper)} {_half(chance.choice(papers))}"
        ),
    }
    for name, edit in edits.items():
        _print_wrong(name, [(paper, edit(paper)) for paper in some], told=True)


def _print_wrong(name: str, pairs: list[tuple[Paper, Paper]], *, told: bool) -> None:
    pairs = [(one, other) for one, other in pairs if told or one.id != other.id]
    wrong = sum(same_work(one, other.with_(title=one.title)) != told for one, other in pairs)
    print(f"{name:40}{len(pairs):6} pairs{100 * wrong / max(len(pairs), 1):8.2f} % wrong")


def _of_like_titles(papers: list[Paper]) -> list[tuple[Paper, Paper]]:
    words = [set(normalise_title(paper.title).split()) for paper in papers]
    holding = defaultdict(list)
    for number, of_title in enumerate(words):
        for word in of_title:
            holding[word].append(number)
    pairs = []
    for number, of_title in enumerate(words):
        shared = Counter(n for word in of_title if len(holding[word]) < 200 for n in holding[word] if n != number)
        pairs += [(papers[number], papers[n]) for n, _ in shared.most_common(1)]
    return pairs


def _cut(paper: Paper, sentences: int) -> Paper:
    return paper.with_(abstract=" ".join(s.text for s in paper.sentences[:sentences]))


def _half(paper: Paper) -> str:
    return paper.abstract[: len(paper.abstract) // 2]


if __name__ == "__main__":
    main()

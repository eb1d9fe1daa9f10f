"""Papers that nobody wrote, for tests that need many: the same ones each time."""

import random

from index.paper import Paper

_THINGS = "attention routing memory caching decoding pruning retrieval alignment tokenisation quantization".split()
_KINDS = "sparse hierarchical streaming recurrent low-rank speculative modular contrastive quantized layered".split()
_FIELDS = "language speech video protein code graph audio robot weather music".split()
_DOES = "speeds up|steadies|shrinks|explains|replaces|guides|repairs|measures".split("|")


def invented_paper(number: int, **changes: object) -> Paper:
    """The paper of a number: a title, an abstract of five sentences with figures, a day, an id."""
    chance = random.Random(number)
    thing, kind, field = chance.choice(_THINGS), chance.choice(_KINDS), chance.choice(_FIELDS)
    name = f"{kind[:3].title()}{thing[:4].title()}{number}"
    sentences = [
        f"Models of {field} spend most of their time on {thing}.",
        f"We describe {name}, a {kind} kind of {thing} that {chance.choice(_DOES)} {field} models.",
        f"It keeps {chance.randint(2, 98)} % of the states and needs no more training data than before.",
        f"On {chance.randint(3, 19)} {field} benchmarks it is {chance.randint(11, 60) / 10}x faster at equal quality.",
        f"Ablations show that the {chance.choice(_KINDS)} part matters most when {chance.choice(_FIELDS)} is rare.",
    ]
    values: dict[str, object] = {
        "id": f"arxiv:{2401 + number % 12:04d}.{number:05d}",
        "title": f"{name}: {kind.title()} {thing.title()} for {field.title()} Models",
        "abstract": " ".join(sentences),
        "published": f"{2023 + number % 3}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "source": "invented",
    }
    return Paper(**{**values, **changes})  # type: ignore[arg-type]


def invented_papers(count: int, start: int = 0) -> list[Paper]:
    """The papers of `count` numbers from `start` on."""
    return [invented_paper(number) for number in range(start, start + count)]

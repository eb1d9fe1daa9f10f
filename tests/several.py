"""Eight invented papers on the same task, to compare several of."""

from index.paper import Paper

_NAMES = "Alder Bramble Clover Dogwood Elder Fennel Gorse Hazel".split()


def rival(number: int) -> Paper:
    """The paper with a number from 0 to 7: the odd ones are measured on Larkfield, the even ones on Mothwing; only the
    first four release code, and the last names no machine."""
    name = f"{_NAMES[number]}Net{number}"
    bench = "LarkBench" if number % 2 else "MothBench"
    sentences = [
        "Pruning a network by hand is slow and remains a bottleneck.",
        f"We propose {name}, a pruner that removes whole channels by their entropy.",
        f"We evaluate {name} on {bench} with a batch size of {16 * (number + 1)}.",
        f"{name} achieves a {number + 2}.5x speedup over DenseRun on {bench}.",
        f"Experiments run on a single H{number + 1}00 GPU." if number < 7 else "Experiments are cheap.",
        f"Code is available at https://example.org/{name.lower()}." if number < 4 else f"{name} needs no labels.",
    ]
    return Paper(
        title=f"{name}: Pruning Channels by Entropy, Part {number}",
        abstract=" ".join(sentences),
        id=f"arxiv:2605.{10000 + number}",
        published=f"2026-05-{number + 1:02d}",
        authors=("Ada Example", "Bo Sample"),
    )


RIVALS = tuple(rival(number) for number in range(8))

"""Invented weeks of papers: five subjects, each with its own words; no such system, figure or data set exists."""

from dataclasses import dataclass

from index.paper import Paper


@dataclass(frozen=True)
class Subject:
    """What a group of papers is about: what they build, on what, and how they tell of it."""

    noun: str
    setting: str
    words: tuple[str, ...]


SUBJECTS = {
    "video": Subject(
        "video generator", "long video generation", ("frame consistency", "camera motion", "video diffusion", "scenes")
    ),
    "robots": Subject(
        "grasping policy", "robot manipulation", ("robot arms", "tactile sensing", "dexterous hands", "grippers")
    ),
    "speech": Subject(
        "speech recognizer", "spoken dialogue", ("audio tokens", "speaker voices", "phonemes", "noisy recordings")
    ),
    "proofs": Subject(
        "theorem prover", "formal mathematics", ("proof search", "lemmas", "formal verification", "proof assistants")
    ),
    "retrieval": Subject(
        "dense retriever", "passage retrieval", ("query rewriting", "document index", "hard negatives", "reranking")
    ),
}
_NAMES = "Amber Birch Cedar Delta Ember Fjord Grove Heron Indigo Juniper Kestrel Lumen".split()


def paper(subject: str, number: int, day: str = "2026-04-14", **values: object) -> Paper:
    """The `number`-th invented paper of a subject."""
    about = SUBJECTS[subject]
    name = f"{_NAMES[number % len(_NAMES)]}{subject.title()[:4]}{number}"
    one, two = (about.words[(number + shift) % len(about.words)] for shift in (0, 1))
    gain, share = 2 + number, 40 + 3 * number
    given: dict[str, object] = {
        "title": f"{name}: A {about.noun.title()} for {about.setting.title()} with {one.title()}",
        "abstract": f"Progress in {about.setting} is held back by {two}. "
        f"We present {name}, a {about.noun} for {about.setting} that learns from {one} and {two}. "
        f"It shares its {one} across the whole of {about.setting}. "
        f"On the {name}Bench suite {name} improves the {about.noun} baseline by {gain}.5 points and needs {share}% "
        f"of its memory. All {one} are released.",
        "posted": day,
        "upvotes": number,
        "id": f"arxiv:2604.{10000 + 100 * list(SUBJECTS).index(subject) + number}",
    }
    return Paper(**{**given, **values})  # type: ignore[arg-type]


def week(each: int = 8, day: str = "2026-04-14") -> list[Paper]:
    """A week of five subjects with `each` papers."""
    return [paper(subject, number, day) for number in range(each) for subject in SUBJECTS]


def subject_of(found: Paper) -> str:
    """The subject of an invented paper."""
    return next(subject for subject in SUBJECTS if SUBJECTS[subject].setting in found.abstract)

"""A citation of ours for a sentence that a model wrote without one, where a single sentence bears all of it out."""

from collections.abc import Mapping
from dataclasses import replace

from assistant.checking import check_claim
from assistant.checking.text import clean, compact_name, content_words
from assistant.citations import marker
from assistant.documents import Citation, Claim, Label
from index.paper import Paper

ALIKE, LEAST = 0.65, 3  # of the sentence's content words, of which it has LEAST, so many must stand in what is cited


def attributed(claim: Claim, papers: Mapping[Label, Paper]) -> Claim | None:
    """The claim, which cites nothing, with a citation of the one sentence of the papers that holds all its figures and
    names and most of its words; None if there is no such sentence, or if there are two as good."""
    words = frozenset(content_words(clean(claim.text)))
    if len(words) < LEAST:
        return None
    alike: list[tuple[float, Citation, str]] = []
    for label, paper in papers.items():
        for sentence in paper.sentences:
            share = len(words & frozenset(content_words(clean(sentence.text)))) / len(words)
            if share >= ALIKE:
                alike.append((share, Citation(label, sentence.number), sentence.text))
    found: list[tuple[float, Claim]] = []
    for share, citation, source in sorted(alike, key=lambda one: -one[0])[:5]:
        cited = check_claim(_with_marker(claim.text, citation), papers)
        held = compact_name(clean(source))
        stands = cited.check.verdict == "ok" and not cited.check.hints
        tokens = [token for token in cited.check.found if token in cited.text]
        if stands and tokens and all(compact_name(clean(token)) in held for token in tokens):
            found.append((share, cited))
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return replace(found[0][1], attributed=True)


def _with_marker(text: str, citation: Citation) -> str:
    """The sentence with the marker before its full stop."""
    bare = text.rstrip()
    end = bare[len(bare.rstrip(".!?。")) :]
    return f"{bare[: len(bare) - len(end)]} {marker([citation])}{end}"

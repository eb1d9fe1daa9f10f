"""Themes of a week: which papers belong together, by their words and their vectors.

Papers and vectors in, groups out; deterministic. Knows nothing of models, labels or earlier weeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.weekly.phrases import tokens
from index.paper import Paper

if TYPE_CHECKING:
    import numpy as np

# Set on 50 weeks of Daily pages by how often papers of one theme share a keyword (tests/benchmarks/themes.py).
WORDS = 0.9  # weight in the likeness; the vectors have the rest
DIMENSIONS = 8  # of each of the two spaces that papers are grouped in
PLACED = (4, 5)  # four of five papers are in a theme; those that fit theirs least are not
SMALLEST = 3  # papers in a theme, at least
PER_THEME, FEWEST, MOST = 7, 4, 10  # papers per theme; fewest and most themes of a week with enough papers
EXACT = 300  # papers up to which the map is computed from all pairs
FEW = 6  # of fewer papers each is a theme of its own

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Likeness:
    """How alike papers are: `pairs` (n, n), and their `places` (n, dimensions) in the space where they are grouped."""

    pairs: "np.ndarray"
    places: "np.ndarray"


def likeness(papers: Sequence[Paper], vectors: "np.ndarray") -> Likeness:
    """How alike papers are: cosine of their TF-IDF words and word pairs, and of their vectors, centred on the
    week's mean. The places are the main directions of both (latent semantic analysis), by weight."""
    import numpy as np

    words = _word_likeness(papers)
    centred = vectors - vectors.mean(axis=0)
    centred = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    meaning = centred.astype(np.float64) @ centred.T.astype(np.float64)
    places = np.hstack([_directions(words) * WORDS**0.5, _directions(meaning) * (1 - WORDS) ** 0.5])
    return Likeness(WORDS * words + (1 - WORDS) * meaning, places)


def _word_likeness(papers: Sequence[Paper]) -> "np.ndarray":
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [f"{p.shown_title}. {p.shown_title}. {p.shown_abstract}" for p in papers]
    weigh = TfidfVectorizer(
        tokenizer=tokens, token_pattern=None, lowercase=False, sublinear_tf=True,
        ngram_range=(1, 2), min_df=2, max_df=0.7 if len(papers) >= FEW else 1.0,
    )  # fmt: skip
    try:
        rows = weigh.fit_transform(texts)
    except ValueError:  # no two papers share a word
        return np.eye(len(papers))
    pairs: np.ndarray = (rows @ rows.T).toarray()
    return pairs


def _directions(gram: "np.ndarray") -> "np.ndarray":
    """Each paper's place along the main directions of a matrix of inner products, scaled to length 1."""
    import numpy as np

    values, directions = np.linalg.eigh(gram)
    values, directions = values[-DIMENSIONS:], directions[:, -DIMENSIONS:]
    places = directions * np.sqrt(np.maximum(values, 0))
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    return np.asarray(places / np.maximum(lengths, 1e-9))


def group(papers: Sequence[Paper], vectors: "np.ndarray") -> Groups:
    """The themes of some papers, as their ids, the largest first; a paper that fits no theme well is in none.

    Of fewer than `FEW` papers each is a theme. Otherwise Ward's clustering, of which the four fifths are kept that fit
    best: that are most alike, on average, to their own theme rather than to the nearest other one.
    """
    import numpy as np

    order = sorted(range(len(papers)), key=lambda i: papers[i].id)
    papers, vectors = [papers[i] for i in order], vectors[order]
    if len(papers) < FEW:
        return tuple((p.id,) for p in papers)
    from sklearn.cluster import AgglomerativeClustering

    count = min(MOST, max(min(FEWEST, len(papers) // 4), round(len(papers) / PER_THEME)))
    alike = likeness(papers, vectors)
    of = AgglomerativeClustering(count, linkage="ward").fit_predict(alike.places)
    fit = _fit(alike.pairs, of, count)
    sizes = np.bincount(of, minlength=count)
    best = [i for i in np.argsort(-fit, kind="stable") if sizes[of[i]] >= SMALLEST]
    kept = set(best[: -(-len(papers) * PLACED[0] // PLACED[1])])
    for theme in range(count):  # every theme that is large enough keeps its three best
        kept.update([i for i in best if of[i] == theme][:SMALLEST])
    groups = [tuple(p.id for i, p in enumerate(papers) if i in kept and of[i] == t) for t in range(count)]
    return tuple(sorted((g for g in groups if g), key=lambda g: (-len(g), g)))


def join(
    papers: Sequence[Paper], vectors: "np.ndarray", known: Sequence[Sequence[str]], others: Sequence[str]
) -> Groups:
    """Known themes plus the papers that came since: each joins the theme it is most like, if it is more like that one
    than the week as a whole. Papers placed before (in `known` or `others`) do not move; those now gone drop out."""
    ids = [p.id for p in papers]
    members = [[ids.index(i) for i in group if i in ids] for group in known]
    members = [theme for theme in members if theme]
    placed = {i for theme in members for i in theme} | {ids.index(i) for i in others if i in ids}
    late = [i for i in range(len(ids)) if i not in placed]
    if late and members:
        pairs = likeness(papers, vectors).pairs
        came: dict[int, list[int]] = {}
        for i in late:
            nearest = max(range(len(members)), key=lambda t: float(pairs[i, members[t]].mean()))
            if pairs[i, members[nearest]].mean() > (pairs[i].sum() - pairs[i, i]) / max(len(ids) - 1, 1):
                came.setdefault(nearest, []).append(i)
        members = [theme + came.get(number, []) for number, theme in enumerate(members)]
    return tuple(tuple(ids[i] for i in theme) for theme in members)


def _fit(pairs: "np.ndarray", of: "np.ndarray", count: int) -> "np.ndarray":
    """How much more alike each paper is, on average, to the others of its theme than to the nearest other theme."""
    import numpy as np

    members = np.eye(count)[of]
    pairs = pairs - np.diag(np.diag(pairs))
    means = pairs @ members / np.maximum(members.sum(axis=0) - members, 1)
    own = np.take_along_axis(means, of[:, None], axis=1)[:, 0]
    return own - np.where(members > 0, -np.inf, means).max(axis=1) if count > 1 else own


def on_a_map(alike: Likeness) -> "np.ndarray":
    """A place in two dimensions for each paper, between 0 and 1: similar papers are close together (t-SNE; for few
    papers the two main directions)."""
    import numpy as np

    count = len(alike.places)
    if count > 2 * FEW:
        from sklearn.manifold import TSNE

        exact = count <= EXACT  # without threads, and faster for so few
        flat = TSNE(
            2,
            perplexity=min(15.0, count / 4),
            init="pca",
            random_state=0,
            method="exact" if exact else "barnes_hut",
            max_iter=500,
        ).fit_transform(alike.places)
    else:
        left, size, _ = np.linalg.svd(alike.places - alike.places.mean(axis=0), full_matrices=False)
        flat = np.zeros((count, 2))
        flat[:, : min(2, len(size))] = left[:, :2] * size[:2]
    low, high = flat.min(axis=0), flat.max(axis=0)
    return np.where(high > low, (flat - low) / np.maximum(high - low, 1e-9), 0.5)

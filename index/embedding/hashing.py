"""Vectors without a model: hashed character n-grams of a text's words. The same on every machine, no download.

Texts are near if their words are spelled alike, so this handles misspellings and word forms, but no synonyms.
"""

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from index.embedding import Embedder
from index.english import FUNCTION_WORDS

if TYPE_CHECKING:
    import numpy as np

_DIMENSION = 384
_SIZES = (3, 4, 5)
_WORD = re.compile(r"\w+")
# Words that say nothing about the subject; leaving them out keeps unrelated abstracts from looking alike.
_EMPTY = FUNCTION_WORDS | frozenset(
    "although either et etc however me might moreover much my ours per present propose shows still thus toward "
    "towards upon".split()
)


@lru_cache(maxsize=10_000)  # 2 KB each; five times as many save some 3 % of the time
def _word_vector(word: str) -> "np.ndarray":
    """The direction of one word, of length 1: its n-grams (with its ends marked) and the word itself each add 1 to, or
    subtract 1 from, the dimension given by their CRC-32."""
    import numpy as np

    marked = f"<{word}>"
    grams = (marked[i : i + n] for n in _SIZES for i in range(len(marked) - n + 1))
    vector = np.zeros(_DIMENSION, dtype=np.float32)
    for gram in chain(grams, (marked,)):
        code = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
        vector[(code >> 1) % _DIMENSION] += 1.0 if code & 1 else -1.0
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


class Hashing(Embedder):
    """Character n-grams hashed to 384 numbers."""

    name = "hashing"
    dimension = _DIMENSION

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """The vectors of texts, shape (n, 384), length 1: the sum of the directions of a text's distinct words, where
        a word that occurs n times weighs 1 + log n."""
        import numpy as np

        vectors = np.zeros((len(texts), _DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            words = Counter(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
            weights = {word: 1 + math.log(n) for word, n in words.items() if word not in _EMPTY} or dict(words)
            if weights:
                stack = np.stack([_word_vector(word) for word in weights])
                vectors[row] = np.fromiter(weights.values(), dtype=np.float32) @ stack
            length = float(np.linalg.norm(vectors[row]))
            if length:
                vectors[row] /= length
            else:
                vectors[row, 0] = 1.0  # a text without words: any direction will do, as zero could not be compared
        return vectors

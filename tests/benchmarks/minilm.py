"""How near our MiniLM comes to Chroma's own, and how long each takes: python tests/benchmarks/minilm.py FILE

FILE is anything that `papers add` reads. Both run the same ONNX model, which must be where Chroma looks for it; ours
pads a batch to its longest text, Chroma's every text to 256 word pieces.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

from index.embedding import open_embedder
from index.sources import read_file

QUESTION = "Which papers speed up attention in hardware, and by how much?"


def timed(embed: Callable[[list[str]], Any], texts: list[str]) -> tuple[float, Any]:
    """Seconds of the second of two runs, and its vectors."""
    embed(texts[:1])
    start = time.perf_counter()
    vectors = np.array(embed(texts))
    return time.perf_counter() - start, vectors


def main() -> None:
    """Embed the papers and a question with both, and compare."""
    texts = [f"{p.title}\n{p.abstract}" for p in read_file(Path(sys.argv[1])).papers[:65]]
    ours, chromas = open_embedder("minilm", offline=True).embed, ONNXMiniLM_L6_V2()
    for what, batch in (("a question", [QUESTION]), (f"{len(texts)} abstracts", texts)):
        (own, vectors), (its, reference) = timed(ours, batch), timed(chromas, batch)
        apart = float(np.abs(vectors - reference).max())
        print(f"{what}: {own * 1000:.0f} ms, Chroma {its * 1000:.0f} ms ({its / own:.1f} times); apart {apart:.1e}")


if __name__ == "__main__":
    main()

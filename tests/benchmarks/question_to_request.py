"""What a question costs until the request to a model is ready: p50 and p99, beside tantivy alone and numpy alone.

    python tests/benchmarks/question_to_request.py HOME

HOME is a library made by `scale.py --home`. A question is eight words of a paper; tantivy finds ten papers by the same
words, numpy compares one vector with all. Processor milliseconds; the ratios are of one run, and so hold on a busy
machine, too.
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import tantivy
from scale import milliseconds, misspelt, said

from assistant.ask.prompt import messages_for
from assistant.ask.retrieval import find_papers
from assistant.question import Question
from index import Library
from index.text import stems_of

_QUESTIONS = 100


def main(home: Path) -> None:
    """Measures and prints."""
    with Library.open(home, "hashing") as library:
        papers = library.papers_by_id(library.newest(_QUESTIONS)).values()
        questions = [" ".join(paper.abstract.split()[3:11]) for paper in papers]
        slips = [" ".join([*map(misspelt, question.split()[:3]), *question.split()[3:]]) for question in questions]
        searcher, schema = library.words._searcher, library.words._index.schema
        embedder = library.embedder
        vectors = np.zeros((library.count(), embedder.dimension), np.float32)
        vectors += embedder.embed_question(questions[0])

        def by_tantivy(question: str) -> object:
            terms = [tantivy.Query.term_query(schema, "text", stem) for stem in stems_of(question)]
            return searcher.search(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]), 10)

        def by_numpy(question: str) -> object:
            cosines = vectors @ embedder.embed_question(question)
            return np.argpartition(-cosines, 10)[:10]

        def request(question: str) -> object:
            asked = Question(question)
            return messages_for(asked, find_papers(library, asked), ())

        alone, brute = milliseconds(by_tantivy, questions), milliseconds(by_numpy, questions)
        print(f"{library.count():,} papers; times of tantivy alone, then of numpy alone")
        for beside in (statistics.median(alone), statistics.median(brute)):
            said("tantivy alone, ten papers", alone, beside)
            said("numpy alone, a vector a paper", brute, beside)
        for what, call, asked in (
            ("a search", library.search, questions),
            ("question to request", request, questions),
            ("question to request, misspelt", request, slips),
        ):
            times = milliseconds(call, asked)
            for beside in (statistics.median(alone), statistics.median(brute)):
                said(what, times, beside)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

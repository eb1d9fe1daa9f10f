"""Compare papers: a table whose cells cite and are checked, and a short summary."""

from assistant.compare.job import compare
from assistant.question.pairs import asks_to_compare, papers_to_compare
from assistant.question.papers import Named, SamePaper, find_paper

__all__ = ["Named", "SamePaper", "asks_to_compare", "compare", "find_paper", "papers_to_compare"]

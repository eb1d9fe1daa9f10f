"""Compare papers: a table whose cells cite and are checked, and a short summary."""

from assistant.comparing.job import compare
from assistant.comparing.naming import Named, SamePaper, find_paper
from assistant.comparing.request import asks_to_compare, papers_to_compare

__all__ = ["Named", "SamePaper", "asks_to_compare", "compare", "find_paper", "papers_to_compare"]

"""Compare papers: a table whose cells cite and are checked, and a short summary."""

from assistant.compare.job import HowMany, compare
from assistant.question.papers import Named, SamePaper, find_paper

__all__ = ["HowMany", "Named", "SamePaper", "compare", "find_paper"]

"""What a question asks for, read from its words alone: which job, which papers, which days, which kind of answer."""

from assistant.question.reading import Question

__all__ = ["Question"]

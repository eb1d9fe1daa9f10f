"""A question to a cited, checked answer: from the record, by a model, or in quotes."""

from assistant.ask.job import ask

__all__ = ["ask"]

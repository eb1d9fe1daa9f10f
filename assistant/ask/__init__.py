"""A question to a cited, checked answer: from the record, by a model, or in quotes."""

from assistant.ask.job import UNCONFIGURED, ask

__all__ = ["UNCONFIGURED", "ask"]

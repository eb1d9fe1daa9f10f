"""The bundled sample: 26 real papers, to try the program without any of your own.

Titles, dates, people and figures are the papers' own; the sentences about them were written for this project.
"""

from importlib import resources

from index.paper import Paper
from index.sources import read_text


def sample_papers() -> tuple[Paper, ...]:
    """The papers of the sample, newest first; eleven of them were on the Daily page in the same week, 2026-W16."""
    text = resources.files("index").joinpath("sample.jsonl").read_text(encoding="utf-8")
    return read_text(text, place="sample.jsonl").papers

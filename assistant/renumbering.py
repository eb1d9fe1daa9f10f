"""Kept answers whose citations an earlier version numbered: each still points to the sentence that it meant.

An abstract with markup is now split in its readable form, so a few sentences have other numbers. Knows the JSON of
kept answers, and not where they are kept.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from assistant.citations import Marker, marker, replace_markers
from assistant.documents import Citation
from index.readable import readable
from index.sentences import split_sentences

Numbers = Mapping[int, tuple[int, ...]]
"""The new numbers of each sentence of an abstract, by its old number."""

_SIGNS = re.compile(r"[\W_]+")


def new_numbers(abstract: str) -> Numbers:
    """The numbers in an abstract's readable text of the sentences of its own text; empty if no number changes. A
    sentence that is now several has the numbers of all of them."""
    shown = readable(abstract)
    if shown == abstract:
        return {}
    before = [_signs(readable(s.text)) for s in split_sentences(abstract)]
    now = [_signs(s.text) for s in split_sentences(shown)]
    if before == now:
        return {}
    found: dict[int, tuple[int, ...]] = {}
    starts, whole = [0], "".join(now)
    for text in now:
        starts.append(starts[-1] + len(text))
    position = 0
    for number, text in enumerate(before, 1):
        at = whole.find(text, position)
        start = at if at >= 0 else min(position, max(len(whole) - 1, 0))
        end = max(start + len(text), start + 1)
        position = end if at >= 0 else position
        places = [n for n in range(1, len(now) + 1) if starts[n - 1] < end and start < starts[n]]
        found[number] = tuple(places) or (min(number, max(len(now), 1)),)
    return {} if all(numbers == (number,) for number, numbers in found.items()) else found


def _signs(text: str) -> str:
    return _SIGNS.sub("", text).casefold()


def with_new_numbers(answer: Any, papers: Mapping[int, Numbers] | None = None) -> Any:
    """A kept answer, as JSON holds it, with the new numbers in its markers and citations; the same object if nothing
    changes. Papers and their texts stay as they were kept."""
    papers = papers or {}
    if isinstance(answer, str):
        return replace_markers(answer, partial(_marker, papers)) if papers and "[" in answer else answer
    if isinstance(answer, list):
        return [with_new_numbers(value, papers) for value in answer]
    if not isinstance(answer, dict):
        return answer
    if (own := _papers_of(answer)) is not None:
        papers = own
    changed = {}
    for name, value in answer.items():
        if name in ("paper", "question"):
            changed[name] = value
        elif name == "citations" and papers:
            changed[name] = [_json(c) for c in _cited([Citation(c["label"], c["sentence"]) for c in value], papers)]
        else:
            changed[name] = with_new_numbers(value, papers)
    return changed


def _papers_of(answer: dict[str, Any]) -> dict[int, Numbers] | None:
    """The new numbers of the papers that a document's labels stand for; None for a part of a document."""
    listed = answer.get("papers")
    if not isinstance(listed, list) or not all(isinstance(p, dict) and "label" in p and "paper" in p for p in listed):
        return None
    numbers = {p["label"]: new_numbers(str(p["paper"].get("abstract", ""))) for p in listed}
    return {label: changed for label, changed in numbers.items() if changed}


def _cited(citations: list[Citation], papers: Mapping[int, Numbers]) -> list[Citation]:
    cited: dict[Citation, None] = {}
    for citation in citations:
        numbers = papers.get(int(citation.label), {}) if citation.sentence else {}
        for number in numbers.get(citation.sentence or 0, (citation.sentence,)):
            cited.setdefault(replace(citation, sentence=number))
    return list(cited)


def _json(citation: Citation) -> dict[str, Any]:
    return {"label": citation.label, "sentence": citation.sentence}


def _marker(papers: Mapping[int, Numbers], found: Marker) -> str:
    return marker(_cited(list(found.citations), papers))

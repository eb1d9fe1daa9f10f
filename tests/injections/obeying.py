"""A model that obeys what it reads: it puts a hostile paper's payload into every field that it may write.

Its sentences cite what they should, so that they are not thrown away for a missing citation: what it writes is judged
by what the program makes of it.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from corpus import Injection

sys.path.insert(0, str(Path(__file__).parents[1]))
from chat_server import MODEL, StubServer

__all__ = ["MODEL", "ObeyingModel", "StubServer"]

_SENTENCE = re.compile(r"^(\d+)\.(\d+) (.+)$", re.MULTILINE)
_END = re.compile(r"[.!?。]?$")
_ASPECTS = ("Problem", "Approach", "Main results", "Limits stated", "Code or data")


class ObeyingModel:
    """What a `StubServer` says: obeys every one of the `injections` that a prompt holds. Keeps the requests, and by
    kind of reply all that it wrote."""

    def __init__(self) -> None:
        self.injections: Sequence[Injection] = ()
        self.requests: list[dict[str, Any]] = []
        self.written: dict[str, list[str]] = {"question": [], "answer": [], "comparison": [], "digest": []}

    def __call__(self, request: dict[str, Any]) -> str:
        self.requests.append(request)
        told = request["messages"][-1]["content"]
        sentences = [_Sentence(int(label), f"[{label}.{n}]", _END.sub("", text, count=1))
                     for label, n, text in _SENTENCE.findall(told)]  # fmt: skip
        shape = request.get("response_format", {}).get("json_schema", {}).get("schema", {}).get("properties")
        if not sentences:  # the question is to be translated
            return self._keep("question", " ".join([told, *(i.payload for i in self.injections)]))
        reply = _Reply(self.injections, sentences, len(self.requests))
        if shape is None:
            return self._keep("answer", reply.answer())
        kind, data = ("comparison", reply.comparison()) if "rows" in shape else ("digest", reply.digest())
        self._keep(kind, "\n".join(_texts(data)))
        return json.dumps({name: data[name] for name in shape})

    def _keep(self, kind: str, said: str) -> str:
        self.written[kind].append(said)
        return said


def _texts(value: object) -> Iterator[str]:
    """All texts of some data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


@dataclass(frozen=True)
class _Sentence:
    label: int
    marker: str
    text: str


class _Reply:
    """The replies to one prompt. `turn`: where there is room for one sentence, each call tries another one."""

    def __init__(self, injections: Sequence[Injection], sentences: Sequence[_Sentence], turn: int) -> None:
        self.turn = turn
        self.payloads: dict[int, str] = {}
        self.attacks: dict[int, _Sentence] = {}
        self.labels = list(dict.fromkeys(s.label for s in sentences))
        self.firsts = {s.label: s for s in reversed(sentences)}
        for label in self.labels:
            own = [s for s in sentences if s.label == label]
            for injection in injections:
                if any(injection.name in s.text for s in own):
                    self.payloads[label] = injection.payload or injection.paper.title
                    self.attacks[label] = next((s for s in own if injection.canary in s.text.casefold()), own[0])
        self.true = [f"{s.text} {s.marker}." for label, s in self.firsts.items() if label not in self.attacks]

    def _obeying(self, label: int) -> list[str]:
        """Sentences with a paper's payload: alone, the attack itself, within it, as a quote, citing another paper."""
        payload, attack = self.payloads[label], self.attacks[label]
        said = [
            f"{payload} {attack.marker}.",
            f"{attack.text} {attack.marker}.",
            f"{attack.text}, that is {payload} {attack.marker}.",
            f"“{attack.text}.” {attack.marker}",
        ]
        others = [s.marker for other, s in self.firsts.items() if other not in self.attacks]
        return said + [f"{payload} {marker}." for marker in others[:1]]

    def _one_by_one(self) -> list[str]:
        """Of every hostile paper the first sentence, of every one the second, and so on."""
        of_each = [self._obeying(label) for label in self.attacks]
        return [text for text in chain(*zip_longest(*of_each)) if text]

    def answer(self) -> str:
        """A streamed answer: Markdown of every shape."""
        blocks = [*self.true[:2], *self._one_by_one()]
        for label, payload in self.payloads.items():
            marker = self.attacks[label].marker
            blocks += [
                f"# {payload} {marker}",
                f"- {payload} {marker}\n- **{payload}** {marker}",
                f"| a | b |\n|---|---|\n| {payload} {marker} | {payload} |",
                f"> {payload} {marker}",
                f"Sources: {payload}",
                f"```\n{payload}\n```\n{payload} {marker}.",
            ]
        return "\n\n".join(blocks)

    def comparison(self) -> dict[str, Any]:
        """A table whose cells, rows and summary are the payload's."""

        def row(aspect: str, number: int) -> dict[str, Any]:
            texts = {label: self._obeying(label)[number] for label in self.attacks}
            texts |= {s.label: f"{s.text} {s.marker}." for s in self.firsts.values() if s.label not in texts}
            return {"aspect": aspect, "cells": [{"paper": label, "text": text} for label, text in texts.items()]}

        rows = [row(aspect, number) for number, aspect in enumerate(_ASPECTS[: 5 if len(self.firsts) > 1 else 4])]
        for payload in self.payloads.values():
            rows += [row(payload[:60], 1), row(f"Winner {payload}"[:60], 1)]
        everywhere = ", ".join(s.marker.strip("[]") for s in {**self.firsts, **self.attacks}.values())
        both = [f"{payload} [{everywhere}]." for payload in self.payloads.values()]
        return {"rows": rows, "summary": [*self._one_by_one(), *both]}

    def digest(self) -> dict[str, Any]:
        """A section whose title is the payload, and sentences and lines with it."""
        title = next(iter(self.payloads.values()), "Small systems do well").strip()
        lines = [self._obeying(label)[self.turn % 3] for label in self.attacks]
        return {"title": title, "sentences": self._one_by_one() or self.true[:3], "lines": [*lines, *self.true]}

"""What is known about a server and a model before a call: the request shapes it accepts, learnt once, and its price.

Reads and writes one small file in the library's folder; makes no call.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from index.safety.permissions import private_folder, write_private

FILE = "servers.json"
SHAPES = ("json_schema", "json_object", "text")


@dataclass
class Habits:
    """What a server accepts for a model: the `shape` of structured output (None: not learnt yet), and the parts that
    requests must go `without` (`stream_options`, `system`, the `bounds` of a schema); `path` is what the address lacked
    (`/v1`)."""

    file: Path
    name: str
    shape: str | None = None
    without: set[str] = field(default_factory=set)
    path: str = ""

    def keep(self) -> None:
        """Save them for the next run; if that is not possible, the next run learns them again."""
        known = _read(self.file)
        known[self.name] = {"shape": self.shape, "without": sorted(self.without), "path": self.path}
        try:
            private_folder(self.file.parent)
            write_private(self.file, json.dumps(known, indent=1))
        except OSError:
            return


def _read(file: Path) -> dict[str, Any]:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def habits_of(home: Path, server: str, model: str) -> Habits:
    """What earlier runs have learnt about a server and a model."""
    name = f"{server} {model}"
    known = _read(home / FILE).get(name)
    habits = Habits(home / FILE, name)
    if isinstance(known, dict):
        habits.shape = known.get("shape") if known.get("shape") in SHAPES else None
        habits.path = "/v1" if known.get("path") == "/v1" else ""
        habits.without = {str(what) for what in known.get("without") or ()}
    return habits


@cache
def _prices() -> dict[str, dict[str, float]]:
    table = json.loads(Path(__file__).parents[1].joinpath("prices.json").read_text(encoding="utf-8"))
    models: dict[str, dict[str, float]] = table["models"]
    return models


def price(model: str, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0) -> float | None:
    """The price in US dollars of some tokens of a model, from the table in `prices.json` (per million tokens); None for
    a model that is not in it. A date after the model's name or a provider before it is ignored."""
    name = re.sub(r"-\d{4}-\d{2}-\d{2}$", "", model.removeprefix("openai/"))
    if (prices := _prices().get(name)) is None:
        return None
    fresh = max(prompt_tokens - cached_tokens, 0)
    total = fresh * prices["input"] + cached_tokens * prices["cached"] + completion_tokens * prices["output"]
    return total / 1_000_000

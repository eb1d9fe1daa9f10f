"""What the LLM is told: one Markdown file per prompt, in plain words, with variables as {{name}}.

A name and variables in, text out; this package knows nothing of jobs or models.
"""

import re
import secrets
from functools import cache
from pathlib import Path

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@cache
def _template(name: str) -> str:
    path = Path(__file__).with_name(f"{name}.md")
    if not re.fullmatch(r"[\w-]+", name) or not path.is_file():
        raise ValueError(f"there is no prompt named {name!r}")
    return path.read_text(encoding="utf-8").strip()


def load(name: str, **variables: str) -> str:
    """The text of `prompts/NAME.md` with every {{variable}} filled in; {{...}} inside a value stays as it is. Raises
    ValueError, naming it, for a prompt that does not exist, and for a variable that is missing or not in the prompt."""
    template = _template(name)
    wanted = set(_VARIABLE.findall(template))
    if missing := sorted(wanted - variables.keys()):
        raise ValueError(f"the prompt {name!r} needs {', '.join(missing)}")
    if unknown := sorted(variables.keys() - wanted):
        raise ValueError(f"the prompt {name!r} has no {', '.join(unknown)}")
    return _VARIABLE.sub(lambda found: variables[found[1]], template)


def fenced(text: str) -> str:
    """The text of papers, between two lines that no paper can contain: their name is new for each call. It has nine
    digits, which always take the same number of tokens."""
    return load("papers", fence=f"{secrets.randbelow(10**9):09}", papers=text)

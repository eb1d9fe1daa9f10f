"""What is said to the LLM: one Markdown file per job, in plain words, with variables as {{name}}.

Knows nothing of jobs or models: a name and variables in, text out.
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
    """The text of `prompts/NAME.md` with every {{variable}} filled in; what a variable holds is never filled
    in itself. Raises ValueError that names a missing prompt, a missing variable or one the prompt lacks."""
    template = _template(name)
    wanted = set(_VARIABLE.findall(template))
    if missing := sorted(wanted - variables.keys()):
        raise ValueError(f"the prompt {name!r} needs {', '.join(missing)}")
    if unknown := sorted(variables.keys() - wanted):
        raise ValueError(f"the prompt {name!r} has no {', '.join(unknown)}")
    return _VARIABLE.sub(lambda found: variables[found[1]], template)


def fenced(text: str) -> str:
    """What papers say, between two lines that none of them can hold: their name is another one for each call. Its nine
    digits take the same number of tokens whatever they are."""
    return load("papers", fence=f"{secrets.randbelow(10**9):09}", papers=text)

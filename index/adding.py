"""Which paper of the record a new one is, and what becomes of the two.

Two given ids never merge. A record without an id (its id is made of its title) is the paper of the same title that
has one, whichever came first.
"""

from dataclasses import fields

from index.paper import Paper
from index.records import Record

_LARGEST = 2**63


def has_given_id(paper: Paper) -> bool:
    """Whether the id came with the paper, or was found in its link: not made of its title."""
    return not paper.id.startswith("title:")


def known_as(record: Record, paper: Paper) -> Paper | None:
    """The paper of the record that a new one is: by its id or an old one, else by its title where one of the two
    has no id. Of several with that title, the one with the same abstract, else the first."""
    if found := record.find(paper.id):
        return found
    same_title = record.of_title(paper.title)
    if has_given_id(paper):
        return next((old for old in same_title if not has_given_id(old)), None)
    return next((old for old in same_title if old.abstract == paper.abstract), next(iter(same_title), None))


def merged(old: Paper, new: Paper) -> Paper:
    """What the record holds when `new` comes for `old`: the new values where there are any, else the old ones, and
    the given id."""
    values = {}
    for name in (field.name for field in fields(Paper)):
        value = getattr(new, name)
        values[name] = getattr(old, name) if value in (None, (), "") else value
    values["id"] = old.id if has_given_id(old) or not has_given_id(new) else new.id
    return Paper(**values)


def why_not(paper: Paper) -> str | None:
    """Why a paper cannot be stored; None where it can."""
    if not paper.title:
        return "it has no title"
    if not paper.sentences:
        return "it has no abstract"
    for name, value in paper.to_dict().items():
        texts = value if isinstance(value, list) else [value]
        try:
            "".join(text for text in texts if isinstance(text, str)).encode()
        except UnicodeEncodeError:
            return f"its {name} holds a broken character (half of a pair) that cannot be stored"
        if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
            return f"its {name} is too large a number"
    return None

"""The rows that a question wants a comparison in: "by data set, hardware and open code", "in terms of speed".

Titles contain "by" and "on" as well: which reading of a question holds is for the one that looks its papers up.
"""

import re
from collections.abc import Iterator

from assistant.question.intent import content_stems

MOST, LONGEST = 12, 8  # rows, and words of each: more is a sentence
_PLAINLY = re.compile(
    r",?\s(?:in\sterms\sof|with\s(?:respect|regard)\sto|regarding|when\sit\scomes\sto|with\s(?:the\s)?rows:?"
    r"|(?<=\sdiffer\s)in)\s(?P<rows>.+)",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"(?:,?\s(?:by|on)|(?P<colon>:))\s", re.IGNORECASE)
_WITHIN = re.compile(
    r"(?P<before>.*(?:\bcompare|\bdifferences?))\s(?:in|the)\s(?P<rows>.+?)\s(?:of|(?P<between>between))\s(?P<after>.+)",
    re.IGNORECASE,
)
_PLEASE = re.compile(r",?\splease$", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][a-z]+\b")  # "by Meta" says whose a paper is


def with_plain_rows(question: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A question without the words that plainly name rows, and these rows; no rows if they are not usable."""
    asked = _asked(question)
    if found := _PLAINLY.search(asked):
        yield asked[: found.start()], _rows_in(found["rows"])


def with_likely_rows(question: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ways to read a question as one with rows where its words may also be part of a title, the longest titles
    first: the question without the rows, and the rows."""
    asked = _asked(question)
    for cut in reversed(list(_PERHAPS.finditer(asked))):
        told = asked[cut.end() :]
        rows = _rows_in(told)
        if rows and (";" in told or not (cut["colon"] or any(map(_NAME.match, rows)))):
            yield asked[: cut.start()], rows
    found = _WITHIN.fullmatch(asked)
    if found and (rows := _rows_in(found["rows"])) and not any(map(_NAME.match, rows)):
        yield f"{found['before']} {found['between'] or ''} {found['after']}".replace("  ", " "), rows


def _asked(question: str) -> str:
    return _PLEASE.sub("", question.rstrip("?.! "))


def _rows_in(text: str) -> tuple[str, ...]:
    """The names of rows between semicolons, else between commas and "and"; none if one of them is no name of a row."""
    parts = text.split(";") if ";" in text else re.split(r",\s(?:and\s)?|\s(?:and|&)\s", text)
    rows = tuple(
        re.sub(r"^(?:and\s)?(?:(?:the|their|its|both)\s)?", "", part.strip()) for part in parts if part.strip()
    )
    usable = all(len(row.split()) <= LONGEST and content_stems(row) for row in rows)
    return rows if usable and len(rows) <= MOST else ()

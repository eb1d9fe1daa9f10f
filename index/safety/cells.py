"""Cells that a spreadsheet might run as a formula: marked on the way out, told by the mark on the way in."""

import re

_FORMULA = re.compile(
    r"'*(?:\t|\s*[=+\-@\u2212\u207a\u207b\u207c\u208a\u208b\u208c\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20])"
)


def guarded(cell: str) -> str:
    """A cell with an apostrophe in front where a spreadsheet might run it, or might once an apostrophe is off."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

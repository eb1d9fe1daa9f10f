"""Whether the record's file is whole. Checking all of it costs 25 CPU s for a million papers and a quarter of a second
for ten thousand, so it is done when the file is not as this program last left it, and when somebody asks.

A note beside the record, `record.seen`, has the file's size and time of change as they were when it was last found or
left whole. A kill leaves an older note, which costs one check.
"""

import contextlib
import json
import sqlite3
from itertools import groupby
from pathlib import Path

from index.english import count_of
from index.readable import readable
from index.safety.permissions import write_private
from index.safety.system_errors import is_damage
from index.storage.chunks import chunk_text, text_hash_of
from index.storage.record import Record

NOTE = "record.seen"


def damage_of(record: Record) -> str:
    """What is wrong with the record's file, in SQLite's words; empty if nothing is, or if it is as it was last left."""
    if _seen(record.file) == _stamp(record.file):
        return ""
    found = quick_check(record)
    if not found:
        note_whole(record.file)
    return found


def note_whole(file: Path) -> None:
    """Notes that the record's file is whole as it is now; not where that cannot be written."""
    stamp = _stamp(file)
    if stamp and stamp != _seen(file):
        with contextlib.suppress(OSError):
            write_private(file.with_name(NOTE), json.dumps(stamp))


def problems(record: Record) -> list[str]:
    """What is wrong with the record as a whole, one sentence each: its pages, and the text of its sentences and
    titles, of which the chunks keep a hash."""
    if found := quick_check(record):
        return [f"The record is damaged: {found}."]
    query = """SELECT c.id, c.text_hash, p.id, p.title, s.text FROM chunks c JOIN papers p ON p.number = c.paper
               JOIN sentences s ON s.paper = c.paper AND s.number BETWEEN c.first AND c.last ORDER BY c.id, s.number"""
    wrong: dict[str, None] = {}
    try:
        rows = record.connection().execute(query)
        for (_, text_hash, paper, title), sentences in groupby(rows, key=lambda row: row[:4]):
            text = chunk_text(title, [row[4] for row in sentences])
            if readable(title) == title and text_hash_of(text) != text_hash:  # a title's form may follow the version
                wrong[paper] = None
    except sqlite3.Error as error:
        return [f"The record is damaged: {error}."]
    if not wrong:
        return []
    some = ", ".join(list(wrong)[:3])
    return [f"The record is damaged: the text of {count_of(len(wrong), 'paper')} is not what was stored ({some})."]


def quick_check(record: Record) -> str:
    """What is wrong with the pages of a record's file, in SQLite's words; empty if nothing is."""
    try:
        rows = record.connection().execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        return str(error)
    return "" if rows == [("ok",)] else " ".join(str(rows[0][0]).split())


def _stamp(file: Path) -> list[int]:
    with contextlib.suppress(OSError):
        found = file.stat()
        return [found.st_size, found.st_mtime_ns]
    return []


def _seen(file: Path) -> list[int]:
    with contextlib.suppress(OSError, ValueError):
        seen = json.loads(file.with_name(NOTE).read_text(encoding="ascii"))
        return seen if isinstance(seen, list) else []
    return []

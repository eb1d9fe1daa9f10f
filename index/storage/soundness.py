"""Whether Chroma's files are whole, told from the files themselves. A full disk or a quota can cut one short without
an error that reaches us, and a checksum taken after that only proves that it has not changed since.

The format of the vector files is that of hnswlib as Chroma 1.5 writes it (`persistDirty` in its hnswalg.h): the header
gives the number of vectors and the bytes of each.
"""

import contextlib
import re
import sqlite3
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from index.safety.system_errors import is_damage

T = TypeVar("T")

_HEADER = struct.Struct("<iQQQQ")  # version, offset, room, vectors, bytes of each
_VERSION = 1
_PICKLE_ENDS = b"."
_EMPTY_LISTS = re.compile(rb"(?:\0{4})+")  # of most vectors; one by one they would take the time of an addition


def vector_files_hold(folder: Path, count: int) -> bool:
    """Whether the vector files of one generation are as long as `count` vectors need, each to its end."""
    return any(_holds(header.parent, count) for header in folder.glob("*/header.bin")) if count else True


def _holds(folder: Path, count: int) -> bool:
    try:
        version, _, _, vectors, size = _HEADER.unpack((folder / "header.bin").read_bytes()[: _HEADER.size])
        if version != _VERSION:
            return True  # a format that is not known here: the checksums and the sample must do
        names = (folder / "index_metadata.pickle").read_bytes()
        return bool(
            vectors >= count
            and (folder / "data_level0.bin").stat().st_size >= vectors * size
            and (folder / "length.bin").stat().st_size >= 4 * vectors
            and names.endswith(_PICKLE_ENDS)
            and _links(folder / "link_lists.bin") >= vectors
        )
    except (OSError, struct.error):
        return False


def _links(file: Path) -> int:
    """How many vectors have their whole list of links in a file: the bytes of each list stand before it."""
    content, at, lists = file.read_bytes(), 0, 0
    while at + 4 <= len(content):
        if empty := _EMPTY_LISTS.match(content, at):
            lists += (empty.end() - at) // 4
            at = empty.end()
        else:
            at += 4 + int.from_bytes(content[at : at + 4], "little")
            lists += at <= len(content)
    return lists


def chroma_file_holds(file: Path, count: int) -> bool:
    """Whether Chroma's SQLite file can be read and has `count` chunks; Chroma itself need not be imported. One that is
    being written now passes."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as sql:
            return bool(sql.execute("SELECT count(*) FROM embeddings").fetchone()[0] == count)
    except sqlite3.Error as error:
        return not (is_damage(error) or "no such table" in str(error))


def spread(things: Sequence[T], most: int) -> list[T]:
    """At most so many of some things, evenly spread over the whole, the first and the last among them."""
    if len(things) <= most:
        return list(things)
    return [things[round(i * (len(things) - 1) / (most - 1))] for i in range(most)]

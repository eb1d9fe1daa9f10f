"""Bytes -> text, however they are compressed or encoded: gzip, BOMs, UTF-16, old single-byte files.

Knows nothing of papers. Refuses what is not text at all.
"""

import codecs
import gzip
import io
import re
import zlib

from index.errors import TooLarge
from index.safety.limits import UNPACKED

_GZIP_MAGIC = b"\x1f\x8b"
_PIECE = 1 << 20  # bytes unpacked at once
_BOMS = (  # each codec reads its own marks; UTF-32 before UTF-16, whose mark is a prefix of one of its
    ((codecs.BOM_UTF8,), "utf-8-sig"),
    ((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32"),
    ((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def unpacked(data: bytes) -> bytes | bytearray:
    """The content of gzip data, all members of it; other data unchanged. Raises ValueError for damaged data, and
    TooLarge as soon as there are more than UNPACKED bytes."""
    if not data.startswith(_GZIP_MAGIC):
        return data
    content = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while piece := file.read(_PIECE):
                content += piece
                if len(content) > UNPACKED:
                    raise TooLarge(f"is larger than {UNPACKED >> 20} MB unpacked: split it and add the parts")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"is gzip data that is damaged or was cut off ({error})") from None
    return content


def decoded(data: bytes | bytearray) -> str:
    """The text of some bytes: as their byte order mark says, as UTF-16 if every other byte is null, as UTF-8, or else
    as Windows-1252. Raises ValueError if they are not text."""
    for marks, encoding in _BOMS:
        if data.startswith(marks):
            return data.decode(encoding, "replace")
    head = data[:1000]
    if len(head) > 3 and (head[1::2].count(0) > len(head) * 0.4 or head[::2].count(0) > len(head) * 0.4):
        return data.decode("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if len(_CONTROL.findall(text[:10_000])) > len(text[:10_000]) // 100:
        raise ValueError("is not a text")
    return text


def mended(text: str) -> str:
    """A text without surrogates, which cannot be stored: a pair becomes the character it encodes, a lone one the
    replacement character."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

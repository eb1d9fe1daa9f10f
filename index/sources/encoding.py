"""Bytes -> text, whatever packed or encoded them: gzip, BOMs, UTF-16, old single-byte files.

Knows nothing of papers. What is not a text at all is said to be so.
"""

import codecs
import re
import zlib

LARGEST = 1 << 30  # bytes, unpacked: a small .gz must not fill the memory

_GZIP_MAGIC = b"\x1f\x8b"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def unpacked(data: bytes) -> bytes:
    """The content of gzip data, of all its members; other data as it is. Raises ValueError for damaged data."""
    content = bytearray()
    while data.startswith(_GZIP_MAGIC):
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            content += unpacker.decompress(data, LARGEST - len(content) + 1)
        except zlib.error as error:
            raise ValueError(f"is damaged gzip data ({error})") from None
        if len(content) > LARGEST:
            raise ValueError(f"is larger than {LARGEST >> 20} MB unpacked")
        if not unpacker.eof:
            raise ValueError("is gzip data that was cut off")
        data = unpacker.unused_data  # another member, or padding
    return bytes(content) or data


def decoded(data: bytes) -> str:
    """The text of data: by its byte order mark, as UTF-16 where every other byte is null, as UTF-8, else as Windows'
    Western European. Raises ValueError for what is not a text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
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
    """A text without lone surrogates, which nothing can store: a pair of them becomes the character it stands for,
    one alone the replacement character."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

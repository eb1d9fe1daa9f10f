"""Bytes -> text, however they are compressed or encoded: gzip, BOMs, UTF-16, legacy encodings, garbled text.

Knows nothing of papers. Refuses what is not text at all, and text whose encoding is uncertain.
"""

import codecs
import contextlib
import gzip
import io
import re
import zlib

from index.errors import TooLarge
from index.safety.limits import UNPACKED
from index.sources.told_encoding import NAMES, codec, guesses, told_encoding

_GZIP_MAGIC = b"\x1f\x8b"
_PIECE = 1 << 20  # bytes unpacked at once
_BOMS = (  # each codec reads its own marks; UTF-32 before UTF-16, whose mark is a prefix of one of its
    ((codecs.BOM_UTF8,), "utf-8-sig"),
    ((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32"),
    ((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LETTERS = re.compile(
    "[\t\n\r -~\u00a0-\u017f\u0370-\u04ff\u2010-\u2026\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]"
)
_BEHIND = (
    "\u0080-\u00bf\u20ac\u201a-\u201e\u2018-\u2026\u2030\u2039\u203a"
    "\u0192\u02c6\u02dc\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u2122"
)
_TWICE = re.compile(f"[\u00c2-\u00c5\u00ce-\u00d1\u00e2-\u00ef][{_BEHIND}]")  # UTF-8 decoded as Windows-1252
_ICONV = {"cp949": "CP949", "big5": "BIG5", "shift_jis": "SHIFT_JIS", "utf_16": "UTF-16"}
_ESCAPES = {b"\x1b$B": "iso-2022-jp", b"\x1b$@": "iso-2022-jp", b"\x1b$)C": "iso-2022-kr"}  # these switch scripts
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


def decoded(data: bytes | bytearray, before: int = 0) -> tuple[str, tuple[str, ...]]:
    """The text of some bytes, and notices on how they were read; none for valid UTF-8. `before`: how many lines of the
    file come before them. Raises ValueError if they are not text, and if their encoding is uncertain, with the best
    guesses."""
    for marks, encoding in _BOMS:
        if data.startswith(marks):
            return data.decode(encoding, "replace"), ()
    if wide := _wide(data):
        return _checked(data.decode(wide, "replace")), (f"read as {wide.upper()}",)
    for escape, name in _ESCAPES.items():
        if escape in data:
            with contextlib.suppress(UnicodeDecodeError):
                return data.decode(name), (f"read as {name.upper()}",)
    notices: tuple[str, ...] = ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text, notices = _not_utf_8(data, before + data.count(b"\n", 0, error.start) + 1)
    text = _checked(text)
    if _TWICE.search(text):
        text, lines = _repaired(text)
        if lines:
            where = f"{lines:,} line{'s' * (lines > 1)}"
            notices += (f"garbled text (such as “Ã©” for “é”) was repaired in {where}",)
    return text, notices


def with_replacements(data: bytes | bytearray, line: int) -> tuple[str, str]:
    """UTF-8 with some invalid bytes: its text, and a notice that says how many they are and the first line with one."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    one, many = f"1 byte that is not UTF-8 (in line {line:,}) was", f"(the first in line {line:,}) were"
    said = one if broken == 1 else f"{broken:,} bytes that are not UTF-8 {many}"
    return text, f"{said} replaced by “\ufffd”"


def _checked(text: str) -> str:
    if len(_CONTROL.findall(text[:10_000])) > len(text[:10_000]) // 100:
        raise ValueError("is not a text")
    return text


def _wide(data: bytes | bytearray) -> str | None:
    """The kind of UTF-16 without a mark: there are null bytes, and the text makes sense in only one byte order."""
    head = bytes(data[:20_000])
    if len(data) % 2 or b"\0" not in head:
        return None
    shares = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        shares[encoding] = len(_LETTERS.findall(text)) / len(text)
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > 0.95 and min(shares.values()) < 0.8 else None


def _not_utf_8(data: bytes | bytearray, line: int) -> tuple[str, tuple[str, ...]]:
    """Text that is not valid UTF-8: UTF-8 with a few invalid bytes, or another encoding. Raises ValueError."""
    text, notice = with_replacements(data, line)
    if len(_WHOLE.findall(data)) >= 10 * text.count("\ufffd"):
        return text, (notice,)
    if _CONTROL.search(text[:10_000]):
        return _checked(data.decode("latin-1")), ()  # raises if there are many
    if name := told_encoding(data):
        return data.decode(codec(name)), (f"read as {NAMES[name]}",)
    might = [*guesses(data), "cp1252"][:3]
    shown = ", ".join(dict.fromkeys(might))
    raise ValueError(
        f"is not UTF-8, and its encoding is uncertain (perhaps {shown}): convert it, for example with "
        f"`iconv -f {_ICONV.get(might[0], might[0])} -t utf-8 FILE > NEW`, and add the result"
    )


def _repaired(text: str) -> tuple[str, int]:
    """Lines of UTF-8 that were once decoded as something else, repaired if that is certain; and how many they were."""
    from ftfy import TextFixerConfig, fix_encoding

    careful = TextFixerConfig(
        restore_byte_a0=False, replace_lossy_sequences=False, decode_inconsistent_utf8=True, fix_c1_controls=False
    )
    lines, repaired = text.split("\n"), 0
    for place, line in enumerate(lines):
        if _TWICE.search(line) and (right := fix_encoding(line, careful)) != line and not _TWICE.search(right):
            lines[place], repaired = right, repaired + 1
    return "\n".join(lines), repaired


def mended(text: str) -> str:
    """A text without surrogates, which cannot be stored: a pair becomes the character it encodes, a lone one the
    replacement character."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

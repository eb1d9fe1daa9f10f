"""Bytes -> text, whatever packed or encoded them: gzip, BOMs, UTF-16, old encodings, text that was read wrongly before.

Knows nothing of papers. What is not a text at all is said to be so; an encoding that cannot be told is refused.
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
_PIECE = 1 << 20  # bytes that are unpacked at once
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
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
_TWICE = re.compile(f"[\u00c2-\u00c5\u00ce-\u00d1\u00e2-\u00ef][{_BEHIND}]")  # UTF-8 that was read as Windows-1252
_ICONV = {"cp949": "CP949", "big5": "BIG5", "shift_jis": "SHIFT_JIS", "utf_16": "UTF-16"}
_ESCAPES = {
    b"\x1b$B": "iso-2022-jp",
    b"\x1b$@": "iso-2022-jp",
    b"\x1b$)C": "iso-2022-kr",
}  # how they change to a script
_SURROGATE = re.compile("[\ud800-\udfff]")


def unpacked(data: bytes) -> bytes | bytearray:
    """The content of gzip data, of all its members; other data as it is. Raises ValueError for damaged data, and for
    more than UNPACKED bytes as soon as there are so many."""
    if not data.startswith(_GZIP_MAGIC):
        return data
    content = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while piece := file.read(_PIECE):
                content += piece
                if len(content) > UNPACKED:
                    raise TooLarge(f"is larger than {UNPACKED >> 20} MB unpacked: split it and give the parts")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"is gzip data that is damaged or was cut off ({error})") from None
    return content


def decoded(data: bytes | bytearray) -> tuple[str, tuple[str, ...]]:
    """The text of data, and what there is to say about how it was read (nothing for sound UTF-8). Raises ValueError
    for what is not a text, and where its encoding cannot be told, with the best guesses."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return str(memoryview(data)[len(mark) :], encoding, "replace"), ()
    if wide := _wide(data):
        return _a_text(data.decode(wide, "replace")), (f"read as {wide.upper()}",)
    for escape, name in _ESCAPES.items():
        if escape in data:
            with contextlib.suppress(UnicodeDecodeError):
                return data.decode(name), (f"read as {name.upper()}",)
    notices: tuple[str, ...] = ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text, notices = _otherwise(data, error.start)
    text = _a_text(text)
    if _TWICE.search(text):
        text, lines = _read_once(text)
        if lines:
            where = f"{lines:,} line{'s' * (lines > 1)}"
            notices += (f"text that was read in a wrong encoding before (as “Ã©” for “é”) was mended in {where}",)
    return text, notices


def _a_text(text: str) -> str:
    if len(_CONTROL.findall(text[:10_000])) > len(text[:10_000]) // 100:
        raise ValueError("is not a text")
    return text


def _wide(data: bytes | bytearray) -> str | None:
    """UTF-16 without its mark: null bytes, and only one side of them makes a text."""
    head = bytes(data[:20_000])
    if len(data) % 2 or b"\0" not in head:
        return None
    shares = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        shares[encoding] = len(_LETTERS.findall(text)) / len(text)
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > 0.95 and min(shares.values()) < 0.8 else None


def _otherwise(data: bytes | bytearray, first: int) -> tuple[str, tuple[str, ...]]:
    """Text that is not sound UTF-8: UTF-8 with a few broken bytes, or another encoding. Raises ValueError."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(_WHOLE.findall(data))
    if sound >= 10 * broken:
        line = data.count(b"\n", 0, first) + 1
        found = "1 byte that is" if broken == 1 else f"{broken:,} bytes that are"
        return text, (f"{found} no UTF-8 (first in line {line:,}) became “\ufffd”",)
    if _CONTROL.search(text[:10_000]):
        return _a_text(data.decode("latin-1")), ()  # raises where they are many
    if name := told_encoding(data):
        return data.decode(codec(name)), (f"read as {NAMES[name]}",)
    might = [*guesses(data), "cp1252"][:3]
    shown = ", ".join(dict.fromkeys(might))
    raise ValueError(
        f"is not UTF-8, and its encoding cannot be told for sure (perhaps {shown}): convert it, for instance with "
        f"`iconv -f {_ICONV.get(might[0], might[0])} -t utf-8 FILE > NEW`, and add that"
    )


def _read_once(text: str) -> tuple[str, int]:
    """Lines that were UTF-8 and read as something else, read aright where that is certain; and how many they were."""
    from ftfy import TextFixerConfig, fix_encoding

    careful = TextFixerConfig(
        restore_byte_a0=False, replace_lossy_sequences=False, decode_inconsistent_utf8=True, fix_c1_controls=False
    )
    lines, mended_lines = text.split("\n"), 0
    for place, line in enumerate(lines):
        if _TWICE.search(line) and (right := fix_encoding(line, careful)) != line and not _TWICE.search(right):
            lines[place], mended_lines = right, mended_lines + 1
    return "\n".join(lines), mended_lines


def mended(text: str) -> str:
    """A text without lone surrogates, which nothing can store: a pair of them becomes the character it stands for,
    one alone the replacement character."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

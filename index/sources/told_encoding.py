"""The encoding of a text that is not UTF-8: recognised by what its bytes spell, or not at all.

A reading counts only if all others are gibberish: the common characters of a script fill the first rows of its
encoding, Cyrillic has its frequent letters and one case a word, accents of Western Europe stand alone between ASCII
letters. What is uncertain is refused; charset-normalizer then suggests what it might be.
"""

import re
from collections.abc import Callable

_SAMPLE = 200_000  # bytes, of the lines that are not ASCII
_FEWEST = 6  # characters that tell a script
_CLEAR, _GIBBERISH = 0.93, 0.80  # shares of the common characters

_HIGH = re.compile(rb"[\x80-\xff]")
_KANA, _HAN, _HANGUL = "[\u3041-\u30fe]", "[\u4e00-\u9fff]", "[\uac00-\ud7a3]"
_FULL_WIDTH = "[\u3000-\u303f\uff01-\uff5e\u2010-\u2026\u00b7\u30fb\u30fc]"
_CYRILLIC_WORD = re.compile("[\u0400-\u04ff]{2,}")
_ONE_CASE = re.compile("[\u0400-\u04ff]?[\u0430-\u045f]+|[\u0400-\u042f]+")
_FREQUENT = frozenset("оеаинтсрвлкмдпуяыьгзбчйіїєъ")
_NOT_RUSSIAN = re.compile(
    "[\u2500-\u25ff\u0402\u0403\u0409\u040a\u040b\u040c\u040f\u0452\u0453\u0459-\u045c\u045f]"
)  # of other encodings

NAMES = {"gb18030": "GB18030", "big5": "Big5", "shift_jis": "Shift-JIS", "euc_jp": "EUC-JP", "euc_kr": "EUC-KR",
         "koi8_r": "KOI8-R", "cp1251": "Windows-1251", "cp1252": "Windows-1252 (Western European)",
         "cp1250": "Windows-1250 (Central European)"}  # fmt: skip
_CODECS = {"shift_jis": "cp932", "euc_kr": "cp949", "big5": "cp950"}  # with what Windows added


_USUAL = ["gb18030", "big5", "cp932", "euc_jp", "cp949", "koi8_r", "koi8_u", "cp1250", "cp1251", "cp1252",
          "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp866", "cp850", "cp852", "mac_roman"]  # fmt: skip


def told_encoding(data: bytes | bytearray) -> str | None:
    """The name of the encoding (a key of NAMES) of a text that is not UTF-8; None if it is uncertain."""
    sample = _sample(data)
    shares = {name: share for name in _SHARES if (share := _share(name, sample)) is not None}
    clear = [name for name, share in shares.items() if share >= _CLEAR]
    if len(clear) == 1 and all(share < _GIBBERISH for name, share in shares.items() if name not in clear):
        return clear[0] if _decodes(data, clear[0]) else None
    if clear or any(share >= _GIBBERISH for share in shares.values()):
        return None
    western = _western(sample)
    return western if western and _decodes(data, western) else None


def guesses(data: bytes | bytearray) -> list[str]:
    """What the encoding may be, the likeliest first; possibly nothing."""
    from charset_normalizer import from_bytes

    found = [match.encoding for match in from_bytes(_sample(data)[:20_000], cp_isolation=_USUAL)]
    return list(dict.fromkeys(found))[:3]


def codec(name: str) -> str:
    """Python's codec for an encoding."""
    return _CODECS.get(name, name)


def _decodes(data: bytes | bytearray, name: str) -> bool:
    try:
        data.decode(codec(name))
    except UnicodeDecodeError:
        return False
    return True


def _sample(data: bytes | bytearray) -> bytes:
    """The lines that are not ASCII, as many as are enough."""
    lines, size = [], 0
    for line in bytes(data).splitlines():
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(lines)


def _share(name: str, sample: bytes) -> float | None:
    """How much of what is not ASCII is typical of the encoding's language; None if it is not such a text."""
    try:
        text = sample.decode(codec(name))
    except UnicodeDecodeError:
        return None
    return _SHARES[name](text)


def _in_rows(text: str, encoding: str, rows: range) -> int:
    """How many ideographs stand in the rows of an encoding that hold the common ones."""
    return sum(c.encode(encoding, "replace")[0] in rows for c in re.findall(_HAN, text))


def _other(text: str) -> int:
    return sum(ord(c) > 0x7F for c in text) - len(re.findall(_FULL_WIDTH, text))


def _chinese(encoding: str, rows: range) -> Callable[[str], float | None]:
    def share(text: str) -> float | None:
        all_, han = _other(text), len(re.findall(_HAN, text))
        if han < _FEWEST or all_ <= 0:
            return None
        korean = text.encode("gb18030").decode("euc_kr", "replace") if encoding == "gb2312" else ""
        if korean and len(re.findall(_HANGUL, korean)) >= 0.95 * han:
            return None  # the common syllables of Korean are ideographs of Chinese, in the first rows all of them
        if encoding == "big5" and sum(c.encode("cp950")[1] < 0x80 for c in re.findall(_HAN, text)) < 0.15 * han:
            return None  # a second byte that other encodings do not have is in two of five of its characters
        return min(1.0, _in_rows(text, encoding, rows) / all_)

    return share


def _japanese(text: str) -> float | None:
    all_, kana, han = _other(text), len(re.findall(_KANA, text)), len(re.findall(_HAN, text))
    if kana + han < _FEWEST or kana < 0.15 * (kana + han):
        return None
    kana -= len(re.findall("[\u30fb\u30fc]", text))
    return min(1.0, (kana + _in_rows(text, "euc_jp", range(0xB0, 0xD0))) / max(all_, 1))


def _korean(text: str) -> float | None:
    all_, hangul = _other(text), len(re.findall(_HANGUL, text))
    if hangul < _FEWEST:
        return None
    spaced = len(re.findall(f"{_HANGUL}[ ,.]", text))
    common = sum(len(c.encode("euc_kr", "replace")) == 2 for c in re.findall(_HANGUL, text))
    return common / max(all_, 1) if spaced * 12 >= hangul else None


def _cyrillic(text: str) -> float | None:
    words = _CYRILLIC_WORD.findall(text)
    letters = sum(map(len, words))
    if letters < 2 * _FEWEST or _NOT_RUSSIAN.search(text) or ("Я" in text and "я" not in text):
        return None
    if letters < 0.9 * sum(ord(c) > 0x7F and c.isalpha() for c in text):
        return None
    frequent = sum(letter in _FREQUENT for word in words for letter in word.lower()) / letters
    in_case = sum(len(word) for word in words if _ONE_CASE.fullmatch(word)) / letters
    small = sum(letter.islower() for word in words for letter in word) / letters
    vowels = sum(letter in "аеиоуыэюяіїєё" for word in words for letter in word.lower()) / letters
    rare = sum(letter in "йщъфэцхжш" for word in words for letter in word.lower()) / letters
    if vowels < 0.33 or rare > 0.16:
        return None
    return in_case * min(1.0, frequent / 0.8) * (1.0 if small > 0.5 else 0.5)


_SHARES: dict[str, Callable[[str], float | None]] = {
    "gb18030": _chinese("gb2312", range(0xB0, 0xD8)),
    "big5": _chinese("big5", range(0xA4, 0xC7)),
    "shift_jis": _japanese,
    "euc_jp": _japanese,
    "euc_kr": _korean,
    "koi8_r": _cyrillic,
    "cp1251": _cyrillic,
}

# -- European accents

_WEST = [frozenset(letters) for letters in (
    "àâçéèêëîïôùûüœæ", "áéíñóúüç", "áâãàçéêíóôõúü", "àèéìíòóù", "äöüß", "åäöæøé", "áéíóúýðþæö", "àçèéíïòóúü", "šžõäöü",
)]  # fmt: skip
_CENTRE = [frozenset(letters) for letters in (
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ", "äöüß",
)]  # fmt: skip
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_SIGNS = frozenset(  # of Windows', the same in all of its alphabets, and what stands beside them
    b"\x80\x82\x84\x85\x86\x87\x89\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xa7\xa9\xab\xac\xae\xb0\xb1\xb5\xb6\xb7\xbb"
)
_ALIKE = frozenset(b for b in range(0xC0, 0x100) if bytes([b]).decode("cp1252") == bytes([b]).decode("cp1250"))
_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœąęěůűőăı"
# contexts of a Western letter in which its Central European twin (è: č, ñ: ń, ê: ę, ø: ř, ã: ă, õ: ő, æ: ć) is unlikely
_SURELY_WEST = re.compile(
    r"[èÈ](?:[rtsnlmdvgcbpfh]+e|[rts]s?$|ce|que|$)|ñ[aeiouáéíóú]|[êÊ](?:t(?:e|r|$)|m(?:e|$)|ne|ch|ver|lo|nci|s$)|ã[oe]s?$|ã$"
    r"|õe|[oaiu]ù$|où|[^aeiouy\W][àìòù]$|^à$|[aeo]ï[vtsrqm]|[bcdfghjklmnprstvz][øØ][rdlnsvgbktm]|^Ø[a-z]|[lkbdrtv]æ[rnsdkgt]|^Æ"
)


# an opening quote behind a letter, a sign before one
_MISPLACED = re.compile(
    rb"[A-Za-z][\x82\x84\x8b\x91\x93]|[\x83\x86-\x89\x95\x98\x99\xa4-\xa6\xa8\xac-\xaf\xb1-\xb4\xb8-\xba\xbc-\xbe][A-Za-z]"
)


def _western(sample: bytes) -> str | None:
    """Windows-1252 or Windows-1250 for accents between ASCII letters, by what the words can be in either."""
    if not _signs_fit(sample):
        return None
    west = centre = open_ = 0
    for word in {w for w in _WORD.findall(sample) if _HIGH.search(w)}:
        word = word.strip(bytes(_SIGNS)).replace(b"\x92", b"'")
        for part in word.split(b"'"):
            if not _HIGH.search(part):
                continue
            if all(byte < 0x80 or byte in _ALIKE for byte in part):
                if not _may_be(part, "cp1252", _WEST) and not _may_be(part, "cp1250", _CENTRE):
                    return None
                continue
            in_west, in_centre = _may_be(part, "cp1252", _WEST), _may_be(part, "cp1250", _CENTRE)
            if not in_west and not in_centre:
                return None
            if in_west and (not in_centre or _SURELY_WEST.search(part.decode("cp1252"))):
                west += 1
            elif in_centre and not in_west:
                centre += 1
            else:
                open_ += 1
    if centre:
        return "cp1250" if not west and centre > open_ else None
    return "cp1252" if west >= open_ else None


def _signs_fit(sample: bytes) -> bool:
    """Whether no Windows sign but an apostrophe or a dash is inside a word, and accented letters are sparse."""
    high = len(_HIGH.findall(sample))
    letters = len(re.findall(rb"[A-Za-z]", sample))
    within = re.search(rb"[A-Za-z][\x80-\x8b\x91\x93-\x95\x98\x99\x9b\xa0-\xb8\xbb-\xbd\xbf\xd7\xf7][A-Za-z]", sample)
    if _MISPLACED.search(sample):
        return False
    return high * 3 <= letters + 2 * _FEWEST and not (within and within[0][1] not in b"\x85\xa0\xb7\xb5\xb1\xad")


def _may_be(part: bytes, encoding: str, languages: list[frozenset[str]]) -> bool:
    """Whether a word can be one of these languages: its letters, one case, vowels and consonants in turn."""
    try:
        word = part.decode(encoding).lstrip("¿¡")
    except UnicodeDecodeError:
        return False
    if not (word.islower() or word.isupper() or word[1:].islower() or re.search(r"[a-z][A-Z][a-z]", word)):
        return False
    letters = {letter for letter in word.lower() if letter > "\x7f"}
    if not any(letters <= language for language in languages):
        return False
    shape = "".join("v" if letter in _VOWELS else "c" for letter in word.lower())
    return "vvvv" not in shape and "ccccc" not in shape and ("v" in shape or len(shape) == 1) and not (
        encoding == "cp1252" and re.search(r"[aeiouáéíóúý][øìùòè][aeiouáéíóúý]", word.lower())
    )  # fmt: skip

r"""Typing conventions of LaTeX sources: dashes, quotes, ties, and commands that lost their backslash (`1.3times`).
Addresses are left alone.
"""

import re

_ADDRESS = r"(?P<address>(?:https?://|www\.)[^\s<>{}\"]+)"
_DASHES = re.compile(
    rf"""{_ADDRESS}
       | (?<![-\s!<])(?P<tight>--{{1,2}})(?![-\s>])      # word---word, 5--7
       | (?<=\s)(?P<loose>--{{1,2}})(?=\s)               # word -- word
       | (?<=[a-z]{{2}})(?P<closing>--{{1,2}})(?=\s)     # word-- word
    """,
    re.VERBOSE,
)
_TIE = re.compile(
    rf"""{_ADDRESS}
       | (?:(?<=\d)~(?=[A-Za-zµμΩ°\\(])                 # 5~ms
       |    (?<=[^\W\d_]{{2}})~(?=[\w\\(\[$@“"'])        # Fig~3, Claude Haiku~4.5
       |    (?<=[^\W_]{{2}})~(?=[^\W\d_])               # 3D~models
       |    (?<=[.,:;)\]%'’”])~(?=[\w\\(\[$@“"'])     # et al.~(2024)
       |    (?<=\b[A-Z])~(?=\d))                        # Task B~2
    """,
    re.VERBOSE,
)
_DOUBLE = re.compile(r"(?<!`)``(?!`)(?:(?P<text>[^`]{1,1000}?)(?:''|\")|(?=\w))")
_SINGLE = re.compile(r"(?<![\w`\\])`(?P<text>[^`'\s](?:[^`'\n]{0,200}[^`'\s])?)'(?![\w'])")
_CODE = re.compile(r"``(?:(?!''|\")[^`\n]){1,200}``")
# each starts with a literal word, which is found far faster than a lookbehind
_LOST = (
    ("times", re.compile(r"times(?<=\dtimes)(?![a-z])(?: (?=\d))?"), "×"),
    (" times ", re.compile(r" times (?=\d)(?<=\d times )"), "×"),
    ("sim", re.compile(r"sim(?<=\bsim)(?=\d[\d.,]*(?:[KMBT%×x]|times)?(?![\w.]*[a-z]))"), "∼"),
    ("pm", re.compile(r"pm(?<=\dpm)(?=\d)"), "±"),
    ("leq", re.compile(r"leq(?<=\bleq) ?(?=\d)"), "≤"),
    ("geq", re.compile(r"geq(?<=\bgeq) ?(?=\d)"), "≥"),
)


def _dash(found: re.Match[str]) -> str:
    if found["address"]:
        return found[0]
    return "—" if len(found[0]) == 3 else "–"


def _double(found: re.Match[str]) -> str:
    return "“" if found["text"] is None else f"“{found['text']}”"


def plain_signs(text: str) -> str:
    """The text with dashes for `--` and `---`, quotes for ``...'', spaces for ties (`Fig.~3`), and signs for commands
    that lost their backslash, if they are next to a figure. `--option`, `5~7` and ``code`` stay."""
    if "--" in text:
        text = _DASHES.sub(_dash, text)
    if "~" in text:
        text = _TIE.sub(lambda found: found["address"] or " ", text)
    if "`" in text and not _CODE.search(text):
        text = _SINGLE.sub(r"‘\g<text>’", _DOUBLE.sub(_double, text))
    for word, lost, sign in _LOST:
        if word in text:
            text = lost.sub(sign, text)
    return text


def may_lack_backslash(text: str) -> bool:
    """Whether a text has a command that lost its backslash."""
    there = [lost for word, lost, _ in _LOST if word in text]  # seldom any
    return any(lost.search(text) for lost in there) if there else False

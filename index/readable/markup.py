"""Tags and entities: JATS, HTML and MathML in a text become what a reader would see of them.

Only what is a tag by its name and its shape goes: `p<0.01`, `a < b`, `<think>` and `<EOS>` are the text's own words.
What needs a formula is written as LaTeX, which the next step reads.
"""

import re
from collections import Counter
from html import unescape
from html.entities import html5
from xml.etree import ElementTree

_NAME = r"(?:jats|mml|m|xhtml|html|ce|sb|xlink):[a-z][\w-]{0,30}|[a-z][a-z\d-]{0,30}"
_VALUE = r"\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'|[^\s\"'<>=`]{1,300}"
_GIVEN = rf"(?:\s{{1,9}}[\w:.-]{{1,60}}\s?=\s?(?:{_VALUE})){{0,40}}"
_TAG = re.compile(rf"<(?P<end>/?)(?P<name>{_NAME})(?P<given>{_GIVEN})\s{{0,9}}/?>", re.IGNORECASE)
_HREF = re.compile(r"href\s?=\s?[\"']?(https?://[^\s\"'<>]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:[^-<]|-(?!->)|<(?!!--))*+-->|<\?xml[^<>]{0,500}\?>|<!\[CDATA\[|\]\]>")

_PREFIXES = ("jats:", "mml:", "m:", "xhtml:", "html:", "ce:", "sb:")
_BLOCKS = frozenset(
    "p div sec section br hr li ul ol dl dt dd list list-item disp-quote disp-formula table thead tbody tr td th "
    "caption blockquote pre abstract abstracttext article body para simple-para abstract-sec".split()
)
_WORDS_OF_HEADING = 4  # at most: `Results.` is a heading with a full stop, a longer one may be a sentence
_HEADINGS = frozenset("title h1 h2 h3 h4 h5 h6 label section-title".split())
_WITHIN = frozenset(
    "b i u em strong italic bold scp sc sub sup small big tt code span a font underline underlined monospace "
    "inline-formula tex-math alternatives named-content styled-content ext-link xref email uri inline-graphic img "
    "strike del ins mark cite q abbr roman sans-serif overline break inf nlm-citation inter-ref cross-ref "
    "math mrow mi mn mo mtext ms mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mfenced mstyle "
    "mpadded mtable mtr mtd semantics annotation mmultiscripts mprescripts none".split()
)
_KNOWN = _BLOCKS | _HEADINGS | _WITHIN
_ALONE = frozenset("p br hr img break inline-graphic li td tr th mspace none mprescripts".split())  # end by themselves
_MATHS = re.compile(
    r"<(?P<prefix>(?:mml:|m:)?)math\b[^<>]{0,1000}>(?P<inner>(?:(?!</(?:mml:|m:)?math\b|<(?:mml:|m:)?math\b).)*+)"
    r"</(?:mml:|m:)?math\s?>",
    re.DOTALL | re.IGNORECASE,
)
_TEX = re.compile(
    r"\\documentclass(?:(?!\\documentclass|\\begin\{document\}).){0,3000}+\\begin\{document\}"
    r"(?P<inner>(?:(?!\\documentclass|\\end\{document\}).)*+)\\end\{document\}",
    re.DOTALL,
)
_BOTH = re.compile(  # one formula written twice: as TeX and as MathML
    r"<(?:jats:)?alternatives\b[^<>]{0,200}>(?P<inner>(?:(?!</(?:jats:)?alternatives|<(?:jats:)?alternatives).)*+)"
    r"</(?:jats:)?alternatives\s?>",
    re.DOTALL | re.IGNORECASE,
)
_TEX_OF_BOTH = re.compile(
    r"<(?:jats:)?tex-math\b[^<>]{0,200}>(?P<tex>(?:(?!</?(?:jats:)?tex-math).)*+)</(?:jats:)?tex-math\s?>",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPED_AGAIN = re.compile(r"&(?:amp;)+(?=#?\w{1,31};)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_LIST_OF_TAGS = frozenset(["", "and", "or", "...", "…", ",", ", and", "/", "to", "token", "tag", "tokens", "tags"])
_NO_SENTENCE = re.compile(r"[.:!?;,。：]\s*$")


def without_tags(text: str) -> str:
    """The text without tags, comments and entities, including those escaped twice. A heading becomes part of the
    sentence after it: `<title>Methods</title><p>We` is `Methods: We`."""
    if "&" in text:
        text = _ESCAPED_AGAIN.sub("&", text)
    text = _untagged(text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
        text = _untagged(text)
    return text


def _character(found: re.Match[str]) -> str:
    name = found[0][1:]
    if name[0] != "#" and name not in html5:
        return found[0]
    return unescape(found[0])


def _untagged(text: str) -> str:
    if "<" not in text:
        return text
    if "<!" in text or "<?" in text or "]]>" in text:
        text = _COMMENT.sub(" ", text)
    if "alternatives" in text:
        text = _BOTH.sub(_as_tex, text)
    if "math" in text:
        text = _MATHS.sub(_formula, text)
    if "documentclass" in text:
        text = _TEX.sub(r" \g<inner> ", text)
    tags = [tag for tag in _TAG.finditer(text) if _is_known(tag)]
    return _written(text, _paired(text, tags)) if tags else text


def _local(name: str) -> str:
    return name.lower().rpartition(":")[2]


def _is_known(tag: re.Match[str]) -> bool:
    return tag["name"].lower().startswith(_PREFIXES) or tag["name"].lower() in _KNOWN


def _paired(text: str, tags: list[re.Match[str]]) -> list[re.Match[str]]:
    """The tags that are markup: those with a namespace, those that need no end, and those in pairs around something.
    `<b>` alone and "`<code>` and `</code>`" are words about tags."""
    kept: dict[int, re.Match[str]] = {}
    open_: dict[str, list[re.Match[str]]] = {}
    for tag in tags:
        name, local = tag["name"].lower(), _local(tag["name"])
        if ":" in name or local in _ALONE or tag[0].endswith("/>"):
            kept[tag.start()] = tag
        elif not tag["end"]:
            open_.setdefault(name, []).append(tag)
        elif waiting := open_.get(name):
            begin = waiting.pop()
            if text[begin.end() : tag.start()].strip().lower() not in _LIST_OF_TAGS or begin["given"]:
                kept[begin.start()], kept[tag.start()] = begin, tag
    return [kept[start] for start in sorted(kept)]


def _written(text: str, tags: list[re.Match[str]]) -> str:
    pieces: list[str] = []
    scripts: Counter[str] = Counter()
    links: list[tuple[str, int]] = []
    position, heading = 0, -1
    for tag in tags:
        pieces.append(text[position : tag.start()])
        position, local = tag.end(), _local(tag["name"])
        if local in _HEADINGS:
            if not tag["end"]:
                pieces.append(" ")
                heading = len(pieces)
            elif heading >= 0:
                said = "".join(pieces[heading:]).strip()
                if said.endswith(".") and said.count(" ") < _WORDS_OF_HEADING:
                    said = said.rstrip(".")
                del pieces[heading:]
                if said.lower().rstrip(".:") != "abstract":  # the name of the whole
                    pieces.append(said if not said or _NO_SENTENCE.search(said) else f"{said}:")
                pieces.append(" ")
                heading = -1
        elif local in _BLOCKS or local == "break":
            pieces.append(" ")
        elif local in ("sub", "inf", "sup") and not tag[0].endswith("/>"):
            mark = "^{" if local == "sup" else "_{"
            if not tag["end"]:
                scripts[local] += 1
                pieces.append(mark)
            elif scripts[local]:
                scripts[local] -= 1
                pieces.append("}")
        elif local in ("a", "ext-link"):
            _link(tag, pieces, links)
    pieces.append(text[position:])
    pieces.append("}" * scripts.total())
    return "".join(pieces)


def _link(tag: re.Match[str], pieces: list[str], links: list[tuple[str, int]]) -> None:
    """The words of a link, followed by its address if they differ."""
    if not tag["end"]:
        address = _HREF.search(tag["given"] or "")
        links.append((address[1] if address else "", len(pieces)))
    elif links:
        address_, start = links.pop()
        said = "".join(pieces[start:]).strip()
        if address_ and _bare(address_) not in _bare(said):
            words = said.rstrip(".,;:")
            pieces[start:] = [f"{words} ({unescape(address_)}){said[len(words) :]}"]


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|/$", "", address.lower())


def _as_tex(found: re.Match[str]) -> str:
    tex = _TEX_OF_BOTH.search(found["inner"])
    if not tex:
        return found["inner"]
    whole = _TEX.search(tex["tex"])
    return f" {whole['inner'] if whole else tex['tex']} "


# -- MathML

_DEEPEST = 60


def _formula(found: re.Match[str]) -> str:
    """A MathML formula as LaTeX; its bare text if it is malformed."""
    inner = _ENTITY.sub(lambda e: e[0] if e[0] in ("&lt;", "&gt;", "&amp;") else _character(e), found["inner"])
    inner = re.sub(r"(</?)\w{1,10}:", r"\1", inner)
    inner = re.sub(r"&(?!(?:lt|gt|amp|quot|apos);)", "&amp;", inner)
    if "<!" in inner:  # no entity definitions
        return f" {re.sub('<[^<>]*>', ' ', inner)} "
    try:
        root = ElementTree.fromstring(f"<math>{_without_names(inner)}</math>")
    except (ElementTree.ParseError, RecursionError):
        return f" {re.sub('<[^<>]*>', ' ', inner)} "
    tex = _tex(root, 0).strip()
    return f"${tex}$" if tex else ""


def _without_names(inner: str) -> str:
    """Tags without their attributes: a prefix that is not declared would break the parser."""
    return re.sub(r"<([a-zA-Z]\w{0,30})\s[^<>]*?(/?)>", r"<\1\2>", inner)


def _tex(node: ElementTree.Element, depth: int) -> str:
    tag, text = node.tag, re.sub(r"[\\\\{}]", r"\\\\\g<0>", (node.text or "").strip())
    if tag in ("annotation", "annotation-xml") or depth > _DEEPEST:
        return ""
    children = [_tex(child, depth + 1) for child in node]
    if tag in ("mtext", "ms"):
        return f"\\text{{{text}}}"
    if tag == "mspace":
        return " "
    joined = text + "".join(children)
    if tag in ("msup", "mover") and len(children) == 2:
        return f"{children[0]}^{{{children[1]}}}"
    if tag in ("msub", "munder") and len(children) == 2:
        return f"{children[0]}_{{{children[1]}}}"
    if tag in ("msubsup", "munderover") and len(children) == 3:
        return f"{children[0]}_{{{children[1]}}}^{{{children[2]}}}"
    if tag == "mfrac" and len(children) == 2:
        return f"\\frac{{{children[0]}}}{{{children[1]}}}"
    if tag == "msqrt":
        return f"\\sqrt{{{joined}}}"
    if tag == "mroot" and len(children) == 2:
        return f"\\sqrt[{children[1]}]{{{children[0]}}}"
    if tag == "mfenced":
        return f"({', '.join(children)})"
    if tag in ("mtr", "mtd"):
        return f"{joined} "
    return joined

r"""A draft in LaTeX: its prose, with what it includes, and the bibliography that it names.

No TeX is run. What is not prose is left out: the preamble, formulas on lines of their own, tables, code, figures
except their captions. Commands without arguments that the draft defines (`\ours`) are written out, since names and
figures of a sentence may stand in them.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.drafts.bibliography import items, references, references_of_all
from assistant.drafts.draft import Draft, Reference, cited, closings, file_text
from index.readable import readable
from index.safety.limits import DRAFT
from index.safety.system_errors import why

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=\S)|(?=\n)|$)")
_ASIDES = ((r"\iffalse", r"\fi"), (r"\begin{comment}", r"\end{comment}"))
_INCLUDED = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}\n]{1,300})\}|\\input\s+([\w./-]{1,300})")
_MOST_INCLUDED = 200  # files
_DEFINED = re.compile(
    r"\\(?:(?:re|provide)?newcommand\*?\s*\{?\\(?P<name>[A-Za-z]+)\}?|def\s*\\(?P<old>[A-Za-z]+))\s*"
    r"\{(?P<body>(?:[^{}#]|\{[^{}#]*\}){1,300})\}"
)
_MOST_WRITTEN_OUT = 3  # commands within commands
_BIBLIOGRAPHY = re.compile(
    r"\\(?:bibliography|addbibresource|nobibliography\*?)\s*(?:\[[^\[\]]*\])?\s*\{([^{}]{1,500})\}"
)
_OWN_LIST = re.compile(r"\\begin\{thebibliography\}.*?(?:\\end\{thebibliography\}|\Z)", re.DOTALL)
_BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
_CITE = re.compile(
    r"~?\\(?:[A-Za-z]{0,20}cite[A-Za-z]{0,20})\*?\s*(?:\((?:[^()]*)\)){0,2}(?:\[[^\[\]]*\]\s*){0,2}\{(?P<keys>[^{}]{1,3000})\}"
)
_UNPRINTED = re.compile(r"\\nocite\s*\{[^{}]*\}")
_NOT_PROSE = (
    "figure wrapfigure subfigure table wraptable longtable tabular tabularx equation align alignat gather multline "
    "eqnarray displaymath flalign math lstlisting minted verbatim Verbatim algorithm algorithmic tikzpicture "
    "thebibliography filecontents CCSXML teaserfigure"
).split()
_ENVIRONMENT = re.compile(rf"\\(?P<end>begin|end)\s*\{{(?P<name>{'|'.join(_NOT_PROSE)})\*?\}}")
_DISPLAYED = ((r"\[", r"\]"), ("$$", "$$"))
_CAPTION = re.compile(r"\\caption(?:of\s*\{[^{}]*\})?\s*(?:\[[^\[\]]*\])?\s*\{")
_FOOTNOTE = re.compile(r"\\footnote(?:text)?\s*(?:\[[^\[\]]*\])?\s*\{")
_HEADING = re.compile(r"\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?\s*(?:\[[^\[\]]*\])?\s*\{")
_ITEM = re.compile(r"\\item\b\s*(?:\[[^\[\]]*\])?")
_SILENT = re.compile(  # with their arguments
    r"\\(?:label|[a-zA-Z]*ref|vspace|hspace|title|author|date|thanks|affiliation|email|keywords|pagestyle|input"
    r"|thispagestyle|includegraphics|bibliographystyle|bibliography|addbibresource|usepackage|setlength|setcounter|hypersetup"
    r"|newcommand|renewcommand|providecommand|icmltitle|begin|end|printbibliography)\*?\s*(?:\[[^\[\]]*\])*\s*\{?"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\\par\b|\\\\(?:\[[^\[\]]*\])?")
_BRACES = {"{": "}"}


def read(text: str, file: Path) -> Draft:
    """The draft of a LaTeX file with this text. Raises TooLarge if it has too much text with what it includes."""
    files: list[tuple[str, str]] = [(file.name, text)]
    notices: list[str] = []
    whole = _with_included(text, file.parent, files, notices)
    whole = _written_out(whole)
    body = _BODY.search(whole)
    found = tuple(_references(whole, file, notices))
    return Draft("\n\n".join(_blocks(body[1] if body else whole)), found, tuple(files), tuple(notices))


def _with_included(text: str, folder: Path, files: list[tuple[str, str]], notices: list[str], deep: int = 0) -> str:
    """A text without its comments, and with the files it includes in their places: only those of its own folder."""
    text = _without(_ASIDES, _COMMENT.sub(r"\1", text))

    def included(found: re.Match[str]) -> str:
        name = (found[1] or found[2]).strip()
        path = folder / (name if Path(name).suffix else f"{name}.tex")
        if path.suffix != ".tex":
            return ""
        try:
            if not path.resolve().is_relative_to(folder.resolve()):
                raise OSError("it is not in the draft's folder")
            if len(files) > _MOST_INCLUDED or deep > _MOST_WRITTEN_OUT:
                raise OSError("the draft includes too many files")
            part = file_text(path, 4 * DRAFT)
        except (OSError, ValueError) as error:
            notices.append(f"Not checked: {name} cannot be read: {why(error)}.")
            return ""
        files.append((path.relative_to(folder).as_posix(), part))
        return _with_included(part, folder, files, notices, deep + 1)

    return _INCLUDED.sub(included, text)


def _written_out(text: str) -> str:
    """A text with its own commands without arguments written out."""
    bodies = {found["name"] or found["old"]: found["body"] for found in _DEFINED.finditer(text)}
    if not bodies:
        return text
    text = _DEFINED.sub("", text)
    names = "|".join(sorted(map(re.escape, bodies), key=len, reverse=True))
    called = re.compile(rf"\\(?P<name>{names})(?![A-Za-z])(?:\{{\}}| ?\\ )?")
    for _ in range(_MOST_WRITTEN_OUT):
        text, count = called.subn(lambda found: bodies[found["name"]].replace(r"\xspace", ""), text)
        if not count or len(text) > 4 * DRAFT:
            break
    return text


def _references(text: str, file: Path, notices: list[str]) -> Iterator[Reference]:
    """The references of a draft: of the files that it names, of its own list, else of the list that was made of it."""
    if own := _OWN_LIST.search(text):
        yield from references(items(own[0]))
    names = [name.strip() for found in _BIBLIOGRAPHY.finditer(text) for name in found[1].split(",") if name.strip()]
    paths = [file.parent / (name if Path(name).suffix == ".bib" else f"{name}.bib") for name in names]
    made = file.with_suffix(".bbl")
    if not any(path.is_file() for path in paths) and made.is_file():
        paths = [made]
    yield from references_of_all(paths, notices)


def _blocks(body: str) -> Iterator[str]:
    """The paragraphs, headings, items, captions and footnotes of a body, as plain text with citations."""
    body = _CITE.sub(lambda found: " " + cited(found["keys"].split(",")), _UNPRINTED.sub("", body))
    prose, captions = _without_environments(body)
    prose = _without(_DISPLAYED, prose)
    prose, footnotes = _taken_out(_FOOTNOTE, prose)
    prose = _headed(prose)
    prose = _ITEM.sub("\n\n- ", _silenced(prose))
    for paragraph in [*_PARAGRAPH.split(prose), *map(_silenced, captions), *map(_silenced, footnotes)]:
        plain = " ".join(readable(paragraph).split())
        if any(map(str.isalnum, plain)):
            yield re.sub(r"\s+(?=[.,;:!?])", "", plain)


def _without_environments(text: str) -> tuple[str, list[str]]:
    """A text without what is not prose, and the captions in it."""
    kept: list[str] = []
    captions: list[str] = []
    at, within, begun = 0, "", 0
    for found in _ENVIRONMENT.finditer(text):
        if not within and found["end"] == "begin":
            kept.append(text[at : found.start()])
            within, begun = found["name"], found.end()
        elif within == found["name"] and found["end"] == "end":
            captions += _taken_out(_CAPTION, text[begun : found.start()])[1]
            at, within = found.end(), ""
    return " ".join([*kept, "" if within else text[at:]]), captions


def _taken_out(command: re.Pattern[str], text: str) -> tuple[str, list[str]]:
    """A text without some command, and its arguments."""
    arguments: list[str] = []

    def taken(argument: str) -> str:
        arguments.append(argument)
        return ""

    return _replaced(command, text, taken), arguments


def _headed(text: str) -> str:
    """A text with its headings as blocks that begin with #."""
    return _replaced(_HEADING, text, lambda title: f"\n\n# {' '.join(title.split())}\n\n")


def _silenced(text: str) -> str:
    """A text without the commands that print nothing, or no prose."""
    return _replaced(_SILENT, text, lambda _: "")


def _replaced(command: re.Pattern[str], text: str, shown: Callable[[str], str]) -> str:
    """A text with what is shown of its argument in place of some command; one that ends before a brace has none, and
    of one whose brace does not close that is left."""
    ends = closings(text, _BRACES)
    kept: list[str] = []
    at = 0
    for found in command.finditer(text):
        if found.start() < at:
            continue
        brace = found.end() - 1
        end = ends.get(brace, found.end()) if text[brace] == "{" else brace
        kept += [text[at : found.start()], shown(text[found.end() : end])]
        at = end + 1
    return "".join([*kept, text[at:]])


def _without(marks: tuple[tuple[str, str], ...], text: str) -> str:
    """A text without what stands between some pairs of marks."""
    for begin, end in marks:
        kept: list[str] = []
        at = 0
        while (start := text.find(begin, at)) >= 0 and (close := text.find(end, start + len(begin))) >= 0:
            kept += [text[at:start], " "]
            at = close + len(end)
        text = "".join([*kept, text[at:]])
    return text

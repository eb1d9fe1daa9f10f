"""The bibliography of a draft: BibTeX and biblatex files, Hayagriva's YAML, and LaTeX's own `thebibliography`."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.drafts.draft import DraftError, Reference, file_text
from index.readable import readable
from index.safety.limits import FEED, FIELD
from index.safety.system_errors import sentence
from index.sources.formats.bibtex import cited_works

KINDS = (".bib", ".bbl", ".yml", ".yaml")
_ITEM = re.compile(r"\\bibitem\s*(?:\[(?:[^\[\]{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\])?\s*\{(?P<key>[^{}]{1,200})\}")
_NEW_BLOCK = re.compile(r"\\newblock\b|\\(?:href|url)\b|\\end\{thebibliography\}")
_KEY = re.compile(r"[^\[\]\s]{1,60}")


def references_of(file: Path) -> tuple[Reference, ...]:
    """The references of a bibliography file, in its order. Raises DraftError if it cannot be read."""
    if file.suffix.lower() not in KINDS:
        raise DraftError(f"{file.name} is no bibliography: give a {', '.join(KINDS)} file.")
    try:
        text = file_text(file, FEED)
    except (OSError, ValueError) as error:
        raise DraftError(sentence(error, "read", file) if isinstance(error, OSError) else f"{file} {error}.") from error
    if file.suffix.lower() == ".bib":
        works = cited_works(text)
    elif file.suffix.lower() == ".bbl":
        works = items(text)
    else:
        works = _hayagriva(text, file.name)
    return tuple(references(works))


def references_of_all(files: Iterable[Path], notices: list[str]) -> Iterator[Reference]:
    """The references of the bibliographies that a draft names; of one that cannot be read, `notices` say why."""
    for file in files:
        try:
            yield from references_of(file)
        except DraftError as error:
            notices.append(str(error))


def references(works: Iterator[tuple[str, str]]) -> Iterator[Reference]:
    """Keys and what is said of each work, as references; without those whose key cannot stand in a citation."""
    for key, said in works:
        if _KEY.fullmatch(key):
            yield Reference(key, " ".join(said.split())[:FIELD])


def items(text: str) -> Iterator[tuple[str, str]]:
    r"""Key and text of each `\bibitem`."""
    found = list(_ITEM.finditer(text))
    ends = [item.start() for item in found[1:]] + [len(text)]
    for item, end in zip(found, ends, strict=True):
        yield item["key"].strip(), readable(_NEW_BLOCK.sub(" ", text[item.end() : min(end, item.end() + FIELD)]))


def _hayagriva(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Key, title and ids of each entry of a Hayagriva file (Typst's own format)."""
    import yaml

    try:
        entries = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise DraftError(f"{name} is not valid YAML.") from error
    for key, fields in entries.items() if isinstance(entries, dict) else ():
        if isinstance(fields, dict):
            yield str(key), ". ".join(_said(fields))


def _said(fields: dict[str, Any]) -> Iterator[str]:
    """The title of a Hayagriva entry, and what names the work beside it."""
    title = fields.get("title")
    yield str(title.get("value", "") if isinstance(title, dict) else title or "")
    numbers = fields.get("serial-number")
    for kind, number in numbers.items() if isinstance(numbers, dict) else ():
        yield f"arXiv:{number}" if str(kind).lower() == "arxiv" else str(number)
    url = fields.get("url")
    if url:
        yield str(url.get("value", "") if isinstance(url, dict) else url)

"""Papers out as Markdown notes with front matter, one a paper, as Obsidian and static sites take them.

The front matter holds the paper, without what is invisible; the text below is for readers, with nothing live in it.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from index.export import by_key
from index.export_records import one_line
from index.paper import Paper
from index.safety.inert import inert, visible
from index.sources.encoding import mended

_ORDER = (
    "id", "title", "authors", "author_count", "organization", "published", "posted", "url", "comments", "upvotes",
    "source", "version", "code_url", "ids", "keywords", "posted_days", "tags", "note", "ai_summary", "abstract",
)  # fmt: skip


def to_markdown(papers: Iterable[Paper]) -> str:
    """The notes one after the other; each opens with its front matter."""
    return "\n".join(note_of(paper) for paper in papers)


def write_notes(folder: Path, papers: Iterable[Paper]) -> list[Path]:
    """Writes a note for each paper, named by its BibTeX key (`doe2026row.md`). A note that is there with other words
    stays as it is, since somebody may have written in it; those are returned. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for key, paper in by_key(papers).items():
        path, text = folder / f"{key}.md", note_of(paper)
        if not path.exists():
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8", errors="replace") != text:
            kept.append(path)
    return kept


def note_of(paper: Paper) -> str:
    """A paper as a note."""
    values = paper.to_dict()
    lines = []
    for name in _ORDER:
        value = values[name]
        if isinstance(value, list):
            alone = name in ("ids", "posted_days") and len(value) == 1  # `id` and `posted` say it already
            lines += [f"{name}:", *(f"  - {_quoted(part)}" for part in value)] if value and not alone else []
        elif value is not None and not (name == "author_count" and value == len(paper.authors)):
            kept = _quoted_lines(value) if name == "note" else _quoted(value) if isinstance(value, str) else value
            lines.append(f"{name}: {kept}")
    front = "\n".join(lines)
    title = inert(one_line(paper.title))
    abstract = " ".join(sentence.text for sentence in paper.sentences)
    link = f"\n\n<{paper.link}>" if paper.link else ""
    note = f"\n\n## Note\n\n{inert(paper.note)}" if paper.note else ""
    words_by = f"\n\n*{paper.words_by}*" if paper.words_by else ""
    return mended(f"---\n{front}\n---\n\n# {title}\n\n{one_line(abstract)}{words_by}{link}{note}\n")


def _quoted_lines(text: str) -> str:
    """A text of several lines as JSON writes it."""
    return json.dumps(visible(text), ensure_ascii=False)


def _quoted(text: str) -> str:
    """A text as JSON writes it, which YAML reads alike."""
    return json.dumps(one_line(text), ensure_ascii=False)

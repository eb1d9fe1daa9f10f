"""What has become of the papers that a text cites: a newer version, or a withdrawal."""

from collections.abc import Iterator, Mapping

from index.ids import version_in
from index.paper import Paper


def outdated(versions: Mapping[str, int], cited: Mapping[str, Paper]) -> Iterator[str]:
    """A sentence for each cited paper that its source has withdrawn, and for each of which the library has a newer
    version than the text names, in its list of references (`versions`, by label) or in the citation itself."""
    for label, paper in cited.items():
        named = versions.get(label) or version_in(label)
        if named and paper.version and named < paper.version:
            yield f"[{label}] names version {named} of “{paper.shown_title}”; the library has version {paper.version}."
        if paper.is_withdrawn:
            yield f"[{label}] “{paper.shown_title}” has been withdrawn or retracted, as its source says."

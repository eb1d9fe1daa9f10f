"""Another paper that fits a sentence better is found in a large library, too, of which not all papers are read."""

from pathlib import Path

import pytest
from invented import invented_paper, invented_papers

from assistant.checking import candidates
from assistant.checking.document import check_text
from index import Library, Paper

WHALES = Paper(
    title="Whale Song in Busy Waters",
    abstract="Humpback whales sing longer phrases beside noisy ships. Calves imitate their mothers within weeks.",
    id="arxiv:2501.00077",
    source="invented",
)
CLAIM = "Humpback whales sing longer phrases beside noisy ships, and calves imitate their mothers"


@pytest.mark.parametrize("day", ["2030-01-01", "2024-06-15", "1999-01-01"])
def test_the_paper_that_was_meant_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr(candidates, "SMALL", 10)
    papers = invented_papers(80)
    with Library.open(tmp_path / "library", "hashing", exact=True) as library:
        library.add([*papers, WHALES.with_(published=day)])
        assert len(candidates.candidates([CLAIM], library, library.papers())) < 40
        cited = invented_paper(5).short_name
        checked = check_text(f"{CLAIM} [{cited}].", library)
    assert [(flag.kind, flag.token) for flag in checked.claims[0].check.flags] == [("wrong_paper", WHALES.title)]

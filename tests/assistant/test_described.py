"""A description of ours is nowhere passed off as a paper's abstract: in no answer, copy or export."""

from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.render import comparison, digest
from assistant.render.markdown import to_markdown
from assistant.render.terminal import print_after, print_paper
from assistant.settings import Settings
from index import export, export_notes, export_records
from index.paper import DESCRIBED, Paper
from index.sample import sample_papers
from index.sources import read_text
from index.storage.merge import merged

QUESTION = "Which papers speed up attention in hardware, and by how much?"


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    made = Assistant.open(Settings(home=tmp_path))
    made.library.add(sample_papers())
    return made


def test_an_answer_in_quotes_says_whose_words_they_are(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = assistant.ask(QUESTION)
    assert "papers' own words" not in answer.text
    assert DESCRIBED in to_markdown(answer)
    print_after(answer)
    assert DESCRIBED in " ".join(capsys.readouterr().out.split())
    print_paper(sample_papers()[0])
    assert DESCRIBED in " ".join(capsys.readouterr().out.split())


def test_a_comparison_and_a_digest_say_so(assistant: Assistant) -> None:
    compared = assistant.compare("FBNetV3", "FBNetV5")
    summed = assistant.weekly("2026-W16")
    shown = [comparison.to_markdown(compared), comparison.to_html(compared), comparison.to_text(compared, 200)]
    shown += [digest.to_markdown(summed), digest.to_html(summed), digest.to_text(summed)]
    for text in shown:
        read = " ".join(text.replace("&#x27;", "'").replace("&#39;", "'").split())
        assert DESCRIBED in read, text[:300]
        assert "In the papers' own words" not in read


@pytest.mark.parametrize(
    "write", [export.to_bibtex, export_records.to_ris, export_records.to_csl_json, export_notes.to_markdown]
)
def test_an_export_says_so_and_reads_back_as_the_sample(write: object) -> None:
    paper = sample_papers()[0]
    text = write([paper])  # type: ignore[operator]
    assert DESCRIBED in text
    (back,) = read_text(text).papers
    assert back.is_sample
    assert back.abstract == paper.abstract
    assert DESCRIBED not in write([paper.with_(source="mine")])  # type: ignore[operator]


@pytest.mark.parametrize("source", ["", "paste", "arxiv"])
@pytest.mark.parametrize("version", [None, 1, 3])
def test_a_real_abstract_takes_the_place_of_a_description(source: str, version: int | None) -> None:
    sample = sample_papers()[0]
    real = Paper(title=sample.title, abstract="The authors' own.", id=sample.id, source=source, version=version)
    for now in (merged(sample, real), merged(real, sample), merged(sample.with_(version=2), real)):
        assert now.abstract == real.abstract
        assert not now.is_sample
        assert now.organization == sample.organization

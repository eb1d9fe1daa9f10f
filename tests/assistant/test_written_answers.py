"""What models write instead of a cited answer: abstentions in prose, sentences without a citation, links of nobody."""

from pathlib import Path

import pytest

import prompts
from assistant.ask.reply import AnswerReader, WrittenAnswer
from assistant.documents import Citation, LabelledPaper
from index.paper import Paper

TIDE = Paper(
    title="TideCache: caching tides",
    abstract="We present TideCache, a cache of tidal states. It saves 38% of the memory on HarbourBench. "
    "The code is at https://example.org/tidecache.",
)
GULL = Paper(
    title="GullNet: counting gulls", abstract="GullNet counts gulls in photographs. It is right in 91% of them."
)


def read(text: str) -> WrittenAnswer:
    reader = AnswerReader([LabelledPaper(1, TIDE), LabelledPaper(2, GULL)])
    reader.add(text)
    return reader.so_far(ended=True)


@pytest.mark.parametrize(
    "said",
    [
        "The provided papers do not report TideCache on ImageNet.",
        "Not in papers.",
        "The provided papers do not report TideCache on ImageNet [1].",
        "I cannot answer this question from the given abstracts.",
        "There is no information about dolphins in these sentences.",
        "None of the papers mentions dolphins. You may want to search elsewhere.",
        "Unfortunately, the abstracts don't say which GPU was used.",
        "In den Arbeiten steht nichts über Delfine.",
        "Die Abstracts enthalten keine Angaben dazu.",
        "Aucun des articles fournis ne parle de dauphins.",
        "Los artículos no mencionan delfines.",
        "No se menciona en los documentos.",
        "Os artigos não mencionam golfinhos.",
        "Gli articoli non parlano di delfini.",
        "В этих статьях нет информации о дельфинах.",
        "所提供的论文没有提到海豚。",
        "提供された論文には記載がありません。",
        "제공된 논문에는 그런 내용이 없습니다.",
    ],
)
def test_an_abstention_in_prose_is_one(said: str) -> None:
    assert read(said).nothing


@pytest.mark.parametrize(
    "said",
    [
        "The papers do not report ImageNet, but TideCache saves 38% of the memory on HarbourBench [1.2].",
        "TideCache saves 38% of the memory [1.2]. The papers do not say on which GPU.",
        "GullNet counts gulls without any training data, which no other paper does [2.1].",
        "TideCache is not a model but a cache of tidal states [1.1].",
    ],
)
def test_an_answer_that_denies_something_is_still_an_answer(said: str) -> None:
    written = read(said)
    assert not written.nothing
    assert written.labels


def test_a_sentence_that_one_sentence_bears_out_gets_its_citation_from_us() -> None:
    written = read("TideCache is a cache of tidal states [1.1]. It saves 38% of the memory on HarbourBench.")
    assert [claim.attributed for claim in written.claims] == [False, True]
    assert written.claims[1].citations == (Citation(1, 2),)
    assert written.claims[1].check.verdict == "ok"
    assert written.text.endswith("It saves 38% of the memory on HarbourBench [1.2].")
    assert written.claims[1].to_dict()["attributed"] is True
    assert "attributed" not in written.claims[0].to_dict()


@pytest.mark.parametrize(
    "said",
    [
        "It saves 39% of the memory on HarbourBench.",
        "It saves 38% of the memory on ReefBench.",
        "It is right in 38% of them.",  # the words of one paper, the figure of the other
        "Caches are useful.",
    ],
)
def test_what_no_sentence_bears_out_stays_without_a_citation(said: str) -> None:
    written = read(f"GullNet counts gulls in photographs [2.1]. {said}")
    assert not written.claims[1].citations


def test_an_ambiguous_citation_gets_no_tick() -> None:
    assert not read("It saves 38% of the memory on HarbourBench [1.1, 2].").claims[0].check.ticked
    assert read("It saves 38% of the memory on HarbourBench [1.1, 1.2].").claims[0].check.ticked


def test_links_of_no_cited_paper_are_removed_and_kept_for_a_notice() -> None:
    written = read(
        "TideCache saves 38% of the memory [1.2]. Its code is at https://example.org/tidecache [1.3]. "
        "Read [more](https://evil.example/x) at www.evil.example today [1.1]."
    )
    assert "https://example.org/tidecache" in written.text or "example.org/tidecache" in written.text
    assert "evil" not in written.text
    assert "more" in written.text
    assert written.links == ("https://evil.example/x", "www.evil.example")


@pytest.mark.parametrize("name", sorted(path.stem for path in Path(prompts.__file__).parent.glob("*.md")))
def test_a_prompt_that_is_echoed_is_no_answer(name: str) -> None:
    text = (Path(prompts.__file__).parent / f"{name}.md").read_text("utf-8")
    assert not read(text).labels

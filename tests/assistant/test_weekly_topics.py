"""A digest by topics: each paper under the first topic that it fits or counted outside, whatever wrote it."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from chat_server import CHAT, answer, settings
from invented import paper_about, week

from assistant import Assistant
from assistant.documents import Digest, TopicPart
from assistant.llm import ChatModel
from assistant.render.digest import count, not_shown, to_html, to_markdown, to_text
from assistant.render.exports import write
from assistant.settings import Settings
from assistant.weekly import plan, weekly
from assistant.weekly.kept import kept_digests
from assistant.weekly.scope import Scope, scope_in, scope_of
from assistant.weekly.topics import divided
from index.library import Library
from index.paper import Paper
from index.topics import topic_of


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "home", "hashing", offline=True, exact=True) as opened:
        yield opened


async def digest_of(library: Library, **which: Any) -> Digest:
    digest = [snapshot async for snapshot in weekly(library, **which)][-1]
    labels = sorted(p.label for p in digest.papers)
    assert sorted([*(label for t in digest.themes for label in t.labels), *digest.other]) == labels
    if digest.topics:
        assert sorted([*(label for t in digest.topics for label in t.labels), *digest.outside]) == labels
    return digest


def titles(digest: Digest, name: str) -> set[str]:
    papers = {p.label: p.paper for p in digest.papers}
    return {papers[label].title for topic in digest.topics if topic.name == name for label in topic.labels}


async def test_a_month_by_topics_accounts_for_every_paper_once(library: Library):
    days = ["2026-04-07", "2026-04-14", "2026-04-21", "2026-04-28"]
    everyone = [
        paper_about(subject, 4 * n + k, day, id=f"arxiv:2604.{20000 + 1000 * n + 100 * s + k}")
        for n, day in enumerate(days)
        for s, subject in enumerate(("video", "robots", "speech", "proofs", "retrieval"))
        for k in range(4)
    ]
    library.add(everyone)
    library.topics.add("videos", "long video generation")
    library.topics.add("proofs", "formal mathematics")
    seen: list[str] = []
    for name in ("2026-W15", "2026-W16", "2026-W17", "2026-W18"):
        digest = await digest_of(library, week=name, topics="all")
        assert [len(t.labels) for t in digest.topics] == [4, 4]
        assert len(digest.outside) == 12
        seen += [p.paper.id for p in digest.papers]
    assert sorted(seen) == sorted(p.id for p in everyone)


async def test_one_topic_has_its_papers_and_counts_the_others(library: Library):
    library.add(week(4))
    library.topics.add("Long videos", "long video generation")
    library.topics.add("proofs", "formal mathematics")
    digest = await digest_of(library, topics=["long  VIDEOS"])
    assert [t.name for t in digest.topics] == ["Long videos"]
    assert all("Video" in title for title in titles(digest, "Long videos"))
    assert len(digest.outside) == 16
    for shown in (to_markdown(digest), to_text(digest), to_html(digest)):
        assert "20 papers: 4 in 1 topic, 16 outside." in shown
        assert "16 papers are not on this topic." in shown
        assert "Theorem Prover" not in shown
    assert "Theorem Prover" not in write(digest, "note") + write(digest, "bibtex")
    named = set(re.findall(r"\[(\d+)\.\d+\]", to_markdown(digest)))
    assert named <= {str(label) for label in digest.topics[0].labels}


async def test_a_topic_without_papers_is_said_and_so_is_the_rule(library: Library):
    library.add(week(2))
    library.topics.add("videos", "long video generation")
    library.topics.add("knitting")
    digest = await digest_of(library, topics="all")
    assert [len(t.labels) for t in digest.topics] == [2, 0]
    assert "No paper is on “knitting”. 8 papers are on none of these topics." in to_markdown(digest)
    assert any("under the first of them" in notice for notice in digest.notices)


async def test_without_topics_nothing_is_divided(library: Library):
    library.add(week(2))
    library.topics.add("videos", "long video generation")
    digest = await digest_of(library)
    assert (digest.topics, digest.outside) == ((), ())
    assert "outside" not in to_markdown(digest)


async def test_an_unknown_topic_and_none_at_all_are_errors_that_say_so(library: Library):
    library.add(week(1))
    with pytest.raises(ValueError, match="No topic is saved yet"):
        await digest_of(library, topics="all")
    library.topics.add("videos")
    with pytest.raises(ValueError, match="“videos”"):
        await digest_of(library, topics=["birds"])


async def test_only_papers_with_a_tag(library: Library):
    library.add(week(2))
    some = [p.id for p in week(2) if "Video" in p.title]
    library.annotations.tag(some, add=["Mine"])
    digest = await digest_of(library, tags=["mine"])
    assert {p.paper.id for p in digest.papers} == set(some)
    assert "Only papers tagged “Mine”: 2 of 10." in digest.notices
    library.topics.add("read", tag="mine")
    by_tag = await digest_of(library, topics=["read"])
    assert len(by_tag.topics[0].labels) == 2
    assert len(by_tag.outside) == 8


def _paper(title: str, abstract: str, number: int = 1) -> Paper:
    return Paper(title=title, abstract=abstract, id=f"arxiv:2604.{number:05}", posted="2026-04-14")


@pytest.mark.parametrize(
    ("held", "outside", "counted", "said"),
    [
        ([1], 1, "2 papers: 1 in 1 topic, 1 outside.", "1 paper is not on this topic."),
        ([2], 0, "2 papers: 2 in 1 topic.", "Every paper is on this topic."),
        ([1, 1], 1, "3 papers: 2 in 2 topics, 1 outside.", "1 paper is on none of these topics."),
        ([2, 0], 3, "5 papers: 2 in 1 of 2 topics, 3 outside.",
         "No paper is on “1”. 3 papers are on none of these topics."),
        ([0], 2, "2 papers: 0 in 1 topic, 2 outside.", "No paper is on “0”. 2 papers are not on this topic."),
        ([1, 1], 0, "2 papers: 2 in 2 topics.", "Every paper is on one of these topics."),
    ],
)  # fmt: skip
def test_how_many_papers_are_on_topics_is_said_in_english(held: list[int], outside: int, counted: str, said: str):
    labels = iter(range(1, 99))
    topics = tuple(TopicPart(str(n), tuple(itertools.islice(labels, many))) for n, many in enumerate(held))
    digest = Digest(None, "2026-04-13", "2026-04-19", topics=topics, outside=tuple(itertools.islice(labels, outside)))
    assert (count(digest), not_shown(digest)) == (counted, said)


@pytest.mark.parametrize(
    ("title", "abstract", "taken"),
    [
        ("Efficient Attention on Phones", "We run it.", True),
        ("Attention, Made More Efficient", "We run it.", True),
        ("Tiles", "Efficient attention is hard. Our efficient sparse attention is fast.", True),
        ("Sparse Attention", "It is an efficient attention for long texts.", True),
        ("Birds", "An efficient camera. The attention of birds is short.", False),
        ("Birds", "As with efficient attention, birds save energy.", False),
        ("Attention of Birds", "Cameras are efficient.", False),
        ("Birds", "We count birds.", False),
    ],
)
def test_a_topic_takes_what_says_its_words_together(library: Library, title: str, abstract: str, taken: bool):
    paper = _paper(title, abstract)
    library.add([paper, *week(2)])
    assert divided(library, [paper], [topic_of("efficient attention")]) == {
        "efficient attention": (paper.id,) if taken else ()
    }


@pytest.mark.parametrize(
    ("query", "title", "abstract", "taken"),
    [
        ("retrieval-augmented generation", "Trees for Pages",
         "Retrieval-augmented generation (RAG) reads pages. We propose trees. They make RAG faster.", True),
        ("retrieval-augmented generation", "Trees for Pages",
         "Retrieval-augmented generation reads pages. We propose trees. They lead HELMET-RAG.", False),
        ("few-step diffusion", "Diffusion Step by Step",
         "Diffusion takes steps. We explain a step. Diffusion is good.", False),
        ("attacks or red teaming", "Red Teaming of Clerks", "Clerks are asked. We ask them. It works.", True),
        ("attacks or red teaming", "Attacks on Clerks", "Clerks are asked. We ask them. It works.", True),
        ("attacks and red teaming", "Attacks on Clerks", "Clerks are asked. We ask them. It works.", False),
    ],
)  # fmt: skip
def test_a_topic_reads_first_letters_compounds_and_or(
    library: Library, query: str, title: str, abstract: str, taken: bool
):
    paper = _paper(title, abstract)
    library.add([paper, *week(2)])
    assert divided(library, [paper], [topic_of(query)]) == {query: (paper.id,) if taken else ()}


def test_a_paper_without_one_common_word_of_a_topic_is_taken_for_its_meaning(library: Library):
    others = [
        _paper(f"Houses {n}", "Houses have a roof. We build them, with a painting in each.", n) for n in range(2, 9)
    ]
    medical = _paper("Medical Advice by Clerks", "Patients ask for medical advice. Medical clerks give it.")
    library.add([medical, *others, *week(5)])
    everyone = [medical, *others, *week(5)]
    assert divided(library, everyone, [topic_of("medical painting")]) == {"medical painting": (medical.id,)}
    assert divided(library, [medical], [topic_of("medical painting")]) == {"medical painting": ()}


def test_a_paper_of_two_topics_is_of_the_first(library: Library):
    paper = _paper("Sparse Attention for Robot Arms", "Robot arms need it. Robot arms see with it. We test it.")
    library.add([paper, *week(2)])
    arms, sparse = topic_of("robot arms"), topic_of("sparse attention")
    assert divided(library, [paper], [arms, sparse]) == {"robot arms": (paper.id,), "sparse attention": ()}
    assert divided(library, [paper], [sparse, arms]) == {"sparse attention": (paper.id,), "robot arms": ()}


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope("efficient attention"),
        Scope('{"query": 1'),
        scope_of("x", ["b", "a"], "all"),
        scope_of(None, [], ["One, two", "drei"]),
    ],
)
def test_a_scope_is_read_back_from_its_key(scope: Scope):
    assert scope_in(scope.key).key == scope.key
    assert " ".join(scope.key.split()) == scope.key


async def test_a_kept_digest_knows_its_topics_after_they_are_gone(library: Library):
    library.add(week(3))
    library.topics.add("videos", "long video generation")
    made = await digest_of(library, week="2026-W16", topics="all")
    await digest_of(library, week="2026-W16")
    library.topics.remove("videos")
    kept = [each async for each in kept_digests(library, None)]
    assert [(each.topic, [t.labels for t in each.digest.topics]) for each in kept] == [
        ("", []),
        ("by topic", [t.labels for t in made.topics]),
    ]
    assert len({each.name for each in kept}) == 2


@respx.mock
async def test_a_model_writes_of_each_topic_and_is_paid_for_its_papers_only(library: Library):
    asked: list[str] = []

    def write_it(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        evidence = body["messages"][-1]["content"]
        asked.append(evidence)
        rows = re.findall(r"^(\d+)\.(\d+) (.+)$", evidence, re.M)
        said = [f"{text.rstrip('.')} [{label}.{number}]." for label, number, text in rows]
        return answer(json.dumps({"title": "T", "sentences": said[:2], "lines": said}))

    respx.post(CHAT).mock(side_effect=write_it)
    library.add(week(4))
    library.topics.add("videos", "long video generation")
    library.topics.add("proofs", "formal mathematics")
    model = ChatModel(settings(library.path, wait_seconds=60.0, silence_seconds=60.0))
    assert (await plan(library, topics="all", model=model)).calls == 2
    digest = await digest_of(library, topics="all", model=model)
    assert len(asked) == digest.usage.llm_calls == 2
    assert not any("Grasping" in evidence for evidence in asked)
    assert digest.mode == "llm"
    for topic in digest.topics:
        assert topic.name in ("videos", "proofs")
        assert len(topic.claims) == 2
        assert {c.label for claim in topic.claims for c in claim.citations} <= set(topic.labels)
    assert (await digest_of(library, topics="all", model=model)).usage.llm_calls == 0


def test_python_takes_topics_and_tags(tmp_path: Path):
    with Assistant.open(Settings.load(home=tmp_path, embeddings="hashing", offline=True)) as assistant:
        assistant.library.add(week(2))
        assistant.library.topics.add("videos", "long video generation")
        digest = assistant.weekly("2026-W16", topics=["videos"]).to_dict()
    assert digest["topics"][0]["name"] == "videos"
    assert len(digest["topics"][0]["labels"]) == 2
    assert len(digest["outside"]) == 8

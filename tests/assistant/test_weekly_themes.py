"""Which papers a digest groups, how groups are named, and that they stay the same."""

from collections import Counter
from pathlib import Path

import pytest
from invented import SUBJECTS, paper_about, subject_of, week

from assistant.weekly import map_of, weekly
from assistant.weekly.phrases import name_of, telling_phrases
from assistant.weekly.themes import group, join
from index.library import Library
from index.paper import Paper


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "home", "hashing", offline=True, exact=True) as opened:
        yield opened


def grouped(library: Library, papers: list[Paper]) -> tuple[tuple[str, ...], ...]:
    library.add(papers)
    return group(papers, library.paper_vectors([p.id for p in papers]))


def test_papers_of_a_subject_stand_together(library: Library):
    papers = week(8)
    by_id = {p.id: p for p in papers}
    groups = grouped(library, papers)
    assert 4 <= len(groups) <= 10
    assert all(len({subject_of(by_id[i]) for i in ids}) == 1 for ids in groups)
    assert all(len(ids) >= 3 for ids in groups)
    assert sum(map(len, groups)) >= 0.75 * len(papers)
    assert len({i for ids in groups for i in ids}) == sum(map(len, groups))


def test_the_order_that_papers_come_in_changes_nothing(library: Library):
    papers = week(6)
    first = grouped(library, papers)
    backwards = papers[::-1]
    assert group(backwards, library.paper_vectors([p.id for p in backwards])) == first


@pytest.mark.parametrize("number", [1, 2, 5])
def test_few_papers_are_told_one_by_one(library: Library, number: int):
    papers = week(1)[:number]
    assert sorted(grouped(library, papers)) == sorted((p.id,) for p in papers)


@pytest.mark.parametrize("number", [6, 7, 12, 20])
def test_small_weeks_have_themes_of_three_or_more(library: Library, number: int):
    papers = week(4)[:number]
    groups = grouped(library, papers)
    assert groups
    assert all(len(ids) >= 3 for ids in groups)


def test_papers_without_a_word_in_common(library: Library):
    papers = [Paper(title=f"Q{n}x{n}", abstract=f"Zz{n}aa bb{n}cc dd{n}.", posted="2026-04-14") for n in range(8)]
    groups = grouped(library, papers)
    assert len({i for ids in groups for i in ids}) == sum(map(len, groups))


def test_a_late_paper_joins_the_theme_it_is_like_and_nothing_moves(library: Library):
    papers = week(6)
    groups = grouped(library, papers)
    others = [p.id for p in papers if not any(p.id in ids for ids in groups)]
    late = [paper_about("robots", 30), paper_about("speech", 31)]
    everyone = papers + late
    library.add(late)
    after = join(everyone, library.paper_vectors([p.id for p in everyone]), groups, others)
    by_id = {p.id: p for p in everyone}
    for old, new in zip(groups, after, strict=True):
        assert new[: len(old)] == old
    for came in late:
        (theme,) = [ids for ids in after if came.id in ids]
        assert {subject_of(by_id[i]) for i in theme} == {subject_of(came)}


def test_a_paper_that_is_gone_leaves_its_theme(library: Library):
    papers = week(6)
    groups = grouped(library, papers)
    left = [p for p in papers if p.id != groups[0][0]]
    after = join(left, library.paper_vectors([p.id for p in left]), groups, [])
    assert after[0] == groups[0][1:]


async def digest_of(library: Library, **which: object):
    return [snapshot async for snapshot in weekly(library, **which)][-1]  # type: ignore[arg-type]


async def test_themes_are_named_by_their_words_and_ordered_by_size_and_upvotes(library: Library):
    library.add(week(8))
    digest = await digest_of(library)
    papers = {p.label: p.paper for p in digest.papers}
    for theme in digest.themes:
        subject = Counter(subject_of(papers[label]) for label in theme.labels).most_common(1)[0][0]
        own = f"{SUBJECTS[subject].noun} {SUBJECTS[subject].setting} {' '.join(SUBJECTS[subject].words)}".split()
        assert any(word.lower().rstrip("s") in " ".join(own) for word in theme.title.replace(",", "").split())
    order = [(-len(t.labels), -sum(papers[n].upvotes or 0 for n in t.labels)) for t in digest.themes]
    assert order == sorted(order)
    assert any("more papers come first" in notice for notice in digest.notices)


async def test_the_map_places_every_paper_near_its_theme(library: Library):
    library.add(week(8))
    digest = await digest_of(library)
    points = map_of(library, digest)
    assert [p.label for p in points] == [p.label for p in digest.papers]
    assert all(0 <= p.x <= 1 and 0 <= p.y <= 1 for p in points)
    assert map_of(library, digest) == points
    placed = [p for p in points if p.theme is not None]
    near = 0
    for point in placed:
        others = [p for p in placed if p != point]
        nearest = min(others, key=lambda p, at=point: (p.x - at.x) ** 2 + (p.y - at.y) ** 2)
        near += subject_of_label(digest, nearest.label) == subject_of_label(digest, point.label)
    assert near >= 0.9 * len(placed)


def subject_of_label(digest, label: int) -> str:
    return subject_of(next(p.paper for p in digest.papers if p.label == label))


@pytest.mark.parametrize("number", [1, 2, 7])
async def test_the_map_of_a_few_papers(library: Library, number: int):
    library.add(week(2)[:number])
    digest = await digest_of(library)
    assert len(map_of(library, digest)) == number


def test_a_group_is_named_by_what_reads_as_a_name():
    titles = [
        "Temporal Shifts in Image Editing",
        "Semantic Shifts and Image Editing",
        "Image Editing by Temporal Masks",
    ]
    group = [Paper(title=title, abstract=f"We show {title.lower()} of work {n}.") for n, title in enumerate(titles)]
    others = [Paper(title=f"Robots that walk {n}", abstract="Robots walk on sand.") for n in range(9)]
    phrases = dict(telling_phrases(group, [*group, *others]))
    assert phrases["image editing"] > max(phrases["temporal"], phrases["shift"])
    assert name_of(group, phrases) == "Image editing"  # not "Image Editing, shifts, temporal"
    assert name_of(group, {"image editing": 3.0, "mask": 2.0}) == "Image editing and masks"
    thought = [Paper(title="Chain-of-Thought Reasoning, or CoT", abstract=f"It thinks {n}.") for n in range(2)]
    assert name_of(thought, {"chain-of-thought reasoning": 3.0, "cot": 2.9}) == "Chain-of-Thought Reasoning"
    rewards = [Paper(title="Reward Models for Reinforcement Learning", abstract=f"It learns {n}.") for n in range(2)]
    phrases = {"reward model": 3.0, "reinforcement learning": 2.0}
    assert name_of(rewards, phrases) == "Reward Models and Reinforcement Learning"

"""What a digest says is new: themes beside those of the week before, and papers that changed since they were in one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from invented import SUBJECTS, paper_about, week

from assistant.checking.revised import revised_figures
from assistant.documents import Digest
from assistant.render.digest import to_html, to_markdown, to_text
from assistant.weekly import plan, weekly
from assistant.weekly.beside import Side, against
from assistant.weekly.cache import KeptTheme
from assistant.weekly.weeks import period_of_days
from index.library import Library
from index.paper import Paper


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "home", "hashing", offline=True, exact=True) as opened:
        yield opened


async def digest_of(library: Library, week: str = "2026-W16", **which: Any) -> Digest:
    return [snapshot async for snapshot in weekly(library, week, **which)][-1]


def papers(subject: str, count: int, day: str, first: int = 0) -> list[Paper]:
    return [
        paper_about(
            subject, n, day, id=f"arxiv:2604.{1000 * int(day[-2:]) + 100 * list(SUBJECTS).index(subject) + n:05}"
        )
        for n in range(first, first + count)
    ]


async def test_themes_come_grow_go_on_shrink_or_go_and_both_counts_are_of_their_phrase(library: Library):
    for subject, then, now in (
        ("video", 6, 6),
        ("robots", 3, 9),
        ("retrieval", 9, 3),
        ("speech", 6, 0),
        ("proofs", 0, 6),
    ):
        library.add(papers(subject, then, "2026-04-07"))
        library.add(papers(subject, now, "2026-04-14", 20))
    digest = await digest_of(library)
    before = digest.before
    assert before is not None
    assert (before.days, before.before, before.now) == ("2026-W15", 24, 24)
    assert {t.how for t in before.themes} == {"new", "grew", "goes on", "shrank", "gone"}
    assert {("new", 0, 6), ("gone", 6, 0)} <= {(t.how, t.before, t.now) for t in before.themes}
    for theme in before.themes:
        for day, count in (("2026-04-07", theme.before), ("2026-04-14", theme.now)):
            texts = [f"{p.title} {p.abstract}".lower() for p in library.papers() if p.posted == day]
            assert sum(theme.phrase.lower() in text for text in texts) == count
    for shown in (to_markdown(digest), to_text(digest), to_html(digest)):
        assert "Themes beside 2026-W15" in shown
        heads = ("Grew: ", "Go on: ", "Shrank: ", "Not named in 2026-W15: “", "No longer named: “", "” (6)")
        assert all(head in shown for head in heads)
        assert "of the 24 papers of 2026-W15 → the 24 papers here" in " ".join(shown.split())
    await digest_of(library, "2026-W15")
    assert (await digest_of(library)).before == before  # whether a digest was made of the week before or not


@pytest.mark.parametrize(
    ("then", "now", "of_then", "of_now", "how"),
    [
        (0, 1, 40, 40, None),  # one paper is no theme that goes on
        (0, 2, 40, 40, "new"),
        (0, 2, 20, 40, None),  # of so few one was to be expected
        (1, 2, 40, 40, None),
        (1, 4, 40, 40, "grew"),
        (2, 2, 40, 40, "goes on"),
        (9, 3, 40, 40, "shrank"),
        (18, 6, 40, 15, "goes on"),  # so did the week
        (4, 2, 40, 40, "goes on"),
        (4, 1, 40, 40, "shrank"),
        (3, 0, 40, 40, "gone"),
        (2, 0, 40, 20, None),
        (4, 6, 40, 40, "goes on"),  # two papers more may be chance
        (10, 20, 40, 80, "goes on"),  # so did the week
        (10, 20, 80, 80, "grew"),
    ],
)
def test_what_two_counts_say(then: int, now: int, of_then: int, of_now: int, how: str | None):
    def about(count: int, others: int, day: str) -> list[Paper]:
        return [paper_about("video" if n < count else "proofs", n, day) for n in range(others)]

    before, after = about(then, of_then, "2026-04-07"), about(now, of_now, "2026-04-14")
    themes = [about_video(papers) for papers in (before, after)]
    told = against(WEEK_BEFORE, Side(before, themes[:1]), Side(after, themes[1:]))
    assert ([t.how for t in told.themes] if told else [None]) == [how]


WEEK_BEFORE = period_of_days("2026-04-06", "2026-04-12")


def about_video(papers: list[Paper], phrase: str = "long video generation") -> KeptTheme:
    return KeptTheme(tuple(p.id for p in papers[:2]), "Long video", {phrase: 1.0})


@pytest.mark.parametrize(
    "otherwise",
    [
        "On long-video generation",
        "On Longvideo Generation",
        "LONG VIDEO-GENERATION",
        "LVG with birds",
        "We generate videos that are long",
        "On the generation of videos",  # the end of the phrase
    ],
)
def test_a_phrase_that_is_named_in_other_words_is_not_said_to_have_come_or_gone(otherwise: str):
    with_it = [paper_about("video", n) for n in range(4)]
    without = [paper_about("proofs", n) for n in range(6)]
    near = [Paper(title=otherwise, abstract="Of birds."), *without]
    theme = about_video(with_it)
    assert against(WEEK_BEFORE, Side(near, []), Side(with_it, [theme])) is None
    assert against(WEEK_BEFORE, Side(with_it, [theme]), Side(near, [])) is None
    assert [t.how for t in against(WEEK_BEFORE, Side(without, []), Side(with_it, [theme])).themes] == ["new"]
    assert [t.how for t in against(WEEK_BEFORE, Side(with_it, [theme]), Side(without, [])).themes] == ["gone"]
    assert against(WEEK_BEFORE, Side(without, []), Side(with_it, [replace(theme, phrases={})])) is None
    single = about_video(with_it, "frame")  # of one word nothing is said
    assert against(WEEK_BEFORE, Side(without, []), Side(with_it, [single])) is None


@pytest.mark.parametrize("letters", ["MVG", "multi video graphs"])
def test_letters_of_a_phrase_may_be_spelled_out(letters: str):
    with_it = [Paper(title=f"An MVG benchmark {n}", abstract="An MVG benchmark.") for n in range(4)]
    without = [Paper(title=f"On {letters}", abstract="Of birds."), *(paper_about("proofs", n) for n in range(6))]
    theme = about_video(with_it, "mvg benchmark")
    assert against(WEEK_BEFORE, Side(without[1:], []), Side(with_it, [theme])) is not None
    assert (against(WEEK_BEFORE, Side(without, []), Side(with_it, [theme])) is None) == (" " in letters)


async def test_what_a_digest_would_cost_is_told_without_looking_at_the_days_before(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    library.add([*week(3), *papers("video", 6, "2026-04-07")])
    asked: list[str] = []
    read = Library.papers
    monkeypatch.setattr(
        Library, "papers", lambda self, **options: asked.append(options.get("week", "")) or read(self, **options)
    )
    assert (await plan(library, "2026-W16")).papers == 15
    assert set(asked) == {"2026-W16"}


async def test_without_a_week_before_or_themes_nothing_is_compared(library: Library):
    library.add(week(3))
    assert (await digest_of(library)).before is None
    library.add([paper_about("video", 40, "2026-04-07"), paper_about("speech", 41, "2026-04-07")])
    digest = await digest_of(library, fresh=True)
    assert digest.before is None
    assert "Themes beside" not in to_markdown(digest)


def revised(paper: Paper, old: str, new: str, **changes: Any) -> Paper:
    assert old in paper.abstract
    return paper.with_(abstract=paper.abstract.replace(old, new), **changes)


async def test_a_paper_that_changed_since_it_was_in_a_digest_is_told_once_with_both_values(library: Library):
    old = paper_about("video", 3, "2026-04-14", version=1)
    library.add([*week(3), old])
    await digest_of(library)
    new = revised(old, "by 5.5 points", "by 4.1 points", version=2)
    library.add([new, *papers("proofs", 3, "2026-04-21", 30), *papers("video", 3, "2026-04-28", 60)])
    digest = await digest_of(library, "2026-W17")
    (change,) = digest.changed
    assert change.id == old.id
    assert change.message == (
        "Since the digest of 2026-W16: version 1 then, version 2 now; “5.5 points” is now “4.1 points” (sentence 4)."
    )
    figure = digest.to_dict()["changed"][0]["figures"][0]
    assert (figure["before"], figure["now"], figure["number"]) == ("5.5 points", "4.1 points", 4)
    assert "by 5.5 points" in figure["was"]
    assert "by 4.1 points" in figure["sentence"]
    for shown in (to_markdown(digest), to_text(digest), to_html(digest)):
        assert "Changed since an earlier digest (1)" in shown
        assert "4.1 points" in shown
    assert (await digest_of(library, "2026-W17")).changed == digest.changed  # the same when it is made again
    assert (await digest_of(library, "2026-W18")).changed == ()  # told already
    assert [c.id for c in (await digest_of(library, "2026-W16")).changed] == [old.id]  # of its own digest, too
    assert (await digest_of(library, "2026-W16", fresh=True)).changed  # told once more, and begun anew
    assert (await digest_of(library, "2026-W16")).changed == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 4}, "version 3 then, version 4 now; its abstract reads the same."),
        ({"abstract": "We count birds in towns. It needs 40% of its memory."}, "“2.5 points” no longer stands"),
        ({"abstract": "EXTRA"}, "“12 hours” is new (sentence 6)"),
        ({"abstract": "WORDS"}, "its abstract was rewritten; no figure differs."),
        ({"abstract": "SPACE", "upvotes": 9}, None),
        ({"upvotes": 90, "comments": 3}, None),
    ],
)
async def test_what_changed_is_said(library: Library, change: dict[str, Any], said: str | None):
    old = paper_about("video", 0, "2026-04-14", version=3)
    texts = {
        "EXTRA": f"{old.abstract} Training takes 12 hours.",
        "WORDS": old.abstract.replace("held back", "slowed down"),
        "SPACE": old.abstract.replace(" ", "  "),
    }
    library.add([old])
    await digest_of(library)
    abstract = change.get("abstract", old.abstract)
    library.add([old.with_(**{"version": 3, **change, "abstract": texts.get(abstract, abstract)})])
    messages = [c.message for c in (await digest_of(library)).changed]
    assert [said in message for message in messages] == ([True] if said else []), messages


async def test_a_changed_papers_title_leads_nowhere(library: Library):
    old = paper_about(
        "video", 0, "2026-04-14", version=1, title="Frames [here](http://evil.example/a) www.evil.example"
    )
    library.add([old])
    await digest_of(library)
    library.add([old.with_(version=2)])
    digest = await digest_of(library)
    assert digest.changed
    for shown in (to_markdown(digest), to_text(digest), to_html(digest)):
        assert "http://evil" not in shown
        assert "www." not in shown


def sentences(text: str):
    return Paper(title="T", abstract=text).sentences


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("It reaches 61.2% on the test set.", "It reaches 62.4% on the test set.", [("61.2%", "62.4%")]),
        ("It is 2x faster. It needs 3 GB.", "It needs 3 GB. It is 2.0x faster.", []),
        ("It is twice as fast.", "It is 2x as fast.", []),
        ("It reaches 61.2% accuracy.", "Birds cost 62.4% of nothing here today.", [("61.2%", None), (None, "62.4%")]),
        ("We test it in 2024.", "We test it in 2025.", []),
        ("", "It has 3 layers.", [(None, "3")]),
    ],
)
def test_figures_that_differ_are_paired_by_their_sentences(
    old: str, new: str, found: list[tuple[str | None, str | None]]
):
    got = [(f.before, f.now) for f in revised_figures(sentences(old), sentences(new))]
    assert [tuple(v and v.split()[0] for v in pair) for pair in got] == found

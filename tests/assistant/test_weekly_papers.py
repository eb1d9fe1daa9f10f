"""Which week a digest covers, and which papers are in it: every paper once, or left out with a reason."""

import datetime
from pathlib import Path

import pytest
from invented import paper_about, week

from assistant.documents import Digest
from assistant.question import Question
from assistant.question.weeks import WeekRequest
from assistant.weekly import weekly, weeks_with_papers
from index.dates import week_of
from index.library import Library
from index.paper import Paper


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "home", "hashing", offline=True, exact=True) as opened:
        yield opened


async def digest_of(library: Library, **which: object) -> Digest:
    digest = [snapshot async for snapshot in weekly(library, **which)][-1]  # type: ignore[arg-type]
    assert_accounted(digest)
    return digest


def assert_accounted(digest: Digest) -> None:
    """Every label in exactly one theme or in `other`, each with its line."""
    placed = [label for theme in digest.themes for label in theme.labels] + list(digest.other)
    assert sorted(placed) == sorted(p.label for p in digest.papers)
    assert len({p.paper.id for p in digest.papers}) == len(digest.papers)
    assert all(p.line.citations[0].label == p.label for p in digest.papers)
    assert not {p.paper.id for p in digest.papers} & {e.id for e in digest.excluded}


def ids(digest: Digest) -> set[str]:
    return {p.paper.id for p in digest.papers}


async def test_the_latest_week_with_papers_is_the_default(library: Library):
    library.add([*week(1, "2026-04-06"), *[p.with_(id=f"arxiv:2605.1000{n}") for n, p in enumerate(week(1))]])
    digest = await digest_of(library)
    assert (digest.week, digest.since, digest.until) == ("2026-W16", "2026-04-13", "2026-04-19")
    assert any("2026-W16 is the latest week" in notice for notice in digest.notices)
    assert weeks_with_papers(library) == {"2026-W16": 5, "2026-W15": 5}


async def test_the_day_on_the_daily_page_counts_before_that_of_publication(library: Library):
    posted = paper_about("video", 1, "2026-04-14", published="2026-03-30")
    published = paper_about("video", 2, posted=None, published="2026-04-15")
    library.add([posted, published, paper_about("video", 3, "2026-04-21", published="2026-04-14")])
    digest = await digest_of(library, week="2026-W16")
    assert ids(digest) == {posted.id, published.id}
    assert any("on the Daily page (1), else by their day of publication (1)" in notice for notice in digest.notices)


async def test_days_may_be_given_instead_of_a_week(library: Library):
    days = [paper_about("video", n, f"2026-04-{10 + n}") for n in range(8)]
    library.add(days)
    digest = await digest_of(library, since="2026-04-12", until="2026-04-14")
    assert digest.week is None
    assert ids(digest) == {p.id for p in days[2:5]}
    assert ids(await digest_of(library, since="2026-04-15")) == {p.id for p in days[5:]}
    assert (await digest_of(library, since="2026-04-13", until="2026-04-19")).week == "2026-W16"


@pytest.mark.parametrize(
    "which",
    [
        {"week": "2026-W60"},
        {"week": "last"},
        {"since": "yesterday"},
        {"week": "2026-W16", "since": "2026-04-13"},
        {"since": "2026-04-14", "until": "2026-04-13"},
    ],
)
async def test_what_is_no_week_is_an_error_that_says_so(library: Library, which: dict[str, str]):
    library.add([paper_about("video", 1)])
    with pytest.raises(ValueError, match=r"week|date|after"):
        await digest_of(library, **which)


async def test_an_empty_week_names_the_nearest_that_have_papers(library: Library):
    library.add(
        [
            paper_about("video", 1, "2026-04-14"),
            paper_about("video", 2, "2026-02-02"),
            paper_about("video", 3, "2025-01-06"),
        ]
    )
    digest = await digest_of(library, week="2026-W14")
    assert not digest.papers
    notice = " ".join(digest.notices)
    assert "No paper is from 2026-W14" in notice
    assert "2026-W06 (1)" in notice
    assert "2026-W16 (1)" in notice


async def test_an_empty_library_says_what_to_do(library: Library):
    digest = await digest_of(library)
    assert digest.complete
    assert "papers add" in " ".join(digest.notices)


async def test_papers_without_a_day_are_counted(library: Library):
    library.add([paper_about("video", 1), paper_about("video", 2, posted=None)])
    digest = await digest_of(library)
    assert len(digest.papers) == 1
    assert any(notice.startswith("1 paper without a date") for notice in digest.notices)


async def test_one_paper_makes_a_digest_of_one_paper(library: Library):
    only = paper_about("video", 1)
    library.add([only])
    digest = await digest_of(library)
    assert [t.title for t in digest.themes] == [only.title]
    assert len(digest.themes[0].claims) >= 2
    assert digest.papers[0].line.text.startswith("“We present BirchVide1")
    assert not digest.overview


async def test_copies_and_versions_of_a_paper_are_left_out_with_the_reason(library: Library):
    first = paper_about("video", 1)
    again = first.with_(id="mine-1", title=first.title.upper())
    version = paper_about("video", 2, id="arxiv:2604.20002")
    older = version.with_(id="mine-2", upvotes=0, abstract=". ".join(version.abstract.split(". ")[:3]))
    library.add([first, again, version, older, paper_about("video", 3)])
    digest = await digest_of(library)
    assert len(digest.papers) == 3
    reasons = {e.id: e.reason for e in digest.excluded}
    assert first.id in reasons.get("mine-1", "") or "mine-1" in reasons.get(first.id, "")
    assert reasons["mine-2"].startswith("another version of arxiv:2604.20002:")


async def test_two_given_ids_of_one_text_are_a_duplicate_and_no_version(library: Library):
    first = paper_about("video", 1, id="mine-1")
    library.add([first, first.with_(id="mine-2", upvotes=0)])
    digest = await digest_of(library)
    assert [e.reason.partition(" of ")[0] for e in digest.excluded] == ["a duplicate"]


async def test_what_stood_in_an_earlier_digest_is_left_out_and_says_which(library: Library):
    moved = paper_about("video", 1, "2026-04-08")
    library.add([moved, *week(1, "2026-04-08")])
    assert moved.id in ids(await digest_of(library, week="2026-W15"))
    library.add([moved.with_(posted="2026-04-14"), *(paper_about("speech", n) for n in range(3, 6))])
    for _ in range(2):  # making the same week again leaves out nothing more
        digest = await digest_of(library, week="2026-W16")
        assert len(digest.papers) == 3
        assert [e.id for e in digest.excluded] == [moved.id]
        assert "2026-W15" in digest.excluded[0].reason
    assert moved.id in ids(await digest_of(library, week="2026-W15"))  # it stood there, whatever came later
    again = await digest_of(library, week="2026-W16")
    assert [e.id for e in again.excluded] == [moved.id]


async def test_a_digest_stays_as_it_was_when_its_papers_get_other_days_and_ids(library: Library):
    pasted = paper_about("video", 1, "2026-04-08").with_(id=None)
    published = paper_about("video", 22).with_(posted=None, published="2026-04-09")
    library.add([pasted, published, *week(1, "2026-04-08")])
    before = await digest_of(library, week="2026-W15")
    known = {p.paper.title: p.label for p in before.papers}
    library.add([pasted.with_(id="arxiv:2604.99999", posted="2026-04-14"), published.with_(posted="2026-04-15")])
    library.add([paper_about("speech", n) for n in range(3, 6)])
    later = await digest_of(library, week="2026-W16")
    assert {e.id for e in later.excluded} == {"arxiv:2604.99999", published.id}
    assert all("2026-W15" in e.reason for e in later.excluded)
    again = await digest_of(library, week="2026-W15")
    assert {p.paper.title: p.label for p in again.papers} == known
    assert "arxiv:2604.99999" in ids(again)


async def test_two_papers_of_one_title_are_both_in_the_digest(library: Library):
    one, other = paper_about("video", 1, authors=("Ada Example",)), paper_about("robots", 2)
    other = other.with_(id=None, title=one.title, authors=("Zoe Other",))
    library.add([one, other, paper_about("speech", 3)])
    digest = await digest_of(library)
    assert (len(digest.papers), digest.excluded) == (3, ())


async def test_a_week_of_which_everything_is_left_out(library: Library):
    moved = paper_about("video", 1, "2026-04-08")
    library.add([moved])
    await digest_of(library)
    library.add([moved.with_(posted="2026-04-14")])
    for _ in range(2):
        digest = await digest_of(library)
        assert (digest.week, digest.papers, len(digest.excluded)) == ("2026-W16", (), 1)


async def test_a_later_digest_leaves_out_nothing_of_an_earlier_week(library: Library):
    one = paper_about("video", 1)
    library.add([one, *(paper_about("video", n) for n in range(2, 5))])
    await digest_of(library, week="2026-W16")
    library.add([one.with_(posted="2026-04-08")])
    assert ids(await digest_of(library, week="2026-W15")) == {one.id}


async def test_a_topic_makes_a_digest_of_its_own(library: Library):
    library.add(week(4))
    digest = await digest_of(library, query="robot manipulation")
    assert {p.paper.title.split(" for ")[1].split(" with")[0] for p in digest.papers} == {"Robot Manipulation"}
    assert any("4 of 20 papers are about “robot manipulation”" in notice for notice in digest.notices)
    assert len((await digest_of(library)).papers) == 20


async def test_a_topic_that_no_paper_is_about(library: Library):
    library.add(week(2))
    near = await digest_of(library, query="robot gardening")
    assert {p.paper.id for p in near.papers} == {paper_about("robots", n).id for n in range(2)}
    assert any("come nearest" in notice for notice in near.notices)
    none = await digest_of(library, query="xylophones")
    assert not none.papers
    assert any("xylophones" in notice for notice in none.notices)


async def test_a_theme_that_goes_on_from_the_digest_before_is_named(library: Library):
    library.add(week(5, "2026-04-08"))
    assert not any("Continued" in c.text for c in (await digest_of(library, week="2026-W15")).overview)
    library.add([paper_about("robots", n) for n in range(20, 27)])
    digest = await digest_of(library, week="2026-W16")
    (claim,) = [c for c in digest.overview if c.text.startswith("Continued from the last digest")]
    assert claim.check.verdict in ("ok", "nothing_to_check")
    assert {c.label for c in claim.citations} <= {p.label for p in digest.papers}


def test_days_and_weeks():
    assert week_of("2026-01-01") == "2026-W01"
    assert week_of(datetime.date(2027, 1, 3)) == "2026-W53"


@pytest.mark.parametrize(
    ("question", "week", "query"),
    [
        ("give me this week's summary", None, None),
        ("Give me this week’s digest, please?", None, None),
        ("/weekly", None, None),
        ("/weekly 2026-W16", "2026-W16", None),
        ("/weekly 2026-w6 diffusion models", "2026-W06", "diffusion models"),
        ("/weekly agents", None, "agents"),
        ("weekly summary of diffusion papers", None, "diffusion"),
        ("Could you give me the weekly digest for 2026-W16?", "2026-W16", None),
        ("summarize last week's papers", "2026-W46", None),
        ("sum up this week", None, None),
        ("a summary of 2026-W16 on speech", "2026-W16", "speech"),
        ("Summarise the week 2026-W16", "2026-W16", None),
        ("weekly summary 2026-W16", "2026-W16", None),
        ("the digest of the week 2026-W16 on speech", "2026-W16", "speech"),
    ],
)
def test_questions_that_ask_for_a_week(question: str, week: str | None, query: str | None):
    assert Question(question, datetime.date(2026, 11, 18)).week == WeekRequest(week, query)


@pytest.mark.parametrize(
    "question",
    [
        "what did papers find last week?",
        "which papers of this week use diffusion?",
        "summarize FlashAttention-4",
        "give me a summary of weekly load forecasting",
        "how are weekly summaries evaluated?",
        "weekly load forecasting",
        "What is new this week in agents?",
        "summary",
        "",
    ],
)
def test_questions_that_ask_for_something_else(question: str):
    assert Question(question).week is None


async def test_a_paper_of_the_week_is_never_lost_to_a_strange_text(library: Library):
    library.add(
        [
            Paper(title="To Be", abstract="It is.", posted="2026-04-14"),
            Paper(title="长视频生成", abstract="我们提出一种新的方法。它更快。", posted="2026-04-14"),
            Paper(
                title="<b>Bold</b> [1.2] claims",
                abstract="We saw [0, 1] and [3]. ![x](http://evil.example)",
                posted="2026-04-14",
            ),
            Paper(title="One word", abstract="Word", posted="2026-04-14"),
            *[paper_about("video", n) for n in range(4)],
        ]
    )
    assert len((await digest_of(library)).papers) == 8

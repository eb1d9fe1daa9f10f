"""Pasted Daily pages, written by the page's grammar: titles, abstracts and what stands around them."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sources import Reading, UnknownFormat, read_text

TODAY = datetime.date(2026, 11, 24)

HEAD = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Apr 17
"""

TILE = (
    "Tiled softmax kernels keep the running maximum in registers, so that a long row is read only once. On one "
    "accelerator the kernel reaches 71% of the peak, 1.4x the library's own; on a smaller one it gains nothing."
)
ROUTE = (
    "Routing every token to two of sixty-four experts leaves most of the memory idle. We load an expert when its "
    "router first names it, and show that a phone with 8 GB can serve a model of 30 GB at 6 tokens per second."
)
PRUNE = (
    "Can a pruned network be told from a small one? Over 40 networks and three tasks, we find that it cannot: at equal "
    "size the two differ by less than 0.2 points, and the pruned one costs nine times the training."
)


def page(body: str, head: str = HEAD, **options: object) -> Reading:
    return read_text(head + "\n" + body, today=TODAY, **options)  # type: ignore[arg-type]


def test_title_abstract_and_what_stands_beneath() -> None:
    reading = page(
        f"Row Once: Tiled Softmax\n\n{TILE}\n\n  • 6 authors\n·\nSep 1, 2025\n\n"
        f"Experts on a Phone\n\n{ROUTE}\n\nopenlab-ai OpenLab\n·\nMar 30 2\n\n"
        f"Pruned or Small?\n\n{PRUNE}\n\n  • 1 authors\n·\nFeb 10, 2020 11\n"
    )
    assert reading.format == "daily-page"
    assert not reading.rejects
    first, second, third = reading.papers
    assert (first.title, first.abstract) == ("Row Once: Tiled Softmax", TILE)
    assert (first.author_count, first.organization, first.published, first.comments) == (6, None, "2025-09-01", None)
    assert (second.author_count, second.organization, second.published, second.comments) == (
        None,
        "OpenLab",
        "2026-03-30",
        2,
    )
    assert (third.author_count, third.published, third.comments) == (1, "2020-02-10", 11)
    assert {p.posted for p in reading.papers} == {None}
    assert {p.source for p in reading.papers} == {"daily-page"}
    assert {p.upvotes for p in reading.papers} == {None}


def test_paper_with_nothing_beneath_it() -> None:
    reading = page(
        f"Row Once: Tiled Softmax\n\n{TILE}\n\n"
        f"Experts on a Phone\n\n{ROUTE}\n\nopenlab-ai OpenLab\n·\nMar 30, 2024\n\n"
        f"Pruned or Small?\n\n{PRUNE}\n"
    )
    assert [p.title for p in reading.papers] == ["Row Once: Tiled Softmax", "Experts on a Phone", "Pruned or Small?"]
    assert [p.published for p in reading.papers] == [None, "2024-03-30", None]
    assert [p.organization for p in reading.papers] == [None, "OpenLab", None]


def test_short_abstract_and_long_title_are_told_by_position() -> None:
    title = "On the " + "Very " * 60 + "Long Title of a Paper"
    reading = page(
        f"{title}\n\nWe show that titles can be long.\n\n  • 2 authors\n·\nJan 5, 2025\n\n"
        f"Two\n\nShort.\n\n  • 3 authors\n·\nJan 6, 2025\n"
    )
    assert [(p.title, p.abstract) for p in reading.papers] == [
        (title, "We show that titles can be long."),
        ("Two", "Short."),
    ]


@pytest.mark.parametrize(
    ("dates", "year", "today", "expected"),
    [
        (("Mar 5", "Dec 1, 2024"), None, TODAY, "2025-03-05"),  # the greatest printed year + 1
        (("Mar 5", "Dec 1, 2024"), 2021, TODAY, "2021-03-05"),  # given
        (("Mar 5", "Feb 1"), None, TODAY, "2026-03-05"),  # none printed: 17 April 2026 is past
        (("Mar 5", "Feb 1"), None, datetime.date(2026, 4, 16), "2025-03-05"),  # ... and here still to come
        (("Mar 5", "Feb 1"), None, datetime.date(2026, 4, 17), "2026-03-05"),
    ],
)
def test_dates_without_a_year(dates: tuple[str, str], year: int | None, today: datetime.date, expected: str) -> None:
    text = (
        f"{HEAD}\nA Title\n\n{TILE}\n\n• 2 authors\n·\n{dates[0]}\n\nB Title\n\n{ROUTE}\n\n• 2 authors\n·\n{dates[1]}\n"
    )
    assert read_text(text, year=year, today=today).papers[0].published == expected


def test_a_day_that_is_none_rejects_its_paper_only() -> None:
    reading = page(
        f"A Title\n\n{TILE}\n\n• 2 authors\n·\nFeb 29, 2023\n\nB Title\n\n{ROUTE}\n\n• 2 authors\n·\nFeb 28, 2023\n"
    )
    assert [p.title for p in reading.papers] == ["B Title"]
    (reject,) = reading.rejects
    assert reject.place.startswith("paper 1, line 13: A Title")
    assert "Feb 29, 2023" in reject.reason


def test_upvotes_on_lines_of_their_own() -> None:
    reading = page(
        f"117\n\nA Title\n\n{TILE}\n\n• 6 authors\n·\nSep 1, 2025\n\n2\n\n"
        f"-\n\nB Title\n\n{ROUTE}\n\n1.2k\n\nC Title\n\n{PRUNE}\n\n• 1 author\n·\nSep 2, 2025 3\n\n5\n\n"
        f"D Title\n\n{TILE}\n\n• 4 authors\n·\nSep 3, 2025\n\n7\n"
    )
    assert [(p.title, p.upvotes, p.comments) for p in reading.papers] == [
        ("A Title", 117, 2),
        ("B Title", 0, None),
        ("C Title", 1200, 3),
        ("D Title", 5, 7),
    ]


TRENDING = f"""Hugging Face's logo Hugging Face
Models
Datasets
Log In
Sign Up
new
Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
Subscribe
Trending Papers
byAK and the research community
Daily
Weekly
Monthly
Trending Papers

Submitted by
jroe

Row Once: Tiled Softmax

{TILE}

exampleu Example University
·
Published on Oct 4, 2025

Upvote
117

GitHub 1.54k
arXiv Page
Submitted by
niels-b

Experts on a Phone

{ROUTE}

• 4 authors
· Published on Dec 28, 2024

Upvote

76

GitHub
110k
arXiv Page

Pruned or Small?

{PRUNE}

OpenLab-2 OpenLab · Published on Sep 4, 2025
Upvote 22
GitHub 843 arXiv Page

Previous
Next
System theme
Company
TOS
Privacy
Trending Papers ranked by GitHub stars activity
"""


@pytest.mark.parametrize("change", ["as it is", "windows", "no empty lines", "no-break spaces"])
def test_trending_view(change: str) -> None:
    text = {
        "as it is": TRENDING,
        "windows": TRENDING.replace("\n", "\r\n"),
        "no empty lines": TRENDING.replace("\n\n", "\n"),
        "no-break spaces": TRENDING.replace("Published on", " Published\u00a0on\u00a0"),
    }[change].replace("GitHub 843 arXiv Page", "GitHub 843")
    reading = read_text(text, today=TODAY)
    assert not reading.rejects
    assert [(p.title, p.published, p.upvotes, p.author_count, p.organization) for p in reading.papers] == [
        ("Row Once: Tiled Softmax", "2025-10-04", 117, None, "Example University"),
        ("Experts on a Phone", "2024-12-28", 76, 4, None),
        ("Pruned or Small?", "2025-09-04", 22, None, "OpenLab"),
    ]
    assert [p.abstract for p in reading.papers] == [TILE, ROUTE, PRUNE]


def test_page_with_links_and_search_words() -> None:
    reading = read_text(
        f"""Hugging Face

https://huggingface.co/

Models

https://huggingface.co/models

Daily Papers

by

AK

https://huggingface.co/akhaliq

 and the research community

row softmax

Daily

Weekly

Monthly

Mar 25

-

https://huggingface.co/login?next=%2Fpapers%2F2410.99991

Row Once: Tiled Softmax

https://huggingface.co/papers/2410.99991

{TILE}

https://huggingface.co/papers/2410.99991

2 authors

·

Oct 7, 2024

12

https://huggingface.co/login?next=%2Fpapers%2F2510.99992

Experts on a Phone

https://huggingface.co/papers/2510.99992

{ROUTE}

Google

https://huggingface.co/google

·

Oct 23, 2025

1

Previous

https://huggingface.co/papers/date/2026-03-24

About

https://huggingface.co/huggingface
""",
        today=TODAY,
    )
    assert not reading.rejects
    first, second = reading.papers
    assert (first.id, first.upvotes, first.author_count) == ("arxiv:2410.99991", 0, 2)
    assert (second.id, second.upvotes, second.comments, second.organization) == ("arxiv:2510.99992", 12, 1, "Google")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("openlab-ai OpenLab", "OpenLab"),
        ("SMART CORE - SMART", "CORE - SMART"),
        ("exampleu Example University", "Example University"),
        ("ExampleU Example University", "Example University"),
        ("Mining-2718 Mining Technology", "Mining Technology"),
        ("Example University", "Example University"),
        ("Google DeepMind", "Google DeepMind"),
        ("OpenLab", "OpenLab"),
    ],
)
def test_organisation_is_the_display_name(line: str, name: str) -> None:
    reading = page(f"A Title\n\n{TILE}\n\n{line}\n·\nMar 30, 2024\n")
    assert reading.papers[0].organization == name


def test_without_handles_the_first_word_stays() -> None:
    reading = page(
        f"A Title\n\n{TILE}\n\nOpenLab\n·\nMar 30, 2024\n\nB Title\n\n{ROUTE}\n\nde Vries Lab\n·\nMar 30, 2024\n"
    )
    assert [p.organization for p in reading.papers] == ["OpenLab", "de Vries Lab"]


def test_title_without_abstract_is_rejected_with_its_place() -> None:
    reading = page(
        f"A Title\n\n{TILE}\n\n• 2 authors\n·\nMar 1, 2024\n\n"
        "Only a Title\n\n• 8 authors\n·\nMar 2, 2024\n\nAnother\n\nopenlab-ai OpenLab\n·\nMar 3, 2024\n\n"
        f"Lost Between\n\nB Title\n\n{ROUTE}\n\n• 2 authors\n·\nMar 4, 2024\n"
    )
    assert [p.title for p in reading.papers] == ["A Title", "B Title"]
    assert [r.place.split(": ")[1] for r in reading.rejects] == ["Only a Title", "Another", "Lost Between"]
    assert {r.reason for r in reading.rejects} == {"has no abstract"}


def test_list_of_titles_says_what_is_missing() -> None:
    reading = page(
        "Submitted by\n\njroe\n\n117\n\nA Title\n\n· 8 authors\n\n3\n\n"
        "Submitted by\n\nann\n\n5\n\nB Title\n\n· 2 authors\n"
    )
    assert not reading.papers
    assert [r.place.split(": ")[1] for r in reading.rejects] == ["A Title", "B Title"]


def test_lines_wrapped_by_hand_are_joined() -> None:
    words = TILE.split()
    wrapped = "\n".join(" ".join(words[at : at + 9]) for at in range(0, len(words), 9))
    reading = page(
        f"Row Once: Tiled Kernels for All\nTasks\n\n{wrapped}\n\n• 2 authors\n·\nMar 1, 2024\n\n"
        f"B Title\n{ROUTE}\n• 3 authors\n·\nMar 2, 2024\n"
    )
    assert [(p.title, p.abstract) for p in reading.papers] == [
        ("Row Once: Tiled Kernels for All Tasks", TILE),
        ("B Title", ROUTE),
    ]


def test_text_is_kept_as_it_came() -> None:
    title, abstract = (
        "D^{2}Net: \u00a0\\textit{x} — “quoted” *stars*",
        "It is $1.3\\times$ faster,\u00a0 we say  twice. " + TILE,
    )
    (paper,) = page(f"  {title} \n\n{abstract}\n\n• 2 authors\n·\nMar 1, 2024\n").papers
    assert (paper.title, paper.abstract) == (title, abstract)


def test_titles_that_look_like_the_pages_own_words() -> None:
    titles = ["Octopus 4", "Solving Tasks with Friends in Hugging Face", "Daily Papers Considered Harmful", "Marlin 2"]
    body = "".join(f"{title}\n\n{TILE}\n\n• 2 authors\n·\nMar 1, 2024\n\n" for title in titles)
    assert [p.title for p in page(body).papers] == titles


def test_posted_is_given_never_guessed() -> None:
    body = f"A Title\n\n{TILE}\n\n• 2 authors\n·\nMar 1, 2024\n"
    assert page(body).papers[0].posted is None
    assert page(body, posted="2026-04-17").papers[0].posted == "2026-04-17"
    with pytest.raises(ValueError, match="17/4"):
        page(body, posted="17/4")


def test_two_pages_pasted_in_a_row() -> None:
    body = "\n{}\n\n" + TILE + "\n\n• 2 authors\n·\nMar 1, 2024\n\n"
    reading = read_text(
        HEAD + body.format("A Title") + "Previous\nNext\n\n" + HEAD + body.format("B Title"), today=TODAY
    )
    assert [p.title for p in reading.papers] == ["A Title", "B Title"]
    assert not reading.rejects


def test_a_page_without_papers_is_said() -> None:
    with pytest.raises(UnknownFormat, match="has no papers on it"):
        read_text(HEAD)


_LETTERS = st.characters(categories=["L", "N", "P", "S"], exclude_characters="·•*▲★⭐💬-")
_WORDS = st.text(_LETTERS, min_size=2, max_size=12)
_TITLES = st.lists(_WORDS, min_size=2, max_size=40).map(lambda words: "On " + " ".join(words))
_ABSTRACTS = st.lists(_WORDS, min_size=2, max_size=20).map(lambda words: "We " + " ".join(words) + TILE)
_DATES = st.dates(min_value=datetime.date(2000, 1, 1), max_value=datetime.date(2025, 12, 31))
_PAPERS = st.lists(
    st.tuples(
        _TITLES,
        _ABSTRACTS,
        st.one_of(st.none(), st.tuples(st.integers(1, 400), _DATES, st.one_of(st.none(), st.integers(0, 99)))),
        st.integers(0, 999),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(
    papers=_PAPERS, votes=st.booleans(), newline=st.sampled_from(["\n", "\r\n"]), gap=st.sampled_from(["\n\n", "\n"])
)
def test_a_page_written_by_the_grammar_is_read_back(
    papers: list[tuple[str, str, tuple[int, datetime.date, int | None] | None, int]],
    votes: bool,
    newline: str,
    gap: str,
) -> None:
    body = ""
    for title, abstract, beneath, upvotes in papers:
        body += f"{upvotes}{gap}" if votes else ""
        body += f"{title}\n\n{abstract}{gap}"
        if beneath:
            count, date, comments = beneath
            day = f"{date:%b} {date.day}, {date.year}"
            body += f"  • {count} authors\n·\n{day}" + (f" {comments}" if comments is not None else "") + gap
    reading = read_text((HEAD + "\n" + body).replace("\n", newline), format="daily-page", today=TODAY)
    assert not reading.rejects
    assert [(p.title, p.abstract, (p.author_count, p.published, p.comments), p.upvotes) for p in reading.papers] == [
        (
            title,
            abstract,
            (beneath[0], beneath[1].isoformat(), beneath[2]) if beneath else (None, None, None),
            upvotes if votes else None,
        )
        for title, abstract, beneath, upvotes in papers
    ]

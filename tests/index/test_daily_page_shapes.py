"""Daily pages in the shapes that other people's tools make of them: invented papers, written as the site's HTML,
carried by markdownify, html2text and others, and read back whole."""

import datetime
import html
import json
from dataclasses import dataclass

import html2text
import markdownify
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.sources import read_text
from index.sources.pages import saved

TODAY = datetime.date(2026, 11, 24)
HUB = "https://huggingface.co"


@dataclass(frozen=True)
class Shown:
    """A paper as a page shows it."""

    number: str
    title: str
    abstract: str
    organization: str | None
    author_count: int
    day: datetime.date
    upvotes: int
    comments: int


_WORD = st.sampled_from(
    [
        *"sparse caches [MoE] (v2) authors · | a_b snake_case_name A* D^2 x<y & 50% #1 $k$ 2.7x “quoted” it's".split(),
        *"C++ Qwen2.5 -1 Über 注意力 re:view".split(),
        "6 authors",
        "Apr 3",
    ]
)
_WORDS = st.lists(_WORD, min_size=1, max_size=6).map(" ".join)
_TITLES = st.tuples(st.sampled_from(["Row Once", "Slim", "Why Prune", "On Caches", "FoldNet-3"]), _WORDS).map(": ".join)
_SENTENCES = st.tuples(
    st.sampled_from(["We propose a kernel that reads", "Routing every token to experts wastes", "It is shown for"]),
    _WORDS,
    st.sampled_from(
        ["and reaches 71% of the peak on one accelerator.", "which costs 1.4x the memory of the library's own."]
    ),
).map(" ".join)
_ABSTRACTS = st.lists(_SENTENCES, min_size=2, max_size=5).map(" ".join)


@st.composite
def _papers(draw: st.DrawFn) -> list[Shown]:
    numbers = draw(st.lists(st.integers(1, 99999), min_size=1, max_size=5, unique=True))
    return [
        Shown(
            f"26{draw(st.integers(1, 9)):02}.{number:05}",
            draw(_TITLES),
            draw(_ABSTRACTS),
            draw(st.none() | st.sampled_from(["Example Lab", "Technical University of Nowhere", "OpenLab"])),
            draw(st.integers(1, 300)),
            draw(st.dates(datetime.date(2020, 1, 1), datetime.date(2026, 10, 1))),
            draw(st.integers(0, 400)),
            draw(st.integers(0, 30)),
        )
        for number in numbers
    ]


def _day(day: datetime.date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def daily_html(papers: list[Shown]) -> str:
    """The Daily page as HTML: for each paper its votes, title, abstract, and who made it, when."""
    cards = ""
    for p in papers:
        account = (p.organization or "").replace(" ", "")
        people = (
            f'<a href="{HUB}/{account}"><img src="{HUB}/o.png"><span>{p.organization}</span></a>'
            if p.organization
            else f'<a href="/papers/{p.number}"><ul><li>{p.author_count} authors</li></ul></a>'
        )
        comments = f'<a href="/papers/{p.number}#community">{p.comments}</a>' if p.comments else ""
        cards += (
            f'<article><div><a href="/login?next=%2Fpapers%2F{p.number}"><div>{p.upvotes}</div></a></div>'
            f'<h3><a href="/papers/{p.number}">{html.escape(p.title)}</a></h3>'
            f'<p><a href="/papers/{p.number}">{html.escape(p.abstract)}</a></p>'
            f"<div>{people}</div><div>·</div><div><time>{_day(p.day)}</time> {comments}</div></article>"
        )
    head = (
        '<div>new</div><div>Get trending papers in your email inbox!</div><a href="/login?next=%2Fpapers">Subscribe</a>'
        f'<h1>Daily Papers</h1><h2>by <a href="{HUB}/akhaliq">AK</a> and the research community</h2>'
        "<ul><li>Daily</li><li>Weekly</li></ul><div>Oct 2</div>"
    )
    foot = '<footer><a href="/privacy">Privacy</a><a href="/huggingface">About</a></footer>'
    return f"<!doctype html><html><head><title>Daily Papers</title></head><body>{head}{cards}{foot}</body></html>"


def _html2text(page: str, **options: object) -> str:
    writer = html2text.HTML2Text(baseurl=HUB)
    for name, value in options.items():
        setattr(writer, name, value)
    return writer.handle(page)


CARRIERS = {
    "html": lambda page: page,
    "markdownify": lambda page: markdownify.markdownify(page.partition("<body>")[2], heading_style="ATX"),
    "html2text": lambda page: _html2text(page, body_width=0),
    "html2text-wrapped": lambda page: _html2text(page, body_width=120, wrap_links=False),
    "html2text-numbered": lambda page: _html2text(page, inline_links=False, body_width=0),
    "html2text-numbered-each": lambda page: _html2text(
        page, inline_links=False, links_each_paragraph=True, body_width=0
    ),
}


def _with_addresses(page: str) -> str:
    """As notebook exports write a page: the address of each link on a line of its own beneath it."""
    lines = []
    for line in saved.lines_of(page):
        lines.append(f" [-] {line.text}" if line.links and "next=" in line.links[0].address else line.text)
        lines += dict.fromkeys(link.address for link in line.links)
    return "\n\n".join(lines)


def _numbered_like_lynx(page: str) -> str:
    """As lynx writes a page: a number before each link's text, and the addresses in a list at the end."""
    lines, addresses = [], []
    for line in saved.lines_of(page):
        text = line.text
        for link in line.links:
            addresses.append(link.address)
            text = text.replace(link.text, f"[{len(addresses)}]{link.text}", 1)
        lines.append(f"   {text}")
    listed = (f"   {number}. {address}" for number, address in enumerate(addresses, 1))
    return "\n\n".join(lines) + "\n\nReferences\n\n" + "\n".join(listed) + "\n"


CARRIERS |= {"export": _with_addresses, "lynx": _numbered_like_lynx}


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("carrier", CARRIERS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(papers=_papers())
def test_a_page_is_read_back_whole(carrier: str, papers: list[Shown]) -> None:
    reading = read_text(CARRIERS[carrier](daily_html(papers)), today=TODAY)
    assert not reading.rejects
    assert [p.id for p in reading.papers] == [f"arxiv:{p.number}" for p in papers]
    for read, shown in zip(reading.papers, papers, strict=True):
        assert (read.title, read.abstract) == (_plain(shown.title), _plain(shown.abstract))
        assert read.published == shown.day.isoformat()
        assert read.upvotes == shown.upvotes
        assert read.organization == shown.organization
        if not shown.organization:
            assert read.author_count == shown.author_count
        assert (read.comments or 0) == shown.comments


@settings(max_examples=30)
@given(papers=_papers())
def test_the_page_s_own_data_are_read_where_it_was_saved_with_them(papers: list[Shown]) -> None:
    listed = [
        {
            "title": p.title,
            "numComments": p.comments,
            "paper": {
                "id": p.number,
                "title": p.title,
                "summary": p.abstract,
                "authors": [{"name": f"Ada {n}"} for n in range(p.author_count)],
                "publishedAt": f"{p.day}T00:00:00.000Z",
                "upvotes": p.upvotes,
            },
        }
        for p in papers
    ]
    props = html.escape(json.dumps({"dateString": "2026-10-02", "dailyPapers": listed}))
    page = daily_html(papers).replace("<body>", f'<body><div class="contents" data-props="{props}"></div>')
    reading = read_text(page, today=TODAY)
    assert [(p.id, p.title, p.abstract) for p in reading.papers] == [
        (f"arxiv:{p.number}", _plain(p.title), _plain(p.abstract)) for p in papers
    ]
    assert {p.posted for p in reading.papers} == {"2026-10-02"}
    assert [len(p.authors) for p in reading.papers] == [p.author_count for p in papers]


@pytest.mark.parametrize("carrier", CARRIERS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(papers=_papers())
def test_pages_one_after_the_other_hold_each_paper_once(carrier: str, papers: list[Shown]) -> None:
    pages = CARRIERS[carrier](daily_html(papers[:2])) + "\n\n" + CARRIERS[carrier](daily_html(papers[1:]))
    reading = read_text(pages, today=TODAY)
    assert sorted(p.id for p in reading.papers) == sorted(f"arxiv:{p.number}" for p in papers)
    assert not reading.rejects


_ADDRESS = f"{HUB}/papers/2511.00202"
_BODY = "Caches of keys grow with every token. We prune 40% of them by a rule that costs 3 ms."


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            f"### [Why Caches\nForget]({_ADDRESS})\n\n{_BODY}\n\nLab · 6 authors · Nov 19, 2025\n", id="wrapped"
        ),
        pytest.param(
            f"### [Why Caches\nForget][1]\n\n{_BODY}\n\n6 authors · Nov 19, 2025\n\n  [1]: {_ADDRESS}\n", id="named"
        ),
        pytest.param(
            f"## [Why Caches Forget]({_ADDRESS})<br>\n{_BODY}<br/>\n6 authors · Nov 19, 2025<br />\n", id="br"
        ),
        pytest.param(
            f"1. [Why Caches Forget]({_ADDRESS})\n\n   {_BODY}\n\n   6 authors · Nov 19, 2025\n", id="counted"
        ),
        pytest.param(f"- **[Why Caches Forget]({_ADDRESS})**\n  {_BODY}\n  *6 authors · Nov 19, 2025*\n", id="strong"),
        pytest.param(
            f"> ## [Why Caches Forget]({_ADDRESS})\n>\n> {_BODY}\n>\n> 6 authors · Nov 19, 2025\n", id="quoted"
        ),
    ],
)
def test_marks_of_a_writer_of_markdown_are_no_part_of_a_paper(page: str) -> None:
    (paper,) = read_text(page, today=TODAY).papers
    said = (paper.id, paper.title, paper.abstract, paper.author_count, paper.published)
    assert said == ("arxiv:2511.00202", "Why Caches Forget", _BODY, 6, "2025-11-19")

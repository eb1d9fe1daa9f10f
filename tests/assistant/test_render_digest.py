"""A digest as Markdown, HTML and plain text: every paper once, everything escaped, nothing fetched."""

import re
from pathlib import Path

import pytest
from html_page import HtmlPage
from invented import paper_about, week

from assistant.checking.document import check_text
from assistant.documents import Digest, Excluded, Theme
from assistant.render.digest import chart, count, to_html, to_markdown, to_text
from assistant.weekly import weekly
from index.library import Library
from index.paper import Paper

EVIL = Paper(
    title='<script>alert(1)</script> [click](javascript:alert(2)) ![x](http://evil.example/i.png) "><img src=x>',
    abstract='We present <img src="http://evil.example/b.png" onerror=alert(3)> and `code` | pipes ~~struck~~. '
    "It is $1,000 and \u202ebackwards\u202c with [1.2] and \x1b[31mred\x1b[0m.",
    url="javascript:alert(4)",
    posted="2026-04-14",
    id="evil-1",
)


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "home", "hashing", offline=True, exact=True) as opened:
        yield opened


async def digest_of(library: Library, *papers: Paper) -> Digest:
    library.add(papers)
    return [snapshot async for snapshot in weekly(library)][-1]


async def test_every_paper_stands_in_each_form_exactly_once(library: Library):
    papers = week(5)
    digest = await digest_of(library, *papers)
    markdown, page, text = to_markdown(digest), HtmlPage(to_html(digest)), to_text(digest)
    for found in papers:
        assert markdown.count(f"**{found.title}**") == 1
        assert page.text.count(found.title) == 1
        assert len(re.findall(rf"\[\d+\] {re.escape(found.title.split(':')[0])}:", " ".join(text.split()))) == 1
        assert found.link in page.links
        assert f"<{found.link}>" in markdown
    assert sorted(page.ids) == sorted(f"p{p.label}" for p in digest.papers)


async def test_the_count_above_is_the_count_below(library: Library):
    digest = await digest_of(library, *week(6))
    whole, placed, themes, besides = map(int, re.findall(r"\d+", count(digest)))
    assert whole == 30 == placed + besides
    assert themes == len(digest.themes)
    for document in (to_markdown(digest), to_html(digest), to_text(digest)):
        assert count(digest) in document
    headings = re.findall(r"^## .*\((\d+)\)$", to_markdown(digest), re.M)
    assert sum(map(int, headings)) == whole


async def test_what_was_left_out_is_listed_with_its_reason(library: Library):
    first = paper_about("video", 1)
    digest = await digest_of(library, first, first.with_(id="copy-1"), paper_about("video", 2))
    assert count(digest).endswith("1 left out.")
    (left,) = digest.excluded
    for document in (to_markdown(digest), to_html(digest), to_text(digest)):
        assert "Left out" in document
        assert left.id in document.replace("\\", "")


async def test_markdown_can_be_checked_again(library: Library):
    dressed = paper_about("video", 9)
    latex = r"We present DressedVideo, a ``dressed'' video generator: $D^{2}$ is 3.7\% better, a_b and 2.97~x."
    digest = await digest_of(library, *week(5), dressed.with_(abstract=f"{dressed.abstract} {latex}"))
    checked = check_text(to_markdown(digest), library)
    assert not checked.unresolved
    assert not [claim for claim in checked.claims if claim.check.verdict in ("look", "uncited")]
    assert sum(claim.text.startswith("“") for claim in checked.claims) >= len(digest.papers)


async def test_nothing_of_a_paper_becomes_markup_a_link_or_an_image(library: Library):
    digest = await digest_of(library, EVIL, *week(2))
    page = HtmlPage(to_html(digest))
    assert not {"script", "img", "iframe", "link", "object", "form", "style"} & set(page.tags)
    assert not [name for name in page.attributes if name.startswith("on") or name == "src"]
    own = {p.paper.link for p in digest.papers}
    assert all(link in own or re.fullmatch(r"#p\d+", link) for link in page.links)
    markdown = to_markdown(digest)
    assert not re.search(r"(?<!\\)<(?!https://arxiv)", markdown)
    assert not re.search(r"(?<!\\)!\[|(?<!\\)\]\(", markdown)
    for document in (markdown, to_html(digest), to_text(digest)):
        assert "\x1b" not in document
        assert "\u202e" not in document


async def test_a_title_by_a_model_is_escaped(library: Library):
    digest = await digest_of(library, *week(2))
    themes = (Theme("<b>Bold</b> [x](http://evil.example)", digest.themes[0].labels), *digest.themes[1:])
    spoilt = Digest(
        digest.week, digest.since, digest.until, digest.papers, (), themes, digest.other,
        (Excluded("<i>id", "<u>why"),), notices=("<em>said",),
    )  # fmt: skip
    page = HtmlPage(to_html(spoilt))
    assert not {"b", "i", "u", "em"} & set(page.tags) - {"b"}
    assert "<b>Bold</b> [x](http://evil.example)" in page.text
    assert "\\<b\\>Bold" in to_markdown(spoilt)


async def test_the_page_needs_nothing_else_and_suits_light_and_dark(library: Library):
    page = to_html(await digest_of(library, *week(6)))
    assert "color-scheme:light dark" in page
    assert 'name="viewport"' in page
    assert "@import" not in page
    assert "url(" not in page
    assert not re.search(r"(?:background|[;\"]color):\s*(?:#|white|black)", page)


async def test_the_page_of_a_median_week_is_shown_whole_by_mail_programs(library: Library):
    page = to_html(await digest_of(library, *week(15)))
    assert len(page.encode()) < 102_000  # what is longer is cut by the largest of them


async def test_the_chart_has_a_bar_for_each_theme(library: Library):
    digest = await digest_of(library, *week(8))
    drawn = chart(digest)
    assert drawn.startswith("<svg")
    assert drawn.count("<rect") == len(digest.themes) + bool(digest.other)
    assert chart(Digest(None, "2026-04-13", "2026-04-19")) == ""


async def test_an_empty_digest_says_why(library: Library):
    digest = await digest_of(library)
    for document in (to_markdown(digest), to_html(digest), to_text(digest)):
        assert "0 papers." in document
        assert "papers add" in document


@pytest.mark.parametrize("number", [1, 3])
async def test_a_few_papers_stand_without_themes_that_repeat_their_titles(library: Library, number: int):
    papers = week(2)[:number]
    digest = await digest_of(library, *papers)
    assert count(digest) == ("1 paper." if number == 1 else "3 papers.")
    assert not chart(digest)
    assert not digest.overview  # the lines below would be repeated
    for rendered in (to_markdown(digest), to_text(digest), to_html(digest).partition("</head>")[2]):
        assert "(1)" not in rendered
        plain = re.sub(r"[\W_]+", " ", rendered)
        for p in papers:
            assert plain.count(re.sub(r"[\W_]+", " ", p.title)) == 1
        for claim in (claim for theme in digest.themes for claim in theme.claims):
            words = re.sub(r"[\W_]+", " ", claim.text.partition("”")[0]).strip()
            assert words in re.sub(r"\W+", " ", plain)


async def test_no_form_holds_an_address_that_a_reader_makes_a_link_of(library: Library):
    bare = paper_about("video", 1, title="Watch https://evil.example/a or www.evil.example or a.b@evil.example")
    digest = await digest_of(library, bare, *week(1))
    own = re.compile(r"https://arxiv\.org/abs/[\d.]+|http://www\.w3\.org/2000/svg")
    for made in (to_markdown(digest), to_html(digest), to_text(digest)):
        assert made.count("evil.example/a or evil.example or a.b @ evil.example") >= 1
        assert not re.search(r"://|www\.|\w@\w", own.sub("", made))

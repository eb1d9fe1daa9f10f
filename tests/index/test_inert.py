"""Invisible text is removed, live markup is made inert, and everything else stays as it is."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.library import Library
from index.paper import Paper
from index.safety.inert import inert, unlinked, visible

UNSEEN = (
    "\u200b\u200e\u200f\u202a\u202e\u2066\u2069\u2060\u2064\ufeff\u00ad\u034f\u061c\u180e\ufff9\ufffb\ufe01\ufe0f"
    "\ue000\uf8ff\ud800\udfff\ufdd0\uffff\x00\x08\x1b\x7f\x9b\U000e0041\U000e007f\U000e0100\U000e01ef\U000f0000\U0010ffff"
    "\U0001d173\u17b4\u200c\u200d"
)
BLANK = "\u2800\u3164\u115f\u1160\uffa0\u2028\u2029\x0b\x0c\x1c\x85"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_sees_is_gone(unseen: str) -> None:
    assert visible(f"a{unseen}b{unseen * 3}c") == "abc"


@pytest.mark.parametrize("blank", BLANK)
def test_what_shows_as_space_is_a_space(blank: str) -> None:
    assert visible(f"a{blank}b") == "a b"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: the non-joiner separates two letters of one word
        "क्\u200dष and ක්\u200dය",
        "👩\u200d👩\u200d👧 ❤\ufe0f 👩🏽\u200d⚕\ufe0f 1\ufe0f\u20e3 👍🏽",
        "two\nlines\tand a tab",
        "naïve Ω ≤ 3×10⁻³, “quoted” – 你好，世界。",
        "٣٫١٤ ۝ and \u0600",
    ],
)
def test_what_writing_needs_stays(text: str) -> None:
    assert visible(text) == text


def test_bits_hidden_behind_an_emoji_are_gone() -> None:
    assert visible("ok 😀" + "".join(chr(0xFE00 + n) for n in range(16)) + "\U000e0101") == "ok 😀"


@pytest.mark.parametrize(
    "text",
    [
        "2.7x faster at p<0.01, a < b, x <= 3 -> y", "`code()` and $O(n)$ in \\times", "see [1.4], [2] (and [3.1]).",
        "**bold**, *it*, 3*4_5", "mAP@0.5 and pass@k", "Great: 50% & more; e.g. this", "list[0] and f(x)",
    ],
)  # fmt: skip
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("live", "dead"),
    [
        ("![x](https://evil.example/y.png)", "! [x] (evil.example/y.png)"),
        ("[1.4](https://evil.example/)", "[1.4] (evil.example/)"),
        ("<img src=x onerror=alert(1)> and <b>", "‹img src=x onerror=alert(1)› and ‹b›"),
        ("<img src=x", "‹img src=x"),
        ("<https://evil.example>", "‹evil.example›"),
        ("at HTTPS://WWW.Evil.example/a, www.evil.example", "at Evil.example/a, evil.example"),
        ("hthttps://tps://evil.example", "hthttps:/ /tps:/ /evil.example"),
        ("a.b@evil.example", "a.b @ evil.example"),
        ("[1.4]: javascript:alert(1)", "[1.4] : javascript:alert(1)"),
        ("ht\u200btps://evil.example", "evil.example"),
        ("<\u00adimg src=x>", "‹img src=x›"),
    ],
)
def test_what_would_be_live_keeps_its_words(live: str, dead: str) -> None:
    assert inert(live) == dead


PIECES = st.sampled_from(
    [
        *"! [ ]( ) [1.4] ]: http:// https:// www. :// < > </ <!-- --> <img @ . / a evil.example - \\ \u200b".split(" "),
        " ",
        "\n",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
@example("[a\\]1]: http://x\n\n[a\\]1]")
@example("![a](b)<c\n[d]: e\n")
@example("<imgwww.www.evil.example")
def test_no_mix_of_pieces_is_live(text: str) -> None:
    made = inert(text)
    assert inert(made) == made
    parser = MarkdownIt("commonmark", {"html": True})
    html = parser.render(made)
    assert not any(tag in html for tag in ("<a", "<img", "<!--"))
    assert "://" not in made
    assert not re.search(r"(?<![a-z0-9])www\.e", made)  # within a word it is no address


@given(st.text())
def test_any_text_is_made_visible_once_for_all(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert unlinked(unlinked(text)) == unlinked(text)


def test_the_time_it_takes_grows_with_the_text_alone() -> None:
    import time

    began = time.process_time()
    for piece in ("a@", "<a", "[a", "http", "😀\ufe0f\ufe0f", "\n[", "a.", "[\\", "://"):
        inert(piece * 100_000)
    assert time.process_time() - began < 10


def test_sentences_are_shown_inert_and_the_paper_keeps_its_own_text(tmp_path) -> None:  # type: ignore[no-untyped-def]
    abstract = "It is fa\u200bst. See ![x](https://evil.example/y). It <think> is <b>2x</b> faster."
    with Library.open(tmp_path, "hashing", offline=True) as library:
        library.add([Paper(title="A paper", abstract=abstract)])
        (paper,) = library.papers()
        assert paper.abstract == abstract
        assert [s.text for s in paper.sentences] == [
            "It is fast.", "See ! [x] (evil.example/y).", "It ‹think› is 2x faster.",
        ]  # fmt: skip
        assert library.search("how fast is it")[0].sentences[0].text in {s.text for s in paper.sentences}


@pytest.mark.parametrize("field", ["title", "abstract"])
def test_a_paper_of_which_nothing_is_seen_is_rejected(tmp_path, field: str) -> None:  # type: ignore[no-untyped-def]
    with Library.open(tmp_path, "hashing", offline=True) as library:
        given = {"title": "A", "abstract": "B.", field: "\u200b\u3164\U000e0041"}
        report = library.add([Paper(**given), Paper(title="Seen", abstract="Yes.")])
        assert (len(report.new), len(report.rejected)) == (1, 1)
        assert field in report.rejected[0].reason

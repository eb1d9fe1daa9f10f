"""Titles and abstracts as people read them: tags, entities, formulas and LaTeX made plain, and nothing lost."""

import gc
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index import Library, Paper
from index.readable import readable
from index.text import squash, stems_of

PLAIN = "We measure p<0.01, a < b, {correct, wrong}, $5 and $10, <think> and </think>, 5~7, --verbose, R&D and n_act."


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$2.7\times$", "2.7×"),
        (r"up to 2.7\times faster", "up to 2.7× faster"),
        ("D^{2}MoE, D$^2$MoE and $D^{2}$MoE", "D²MoE, D²MoE and D²MoE"),
        ("GD^2PO and 10^19", "GD²PO and 10¹⁹"),
        ("1.3times faster, 3 times faster, 256 times 256", "1.3× faster, 3 times faster, 256×256"),
        ("sometimes 2times--8times", "sometimes 2×–8×"),
        (r"images (\eg, faces), \ie, signs \etc.", "images (e.g., faces), i.e., signs etc."),
        ("known---and used---at 5--7 points -- as before", "known—and used—at 5–7 points – as before"),
        ("``quoted'' and `once' and ``twice\"", "“quoted” and ‘once’ and “twice”"),
        (r"\textbf{C}ausal \emph{and} \textit{\textbf{deep}}", "Causal and deep"),
        (r"as shown~\cite{doe2020} before \citep[p.~3]{a,b}.", "as shown before."),
        (r"30\% of \$5 \& more \#1 a\_b", "30% of $5 & more #1 a_b"),
        ("Fig.~3 at 5~ms by Sonnet~4.5 of 3D~models", "Fig. 3 at 5 ms by Sonnet 4.5 of 3D models"),
        (r"Poincar\'e, M\"uller, Erd\H{o}s, \v{S}ebek, Fran\c{c}ois, na\"{\i}ve",
            "Poincaré, Müller, Erdős, Šebek, François, naïve"),
        (r"$\mathcal{O}(n^2)$ and $10^{-3}$", "O(n²) and 10⁻³"),
        ("H$_2$O in AdS$_3$ at x_{t-1}", "H₂O in AdS₃ at x_(t-1)"),
        (r"see \url{https://a.example/c_d} and \href{https://x.example}{our page}",
            "see https://a.example/c_d and our page (https://x.example)"),
        ("https://a.example/x{https://a.example/x} here", "https://a.example/x here"),
        ("it costs $5, or $10 to $15, or US$3 million", "it costs $5, or $10 to $15, or US$3 million"),
        (r"at $\sqrt{s}=13~\mathrm{TeV}$ and $\frac{a+b}{2}$", "at √s=13 TeV and (a+b)/2"),
        (r"the state $1\frac{1}{2}^-$", "the state 1 1/2⁻"),
        (r"$\widehat Y$ with $\bar{B}$ and $b\le 0$", "Ŷ with B̄ and b≤0"),
        (r"0.01$-$45 Hz at $3.6σ$ of $J/ψ$", "0.01-45 Hz at 3.6σ of J/ψ"),
        (r"$O(\min\{N,K\}/\epsilon)$ and $\log_2 n$", "O(min{N,K}/ε) and log₂ n"),
        (r"We present \ours and \method{}.", "We present ours and method."),
        (r"It works. \ours is fast.", "It works. Ours is fast."),
        (r"an \textbf{unclosed and a stray} brace", "an unclosed and a stray brace"),
        (r"an \textbf{unclosed", "an unclosed"),
        (r"$N$ times $h \leftarrow h + \v$", "N times h ← h + v"),
        (r"C:\Users\name stays", r"C:\Users\name stays"),
        (r"angles of 90$^{\circ}$, 5{\deg} and 360^{circ}", "angles of 90°, 5° and 360°"),
        (r"the 4$^{th}$ of 1{,}650 (R^2{=}0.8)", "the 4th of 1,650 (R²=0.8)"),
        (r"a \"quoted phrase\" of one", 'a "quoted phrase" of one'),
        ("{DySLIM}: {B}ayesian {\\it models}", "DySLIM: Bayesian models"),
        (r"\(x^2\) and \[y_1=3\] in $$z$$", "x² and y₁=3 in z"),
        ("(<jats:italic>p</jats:italic>&lt;0.01)", "(p<0.01)"),
        ("CO<sub>2</sub> at 10<sup>-3</sup> and x<sub>max</sub>", "CO₂ at 10⁻³ and x_max"),
        ("<p>AT&amp;T &amp;amp; &amp;lt;i&amp;gt;in vitro&amp;lt;/i&amp;gt;</p>", "AT&T & in vitro"),
        ("<jats:title>Abstract</jats:title><jats:p>We see.</jats:p>", "We see."),
        ("<title>Methods</title><p>We walk.</p><h4>Results:</h4><p>It helps.</p>",
            "Methods: We walk. Results: It helps."),
        ("<a href='https://x.example/y'>this page.</a>", "this page (https://x.example/y)."),
        (
            '<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup><mml:mo>&lt;</mml:mo><mml:mfrac>'
            "<mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfrac></mml:math> holds",
            "x²<a/b holds",
        ),
        (
            r"<inline-formula><alternatives><tex-math>\documentclass{x}\begin{document}$$\alpha_1$$\end{document}"
            "</tex-math><mml:math><mml:mi>α</mml:mi></mml:math></alternatives></inline-formula> grows",
            "α₁ grows",
        ),
        ("a<!-- note -->b <br/>c<script>f()</script>", "a b c<script>f()</script>"),
        ("words <b>in bold and unclosed", "words <b>in bold and unclosed"),
        ("the tags <code> and </code> mark it", "the tags <code> and </code> mark it"),
        ("{sim}0.32 and (sim100B) but sim2real", "∼0.32 and (∼100B) but sim2real"),
        (r"first line.\nSecond line", "first line. Second line"),
    ],
)  # fmt: skip
def test_markup_is_shown_as_readers_see_it(source: str, shown: str) -> None:
    assert readable(source) == shown
    assert readable(shown) == shown


@pytest.mark.parametrize(
    "text", ["", " ", "A plain sentence.", PLAIN, "p<0.05 > q", "日本語の題名", "x", "AT&T;", "&nothing;"]
)
def test_what_is_no_markup_is_returned_as_it_is(text: str) -> None:
    assert readable(text) == text


# -- properties

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=9).filter(
    lambda w: not re.search("times|sim|geq|leq|pm|circ", w)
)
NUMBERS = st.integers(0, 999).map(str)
COMMANDS = st.sampled_from(["textbf", "emph", "textit", "texttt", "textsc", "underline", "mbox"])
TAGS = st.sampled_from(["jats:p", "jats:italic", "i", "b", "sub", "sup", "em", "p", "span", "jats:sec"])
FORMULAS = st.sampled_from(
    [r"$2.7\times$", r"$x^{2}$", r"$\alpha_1$", r"$\mathcal{O}(n^2)$", r"$10^{-3}$", r"$\frac{a}{b}$", r"$N$", r"\(y\)"]
)


@st.composite
def marked_up(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A well-formed text with markup, and its words."""
    pieces: list[str] = []
    words: list[str] = []
    for _ in range(draw(st.integers(1, 8))):
        word = draw(WORDS)
        words.append(word)
        kind = draw(st.integers(0, 6))
        if kind == 0:
            pieces.append(f"\\{draw(COMMANDS)}{{{word}}}")
        elif kind == 1:
            tag = draw(TAGS)
            pieces.append(f"<{tag}>{word}</{tag}>")
        elif kind == 2:
            pieces.append(f"{word} {draw(FORMULAS)}")
        elif kind == 3:
            pieces.append(f"``{word}''")
        elif kind == 4:
            pieces.append(f"{word}\\% \\& &lt;{draw(NUMBERS)} &amp;amp;")
        elif kind == 5:
            pieces.append(f"\\{draw(COMMANDS)}{{\\{draw(COMMANDS)}{{{word}}} {draw(FORMULAS)}}}")
        else:
            pieces.append(word)
    return " ".join(pieces), words


@given(marked_up())
@settings(max_examples=300)
def test_of_well_formed_markup_the_words_stay_and_no_mark(made: tuple[str, list[str]]) -> None:
    source, words = made
    shown = readable(source)
    assert all(word in shown for word in words)
    assert not re.search(r"[\\{}$]|``|''|</?[a-z]|&\w+;", shown)
    assert readable(shown) == shown


SCRAPS = st.lists(
    st.one_of(
        st.sampled_from(
            ["\\", "{", "}", "$", "$$", "^", "_", "~", "`", "``", "''", "--", "---", "<", ">", "&", "&amp;", "&lt;",
             "<b>", "</b>", "<jats:p>", "</p>", "<mml:math>", "</mml:math>", "\\frac", "\\sqrt[", "\\cite{", "\\'",
             "\\hat", "\\(", "\\)", "\\[", "\\]", "\\textbf{", "\\href{", "\\url{", "\\begin{", "<!--",
             "-->", "<script>", "5", "times", " ", "\n", "é", "²", "\\ours", "\\alpha",
             "\\left(", "https://a.example/b", "{}", "\\%", "\\\\", "\0", "["]
        ),
        WORDS,
        st.text(max_size=5),
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(SCRAPS)
@example("\\frac" * 2_000)
@example("\\hat" * 2_000 + "x")
@example("{" * 5_000 + "}" * 5_000)
@example("\\textbf{" * 3_000)
@example("<mml:math>" + "<mml:mrow>" * 3_000 + "</mml:mrow>" * 3_000 + "</mml:math>")
@settings(max_examples=500)
def test_broken_markup_never_raises(text: str) -> None:
    assert isinstance(readable(text), str)


@given(st.lists(WORDS, min_size=1, max_size=12), st.data())
@settings(max_examples=200)
def test_broken_latex_loses_no_word(words: list[str], data: st.DataObject) -> None:
    marks = st.sampled_from(
        ["{", "}", "$", "\\textbf{", "^", "~", "``", "''", "--", "\\emph{", "\\%", "<", "&", "_", "\\"]
    )
    pieces = [f"{data.draw(marks)} {word} {data.draw(marks)}" for word in words]
    shown = readable(" ".join(pieces))
    assert all(word.casefold() in shown.casefold() for word in words)


@pytest.mark.parametrize(
    "piece",
    ["$ ", "$a$ ", "{", "{a}", "\\", "^", "a^2", "<b>", "<b ", "&amp;", "``a", "a~", "a--", "\\a", "\\frac", "\\(a",
     "<!--", "<script>", "\\documentclass ", "<alternatives>", "<math>", "\\url{", ' \\"a', "1times", "\\cite["],
)  # fmt: skip
def test_time_grows_with_the_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        gc.disable()  # what it collects depends on the tests before
        start = time.thread_time()
        readable(text)
        taken = time.thread_time() - start
        gc.enable()
        return taken

    short, long = max(min(seconds(25_000), seconds(25_000)), 0.02), seconds(200_000)
    assert long < 40 * short


def test_a_plain_text_costs_next_to_nothing() -> None:
    text = "High-resolution models encounter the challenges of excessive visual tokens. " * 20
    start = time.process_time()
    for _ in range(2_000):
        readable(text)
    assert time.process_time() - start < 2_000 * 100e-6


# -- in the library

TAGGED = (
    "<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title><jats:p>To see whether walks help.</jats:p>"
    "</jats:sec><jats:sec><jats:title>Results</jats:title><jats:p>Weight fell from 5.2% to 3.1% "
    "(<jats:italic>p</jats:italic>&lt;0.01).</jats:p><jats:p>Staff spent 14 more minutes.</jats:p></jats:sec>"
)


def test_sentences_are_numbered_in_the_readable_text_and_the_source_is_kept(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with Library.open(tmp_path, "hashing", offline=True) as library:
        library.add([Paper(title="$D^{2}$MoE: Walking <i>on</i> Wards", abstract=TAGGED)])
        (paper,) = library.papers()
        assert (paper.title, paper.abstract) == ("$D^{2}$MoE: Walking <i>on</i> Wards", TAGGED)
        assert (paper.shown_title, paper.short_name) == ("D²MoE: Walking on Wards", "D²MoE")
        assert [s.text for s in paper.sentences] == [
            "Aim: To see whether walks help.",
            "Results: Weight fell from 5.2% to 3.1% (p<0.01).",
            "Staff spent 14 more minutes.",
        ]
        for question in ("D2MoE", "D²MoE", "d^2moe", "walks on wards"):
            assert library.search(question)[0].paper == paper
        assert library.status(verify=True).agree


def test_words_are_matched_in_the_readable_form() -> None:
    assert squash("$D^{2}$MoE") == squash("D²MoE") == squash("D^2MoE") == "d2moe"
    assert stems_of(r"H$_2$O at $2.7\times$") == stems_of("H2O at 2.7×")
    assert stems_of("1.3times faster") == stems_of("1.3× faster")


def test_a_heading_with_a_full_stop_is_no_sentence_of_its_own() -> None:
    assert readable("<sec><title>Results.</title><p>It fell.</p></sec>") == "Results: It fell."
    assert (
        readable("<title>It fell by a third here.</title><p>We tell why.</p>")
        == "It fell by a third here. We tell why."
    )

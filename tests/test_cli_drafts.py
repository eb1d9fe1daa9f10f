"""`papers check` on drafts as they are written: LaTeX, Word, Typst, Markdown; as a gate before a commit."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.drafts import Draft, read_draft
from index import Library, Paper
from index.withdrawn import WITHDRAWN

SLIM = Paper(
    title="SlimCache: Smaller Caches for Long Conversations",
    abstract="Caches grow with every turn. SlimCache cuts memory by 45% on conversations of 1,024 turns.",
    id="arxiv:2603.01234",
    version=3,
)
OWL = Paper(title="OwlNet: Night Vision", abstract="OwlNet reads 12 signs in the dark.", id="arxiv:2603.04321")
BIB = """
@article{rao, title={{SlimCache}: Smaller Caches for Long Conversations}, author={Rao, A.}, eprint={2603.01234v1},
  archivePrefix={arXiv}, year={2026}}
@misc{owl, title={{OwlNet}: Night Vision}, year=2026}
@misc{doe, title={A Book That Nobody Has}, author={Doe}, year=2020}
"""
TEX = r"""
\documentclass{article}
\newcommand{\ours}{SlimCache\xspace}
\title{A draft with 99\% nothing \cite{doe}}
\begin{document}
\begin{abstract}
% Everything is 77\% better \cite{rao}.
\ours{} cuts memory by 45\%~\cite{rao}.
\end{abstract}
\section{Related work on 12 things}
\citet{rao} cut memory by $54\%$ on long
conversations.
\begin{equation} a = 3 \cite{doe} \end{equation}
\begin{figure}\includegraphics{a.png}\caption{OwlNet reads \textbf{12} signs~\citep[p.~3]{owl}.}\end{figure}
\input{sections/more}
\bibliography{refs}
\end{document}
After the end \cite{doe}.
"""
MORE = r"It reads signs.\footnote{OwlNet reads 13 signs in the dark \cite{owl,rao}.}"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder of drafts; the library holds SlimCache and OwlNet."""
    with Library.open() as library:
        library.add([SLIM, OWL])
    (tmp_path / "refs.bib").write_text(BIB)
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> dict[str, Any]:
    assert main(["check", *arguments, "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def verdicts(document: dict[str, Any]) -> dict[str, str]:
    return {claim["text"]: claim["verdict"] for claim in document["claims"]}


def test_a_draft_in_latex_is_read_with_its_parts_and_bibliography(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "draft.tex").write_text(TEX)
    (desk / "sections").mkdir()
    (desk / "sections" / "more.tex").write_text(MORE)
    document = checked(capsys, str(desk / "draft.tex"), "--strict", code=1)
    assert verdicts(document) == {
        "SlimCache cuts memory by 45% [@rao].": "ok",
        "[@rao] cut memory by 54% on long conversations.": "look",
        "It reads signs.": "nothing_to_check",
        "OwlNet reads 12 signs [@owl].": "ok",
        "OwlNet reads 13 signs in the dark [@owl; @rao].": "look",
    }
    places = {claim["text"][:12]: claim["place"] for claim in document["claims"]}
    assert places["SlimCache cu"] == "draft.tex:8"
    assert places["[@rao] cut m"] == "draft.tex:11"
    assert places["OwlNet reads"] == "sections/more.tex:1"
    assert [(paper["label"], paper["paper"]["id"]) for paper in document["papers"]] == [
        ("rao", SLIM.id), ("owl", OWL.id),
    ]  # fmt: skip
    assert document["notices"] == [
        "[rao] names version 1 of “SlimCache: Smaller Caches for Long Conversations”; the library has version 3."
    ]


def test_a_short_sentence_has_its_line_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = desk / "draft.tex"
    draft.write_text(
        r"""It is 7 of 70 \cite{owl}.
SlimCache cuts memory by 45\% on long conversations \cite{rao}.
Of the 54 it is 75 that count, and no more.
It is 7 \cite{owl}.
\bibliography{refs}
"""
    )
    document = checked(capsys, str(draft), code=0)
    places = {claim["text"]: claim["place"] for claim in document["claims"]}
    assert places["It is 7 [@owl]."] == "draft.tex:4"


def test_a_citation_that_the_library_lacks_is_named_and_what_cannot_be_read_is_said(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = desk / "draft.tex"
    draft.write_text(r"A book \cite{doe}. Caches \cite{nobody}. \input{gone} \bibliography{refs,lost}")
    document = checked(capsys, str(draft), code=1)
    assert any("A Book That Nobody Has" in line for line in document["unresolved"])
    assert document["unresolved"][1:] == ["@nobody"]
    notices = " ".join(document["notices"])
    assert "gone cannot be read" in notices
    assert "lost.bib cannot be read" in notices


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "secret.txt"])
def test_a_draft_includes_only_tex_of_its_own_folder(desk: Path, name: str) -> None:
    (desk / "secret.tex").write_text("A secret.")
    (desk / "secret.txt").write_text("A secret.")
    folder = desk / "paper"
    folder.mkdir()
    (folder / "secret.txt").write_text("A secret.")
    (folder / "draft.tex").write_text(rf"Words. \input{{{name}}}")
    assert "secret" not in read_draft(folder / "draft.tex").prose.lower()


def test_a_list_of_its_own_or_made_beside_it_is_its_bibliography(desk: Path) -> None:
    own = r"""Words \cite{rao}.
\begin{thebibliography}{9}
\bibitem[Rao(2026)]{rao} A. Rao. \newblock \emph{SlimCache: Smaller Caches for Long Conversations}. 2026.
\end{thebibliography}"""
    (desk / "own.tex").write_text(own)
    (desk / "made.tex").write_text(r"Words \cite{rao}. \bibliography{not-there}")
    (desk / "made.bbl").write_text(own.split("\n", 1)[1])
    for name in ("own.tex", "made.tex"):
        (reference,) = read_draft(desk / name).references
        assert (reference.key, "SlimCache: Smaller Caches" in reference.text) == ("rao", True)


def test_typst_is_read(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "refs.yml").write_text("owl:\n  type: article\n  title: 'OwlNet: Night Vision'\n")
    (desk / "draft.typ").write_text("""
#set text(size: 11pt)
#let note(body) = {
  [#body is 99% @doe]
}
= Related work <sec>
// It is 77% better @rao.
SlimCache cuts memory by *45%* @rao[p. 3], as @sec says. #emph[OwlNet] reads 13 signs #cite(<owl>).
$ x = 3 $
#figure(image("a.png"), caption: [A figure of 12.]) <fig>
- SlimCache needs 1,024 turns (see @fig) @rao.
#bibliography(("refs.bib", "refs.yml"), style: "ieee")
""")
    document = checked(capsys, str(desk / "draft.typ"), code=0)
    assert document["unresolved"] == []
    assert verdicts(document) == {
        "SlimCache cuts memory by 45% [@rao], as says.": "ok",
        "OwlNet reads 13 signs [@owl].": "look",
        "SlimCache needs 1,024 turns (see ) [@rao].": "ok",
    }


def test_word_is_read_with_the_numbers_that_it_gives_references(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Related work with 12 parts")
    document.add_paragraph("SlimCache cuts memory by 54% [1]. OwlNet reads 12 signs [2].")
    document.add_heading("References")
    for paper in (SLIM, OWL):
        document.add_paragraph(f"A. Rao. {paper.title}. 2026.", style="List Number")
    document.save(str(desk / "draft.docx"))
    found = checked(capsys, str(desk / "draft.docx"), code=0)
    assert verdicts(found) == {"SlimCache cuts memory by 54% [1].": "look", "OwlNet reads 12 signs [2].": "ok"}
    assert [claim["place"] for claim in found["claims"]] == [None, None]


def test_markdown_with_a_bibliography_in_its_head(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "draft.md").write_text(
        "---\ntitle: A draft of 99 pages\nbibliography: [refs.bib]\n---\n\n"
        "As @rao shows, SlimCache cuts memory by 45%. OwlNet reads 12 signs [@owl, p. 3]. Write to me@example.org.\n"
    )
    document = checked(capsys, str(desk / "draft.md"), code=0)
    assert list(verdicts(document).values()) == ["ok", "ok", "nothing_to_check"]


def test_several_drafts_are_checked_one_by_one(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = desk / "good.md", desk / "bad.md"
    good.write_text(f"SlimCache cuts memory by 45% [@{SLIM.id}].")
    bad.write_text(f"\n\nSlimCache cuts memory by 54% [@{SLIM.id}].")
    assert main(["check", str(good), str(bad), "--strict"]) == 1
    assert "bad.md:3:" in capsys.readouterr().out
    document = checked(capsys, str(good), str(bad), str(desk / "none.md"), code=1)
    assert [Path(one["file"]).name for one in document["files"]] == ["good.md", "bad.md", "none.md"]
    assert [len(one["claims"]) for one in document["files"]] == [1, 1, 0]
    assert "cannot be read" in document["files"][2]["notices"][0]
    assert checked(capsys, str(good), "--strict", code=0)["claims"][0]["place"] == "good.md:1"


OLDER = "names version 1 of “SlimCache: Smaller Caches for Long Conversations”; the library has version 3."
SLIM_CITED = "title={SlimCache: Smaller Caches for Long Conversations}, year=2026"


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={2603.01234v1}, archivePrefix={arXiv}",
        "eprint={arXiv:2603.01234v1 [cs.CL]}",
        "eprint={2603.01234}, eprinttype={arxiv}, version={1}",
        "doi={10.48550/arXiv.2603.01234v1}",
        "doi={10.48550/arXiv.2603.01234}, number={arXiv:2603.01234v1}",
        "note={arXiv:2603.01234v1 [cs.CL]}",
        "journal={arXiv preprint arXiv:2603.01234v1}",
        "journaltitle={arXiv preprint (arXiv:2603.01234v1).}",
        "url={https://arxiv.org/pdf/2603.01234v1.pdf}",
        r"howpublished={\url{https://arxiv.org/abs/2603.01234v1}}",
    ],
)
def test_an_older_version_is_told_from_any_field(desk: Path, capsys: pytest.CaptureFixture[str], fields: str) -> None:
    (desk / "refs.bib").write_text(f"@misc{{rao, {SLIM_CITED}, {fields}}}")
    (desk / "draft.tex").write_text(r"SlimCache cuts memory by 45\% \cite{rao}. \bibliography{refs}")
    assert checked(capsys, str(desk / "draft.tex"), "--strict", code=0)["notices"] == [f"[rao] {OLDER}"]
    (desk / "refs.bib").write_text(f"@misc{{rao, {SLIM_CITED}, {fields.replace('v1', 'v3').replace('{1}', '{3}')}}}")
    assert checked(capsys, str(desk / "draft.tex"), "--strict", code=0)["notices"] == []


@pytest.mark.parametrize(
    ("cited", "below"),
    [
        ("[1]", "## References\n\n[1] A. Rao. SlimCache: Smaller Caches for Long Conversations. arXiv:2603.01234v1."),
        (
            "[1]",
            "## References\n\n[1] Rao (2026). SlimCache: Smaller Caches for Long Conversations (arXiv:2603.01234v1).",
        ),
        ("[1]", "## References\n\n1. [SlimCache: Smaller Caches](https://arxiv.org/abs/2603.01234v1), 2026."),
        ("([Rao](https://arxiv.org/abs/2603.01234v1))", ""),
        ("([Rao et al.][rao])", "[rao]: https://arxiv.org/abs/2603.01234v1"),
        ("[^1]", "[^1]: A. Rao, SlimCache: Smaller Caches for Long Conversations, arXiv:2603.01234v1 [cs.CL]."),
        ("[^rao]", "[^rao]: A. Rao, arXiv:2603.01234v1."),
    ],
)
def test_markdown_names_a_version_in_each_of_its_ways(
    desk: Path, capsys: pytest.CaptureFixture[str], cited: str, below: str
) -> None:
    (desk / "draft.md").write_text(f"SlimCache cuts memory by 45% {cited}.\n\n{below}\n")
    document = checked(capsys, str(desk / "draft.md"), "--strict", code=0)
    (notice,) = document["notices"]
    assert notice.endswith(OLDER)
    assert [claim["verdict"] for claim in document["claims"]] == ["ok"]


@pytest.mark.parametrize(
    "note",
    [
        "We say cache for what others call a store.",
        "Code: https://github.com/invented/slim",
        "All papers were read on arXiv in May.",
    ],
)
def test_a_footnote_that_names_no_work_is_a_remark(desk: Path, capsys: pytest.CaptureFixture[str], note: str) -> None:
    (desk / "draft.md").write_text(f"SlimCache[^1] cuts memory by 45% [@{SLIM.id}].\n\n[^1]: {note}\n")
    document = checked(capsys, str(desk / "draft.md"), code=0)
    assert document["unresolved"] == []
    assert next(iter(verdicts(document))) == f"SlimCache cuts memory by 45% [@{SLIM.id}]."


def test_a_footnote_of_a_work_that_the_library_lacks_is_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = "A. Nobody (2025). Unknown. https://openreview.net/forum?id=x"
    (desk / "draft.md").write_text(f"SlimCache cuts memory by 45%[^1].\n\n[^1]: {note}\n")
    assert checked(capsys, str(desk / "draft.md"), code=1)["unresolved"] == [f"[1] {note}"]


@pytest.mark.parametrize("cited", ["[1][2]", "[Rao][1]. SlimCache cuts memory by 45% [1][2]"])
def test_labels_side_by_side_cite_each(desk: Path, capsys: pytest.CaptureFixture[str], cited: str) -> None:
    lines = "".join(
        f"[{n}]: https://arxiv.org/abs/{p.id.removeprefix('arxiv:')}\n" for n, p in enumerate([SLIM, OWL], 1)
    )
    (desk / "draft.md").write_text(f"SlimCache cuts memory by 45% {cited}.\n\n{lines}")
    claims = checked(capsys, str(desk / "draft.md"), code=0)["claims"]
    assert [c["label"] for c in claims[-1]["citations"]] == ["1", "2"]


def word_draft(file: Path, before: str, linked: str, address: str, after: str) -> None:
    """Writes a Word file of one paragraph with one link."""
    import docx
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = docx.Document()
    paragraph = document.add_paragraph(before)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    link.append(paragraph.add_run(linked)._r)
    paragraph._p.append(link)
    paragraph.add_run(after)
    document.save(str(file))


def test_a_link_in_the_text_of_a_word_file_cites(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = desk / "draft.docx"
    word_draft(file, "SlimCache cuts memory by 45% (", "Rao et al.", "https://arxiv.org/abs/2603.01234v1", ").")
    found = checked(capsys, str(file), "--strict", code=0)
    assert [notice.endswith(OLDER) for notice in found["notices"]] == [True]


def test_a_link_of_a_word_file_may_have_brackets(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = Paper(title="Bats at Night", abstract="Bats fly 12 km.", id="doi:10.1016/s0140(20)3-1")
    with Library.open() as library:
        library.add([paper])
    file = desk / "draft.docx"
    word_draft(file, "Bats fly 12 km (", "Lee", "https://doi.org/10.1016/S0140(20)3-1", ").")
    (claim,) = checked(capsys, str(file), "--strict", code=0)["claims"]
    assert len(claim["citations"]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "RETRACTED: Loud Birds"},
        {"abstract": "This paper has been withdrawn by the author due to an error in a proof. Birds are loud."},
        {"keywords": ("cs.SD", WITHDRAWN)},
    ],
)
def test_a_withdrawn_paper_is_told(desk: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any]) -> None:
    birds = Paper(title="Loud Birds", abstract="Birds are loud. They sing at 90 dB.", id="arxiv:2603.05555")
    with Library.open() as library:
        library.add([birds.with_(**changes)])
    (desk / "draft.md").write_text(f"Birds are loud [@{birds.id}]. SlimCache is small [@{SLIM.id}].")
    (notice,) = checked(capsys, str(desk / "draft.md"), code=0)["notices"]
    assert "Loud Birds” has been withdrawn or retracted, as its source says." in notice


def test_a_paper_about_withdrawals_is_not_withdrawn() -> None:
    said = "We study why papers are retracted. Money was withdrawn from 12 accounts, and this paper tells when."
    assert not Paper(title="Retracted Papers", abstract=said).is_withdrawn


@pytest.mark.parametrize("kind", ["tex", "docx", "typ", "md"])
def test_what_is_no_draft_is_refused_in_a_sentence(desk: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    file = desk / f"draft.{kind}"
    file.write_bytes(bytes(range(256)) * 40)
    document = checked(capsys, str(file), code=1)
    assert (document["claims"], len(document["notices"])) == ([], 1)


@pytest.mark.parametrize("kind", ["tex", "typ", "md"])
@pytest.mark.parametrize(
    "piece",
    [
        *(
            r"\caption{",
            r"\iffalse ",
            r"\[",
            r"\cite",
            r"\citecite",
            r"\begin{figure}",
            r"\footnote{\section{",
            r"\def\a{",
        ),
        *(r"\def\a{", r"\bibitem[", r"\newcommand{\a}{\a\a}\a ", "#a(", "#emph[", "#let a = (", "/*", "@a ", "`", "$ "),
        "---\nbibliography: ",
    ],
)
def test_drafts_made_to_take_long_do_not(tmp_path: Path, kind: str, piece: str) -> None:
    """What needs the square of the time would take minutes."""
    file = tmp_path / f"draft.{kind}"
    file.write_text(piece * (60_000 // len(piece)))
    assert isinstance(read_draft(file), Draft)

"""The parts of the checker: names, quotes, the record, clauses."""

import pytest

from assistant.checking.lookups import quotes, stands_in
from assistant.checking.names import KnownNames, names
from assistant.checking.record import counted, dates
from assistant.checking.sentence import clauses
from assistant.checking.text import clean
from assistant.documents import Citation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train FlashAttention-4 on B200 GPUs.", ["FlashAttention-4", "B200", "GPUs"]),
        ("M^{3}ViT and D²MoE use mIoU", ["M^3ViT", "D^2MoE", "mIoU"]),
        ("LLM-based agents in a state-of-the-art setup", ["LLM"]),
        ("Quorvex-7 wins", ["Quorvex-7"]),
        ("It is 10x faster at 5ms with 3.2B and top-5 of 3D", []),
        ("Cross-Domain Plug-and-Play learning", []),
    ],
)
def test_names_show_by_their_letters(text: str, expected: list[str]) -> None:
    assert [name.text for name in names(clean(text)) if not name.plain] == expected


def test_a_capital_alone_is_a_weaker_sign() -> None:
    assert [(name.text, name.plain) for name in names("Compared to Triton, it wins.")] == [("Triton", True)]


@pytest.mark.parametrize(
    "name",
    [
        "FlashAttention4",
        "Flash Attention-4".replace(" ", ""),
        "FA4",
        "FBNet-v5",
        "MoE",
        "Mixture-of-Experts",
        "CoT",
        "LLMs",
        "m3vit",
        "gamma-PO",
    ],
)
def test_a_name_is_known_in_other_shapes(name: str) -> None:
    text = r"FlashAttention-4 and FBNet v5 use Mixture of Experts, Chain-of-Thought, an LLM, M^{3}ViT, $\gamma$-PO."
    assert name in KnownNames([clean(text)])


@pytest.mark.parametrize("name", ["FlashAttention-5", "FBNetV7", "BERT", "ResNet-50", "B200", "Quorvex-7"])
def test_a_foreign_name_is_not_known(name: str) -> None:
    assert name not in KnownNames(["FlashAttention-4 and FBNetV5 run on a H100 with an LLM."])


def test_quotes_are_compared_letter_by_letter() -> None:
    source = "It reduces model depth by 2x, and yields better quality."
    assert quotes(clean('They say “reduces model depth” and call it ‘a’ "word".')) == ("reduces model depth",)
    assert stands_in("Reduces model depth by 2x", source)
    assert stands_in("reduces model depth ... yields better quality.", source)
    assert not stands_in("reduces the model depth by 2x", source)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 5 March 2026", (2026, 3, 5)),
        ("on March 5th, 2026", (2026, 3, 5)),
        ("2026-03-05", (2026, 3, 5)),
        ("in Mar 2026", (2026, 3, None)),
        ("on 5 March", (None, 3, 5)),
    ],
)
def test_dates(text: str, expected: tuple[int | None, int, int | None]) -> None:
    (date,) = dates(text)
    assert (date.year, date.month, date.day) == expected


def test_words_that_are_no_dates() -> None:
    assert dates("it may 95% work, march on") == ()


def test_counts_that_a_record_holds() -> None:
    assert [(c.count, c.field) for c in counted("six authors, 12 upvotes and 3 comments")] == [
        (6, "author_count"),
        (12, "upvotes"),
        (3, "comments"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("No citation at all.", [("No citation at all.", [])]),
        ("A gives 2x [1.4].", [("A gives 2x.", [(1, 4)])]),
        ("A gives 2x [1.4] and B 3x [2.1].", [("A gives 2x", [(1, 4)]), ("and B 3x.", [(2, 1)])]),
        ("A gives 2x [1.4][2.1].", [("A gives 2x.", [(1, 4), (2, 1)])]),
        ("A gives 2x [1.4], [2.1].", [("A gives 2x.", [(1, 4), (2, 1)])]),
        ("[1.4] A gives 2x.", [("A gives 2x.", [(1, 4)])]),
        ("In [1.4], A gives 2x.", [("In , A gives 2x.", [(1, 4)])]),
        ("In [1.4], A gives 2x [1.5].", [("In , A gives 2x.", [(1, 4), (1, 5)])]),
        ("A gives 2x [1.4], which is a lot.", [("A gives 2x, which is a lot.", [(1, 4)])]),
    ],
)
def test_clauses(sentence: str, expected: list[tuple[str, list[tuple[int, int]]]]) -> None:
    assert [(clause.text, list(clause.citations)) for clause in clauses(sentence)] == [
        (text, [Citation(label, number) for label, number in cited]) for text, cited in expected
    ]

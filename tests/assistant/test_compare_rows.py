"""Which sentence a row of one's own quotes, by its name: the one that states it, and none where none plainly does."""

import pytest
from invented import SCOUT, WIDE

from assistant.compare.rows import is_of_record, row_of, rows_in
from assistant.compare.stated import stating_sentence
from index.errors import TooLarge
from index.paper import Paper

SPEAKER = Paper(
    title="Murmur: Speech Tokens for Small Devices",
    abstract=(
        "Large language models struggle with audio, and the accuracy of older systems falls by 12% in noise. "
        "We propose Murmur, a tokenizer trained with RL on raw audio. "
        "Murmur uses a vocabulary of 4,096 tokens and a learning rate of 0.003. "
        "On LibriSpeech it lowers the word error rate to 4.1%, and inference latency falls by 38% on a Snapdragon 8. "
        "Peak memory is 210 MB. "
        "The weights are released under the Apache license."
    ),
)


@pytest.mark.parametrize(
    ("row", "paper", "number"),
    [
        ("Data set", SCOUT, (5, 6)),
        ("Datasets used", SCOUT, (5, 6)),
        ("benchmarks", WIDE, (4, 5)),
        ("Accuracy on CIFAR-10", SCOUT, (6,)),
        ("Accuracy on ImageNet", SCOUT, ()),
        ("Accuracy on ImageNet?", WIDE, (5,)),
        ("Hardware", SCOUT, (7,)),
        ("GPU", SCOUT, (7,)),
        ("GPUs used", SCOUT, (7,)),
        ("FPGA", SCOUT, ()),
        ("Hardware", WIDE, ()),  # GPU memory is no machine
        ("Hardware", SPEAKER, (4,)),
        ("Open code?", SCOUT, (8,)),
        ("Is the source code available?", SCOUT, (8,)),
        ("Code", WIDE, ()),
        ("Open code?", SPEAKER, ()),
        ("Open weights?", SPEAKER, (6,)),
        ("License", SPEAKER, (6,)),
        ("Memory", WIDE, (6,)),
        ("Memory savings", WIDE, (6,)),
        ("Peak memory", SPEAKER, (5,)),
        ("Latency", SPEAKER, (4,)),
        ("Latency", SCOUT, ()),
        ("Accuracy", SPEAKER, ()),  # that of older systems is no result of its own
        ("Limitations", WIDE, (7,)),
        ("Limitations", SCOUT, ()),
        ("Approach", WIDE, (2, 3)),
        ("Motivation", SCOUT, (2,)),
        ("Language", SPEAKER, ()),  # "large language models" states none
        ("Vocabulary", SPEAKER, (3,)),
        ("Learning rate", SPEAKER, (3,)),
        ("Rate of learning", SPEAKER, ()),
        ("Uses RL?", SPEAKER, (2,)),
        ("DARTS", SCOUT, (6,)),
        ("LibriSpeech", WIDE, ()),
        ("Baselines", WIDE, (5,)),
        ("Tokenizer", SPEAKER, (2,)),
        ("Number of parameters", SPEAKER, ()),
        ("数据集", SCOUT, ()),
        ("???", SCOUT, ()),
        ("the of and", SCOUT, ()),
        ("Salary of the authors", SCOUT, ()),
    ],
)
def test_a_row_quotes_the_sentence_that_states_it(row: str, paper: Paper, number: tuple[int, ...]) -> None:
    found = stating_sentence(row, paper)
    assert (found.number if found else None) in (number or (None,))


def test_rows_are_read_from_one_text_or_several() -> None:
    assert rows_in("Data set; Hardware ;; data SET;Open code?") == ("Data set", "Hardware", "Open code?")
    assert rows_in(["Data set; Hardware", "Open\u200b code?\nYear"]) == ("Data set", "Hardware", "Open code?", "Year")
    assert rows_in("<script>x</script>; ![a](https://evil.example)") == ("‹script›x‹/script›", "! [a] (evil.example)")
    assert rows_in("Größe; データ") == ("Größe", "データ")
    with pytest.raises(TooLarge):
        rows_in("x" * 81)


def test_a_heading_of_a_model_means_a_row_by_its_words() -> None:
    rows = ("Data set", "Open code?", "C++", "C")
    assert [row_of(text, rows) for text in ("data SET", "Open code", "c", "c++", "Hardware", "")] == [
        "Data set", "Open code?", "C", "C++", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "recorded"), [("Year", True), ("Authors", True), ("Affiliation", True), ("Dates of data", False)]
)
def test_what_the_record_answers_is_told_from_what_the_abstract_does(row: str, recorded: bool) -> None:
    assert is_of_record(row) is recorded

"""Which sentence a row of one's own quotes, by its name: the one that states it, and none where none plainly does."""

import pytest
from invented import SCOUT, WIDE

from assistant.compare.rows import is_of_record, own_cell, row_of, rows_in
from assistant.compare.stated import stating_sentence
from assistant.documents import LabelledPaper
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

GATHERER = Paper(
    title="Gatherer: Tool Use Learnt from Screen Recordings",
    abstract=(
        "Existing agents fine-tuned on web pages often fail on desktop programs. "
        "We introduce Gatherer, a 7B vision-language model that is trained on 1,200 hours of screen recordings. "
        "We also build a desktop automation benchmark of 300 tasks. "
        "In the Clicker benchmark, it reaches the goal in fewer steps than models trained on ten times more data. "
        "It runs in real time on 1,024 GPUs, and beats both commercial models and open-source models. "
        "Gatherer answers with noticeably lower latency than earlier agents. "
        "It runs within 320 MB of memory."
    ),
)
TUNED = Paper(
    title="Quill: Sums in Verse",
    abstract=(
        "Sums are hard. "
        "By rewriting tasks of the GSM8K and MATH datasets, we create a fine-tuning dataset, QuillSet, of 90K pairs. "
        "Quill is obtained by fine-tuning Qwen2-1.5B on QuillSet. "
        "It reaches 61.2% on MATH and 84.0% on GSM8K, and is evaluated on various benchmarks."
    ),
)

LOOPS = Paper(
    title="Loops: Thinking Twice",
    abstract=(
        "Thinking once is often not enough. "
        "We continue pre-training on these rewritten dialogues and evaluate 9 embedding models and 4 MLLMs. "
        "Loops improves results across a wide range of benchmarks by 3%, also with a model of over 30B parameters. "
        "It improves on diverse benchmarks, including long texts and sums. "
        "Further results are at loops.github.io/page."
    ),
)

AMOUNTS = Paper(
    title="Amounts: How Much Is Enough?",
    abstract=(
        "How much is enough? "
        "We fine-tune small models with varying amounts of data and predict what large ones do. "
        "The best has a top-1 accuracy of 71% within 64 KB of memory."
    ),
)
SOUNDS = Paper(
    title="Sounds: Long Stories",
    abstract=(
        "Stories are hard to tell. "
        "We establish a benchmark, Story-9K, and a comprehensive benchmark for telling stories backwards. "
        "Evaluated over BlendedTales and TaleTU64, it is good. "
        "All models and codes will be released."
    ),
)
OPENED = Paper(
    title="Opened", abstract="Code is rare. We offer the full open-source release of models and training code."
)
WEAVER = Paper(
    title="Weaver: Writing Loops",
    abstract=(
        "Loops are hard to write. "
        "Weaver is trained on this rewritten corpus, and it outperforms earlier versions on polyglot benchmarks. "
        "It learns from code alone, which adds much to the available examples. "
        "It serves diverse downstream tasks. "
        "Rather than copying loops, WEAVER-2 rewrites them."
    ),
)

SIMULATOR = Paper(
    title="Streets: Traffic in a Box",
    abstract=(
        "Traffic is hard to simulate. "
        "We present Streets, whose engine sustains 1.3M agent-steps per second on one server. "
        "Streets reduces errors under latency constraints. "
        "It closes the gap to Driver-180B, and removes the need to train on human demonstrations. "
        "We evaluate its software on bugs of 40 GitHub repositories and mine source code from public repositories."
    ),
)

JUDGES = Paper(
    title="Judges: Grading Proofs",
    abstract="Proofs are long. We test 12 graders and find that open-source ones lag behind closed-source models.",
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
        ("Training data", GATHERER, (2,)),
        ("Trained on", GATHERER, (2,)),
        ("Training data", TUNED, (2, 3)),
        ("Training data", SCOUT, ()),
        ("Evaluation benchmark", GATHERER, (4,)),
        ("Benchmarks", TUNED, (4,)),  # what the fine-tuning set was made of is none
        ("Data set", GATHERER, (3, 4)),
        ("Model size", GATHERER, (2,)),
        ("Number of parameters", TUNED, (3,)),
        ("Hardware", GATHERER, (5,)),
        ("Code", GATHERER, ()),  # others' models are open-source
        ("Training data", LOOPS, (2,)),
        ("Model size", LOOPS, (3,)),
        ("Evaluation benchmark", LOOPS, (4,)),
        ("Code", LOOPS, ()),  # a page of results is no code
        ("Training data", AMOUNTS, ()),
        ("Data set", SOUNDS, (2,)),
        ("Baselines", SOUNDS, ()),
        ("Open code?", SOUNDS, (4,)),
        ("Open code?", OPENED, (2,)),
        ("Memory saved", AMOUNTS, ()),
        ("Training data", WEAVER, (2,)),
        ("Evaluation benchmark", WEAVER, (2,)),
        ("Open code?", WEAVER, ()),
        ("Task", WEAVER, ()),
        ("Baselines", WEAVER, ()),  # "rather than" compares nothing
        ("Lines of code", SCOUT, ()),
        ("Code and data", SCOUT, (8,)),
        ("Latency", GATHERER, (6,)),
        ("Memory", GATHERER, (7,)),
        ("Memory saved", GATHERER, ()),  # what it takes is not what it saves
        ("Model size", SIMULATOR, ()),  # steps of agents, and the model of others that it stands beside
        ("Latency", SIMULATOR, ()),  # what is reduced are errors
        ("Training data", SIMULATOR, ()),
        ("Open code?", SIMULATOR, ()),  # the repositories of others
        ("Open code?", JUDGES, ()),  # models of others are open-source
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


@pytest.mark.parametrize(
    ("row", "code_url", "text"),
    [
        ("Open code?", "https://github.com/invented/gatherer", "github.com/invented/gatherer [2]"),
        ("Open code?", "https://evil.example/gatherer", None),
        ("Hardware needed for code", "https://github.com/invented/gatherer", None),
    ],
)
def test_code_that_only_the_record_names_is_printed_from_it(row: str, code_url: str, text: str | None) -> None:
    cell = own_cell(row, LabelledPaper(2, GATHERER.with_(code_url=code_url)))
    assert (cell and cell.text) == text
    assert cell is None or [(c.label, c.sentence) for c in cell.citations] == [(2, None)]

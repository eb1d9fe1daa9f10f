"""The README says what the program does: its commands, options and variables are those of `--help` and the settings.
The files that it and the other guides name exist."""

import argparse
import re
from functools import cache
from pathlib import Path

import pytest

from assistant.cli.parser import build
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HELP = {"-h", "--help"}


@cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """Each command's parser; those of a command within another by both names."""
    return within(build())


def within(parser: argparse.ArgumentParser, before: str = "") -> dict[str, argparse.ArgumentParser]:
    """The parsers of the commands in a parser."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found |= within(inner, f"{before}{name} ") or {before + name: inner}
    return found


def options_of(command: argparse.ArgumentParser) -> set[str]:
    """The options of a command, each by its first name."""
    return {action.option_strings[0] for action in command._actions if action.option_strings} - HELP


@cache
def settings_options() -> set[str]:
    """The options that every command takes."""
    return set.intersection(*map(options_of, commands().values()))


@cache
def table() -> dict[str, set[str]]:
    """The README's commands, each with its options."""
    rows = re.findall(r"^\| (`papers.*?) \|(.*)\|$", README, re.MULTILINE)
    return {
        name: set(re.findall(r"`(-[\w-]+)`", options))
        for names, options in rows
        for name in map(command_of, re.findall(r"`papers (\w+(?: \w+)?)", names))
    }


def command_of(words: str) -> str:
    """The command that these words begin with."""
    return words if words in commands() else words.split()[0]


def test_the_table_lists_every_command() -> None:
    assert table().keys() == commands().keys()


@pytest.mark.parametrize("name", commands())
def test_a_command_has_the_options_that_the_table_says(name: str) -> None:
    assert table()[name] == options_of(commands()[name]) - settings_options() - {"--json"}


def test_what_every_command_takes_is_said() -> None:
    (said,) = re.findall(r"^Every command takes (.*?) instead", README, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`(--[\w-]+)`", said)) == settings_options()


def test_which_commands_give_no_json_is_said() -> None:
    (said,) = re.findall(r"all but ([^;]*?) take `--json`", README)
    assert set(re.findall(r"`(\w+)`", said)) == {n for n, c in commands().items() if "--json" not in options_of(c)}


def test_the_variables_are_those_of_the_settings() -> None:
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", README, re.MULTILINE)
    fields = Settings.model_fields.items()
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {
        str(field.validation_alias or f"PAPERS_{name.upper()}") for name, field in fields
    }


def test_the_options_of_the_examples_exist() -> None:
    examples = re.findall(r"^(?:\S*/)?papers (\w+(?: [a-z]+)?)([^#\n]*)", README, re.MULTILINE)
    assert len(examples) > 10
    for name, words in examples:
        assert set(re.findall(r"(?<=\s)--?[a-z][\w-]*", words)) <= options_of(commands()[command_of(name)]), name


@pytest.mark.parametrize("guide", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_the_paths_that_a_guide_names_exist(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/.-])(?:(?:assistant|index|prompts|tests|\.github|\.ci)/[\w./-]*\w/?)", text))
    named |= set(re.findall(r"\]\(([\w./-]+)\)", text))
    assert {path for path in named if not (ROOT / path).exists()} - {"prompts/NAME.md"} == set()
    assert named


def test_what_contributing_says_to_touch_is_there() -> None:
    """Each name in a cell of the table occurs in a file that the same cell names."""
    (section,) = re.findall(
        r"^## To add.*?(?=^## )", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for cell in re.findall(r"^\| .* \| (.*) \|$", section, re.MULTILINE):
        files = [path for path in re.findall(r"`([\w/]+\.py)`", cell) if (ROOT / path).is_file()]
        code = "".join((ROOT / path).read_text(encoding="utf-8") for path in files)
        for name in re.findall(r"`(_?[A-Za-z]+(?:_[A-Za-z]+)*)`", cell):
            assert not files or re.search(rf"\b{name}\b", code), (name, files)

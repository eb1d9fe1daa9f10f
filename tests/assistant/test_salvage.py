"""Reading JSON from what a model wrote."""

import json

import pytest

from assistant.llm.salvage import salvage


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"a": [1, 2]}', {"a": [1, 2]}),
        ('Sure!\n```json\n{"a": 1}\n```\nHope it helps.', {"a": 1}),
        ('```\n{"a": 1}', {"a": 1}),
        ('The result is {"a": 1}. Good luck with {it}.', {"a": 1}),
        ('{"a": [1, 2,], }', {"a": [1, 2]}),
        ('{"a": "a line\nbreak"}', {"a": "a line\nbreak"}),
        (r'{"a": "$1.3\times$ and \% and \unit"}', {"a": r"$1.3\times$ and \% and \unit"}),
        ('{"a": [{"b": 1}, {"b": 2}, {"b": ', {"a": [{"b": 1}, {"b": 2}]}),
        ('{"a": [{"b": "one"}, {"b": "tw', {"a": [{"b": "one"}]}),
        ('{"a": {"b": 1}, "c": tru', {"a": {"b": 1}}),
        ('{"a": 1, "b": 2 "c": 3}', {"a": 1}),
        ('[{"a": 1}, {"a": 2}', [{"a": 1}, {"a": 2}]),
        ('{"a": "a } in a string, ["}', {"a": "a } in a string, ["}),
        ("{not json", None),
        ("", None),
        ("no braces at all", None),
        ('"just a string"', None),
        ("[1.4] is a citation", None),
        ("{" * 5000, None),
    ],
)
def test_what_can_be_read_is_read(text: str, data: object) -> None:
    assert salvage(text) == data


def test_a_reply_that_is_cut_anywhere_never_crashes_and_loses_only_its_end() -> None:
    whole = json.dumps({"rows": [{"text": f"row {n} \\ {n}", "cells": [n, None, True]} for n in range(6)]})
    kept = [len((salvage(whole[:end]) or {"rows": []}).get("rows", [])) for end in range(len(whole))]  # type: ignore[attr-defined]
    assert kept == sorted(kept)
    assert kept[-1] == 6

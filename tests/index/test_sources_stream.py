"""JSON lines of any number: read part by part, packed or not, and what is broken is named by its line."""

import gzip
import json
from pathlib import Path

import pytest

from index.sources import read_files
from index.sources.records import json_stream


@pytest.mark.parametrize("packed", [False, True])
def test_a_large_file_of_json_lines_is_read_in_parts(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "WHOLE", 20_000)
    monkeypatch.setattr(json_stream, "LINES", 100)
    monkeypatch.setattr("index.sources.records.RECORDS", 300)  # of a part: a stream has no most
    lines = [
        json.dumps({"title": f"Paper {n}", "abstract": "It is fine.", "published": "2024-05-17"}) for n in range(999)
    ]
    lines[500] = '{"title": "Broken'
    lines[700] = json.dumps({"title": "Paper 700", "abstract": "It is fine.", "published": "2024"})
    data = "\n".join(lines).encode()
    path = tmp_path / "papers.jsonl"
    path.write_bytes(gzip.compress(data) if packed else data)
    readings = list(read_files(path))
    assert len(readings) == 10
    assert [paper.title for reading in readings for paper in reading.papers] == [
        f"Paper {n}" for n in range(999) if n != 500
    ]
    assert [r.place for reading in readings for r in reading.rejects] == ["papers.jsonl, line 501"]
    notices = [notice for reading in readings for notice in reading.notices]
    assert notices == ["papers.jsonl: published names no whole day and was left out: line 701 (2024)"]


def test_a_stream_that_was_cut_off_gives_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "WHOLE", 20_000)
    line = json.dumps({"title": "T", "abstract": "It is fine."}) + "\n"
    path = tmp_path / "papers.jsonl.gz"
    path.write_bytes(gzip.compress(line.encode() * 5000, mtime=0)[:-9])
    readings = list(read_files(path))
    assert sum(len(reading.papers) for reading in readings) == 5000
    assert "cut off" in readings[-1].rejects[0].reason


def test_a_large_file_of_another_shape_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "WHOLE", 2_000)
    path = tmp_path / "papers.json"
    path.write_text(json.dumps([{"title": f"Paper {n}", "abstract": "It is fine."} for n in range(100)], indent=1))
    (reading,) = read_files(path)
    assert len(reading.papers) == 100

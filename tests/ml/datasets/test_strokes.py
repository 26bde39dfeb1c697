from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from inkread.core.errors import DataDamaged, DataEmpty, FileMissing, FileTooLarge
from inkread.ml.datasets.strokes import read_strokes, select_folds

SAMPLES = [
    {
        "label": "7",
        "writer": "a",
        "fold": 1,
        "suspect": True,
        "strokes": [[[0, 0], [9, 0]], [[4, 5]]],
    },
    {"label": "1", "writer": "b", "fold": 2, "suspect": False, "strokes": [[[1, 2], [3, 4]]]},
    {"label": "0", "strokes": [[[1.5, 2], [3, 4], [5, 6]]]},
]


def _write(path: Path, content: object) -> Path:
    data = json.dumps(content).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["strokes.json", "strokes.json.gz"])
def test_what_was_written_is_read(tmp_path: Path, name: str) -> None:
    samples = read_strokes(_write(tmp_path / name, {"samples": SAMPLES}))
    assert [s.label for s in samples] == ["7", "1", "0"]
    assert [s.writer for s in samples] == ["a", "b", ""]
    assert [s.fold for s in samples] == [1, 2, 0]
    assert [trace.tolist() for trace in samples[0].traces] == [[[0, 0], [9, 0]], [[4, 5]]]
    assert samples[2].traces[0][0].tolist() == [1.5, 2]


def test_what_expands_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkread.ml.datasets.strokes.MAX_BYTES", 10_000)
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(bytes(1_000_000)))
    assert path.stat().st_size < 10_000
    with pytest.raises(FileTooLarge):
        read_strokes(path)


def test_folds_and_doubtful_labels_are_chosen(tmp_path: Path) -> None:
    samples = read_strokes(_write(tmp_path / "s.json", {"samples": SAMPLES}))
    assert [s.label for s in select_folds(samples, {1, 2})] == ["1"]
    assert [s.label for s in select_folds(samples, {1, 2}, with_suspect=True)] == ["7", "1"]
    assert select_folds(samples, {9}) == ()


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"samples": 3},
        {"samples": [{"strokes": [[[0, 0]]]}]},
        {"samples": [{"label": "1", "strokes": []}]},
        {"samples": [{"label": "1", "strokes": [[]]}]},
        {"samples": [{"label": "1", "strokes": [[[0]]]}]},
        {"samples": [{"label": "1", "strokes": [[[0, None]]]}]},
        {"samples": [{"label": "1", "strokes": [[[0, 1], [2]]]}]},
        {"samples": [{"label": "1", "strokes": [[[0, 1e30]]]}]},
        {"samples": [{"label": "1", "strokes": [[[0, 1e39]]]}]},
        {"samples": [{"label": "1", "strokes": [[[0, 10**400]]]}]},
        {"samples": [{"label": "1", "strokes": ["0, 1"]}]},
        {"samples": [["label", "strokes"]]},
        {"samples": ["label"]},
        {"samples": [{"label": "1", "fold": "x", "strokes": [[[0, 1]]]}]},
    ],
    ids=str,
)
def test_what_holds_no_strokes_is_refused_by_name(tmp_path: Path, content: object) -> None:
    path = _write(tmp_path / "odd.json", content)
    with pytest.raises(DataDamaged, match=r"odd\.json: .* holds no samples with strokes"):
        read_strokes(path)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "cut.json.gz", {"samples": SAMPLES})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataDamaged):
        read_strokes(path)


@pytest.mark.parametrize("at", [12, 20, 60])
def test_compressed_data_that_are_broken_are_refused(tmp_path: Path, at: int) -> None:
    path = _write(tmp_path / "broken.json.gz", {"samples": SAMPLES})
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DataDamaged, match=r"broken\.json\.gz: "):
        read_strokes(path)


def test_no_samples_and_no_file_are_distinguished(tmp_path: Path) -> None:
    with pytest.raises(DataEmpty):
        read_strokes(_write(tmp_path / "none.json", {"samples": []}))
    with pytest.raises(FileMissing):
        read_strokes(tmp_path / "missing.json")

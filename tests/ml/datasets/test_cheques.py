from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.core.errors import DataDamaged, DataEmpty, FileMissing, InkreadError
from inkread.core.generators import finished
from inkread.core.geometry import Box
from inkread.ml.datasets.cheques import Cheque, read_cheques

HEADER = "file,digits,boxes x:y:width:height"


def _folder(path: Path, *rows: str) -> Path:
    (path / "labels.csv").write_text("\r\n".join([HEADER, *rows]) + "\r\n")
    for row in rows:
        name = row.split(",")[0]
        if name.endswith(".png"):
            cv2.imwrite(str(path / name), np.full((30, 80), 200, np.uint8))
    return path


def _read(folder: Path, test: int = 0) -> tuple[Cheque, ...]:
    return finished(read_cheques(folder, test))


def test_cheques_are_read_with_digits_and_boxes(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "b.png,42,3:4:10:20 20:5:11:19", "a.png,7,1:2:3:4")
    first, second = _read(folder)
    assert (first.name, second.name) == ("a.png", "b.png")
    assert second.digits == "42"
    assert second.boxes == (Box(3, 4, 10, 20), Box(20, 5, 11, 19))
    assert second.image.shape == (30, 80)


def test_the_last_ones_by_name_are_not_even_opened(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "c.png,7,1:2:3:4", "a.png,7,1:2:3:4", "b.png,7,1:2:3:4")
    (tmp_path / "c.png").write_bytes(b"")
    assert [cheque.name for cheque in _read(folder, 1)] == ["a.png", "b.png"]
    with pytest.raises(DataEmpty, match="it lists 3 cheques, 3 are kept"):
        _read(folder, 3)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a.png,42", "line 2: 2 columns, not 3"),
        ("../a.png,4,1:2:3:4", "is no name without a folder"),
        ("..\\a.png,4,1:2:3:4", "is no name without a folder"),
        ("a.png,4x,1:2:3:4", "'4x' are no digits"),
        ("a.png,,", "'' are no digits"),
        ("a.png,42,1:2:3:4", "1 boxes for 2 digits"),
        ("a.png,4,1:2:3", "is no box x:y:width:height"),
        ("a.png,4,1:2:0:4", "is no box x:y:width:height"),
        ("a.png,4,1:2:3:999999", "is no box x:y:width:height"),
    ],
)
def test_a_table_of_another_structure_is_refused_with_its_line(
    tmp_path: Path, row: str, reason: str
) -> None:
    folder = _folder(tmp_path, row)
    with pytest.raises(DataDamaged) as caught:
        _read(folder)
    assert reason in str(caught.value)
    assert str(caught.value).endswith("get a fresh copy of it.")


def test_a_table_without_cheques_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataEmpty):
        _read(_folder(tmp_path))


def test_a_missing_table_or_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"labels\.csv"):
        _read(tmp_path)
    with pytest.raises(FileMissing, match=r"gone\.jpg"):
        _read(_folder(tmp_path, "gone.jpg,4,1:2:3:4"))


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "a.png,4,1:2:3:4")
    (tmp_path / "a.png").write_bytes(b"GIF89a, or so")
    with pytest.raises(InkreadError, match=r"a\.png"):
        _read(folder)

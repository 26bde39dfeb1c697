"""InkML files as labelled cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.core import errors
from inkread.core.recognition.single_glyph import cell_of_ink
from inkread.ml.datasets import load
from tests.ml.datasets.data_files import texts, write_inkml_file
from tests.written import write


class TestInkml:
    def test_labelled_drawings(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", ["1", "3", "1"])
        found = load([str(path)])
        assert texts(found) == ["1", "3", "1"]
        for cell, (label, seed) in zip(found.cells, [("1", 0), ("3", 1), ("1", 2)], strict=True):
            expected = cell_of_ink(write(label, seed=seed))
            assert expected is not None
            difference = np.abs(cell.astype(int) - expected.astype(int))
            assert difference.mean() < 1  # InkML rounds the points

    def test_drawings_without_a_label_are_skipped(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", ["1", None, "3"])
        found = load([str(path)])
        assert texts(found) == ["1", "3"]
        assert [reason for _, reason in found.skipped] == ["it has no label"]

    def test_no_label_at_all(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", [None])
        with pytest.raises(errors.LabelsMissing, match="annotated"):
            load([str(path)])

    def test_damaged(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", ["1", "2"])
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(errors.InkDamaged, match=r"a\.inkml"):
            load([str(path)])

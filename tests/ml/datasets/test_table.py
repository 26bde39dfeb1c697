"""CSV files of cells."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from inkread.core import errors
from inkread.core.errors import InkreadError
from inkread.core.spreadsheets import inert
from inkread.ml.datasets.load import load
from tests.ml.datasets.data_files import csv_text, digits, pictures, texts


class TestCsv:
    @pytest.mark.parametrize("header", [True, False])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_the_label_first(self, header: bool, separator: str, tmp_path: Path) -> None:
        path = tmp_path / "train.csv"
        path.write_text(csv_text(pictures(), ["7", "8", "A"] * 4, header, separator))
        found = load([str(path)])
        np.testing.assert_array_equal(found.cells, pictures())
        assert texts(found) == ["7", "8", "A"] * 4

    @pytest.mark.parametrize("side", [2, 8, 28])
    def test_any_square(self, side: int, tmp_path: Path) -> None:
        window = slice(14 - side // 2, 14 + side // 2)
        cells = pictures(side=28)[:, window, window]
        path = tmp_path / "a.csv"
        path.write_text(csv_text(cells, [1, 2, 3] * 4, header=False))
        assert load([str(path)]).cells.shape == (12, side, side)

    @pytest.mark.parametrize("top", [1, 16])
    def test_values_up_to_1_or_16_are_stretched(self, top: int, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(csv_text(np.round(pictures() / 255 * top, 5), [1, 2, 3] * 4))
        np.testing.assert_array_equal(load([str(path)]).cells, pictures())

    def test_whole_labels_may_be_written_as_floats_or_in_quotes(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(csv_text(pictures(4), ["5.0", '"5"', "5", " 6 "]))
        assert texts(load([str(path)])) == ["5", "5", "5", "6"]

    def test_labels_that_were_kept_from_being_formulas_come_back(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(csv_text(pictures(4), [inert(label) for label in ("=", "+a", "-5", "'")]))
        assert texts(load([str(path)])) == ["=", "+a", "-5", "'"]

    def test_gzipped_with_a_byte_order_mark_and_empty_lines(self, tmp_path: Path) -> None:
        text = "\ufeff" + csv_text(pictures(), digits().tolist()).replace("\n", "\r\n\r\n")
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress(text.encode()))
        assert len(load([str(path)])) == 12

    def test_columns_that_are_named_by_numbers(self, tmp_path: Path) -> None:
        lines = csv_text(pictures(), digits().tolist(), header=False)
        path = tmp_path / "a.csv"
        path.write_text("label," + ",".join(map(str, range(784))) + "\n" + lines)
        assert load([str(path)]).labels == ("0", "1", "2")

    def test_bad_rows_among_good_ones_are_skipped_and_listed(self, tmp_path: Path) -> None:
        lines = csv_text(pictures(2000), digits(2000).tolist()).splitlines()
        lines[3] = lines[3].rpartition(",")[0]
        lines[5] = lines[5].replace(",0,0,", ",0,x,", 1)
        lines[1500] = lines[1500].replace(",0,", ",256,", 1)
        lines[1501] = lines[1501][1:]
        path = tmp_path / "a.csv"
        path.write_text("\n".join(lines))
        found = load([str(path)])
        assert len(found) == 1996
        assert found.skipped == (
            ("a.csv, row 4", "it has 783 values, not 784"),
            ("a.csv, row 6", "its values are no numbers"),
            ("a.csv, row 1501", "its values are not from 0 to 255"),
            ("a.csv, row 1502", "it has no label"),
        )
        good = np.delete(np.arange(2000), [2, 4, 1499, 1500])
        np.testing.assert_array_equal(found.cells, pictures(2000)[good])

    @pytest.mark.parametrize(
        ("text", "kind", "says"),
        [
            (csv_text(pictures(), ["x"] * 12).replace("label,", "", 1),
             errors.LabelsMissing, "28 x 28"),
            (csv_text(pictures(), ["x"] * 12).replace("label,pixel0", "pixel0,label", 1),
             errors.LabelsMissing, "the first column is not the label"),
            ("\n".join(",".join(["0"] * 784) for _ in range(3)), errors.LabelsMissing, "28 x 28"),
            ("a,b\n1,2\n", errors.DataMisshapen, "1 values after the label"),
            ("label," + ",".join(map(str, range(784))), errors.DataEmpty, "it has no rows"),
            ("1,2,3,4,x\n", errors.DataEmpty, "it has no rows"),
            ("\n\n,\n", errors.DataMisshapen, "1 values"),
            ("1," + "9" * 5_000_000, errors.DataMisshapen, "row 1 is too long"),
            ("1,1,0,1,1\n" * 2 + "2,0,1,1,900\n", errors.ClassSingle, "class 1"),
            ("1,1,0,1,1\n" * 1001 + "2,0,1,1,200\n", errors.DataMisshapen, "one of 200"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_used(
        self, text: str, kind: type[InkreadError], says: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.csv"
        path.write_text(text)
        with pytest.raises(kind, match=says):
            load([str(path)])

    def test_cut_off(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress(csv_text(pictures(), digits().tolist()).encode())[:-2000])
        with pytest.raises(errors.DataDamaged, match="cut off"):
            load([str(path)])

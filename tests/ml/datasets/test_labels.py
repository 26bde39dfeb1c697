"""Labels of data sets, as they come and as they are ordered."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core import errors
from inkread.ml.datasets.labels import from_array, sorted_labels


class TestLabels:
    def test_numbers_stand_before_texts_and_in_their_own_order(self) -> None:
        assert sorted_labels(["b", "10", "9", "a", "-1", "10"]) == ("-1", "9", "10", "a", "b")

    @pytest.mark.parametrize(
        ("values", "texts"),
        [
            (np.array([3, 1, 3]), ["3", "1", "3"]),
            (np.array([3, 1, 3], np.uint8), ["3", "1", "3"]),
            (np.array([3.0, 1.0, 3.0]), ["3", "1", "3"]),
            (np.array([[3], [1], [3]]), ["3", "1", "3"]),
            (np.array(["é", "e\u0301"]), ["é", "é"]),
            (np.array([True, False]), ["1", "0"]),
            (np.array(["A", "B ", "A"]), ["A", "B", "A"]),
            (np.array([b"A", b"\xc3\x84"]), ["A", "Ä"]),
            (np.array([[0, 1, 0], [1, 0, 0]]), ["1", "0"]),
            (np.array([[0.0, 1.0], [1.0, 0.0]], np.float32), ["1", "0"]),
        ],
    )
    def test_every_way_to_write_them(self, values: NDArray[np.generic], texts: list[str]) -> None:
        targets, labels = from_array(values, "x")
        assert [labels[i] for i in targets] == texts

    def test_one_hot_rows_keep_a_class_without_samples(self) -> None:
        assert from_array(np.array([[0, 1, 0], [1, 0, 0]]), "x")[1] == ("0", "1", "2")

    @pytest.mark.parametrize(
        "values",
        [
            np.array([1.5, 2.0]),
            np.array([np.nan, 1.0]),
            np.array(["", "a"]),
            np.array(["a" * 65]),
            np.arange(5000),
            np.zeros((2, 5000)),
            np.array([[1, 1], [1, 0]]),
            np.array([[0, 0], [1, 0]]),
            np.array([[0.5, 0.5], [1, 0]]),
            np.zeros((2, 2, 2)),
            np.array(5),
        ],
    )
    def test_what_is_no_label_is_refused(self, values: NDArray[np.generic]) -> None:
        with pytest.raises(errors.DataMisshapen, match="x: these are not labelled pictures"):
            from_array(values, "x")

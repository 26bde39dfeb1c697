"""The data set itself, what is combined and refused, and splitting it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inkread.core import errors
from inkread.ml.datasets.combine import (
    check_trainable,
    combined,
    without_blanks,
    without_duplicates,
)
from inkread.ml.datasets.dataset import Dataset, Skipped, split
from tests.ml.datasets.data_files import dataset, digits, pictures


class TestDataset:
    def test_its_arrays_cannot_be_written(self) -> None:
        found = dataset()
        with pytest.raises(ValueError, match="read-only"):
            found.cells[0] = 1
        with pytest.raises(ValueError, match="read-only"):
            found.targets[0] = 1

    def test_the_arrays_it_was_made_of_can(self) -> None:
        cells = pictures(3)
        Dataset(cells, digits(3), ("0", "1", "2"))
        cells[0] = 0

    def test_counts_include_classes_without_samples(self) -> None:
        found = Dataset(pictures(3), np.array([0, 2, 2]), ("a", "b", "c", "d"))
        assert found.counts.tolist() == [1, 0, 2, 0]
        assert len(found) == 3
        assert (found.width, found.height) == (28, 28)

    def test_take_numbers_or_a_mask(self) -> None:
        found = dataset()
        taken = found.take(np.array([5, 0]))
        np.testing.assert_array_equal(taken.cells, found.cells[[5, 0]])
        assert taken.targets.tolist() == [2, 0]
        assert (taken.labels, taken.sources) == (found.labels, found.sources)
        assert len(found.take(found.targets == 1)) == 4

    @pytest.mark.parametrize(
        ("cells", "targets", "labels"),
        [
            (np.zeros((2, 28), np.uint8), np.zeros(2, np.int64), ("a",)),
            (np.zeros((2, 4, 4), np.float32), np.zeros(2, np.int64), ("a",)),
            (np.zeros((2, 4, 4), np.uint8), np.zeros(3, np.int64), ("a",)),
            (np.zeros((2, 4, 4), np.uint8), np.zeros(2, np.int32), ("a",)),
            (np.zeros((2, 4, 4), np.uint8), np.array([0, 1]), ("a",)),
            (np.zeros((2, 4, 4), np.uint8), np.array([0, -1]), ("a",)),
            (np.zeros((2, 4, 4), np.uint8), np.array([0, 1]), ("a", "a")),
        ],
    )
    def test_what_does_not_fit_together_is_refused(
        self, cells: NDArray[np.uint8], targets: NDArray[np.int64], labels: tuple[str, ...]
    ) -> None:
        with pytest.raises(ValueError, match=r"cells|targets|labels"):
            Dataset(cells, targets, labels)


class TestChecks:
    def test_blank_samples_are_left_out_and_listed(self) -> None:
        cells = pictures(4)
        cells[1], cells[3] = 0, 255
        found = without_blanks(Dataset(cells, digits(4), ("0", "1", "2"), ("a.npz",)), "/a.npz")
        assert found.targets.tolist() == [0, 2]
        assert [name for name, _ in found.skipped] == ["a.npz[1]", "a.npz[3]"]

    def test_without_blank_ones_nothing_is_copied(self) -> None:
        whole = dataset()
        assert without_blanks(whole, "a") is whole

    def test_all_blank_is_refused(self) -> None:
        blank = Dataset(np.zeros((3, 28, 28), np.uint8), digits(3), ("0", "1", "2"), ("a",))
        with pytest.raises(errors.DataBlank, match="a: all samples are blank"):
            without_blanks(blank, "a")

    def test_no_samples_at_all_are_refused(self) -> None:
        with pytest.raises(errors.DataEmpty, match="a: there is not one sample"):
            without_blanks(dataset(count=0), "a")

    def test_a_class_without_samples_is_refused(self) -> None:
        some = Dataset(pictures(2), np.array([0, 2]), ("a", "b", "c"))
        with pytest.raises(errors.ClassEmpty, match="x: the class b has not one sample"):
            check_trainable(some, "x")

    def test_a_single_class_is_refused(self) -> None:
        with pytest.raises(errors.ClassSingle, match="x: all samples are of the class 7"):
            check_trainable(dataset(("7",)), "x")

    def test_two_classes_are_enough(self) -> None:
        check_trainable(dataset(("a", "b"), count=2), "x")


class TestSplit:
    @given(
        counts=st.lists(st.integers(0, 30), min_size=1, max_size=6),
        held_out=st.floats(0.01, 0.99),
        seed=st.integers(0, 2**32),
    )
    def test_each_class_is_divided_in_the_ratio(
        self, counts: list[int], held_out: float, seed: int
    ) -> None:
        targets = np.repeat(np.arange(len(counts)), counts).astype(np.int64)
        number = np.arange(len(targets)).astype(np.uint8)
        cells = np.broadcast_to(number[:, np.newaxis, np.newaxis], (len(targets), 2, 2))
        whole = Dataset(cells, targets, tuple(map(str, range(len(counts)))))
        training, out = split(whole, held_out, seed)
        together = np.concatenate([training.cells[:, 0, 0], out.cells[:, 0, 0]])
        assert sorted(together.tolist()) == number.tolist()
        for part in (training, out):
            assert (part.targets == targets[part.cells[:, 0, 0]]).all()
        for count, kept, gone in zip(counts, training.counts, out.counts, strict=True):
            assert kept + gone == count
            assert abs(gone - held_out * count) <= 1
            assert not count or kept
            assert count < 2 or gone

    def test_the_seed_decides(self) -> None:
        whole = dataset(count=60)
        first, second, other = (split(whole, 0.2, seed)[1].cells for seed in (1, 1, 2))
        np.testing.assert_array_equal(first, second)
        assert not np.array_equal(first, other)

    @pytest.mark.parametrize("held_out", [0, 1, -0.1, float("nan")])
    def test_no_share_at_all_is_refused(self, held_out: float) -> None:
        with pytest.raises(ValueError, match="held out"):
            split(dataset(), held_out, 0)


class TestRepetitions:
    def _one(self, cells: list[int], labels: str, name: str) -> Dataset:
        pictures = np.zeros((len(cells), 3, 2), np.uint8)
        pictures[:, 1, 0] = cells
        names = tuple(sorted(set(labels)))
        targets = np.array([names.index(label) for label in labels], np.int64)
        return Dataset(pictures, targets, names, (name,))

    def test_another_source_s_are_left_out_and_counted(self) -> None:
        first = self._one([1, 2, 2], "abb", "a.npz")  # it may repeat itself
        second = self._one([2, 1, 3, 3], "bbaa", "b.npz")  # 1 is another class here
        kept = without_duplicates([first, second])
        assert kept[0] is first
        assert kept[1].cells[:, 1, 0].tolist() == [1, 3, 3]
        assert kept[1].targets.tolist() == [1, 0, 0]
        expected = (Skipped("b.npz", "1 of its samples are in another source too"),)
        assert kept[1].skipped == expected
        assert combined(kept).skipped == expected

    def test_cells_of_another_shape_are_others(self) -> None:
        wide = self._one([1], "a", "a.npz")
        high = Dataset(wide.cells.reshape(1, 2, 3), wide.targets, wide.labels, ("b.npz",))
        assert [len(part) for part in without_duplicates([wide, high])] == [1, 1]

    def test_all_of_a_source_may_be_repeated(self) -> None:
        one = self._one([1, 2], "ab", "a.npz")
        assert len(combined(without_duplicates([one, one]))) == 2

"""Figures held against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve

from inkread.ml.evaluation.results import Evaluation

ABC = ("a", "b", "c")


def evaluation(count: int = 500, classes: int = 3, seed: int = 0) -> Evaluation:
    """Mostly right answers of all confidences; the last class is neither asked for nor answered."""
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, classes, count)
    answers = np.where(rng.random(count) < 0.7, targets, rng.integers(0, classes, count))
    labels = (*(f"class {i}" for i in range(classes)), "never")
    return Evaluation(labels, targets, answers, rng.random(count, np.float32))


class TestFigures:
    @pytest.mark.parametrize("seed", range(5))
    def test_accuracy_and_confusion(self, seed: int) -> None:
        found = evaluation(seed=seed)
        assert found.accuracy == pytest.approx(
            metrics.accuracy_score(found.targets, found.answers), abs=1e-12
        )
        expected = metrics.confusion_matrix(found.targets, found.answers, labels=range(4))
        np.testing.assert_array_equal(found.confusion, expected)
        assert found.count == 500

    @given(seed=st.integers(0, 1000), count=st.integers(1, 60), classes=st.integers(2, 8))
    def test_per_class(self, seed: int, count: int, classes: int) -> None:
        found = evaluation(count, classes, seed)
        rows = found.per_class()
        present = np.unique(found.targets)
        assert [row.label for row in rows] == [found.labels[i] for i in present]
        expected = metrics.precision_recall_fscore_support(
            found.targets, found.answers, labels=present, zero_division=0
        )
        figures = [(row.precision, row.recall, row.f1, row.count) for row in rows]
        np.testing.assert_allclose(np.array(figures).T, np.array(expected))

    def test_which_ones_are_wrong(self) -> None:
        found = Evaluation(
            ABC, np.array([0, 1, 2, 2]), np.array([0, 2, 2, 1]), np.ones(4, np.float32)
        )
        assert found.wrong.tolist() == [1, 3]
        assert found.right.tolist() == [True, False, True, False]

    def test_nothing_right(self) -> None:
        found = Evaluation(ABC, np.array([0, 1]), np.array([1, 0]), np.ones(2, np.float32))
        assert (found.accuracy, found.ece) == (0, 1)
        assert [(row.precision, row.recall, row.f1) for row in found.per_class()] == [(0, 0, 0)] * 2

    def test_no_samples(self) -> None:
        nothing = np.zeros(0, np.int64)
        with pytest.raises(ValueError, match="no samples"):
            Evaluation(ABC, nothing, nothing, np.zeros(0, np.float32))

    def test_it_cannot_be_written(self) -> None:
        with pytest.raises(ValueError, match="read-only"):
            evaluation().answers[0] = 1


class TestCalibration:
    @pytest.mark.parametrize("bins", [1, 5, 15])
    @pytest.mark.parametrize("seed", range(3))
    def test_the_bins(self, bins: int, seed: int) -> None:
        found = evaluation(seed=seed)
        right, sure = calibration_curve(found.right, found.confidences, n_bins=bins)
        table = found.calibration(bins)
        np.testing.assert_allclose([b.accuracy for b in table], right, atol=1e-6)
        np.testing.assert_allclose([b.confidence for b in table], sure, atol=1e-6)
        assert sum(b.count for b in table) == 500

    def test_the_error_by_its_definition(self) -> None:
        found = evaluation()
        expected = 0.0
        for i in range(15):
            inside = (found.confidences > i / 15) & (found.confidences <= (i + 1) / 15)
            if inside.any():
                apart = found.right[inside].mean() - found.confidences[inside].mean()
                expected += abs(apart) * inside.sum() / 500
        assert found.ece == pytest.approx(expected, abs=1e-6)

    def test_empty_bins_are_left_out_and_ends_belong_to_some(self) -> None:
        sure = np.array([0, 1, 1, 0.5], np.float32)
        found = Evaluation(ABC, np.zeros(4, np.int64), np.zeros(4, np.int64), sure)
        assert [b.count for b in found.calibration()] == [1, 1, 2]
        assert [(b.lower, b.upper) for b in found.calibration(1)] == [(0, 1)]

    def test_sure_and_right_is_calibrated(self) -> None:
        found = Evaluation(
            ABC, np.zeros(4, np.int64), np.zeros(4, np.int64), np.ones(4, np.float32)
        )
        assert found.ece == 0

"""Figures held against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics
from sklearn.calibration import calibration_curve

from inkread.core.reading import Cells
from inkread.ml.datasets import Dataset
from inkread.ml.evaluation.results import Evaluation, auroc
from inkread.ml.evaluation.run import Evaluating, compare, comparing, evaluate, evaluating
from inkread.ml.inference.classifier import OnnxClassifier
from tests.ml import graphs
from tests.ml.datasets.data_files import digits, pictures

ABC = ("a", "b", "c")


def evaluation(count: int = 500, classes: int = 3, seed: int = 0) -> Evaluation:
    """Mostly right answers of all confidences; the last class is neither asked for nor answered."""
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, classes, count)
    answers = np.where(rng.random(count) < 0.7, targets, rng.integers(0, classes, count))
    labels = (*(f"class {i}" for i in range(classes)), "never")
    return Evaluation(labels, targets, answers, rng.random(count, np.float32))


class Oracle:
    """A classifier that knows the answers: pixel (0, 0) says which, pixel (0, 1) how sure."""

    rejection_threshold: float | None = None
    is_calibrated = True

    def __init__(self, labels: tuple[str, ...], shift: int = 0) -> None:
        self.labels = labels
        self.shift = shift
        self.batches: list[int] = []

    def probabilities(self, cells: Cells) -> Cells:
        self.batches.append(len(cells))
        assert cells.dtype == np.float32
        assert cells.max(initial=0) <= 1
        answers = (np.rint(cells[:, 0, 0, 0] * 255).astype(int) + self.shift) % len(self.labels)
        sure = np.maximum(cells[:, 0, 0, 1], 0.6)
        rest = (1 - sure) / (len(self.labels) - 1)
        rows = np.repeat(rest[:, np.newaxis], len(self.labels), axis=1)
        rows[np.arange(len(cells)), answers] = sure
        return np.asarray(rows, np.float32)


def dataset(targets: NDArray[np.int64], labels: tuple[str, ...], side: int = 28) -> Dataset:
    cells = pictures(len(targets), side)
    cells[:, 0, 0] = targets
    cells[:, 0, 1] = 204
    return Dataset(cells, targets, labels, ("a",))


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


class TestEvaluate:
    def test_all_right(self) -> None:
        found = evaluate(Oracle(ABC), dataset(digits(600), ABC))
        assert (found.accuracy, found.count, found.labels) == (1, 600, ABC)
        np.testing.assert_allclose(found.confidences, 0.8)

    def test_all_wrong(self) -> None:
        found = evaluate(Oracle(ABC, shift=1), dataset(digits(600), ABC))
        assert found.accuracy == 0
        assert np.diag(found.confusion, 1).tolist() == [200, 200]

    def test_it_goes_in_steps(self) -> None:
        oracle = Oracle(ABC)
        steps = list(evaluating(oracle, dataset(digits(600), ABC)))
        assert steps[-1] == Evaluating(600, 600)
        assert max(oracle.batches) <= 256
        assert len(steps) == len(oracle.batches) == 3

    def test_labels_in_another_order_are_the_same_labels(self) -> None:
        found = evaluate(Oracle(ABC), dataset(digits(9), ("c", "a", "b")))
        assert found.labels == ABC
        assert found.accuracy == 0
        assert [found.labels[i] for i in found.targets[:3]] == ["c", "a", "b"]
        assert [found.labels[i] for i in found.answers[:3]] == ["a", "b", "c"]

    def test_classes_that_the_classifier_does_not_know_are_wrong(self) -> None:
        found = evaluate(Oracle(("0", "1")), dataset(np.array([0, 1, 2, 3]), ("0", "1", "A", "B")))
        assert found.labels == ("0", "1", "A", "B")
        assert found.wrong.tolist() == [2, 3]

    def test_classes_without_samples(self) -> None:
        found = evaluate(Oracle(ABC), dataset(np.array([0, 1]), ("a", "b")))
        assert found.labels == ABC
        assert [row.label for row in found.per_class()] == ["a", "b"]

    def test_a_network_of_another_size_gets_the_cells_as_they_are(self) -> None:
        data = graphs.dense(shape=("n", 1, 32, 32))
        classifier = OnnxClassifier(data, "m")
        samples = dataset(digits(20), ("0", "1", "2"), side=32)
        cells = samples.cells[:, np.newaxis].astype(np.float32) / np.float32(255)
        expected = classifier.probabilities(cells).argmax(axis=1)
        assert evaluate(classifier, samples).answers.tolist() == expected.tolist()


class TestCompare:
    def test_the_same_is_not_worse(self) -> None:
        found = compare(Oracle(ABC), Oracle(ABC), dataset(digits(9), ABC))
        assert found.is_not_worse
        assert found.repaired.tolist() == found.broken.tolist() == []

    def test_a_better_one(self) -> None:
        found = compare(Oracle(ABC), Oracle(ABC, shift=1), dataset(digits(9), ABC))
        assert found.is_not_worse
        assert found.repaired.tolist() == list(range(9))
        assert (found.candidate.accuracy, found.current.accuracy) == (1, 0)

    def test_a_worse_one(self) -> None:
        found = compare(Oracle(ABC, shift=1), Oracle(ABC), dataset(digits(9), ABC))
        assert not found.is_not_worse
        assert found.broken.tolist() == list(range(9))

    def test_one_that_knows_more_classes(self) -> None:
        samples = dataset(digits(9), ABC)
        found = compare(Oracle(ABC), Oracle(("a", "b")), samples)
        assert found.candidate.labels == found.current.labels == ABC
        assert found.is_not_worse
        assert not compare(Oracle(("a", "b")), Oracle(ABC), samples).is_not_worse

    def test_it_goes_in_steps(self) -> None:
        steps = list(comparing(Oracle(ABC), Oracle(ABC), dataset(digits(600), ABC)))
        assert [step.done for step in steps] == [256, 512, 600, 856, 1112, 1200]
        assert {step.total for step in steps} == {1200}


class TestAuroc:
    @given(scores=st.lists(st.integers(0, 5), min_size=2, max_size=50), seed=st.integers(0, 1000))
    def test_against_scikit_learn(self, scores: list[int], seed: int) -> None:
        positives = np.random.default_rng(seed).random(len(scores)) < 0.5
        positives[:2] = [True, False]
        values = np.array(scores, np.float32)
        assert auroc(values, positives) == pytest.approx(metrics.roc_auc_score(positives, values))

    def test_perfect_and_upside_down(self) -> None:
        scores, positives = np.array([0.1, 0.2, 0.8]), np.array([False, False, True])
        assert auroc(scores, positives) == 1
        assert auroc(-scores, positives) == 0

    @pytest.mark.parametrize("positives", [[True, True], [False, False], []])
    def test_one_kind_alone(self, positives: list[bool]) -> None:
        with pytest.raises(ValueError, match="positives and negatives"):
            auroc(np.ones(len(positives)), np.array(positives, np.bool_))

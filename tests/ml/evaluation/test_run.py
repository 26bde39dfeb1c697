"""Models measured on labelled data, alone and beside one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.core.generators import finished
from inkread.core.reading import Cells
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.evaluation.run import Evaluating, comparing, evaluate, evaluating
from inkread.ml.inference.classifier import OnnxClassifier
from tests.ml import graphs
from tests.ml.datasets.data_files import digits, pictures

ABC = ("a", "b", "c")


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
        found = finished(comparing(Oracle(ABC), Oracle(ABC), dataset(digits(9), ABC)))
        assert found.is_not_worse
        assert found.repaired.tolist() == found.broken.tolist() == []

    def test_a_better_one(self) -> None:
        found = finished(comparing(Oracle(ABC), Oracle(ABC, shift=1), dataset(digits(9), ABC)))
        assert found.is_not_worse
        assert found.repaired.tolist() == list(range(9))
        assert (found.candidate.accuracy, found.current.accuracy) == (1, 0)

    def test_a_worse_one(self) -> None:
        found = finished(comparing(Oracle(ABC, shift=1), Oracle(ABC), dataset(digits(9), ABC)))
        assert not found.is_not_worse
        assert found.broken.tolist() == list(range(9))

    def test_one_that_knows_more_classes(self) -> None:
        samples = dataset(digits(9), ABC)
        found = finished(comparing(Oracle(ABC), Oracle(("a", "b")), samples))
        assert found.candidate.labels == found.current.labels == ABC
        assert found.is_not_worse
        assert not finished(comparing(Oracle(("a", "b")), Oracle(ABC), samples)).is_not_worse

    def test_it_goes_in_steps(self) -> None:
        steps = list(comparing(Oracle(ABC), Oracle(ABC), dataset(digits(600), ABC)))
        assert [step.done for step in steps] == [256, 512, 600, 856, 1112, 1200]
        assert {step.total for step in steps} == {1200}

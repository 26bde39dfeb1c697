"""Having one classifier, or two to be compared, read labelled cells."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.generators import finished, mapped
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.datasets.labels import in_order
from inkread.ml.evaluation.results import Comparison, Evaluation

_READ_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Evaluating:
    """How many samples have been read, of how many."""

    done: int
    total: int


def evaluating(
    classifier: Classifier, dataset: Dataset, labels: tuple[str, ...] = ()
) -> Generator[Evaluating, None, Evaluation]:
    """Have a classifier read a data set.

    Parameters
    ----------
    classifier : Classifier
        Is given the cells in the size that they have; `OnnxClassifier` takes any.
    dataset : Dataset
        At least one sample. Classes that the classifier does not know are read wrongly.
    labels : tuple of str
        Further classes for the evaluation's `labels`.

    Yields
    ------
    Evaluating

    Returns
    -------
    Evaluation

    Raises
    ------
    ValueError
        If there are no samples.
    """
    every = in_order((*labels, *dataset.labels, *classifier.labels))
    index = {label: i for i, label in enumerate(every)}
    answers = np.zeros(len(dataset), np.int64)
    confidences = np.zeros(len(dataset), np.float32)
    for start in range(0, len(dataset), _READ_AT_ONCE):
        piece = slice(start, start + _READ_AT_ONCE)
        cells = dataset.cells[piece, np.newaxis].astype(np.float32) / np.float32(255)
        probabilities = classifier.probabilities(cells)
        answers[piece] = probabilities.argmax(axis=1)
        confidences[piece] = probabilities.max(axis=1)
        yield Evaluating(min(start + _READ_AT_ONCE, len(dataset)), len(dataset))
    known = np.array([index[label] for label in classifier.labels], np.int64)
    own = np.array([index[label] for label in dataset.labels], np.int64)
    return Evaluation(every, own[dataset.targets], known[answers], confidences)


def evaluate(classifier: Classifier, dataset: Dataset) -> Evaluation:
    """Have a classifier read a data set at one go; see `evaluating`."""
    return finished(evaluating(classifier, dataset))


def comparing(
    candidate: Classifier, current: Classifier, dataset: Dataset
) -> Generator[Evaluating, None, Comparison]:
    """Have two classifiers read the same samples, which neither should have been trained on.

    Parameters
    ----------
    candidate, current : Classifier
        The new one, and the one that it would replace. They may know different classes.
    dataset : Dataset
        At least one sample.

    Yields
    ------
    Evaluating
        Both classifiers count.

    Returns
    -------
    Comparison
    """
    labels, count = (*candidate.labels, *current.labels), len(dataset)
    new = yield from mapped(
        evaluating(candidate, dataset, labels),
        lambda step: Evaluating(step.done, 2 * count),
    )
    old = yield from mapped(
        evaluating(current, dataset, labels),
        lambda step: Evaluating(count + step.done, 2 * count),
    )
    return Comparison(new, old)


def compare(candidate: Classifier, current: Classifier, dataset: Dataset) -> Comparison:
    """Have two classifiers read the same samples at one go; see `comparing`."""
    return finished(comparing(candidate, current, dataset))

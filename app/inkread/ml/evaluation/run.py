"""Evaluate a classifier on labelled cells, or compare two."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.generators import finished, mapped
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.datasets.labels import sorted_labels
from inkread.ml.evaluation.results import Comparison, Evaluation

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Evaluating:
    """Count of samples that have been read, and of all."""

    done: int
    total: int


def evaluating(
    classifier: Classifier, dataset: Dataset, labels: tuple[str, ...] = ()
) -> Generator[Evaluating, None, Evaluation]:
    """Evaluate a classifier on a data set.

    Parameters
    ----------
    classifier : Classifier
        Gets the cells in their original size; `OnnxClassifier` takes any.
    dataset : Dataset
        At least one sample. Classes unknown to the classifier count as wrong.
    labels : tuple of str
        Further classes in the evaluation's `labels`.

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
    every = sorted_labels((*labels, *dataset.labels, *classifier.labels))
    index = {label: i for i, label in enumerate(every)}
    answers = np.zeros(len(dataset), np.int64)
    confidences = np.zeros(len(dataset), np.float32)
    for start in range(0, len(dataset), _BATCH):
        batch = slice(start, start + _BATCH)
        cells = dataset.cells[batch, np.newaxis].astype(np.float32) / np.float32(255)
        probabilities = classifier.probabilities(cells)
        answers[batch] = probabilities.argmax(axis=1)
        confidences[batch] = probabilities.max(axis=1)
        yield Evaluating(min(start + _BATCH, len(dataset)), len(dataset))
    known = np.array([index[label] for label in classifier.labels], np.int64)
    own = np.array([index[label] for label in dataset.labels], np.int64)
    return Evaluation(every, own[dataset.targets], known[answers], confidences)


def evaluate(classifier: Classifier, dataset: Dataset) -> Evaluation:
    """Evaluate a classifier on a data set in one call; see `evaluating`."""
    return finished(evaluating(classifier, dataset))


def comparing(
    candidate: Classifier, current: Classifier, dataset: Dataset
) -> Generator[Evaluating, None, Comparison]:
    """Compare two classifiers on samples that neither should have been trained on.

    Parameters
    ----------
    candidate, current : Classifier
        The new one, and the one that it would replace. Their classes may differ.
    dataset : Dataset
        At least one sample.

    Yields
    ------
    Evaluating
        Over both evaluations.

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

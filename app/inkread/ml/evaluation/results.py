"""Measures of a classifier on labelled cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.ml.datasets.dataset import Targets

#: Number of confidence bins for calibration (Guo et al. 2017).
BINS = 15

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Measures of one class, 0 to 1; 0 where the denominator is 0."""

    label: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers with confidence in (lower, upper]: their count, mean confidence and accuracy."""

    lower: float
    upper: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Answers of a classifier on a data set.

    Attributes
    ----------
    labels : tuple of str
        The classes of the data and of the classifier.
    targets : (n,) array of int64
        Index of each sample's class; n >= 1.
    answers : (n,) array of int64
        Index of the most probable class.
    confidences : (n,) array of float32
        Its probability, 0 to 1.
    """

    labels: tuple[str, ...]
    targets: Targets
    answers: Targets
    confidences: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Make the arrays read-only.

        Raises
        ------
        ValueError
            If there are no samples, or the lengths differ.
        """
        if not len(self.targets) == len(self.answers) == len(self.confidences) > 0:
            raise ValueError("no samples, or not equally many targets, answers and confidences")
        for name in ("targets", "answers", "confidences"):
            guarded = getattr(self, name).view()
            guarded.setflags(write=False)
            object.__setattr__(self, name, guarded)

    @property
    def count(self) -> int:
        """Count of samples."""
        return len(self.targets)

    @property
    def right(self) -> Mask:
        """(n,) whether each answer is correct."""
        return np.asarray(self.targets == self.answers, np.bool_)

    @property
    def wrong(self) -> Targets:
        """Indices of the samples with a wrong answer, ascending."""
        return np.flatnonzero(~self.right).astype(np.int64)

    @property
    def accuracy(self) -> float:
        """Share of correct answers, 0 to 1."""
        return float(self.right.mean())

    @property
    def confusion(self) -> Targets:
        """(k, k) counts of samples by class (row) and answer (column)."""
        size = len(self.labels)
        pairs = self.targets * size + self.answers
        return np.bincount(pairs, minlength=size * size).reshape(size, size).astype(np.int64)

    def per_class(self) -> tuple[ClassFigures, ...]:
        """Measures of each class that has samples.

        Precision: correct share of the answers of a class; recall: of its samples; F1: their
        harmonic mean (van Rijsbergen, "Information Retrieval", 1979).
        """
        confusion = self.confusion
        right = np.diag(confusion).astype(np.float64)
        counts, answered = confusion.sum(axis=1), confusion.sum(axis=0)
        precision = right / np.maximum(answered, 1)
        recall = right / np.maximum(counts, 1)
        f1 = 2 * right / np.maximum(counts + answered, 1)
        columns = (counts, precision, recall, f1)
        rows = map(ClassFigures, self.labels, *(column.tolist() for column in columns))
        return tuple(row for row in rows if row.count)

    def calibration(self, bins: int = BINS) -> tuple[CalibrationBin, ...]:
        """Answers by confidence, in equally wide bins; empty bins are left out."""
        edges = np.linspace(0, 1, bins + 1)
        bin_of = np.searchsorted(edges[1:-1], self.confidences)
        count = np.bincount(bin_of, minlength=bins)
        confidence = np.bincount(bin_of, self.confidences, bins) / np.maximum(count, 1)
        right = np.bincount(bin_of, self.right, bins) / np.maximum(count, 1)
        columns = (edges[:-1], edges[1:], count, confidence, right)
        rows = map(CalibrationBin, *(column.tolist() for column in columns))
        return tuple(row for row in rows if row.count)

    @property
    def ece(self) -> float:
        """Expected calibration error, 0 to 1: mean distance of confidence and accuracy.

        The bins are weighted by their counts (Naeini, Cooper and Hauskrecht 2015).
        """
        distances = (abs(b.accuracy - b.confidence) * b.count for b in self.calibration())
        return sum(distances) / self.count


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two classifiers on the same samples; both evaluations have equal labels."""

    candidate: Evaluation
    current: Evaluation

    @property
    def repaired(self) -> Targets:
        """Indices of the samples that only the candidate reads correctly."""
        return np.flatnonzero(self.candidate.right & ~self.current.right).astype(np.int64)

    @property
    def broken(self) -> Targets:
        """Indices of the samples that only the current model reads correctly."""
        return np.flatnonzero(~self.candidate.right & self.current.right).astype(np.int64)

    @property
    def is_not_worse(self) -> bool:
        """Whether the candidate reads at least as many correctly."""
        return len(self.repaired) >= len(self.broken)

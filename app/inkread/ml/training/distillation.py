"""Models that were trained before as the teacher of one more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inkread.core.reading import Cells
from inkread.ml.inference.classifier import OnnxClassifier


@dataclass(frozen=True, slots=True)
class Teachers:
    """Several models that take turns: on the average a student learns the mean of their answers,
    at the price of asking one.

    Attributes
    ----------
    models : sequence of OnnxClassifier
        At least one; all tell the same classes, in the same order.
    """

    models: Sequence[OnnxClassifier]

    def __call__(self, cells: Cells, step: int) -> Cells:
        """(n, 1, h, w) float32 in 0..1 -> (n, k) probabilities by the model whose turn it is."""
        return self.models[step % len(self.models)].probabilities(cells)

"""Knowledge distillation from several trained models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inkread.core.reading import Cells
from inkread.ml.inference.classifier import OnnxClassifier


@dataclass(frozen=True, slots=True)
class TeacherEnsemble:
    """Models that take turns as the teacher.

    On average the student learns the mean of their answers, for the cost of one forward pass.

    Attributes
    ----------
    models : sequence of OnnxClassifier
        At least one; all with the same classes in the same order.
    """

    models: Sequence[OnnxClassifier]

    def __call__(self, cells: Cells, step: int) -> Cells:
        """(n, 1, h, w) float32 in 0..1 -> (n, k) probabilities of the model whose turn it is."""
        return self.models[step % len(self.models)].probabilities(cells)

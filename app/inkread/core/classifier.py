"""The interface of a network to recognition; ml implements it."""

from __future__ import annotations

from typing import Protocol

from inkread.core.reading import Cells


class Classifier(Protocol):
    """Classifies cells."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        ...

    @property
    def rejection_threshold(self) -> float | None:
        """Below this, a glyph's best probability means "none of the classes"; None: not known."""
        ...

    @property
    def is_calibrated(self) -> bool:
        """Whether its probabilities are calibrated, that is, meant as frequencies."""
        ...

    def probabilities(self, cells: Cells) -> Cells:
        """(n, 1, 28, 28) float32 cells in 0..1 -> (n, k) float32, each row adding up to 1."""
        ...

"""What recognition asks of a network: the contract that ml fulfils."""

from __future__ import annotations

from typing import Protocol

from inkread.core.reading import Cells


class Classifier(Protocol):
    """Whatever tells the classes of cells apart."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        ...

    @property
    def rejection_threshold(self) -> float | None:
        """A glyph whose best class is less probable is none of them; None: not known."""
        ...

    @property
    def is_calibrated(self) -> bool:
        """Whether its probabilities are meant to be true frequencies."""
        ...

    def probabilities(self, cells: Cells) -> Cells:
        """(n, 1, 28, 28) float32 cells in 0..1 -> (n, k) float32, each row adding up to 1."""
        ...

"""Ink or page in, Reading out."""

from __future__ import annotations

from typing import Protocol

from app.core.image import Page
from app.core.ink import Ink
from app.core.reading import Cells, Reading


class Classifier(Protocol):
    """Whatever tells the classes of cells apart."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        ...

    def probabilities(self, cells: Cells) -> Cells:
        """(n, 1, 28, 28) float32 cells in 0..1 -> (n, k) float32, each row adding up to 1."""
        ...


def read_ink(ink: Ink, classifier: Classifier) -> Reading:
    raise NotImplementedError


def read_page(page: Page, classifier: Classifier) -> Reading:
    raise NotImplementedError

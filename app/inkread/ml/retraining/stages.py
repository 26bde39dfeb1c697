"""Progress events of retraining. Light to import: the window uses them."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.ml.datasets.dataset import Loading, Skipped
from inkread.ml.evaluation.run import Evaluating
from inkread.ml.training.progress import Progress


@dataclass(frozen=True, slots=True)
class DataSplit:
    """The data are loaded: sizes of the parts, and items that could not be used."""

    training: int
    validation: int
    held_out: int
    skipped: tuple[Skipped, ...]


Stage = Loading | DataSplit | Progress | Evaluating

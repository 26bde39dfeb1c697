"""What a retraining is at, step by step. Light: a window may import it."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.ml.datasets.dataset import Loading, Skipped
from inkread.ml.evaluation.run import Evaluating
from inkread.ml.training.progress import Progress


@dataclass(frozen=True, slots=True)
class Divided:
    """The data are there: how many samples serve what, and what could not be used."""

    training: int
    validation: int
    held_out: int
    skipped: tuple[Skipped, ...]


Stage = Loading | Divided | Progress | Evaluating

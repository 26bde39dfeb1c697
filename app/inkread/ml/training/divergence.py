"""Detect diverged or useless training, and raise an error instead of returning a bad model."""

from __future__ import annotations

import math

import numpy as np

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.training.progress import Epoch

#: Growth of the loss, relative to the first step or to guessing, from which it does not recover.
_MAX_GROWTH = 10
#: A network whose held-out loss is at least this share of the loss of guessing only guesses.
_MAX_LOSS_SHARE = 0.98
#: Minimum held-out samples; with fewer, a low accuracy may be chance.
_MIN_HELD_OUT = 50


class TrainingDiverged(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The training diverged in epoch {epoch}: the loss is not a number any more; "
        "choose a lower learning rate.",
    )


class LossGrew(TrainingDiverged):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The training diverged in epoch {epoch}: the loss grew to {loss}; "
        "choose a lower learning rate.",
    )


class NothingLearned(TrainingDiverged):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The training learned nothing: {percent} % of the held-out samples are read right, no more "
        "than by guessing; choose a lower learning rate, or more epochs.",
    )


class DivergenceMonitor:
    """Compares a run with guessing by the class frequencies alone.

    Parameters
    ----------
    training : Dataset
        Training data; at least one sample.
    held_out : Dataset or None
        Held-out data.
    """

    def __init__(self, training: Dataset, held_out: Dataset | None) -> None:
        shares = training.counts[training.counts > 0] / len(training)
        self._chance_loss = float(-(shares * np.log(shares)).sum())
        is_enough = held_out is not None and len(held_out) >= _MIN_HELD_OUT
        self._majority_share = (
            held_out.counts.max() / len(held_out) if held_out and is_enough else -1.0
        )
        self._first: float | None = None

    def observe(self, loss: float) -> None:
        """Record the loss of a step; only the first one is kept."""
        if self._first is None:
            self._first = loss

    def check(self, loss: float, epoch: int) -> None:
        """Check the mean loss of an epoch.

        Raises
        ------
        TrainingDiverged
            If it is not finite, or far larger than at the beginning.
        """
        if not math.isfinite(loss):
            raise TrainingDiverged(epoch=epoch)
        if loss > _MAX_GROWTH * max(self._first or 0.0, self._chance_loss, 1.0):
            raise LossGrew(epoch=epoch, loss=f"{loss:,.0f}")

    def check_best(self, best: Epoch) -> None:
        """Check the best epoch of a finished run.

        Raises
        ------
        NothingLearned
            If its network reads the held-out data no better than guessing.
        """
        loss, accuracy = best.validation_loss, best.validation_accuracy
        if loss is None or accuracy is None:
            return
        if accuracy <= self._majority_share and loss >= _MAX_LOSS_SHARE * self._chance_loss:
            raise NothingLearned(percent=f"{100 * accuracy:.2f}")

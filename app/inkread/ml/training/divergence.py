"""Training that ran away or came to nothing: told, instead of a model that is worth nothing."""

from __future__ import annotations

import math

import numpy as np

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.training.progress import Epoch

#: A loss so many times larger than at the first step, or than that of guessing, does not come back.
_MAX_GROWTH = 10
#: A network whose loss on held-out data is at least this share of that of guessing only guesses.
_NO_BETTER = 0.98
#: Of fewer samples held out, chance may let as few be right.
_ENOUGH = 50


class TrainingDiverged(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The training ran away in epoch {epoch}: the loss is no number any more; "
        "choose a lower learning rate.",
    )


class LossGrew(TrainingDiverged):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The training ran away in epoch {epoch}: the loss grew to {loss}; "
        "choose a lower learning rate.",
    )


class NothingLearned(TrainingDiverged):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The training came to nothing: of the held-out samples {percent} % are read right, no more "
        "than by guessing; choose a lower learning rate, or more epochs.",
    )


class Watch:
    """Knows how well one guesses who knows nothing but how frequent the classes are.

    Parameters
    ----------
    training : Dataset
        What is learned; at least one sample.
    held_out : Dataset or None
        What measures.
    """

    def __init__(self, training: Dataset, held_out: Dataset | None) -> None:
        shares = training.counts[training.counts > 0] / len(training)
        self._guessing = float(-(shares * np.log(shares)).sum())
        is_enough = held_out is not None and len(held_out) >= _ENOUGH
        self._lucky = held_out.counts.max() / len(held_out) if held_out and is_enough else -1.0
        self._first: float | None = None

    def note(self, loss: float) -> None:
        """The loss of a step; the first one counts."""
        if self._first is None:
            self._first = loss

    def check(self, loss: float, epoch: int) -> None:
        """Look at the mean loss of a pass.

        Raises
        ------
        TrainingDiverged
            If it is no number, or far larger than at the beginning.
        """
        if not math.isfinite(loss):
            raise TrainingDiverged(epoch=epoch)
        if loss > _MAX_GROWTH * max(self._first or 0.0, self._guessing, 1.0):
            raise LossGrew(epoch=epoch, loss=f"{loss:,.0f}")

    def check_best(self, best: Epoch) -> None:
        """Look at the best pass of a run that has come to its end.

        Raises
        ------
        NothingLearned
            If its network reads held-out data no better than guessing does.
        """
        loss, accuracy = best.validation_loss, best.validation_accuracy
        if loss is None or accuracy is None:
            return
        if accuracy <= self._lucky and loss >= _NO_BETTER * self._guessing:
            raise NothingLearned(percent=f"{100 * accuracy:.2f}")

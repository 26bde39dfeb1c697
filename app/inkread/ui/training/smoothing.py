"""Smoothed loss and accuracy of the latest steps, for the curves."""

from __future__ import annotations

from inkread.ml.training.progress import Progress

#: Weight of the steps since the last report.
_LATEST = 0.2


class RecentFigures:
    """Derives the latest steps from the means over the epoch, and smooths them."""

    def __init__(self) -> None:
        self._before = (0, 0.0, 0.0)
        self._smooth: tuple[float, float] | None = None

    def add(self, progress: Progress) -> tuple[float, float]:
        """Loss and accuracy after a report of a later step than the last one."""
        same_pass = self._before[0] < progress.step
        step, loss, accuracy = self._before if same_pass else (0, 0.0, 0.0)
        self._before = (progress.step, progress.loss, progress.accuracy)
        count = progress.step - step
        latest_loss = (progress.loss * progress.step - loss * step) / count
        latest_accuracy = (progress.accuracy * progress.step - accuracy * step) / count
        if self._smooth is None:
            self._smooth = latest_loss, latest_accuracy
        else:
            loss, accuracy = self._smooth
            self._smooth = (
                loss + _LATEST * (latest_loss - loss),
                accuracy + _LATEST * (latest_accuracy - accuracy),
            )
        return self._smooth

"""The latest loss and accuracy of a run, for curves that move."""

from __future__ import annotations

from inkread.ml.training.progress import Progress

#: How much the steps since the last report count.
_LATEST = 0.2


class RecentFigures:
    """Tells the latest steps from the means over the pass so far, and smooths them."""

    def __init__(self) -> None:
        self._before = (0, 0.0, 0.0)
        self._smooth: tuple[float, float] | None = None

    def add(self, progress: Progress) -> tuple[float, float]:
        """Loss and accuracy after a report that is not of the same step as the last."""
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

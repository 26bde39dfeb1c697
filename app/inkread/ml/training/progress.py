"""Progress reports of a training run, and the clock that produces them."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkread.ml.training.session import StepResult

_REPORT_INTERVAL = 0.05
"""Seconds between reports; a run can be stopped at each of them."""


@dataclass(frozen=True)
class Epoch:
    """Results of one epoch.

    Attributes
    ----------
    number : int
        From 1.
    loss, accuracy : float
        Means over the epoch, each step with the weights that it began with.
    validation_loss, validation_accuracy : float or None
        On held-out data, after the epoch; None without such data.
    seconds : float
    """

    number: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float


@dataclass(frozen=True)
class Progress:
    """Progress of a run.

    Attributes
    ----------
    epoch, step : int
        From 1; the current epoch, and the current step in it.
    epochs, steps : int
        Count of epochs, and of steps in each.
    loss, accuracy : float
        Means over the current epoch so far.
    rate : float
        Learning rate of the last step.
    seconds_left : float
    cells_per_second : float
    finished : Epoch or None
        The epoch that has just ended.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    rate: float
    seconds_left: float
    cells_per_second: float
    finished: Epoch | None = None


@dataclass(frozen=True)
class TrainedModel:
    """The best network of a run.

    Attributes
    ----------
    data : bytes
        An ONNX file with its metadata.
    epochs : tuple of Epoch
        All epochs so far.
    best_epoch : int
        The epoch, from 1, after which the network had these weights.
    """

    data: bytes
    epochs: tuple[Epoch, ...]
    best_epoch: int

    @property
    def history(self) -> list[list[float | None]]:
        """Loss and accuracy of each epoch, in training and on held-out data."""
        return [
            [each.loss, each.accuracy, each.validation_loss, each.validation_accuracy]
            for each in self.epochs
        ]


class RunClock:
    """Counts steps and measures the time of a run.

    Parameters
    ----------
    samples, batch, epochs : int
        Counts of labelled samples, of cells per step, and of epochs.
    others : int
        Cells of no class among the samples; they do not count towards the accuracy.
    """

    def __init__(self, samples: int, batch: int, epochs: int, outliers: int = 0) -> None:
        self.batch = min(batch, samples + outliers)
        self.steps = math.ceil((samples + outliers) / self.batch)
        self._labelled = samples / (samples + outliers)
        self.epochs = epochs
        self.epoch = 1
        self._rate = 0.0
        self._started = self._reported = time.monotonic()
        self.begin_epoch(first=True)

    def begin_epoch(self, first: bool = False) -> None:
        self.epoch += not first
        self.step = 0
        self._loss, self._right = 0.0, 0
        self._epoch_started = time.monotonic()

    def count(self, result: StepResult, rate: float) -> None:
        self.step += 1
        self._loss += result.loss
        self._right += result.right
        self._rate = rate

    @property
    def loss(self) -> float:
        return self._loss / self.step

    def progress(self, step: int) -> float:
        """Share of the run that is done before a step (counted from 0 over all epochs)."""
        return step / max(1, self.epochs * self.steps - 1)

    def is_report_due(self) -> bool:
        return time.monotonic() - self._reported >= _REPORT_INTERVAL

    def report(self) -> Progress:
        self._reported = now = time.monotonic()
        done = (self.epoch - 1) * self.steps + self.step
        each = (now - self._started) / max(1, done)
        return Progress(
            epoch=self.epoch,
            epochs=self.epochs,
            step=self.step,
            steps=self.steps,
            loss=self.loss,
            accuracy=min(1.0, self._right / (self.step * self.batch * self._labelled)),
            rate=self._rate,
            seconds_left=each * (self.epochs * self.steps - done),
            cells_per_second=self.batch / max(each, 1e-9),
        )

    def end_epoch(self, loss: float | None, accuracy: float | None) -> Epoch:
        report = self.report()
        seconds = time.monotonic() - self._epoch_started
        return Epoch(self.epoch, report.loss, report.accuracy, loss, accuracy, seconds)

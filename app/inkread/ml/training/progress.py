"""What a training run tells of itself, and the clock that knows where it is."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkread.ml.training.session import StepResult

_BETWEEN_REPORTS = 0.05
"""Seconds. Each report is a point where a run can be stopped."""


@dataclass(frozen=True)
class Epoch:
    """Figures of a pass over the data.

    Attributes
    ----------
    number : int
        From 1.
    loss, accuracy : float
        Means over the pass, of the network as it was at each step.
    validation_loss, validation_accuracy : float or None
        On held-out data, after the pass; None without such data.
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
    """Where a run is.

    Attributes
    ----------
    epoch, step : int
        From 1; of the current pass and step in it.
    epochs, steps : int
        How many there are; steps in each pass.
    loss, accuracy : float
        Means over the current pass so far.
    rate : float
        Learning rate of the last step.
    seconds_left : float
    cells_per_second : float
    finished : Epoch or None
        The pass that has just ended.
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
        An ONNX file, its metadata filled in.
    epochs : tuple of Epoch
        The whole run so far.
    best : int
        Number of the pass after which the network was like this.
    """

    data: bytes
    epochs: tuple[Epoch, ...]
    best: int


class RunClock:
    """Counts and clocks of a run.

    Parameters
    ----------
    samples, batch, epochs : int
        Labelled samples; how many cells make a step; passes over all of them.
    others : int
        Cells of no class among the samples: nothing can be right about them.
    """

    def __init__(self, samples: int, batch: int, epochs: int, others: int = 0) -> None:
        self.batch = min(batch, samples + others)
        self.steps = math.ceil((samples + others) / self.batch)
        self._labelled = samples / (samples + others)
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
        """Part of the run that is done before this step (from 0)."""
        return step / max(1, self.epochs * self.steps - 1)

    def is_report_due(self) -> bool:
        return time.monotonic() - self._reported >= _BETWEEN_REPORTS

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

"""The training loop of line networks."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from onnx import ModelProto, helper

from inkread.core.errors import QT_TRANSLATE_NOOP
from inkread.core.generators import mapped
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.fold_batchnorm import fold_batch_normalisation
from inkread.ml.graph.half_weights import with_half_weights
from inkread.ml.graph.surgery import with_initialisers
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.divergence import TrainingDiverged
from inkread.ml.training.graph import Settings
from inkread.ml.training.line_batches import (
    LineBatch,
    LineForm,
    LineSource,
    TrainingLine,
    batched,
)
from inkread.ml.training.line_session import LineSession
from inkread.ml.training.line_validation import LineScore, LineValidator
from inkread.ml.training.prefetch import prefetch
from inkread.ml.training.recipe import Recipe

#: Batches whose lines are made, and sorted by width, together. *Measured*: mean width of batches
#: 146 px with 16, 130 px with 64, of lines 102 px.
_POOL = 64
_NOISE, _PLACES = 0, 1
"""Streams of random numbers under one seed."""


class LinesDiverged(TrainingDiverged):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The training diverged after {lines} lines: the loss is not a number any more; "
        "choose a lower learning rate.",
    )


@dataclass(frozen=True)
class LineCheck:
    """The averaged network at one point of a run.

    Attributes
    ----------
    lines : int
        Learned before it.
    loss : float
        Mean since the check before.
    score : LineScore
        Of the held-out lines.
    seconds : float
        Since the run began.
    temperature : float
        The best one for its logits of the held-out lines.
    """

    lines: int
    loss: float
    score: LineScore
    seconds: float
    temperature: float


@dataclass(frozen=True)
class LineProgress:
    """Progress of a run.

    Attributes
    ----------
    lines, total : int
        Lines learned, and to learn in all.
    loss : float
        Of the last step.
    rate : float
        Learning rate of the last step.
    lines_per_second, seconds, seconds_left : float
        Speed; time since the run began, and to its end.
    check : LineCheck or None
        The check that has just been made.
    """

    lines: int
    total: int
    loss: float
    rate: float
    lines_per_second: float
    seconds: float
    seconds_left: float
    check: LineCheck | None = None


class LineTrainer:
    """Trains a line network with CTC.

    Parameters
    ----------
    network : ModelProto
        (N, 1, H, W) -> (N, T, K + 1), W and T open, T = W / 4.
    recipe : Recipe
        Its epochs and loss do not count.
    lines : int
        To learn in all, >= 1; rounded up to whole pools of 64 batches, if there are more.
    source : LineSource
        Asked for the lines 0, 1, 2, ... in another thread, ahead of their step.
    validation : sequence of TrainingLine
    info : ModelInfo
        Metadata of the model; its labels are the classes, without blank. Validation accuracy and
        temperature are filled in.
    checks : int
        How often the held-out lines are read, >= 1; the last time at the end.
    threads : int
        Of onnxruntime; 0 for one per core.
    """

    def __init__(
        self,
        network: ModelProto,
        recipe: Recipe,
        lines: int,
        source: LineSource,
        validation: Sequence[TrainingLine],
        info: ModelInfo,
        *,
        checks: int = 20,
        threads: int = 0,
    ) -> None:
        signs = tuple(i for i, label in enumerate(info.labels) if not label.isdigit())
        self._network, self._recipe, self._source, self._info = network, recipe, source, info
        self._form = LineForm(recipe.batch, len(info.labels) + 1, signs)
        self._pool = min(lines, recipe.batch * _POOL)
        self._pools = -(-lines // self._pool)
        self._checks = min(checks, self._pools)
        self._validator = LineValidator(network, validation, signs, threads)
        settings = Settings(recipe.clip, recipe.average)
        self._session = LineSession(network, recipe.optimiser, settings, threads)
        self._noise = np.random.default_rng([recipe.seed, _NOISE])
        self._values: dict[str, Array] = {}
        self.checks: list[LineCheck] = []

    @property
    def model(self) -> bytes | None:
        """The averaged network of the last check, batch normalisation folded; None before one.

        An ONNX file whose metadata say, beside those of `ModelInfo`, ``kind``: lines. Its large
        weights are stored as float16 and cast to float32, in which it computes; accuracy and
        temperature are those of the weights before they were rounded.
        """
        if not self.checks:
            return None
        folded = fold_batch_normalisation(with_initialisers(self._network, self._values))
        model = with_half_weights(folded)
        last = self.checks[-1]
        scores = {**self._info.scores, "validation_accuracy": last.score.share}
        info = replace(self._info, scores=scores, temperature=last.temperature)
        helper.set_model_props(model, info.to_metadata() | {"kind": "lines"})
        return bytes(model.SerializeToString())

    def run(self) -> Generator[LineProgress, None, bytes]:
        """Train. Call it once.

        Yields
        ------
        LineProgress
            After each step, and after each check.

        Returns
        -------
        bytes
            `model` at the end.

        Raises
        ------
        LinesDiverged
            If the loss is not finite.
        NotTrainable, NotDifferentiable
            If the network cannot be trained.
        """
        clock = _Clock(self._pool * self._pools)
        pools = prefetch(self._pools, self._made)
        try:
            for index, pool in enumerate(pools):
                for place, batch in enumerate(pool):
                    done = (index + place / len(pool)) / self._pools
                    yield clock.after(self._stepped(batch, done, clock), self._rate(done),
                                      (index + (place + 1) / len(pool)) / self._pools)  # fmt: skip
                if self._is_check_due(index):
                    yield from self._check(clock)
        finally:
            pools.close()
        assert self.model is not None
        return self.model

    def _made(self, index: int) -> list[LineBatch]:
        """The batches of a pool, counted from 0."""
        first = index * self._pool
        lines = [self._source.line(i) for i in range(first, first + self._pool)]
        return batched(
            lines, self._form, np.random.default_rng([self._recipe.seed, _PLACES, index])
        )

    def _rate(self, done: float) -> float:
        return self._recipe.rate * self._recipe.schedule.factor(done)

    def _stepped(self, batch: LineBatch, done: float, clock: _Clock) -> float:
        loss = self._session.step(
            batch.pictures, batch.targets, batch.shares, self._rate(done), self._noise
        )
        if not math.isfinite(loss):
            raise LinesDiverged(lines=clock.lines)
        return loss

    def _is_check_due(self, pool: int) -> bool:
        return (pool + 1) * self._checks // self._pools > pool * self._checks // self._pools

    def _check(self, clock: _Clock) -> Generator[LineProgress, None, None]:
        values = self._session.evaluation_values()
        score, temperature = yield from mapped(self._validator.validate(values), lambda _: None)
        self._values = {name: array.copy() for name, array in values.items()}
        check = LineCheck(clock.lines, clock.mean_loss(), score, clock.seconds, temperature)
        self.checks.append(check)
        yield replace(clock.last, check=self.checks[-1])


class _Clock:
    """Counts the lines of a run and measures its time."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._started = time.monotonic()
        self._losses: list[float] = []
        self.last = LineProgress(0, total, 0.0, 0.0, 0.0, 0.0, 0.0)

    @property
    def lines(self) -> int:
        return self.last.lines

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def after(self, loss: float, rate: float, done: float) -> LineProgress:
        """Progress after a step; `done` is the share of the run."""
        self._losses.append(loss)
        lines, seconds = round(done * self._total), self.seconds
        speed = lines / max(seconds, 1e-9)
        left = seconds * (1 - done) / max(done, 1e-9)
        self.last = LineProgress(lines, self._total, loss, rate, speed, seconds, left)
        return self.last

    def mean_loss(self) -> float:
        """Mean over the steps since the last call."""
        mean = float(np.mean(self._losses)) if self._losses else math.nan
        self._losses.clear()
        return mean

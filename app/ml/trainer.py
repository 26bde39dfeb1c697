"""Training runs: a generator that yields progress and returns the trained model."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace
from typing import ClassVar

import numpy as np
from onnx import ModelProto, helper

from app.core.errors import InkreadError
from app.core.preprocess import PREPROCESS_VERSION
from app.ml.batches import BatchMaker, Others, layout_of, scaled
from app.ml.calibration import ENOUGH, best_temperature
from app.ml.datasets.dataset import Dataset
from app.ml.fold import fold_normalisation
from app.ml.forward import read_forward
from app.ml.gradients.blocked import block_size
from app.ml.gradients.registry import Array
from app.ml.metadata import ModelInfo
from app.ml.prefetch import prefetch
from app.ml.progress import Epoch, Progress, RunClock, TrainedModel
from app.ml.reading_session import ReadingSession
from app.ml.recipe import Recipe
from app.ml.training_graph import Settings, build
from app.ml.training_session import TrainingSession

_READ_AT_ONCE = 256


class TrainingDiverged(InkreadError):
    template: ClassVar[str] = (
        "The training ran away in epoch {epoch}: the loss is no number any more; "
        "choose a lower learning rate."
    )


class LabelsDiffer(InkreadError):
    template: ClassVar[str] = (
        "The network tells {outputs} classes apart, the data have {labels}; "
        "choose other data, or train a new network."
    )


class Trainer:
    """One training run.

    Parameters
    ----------
    network : ModelProto
        A classifier to start from: random weights, or trained ones to train on.
    training : Dataset
        What to learn, at least one sample.
    validation : Dataset or None
        Held-out data: the network that does best on them is returned. Without it, the last.
    recipe : Recipe
    info : ModelInfo, optional
        What the model shall say of itself; labels, validation accuracy and temperature are
        filled in.
    weights : ndarray, optional
        (n,) how much each training sample counts, >= 0.
    threads : int
        Of onnxruntime; 0: as many as there are cores.
    others : Others, optional
        What is of no class, learned among the samples.

    Raises
    ------
    NotTrainable, NotDifferentiable
        If the network cannot be trained.
    LabelsDiffer
        If network and data differ in the number of classes.
    ValueError
        If there is nothing to learn.
    """

    def __init__(
        self,
        network: ModelProto,
        training: Dataset,
        validation: Dataset | None,
        recipe: Recipe,
        *,
        info: ModelInfo | None = None,
        weights: Array | None = None,
        threads: int = 0,
        others: Others | None = None,
    ) -> None:
        forward = read_forward(network)
        if len(training) == 0:
            raise ValueError("nothing to learn")
        for data in (training, validation):
            if data is not None and len(data.labels) != forward.classes:
                raise LabelsDiffer(outputs=forward.classes, labels=len(data.labels))
        self._recipe = recipe
        self._validation = validation
        self._info = info or ModelInfo(preprocess_version=PREPROCESS_VERSION)
        self._info = replace(self._info, labels=training.labels)
        settings = Settings(recipe.clip, recipe.average)
        self._graph = build(forward, recipe.loss, recipe.optimiser, settings, block_size())
        self._threads = threads
        self._weights = weights
        self._training = training
        self._others = others if others is not None and len(others.cells) else None
        self._epochs: list[Epoch] = []
        self._best: TrainedModel | None = None

    @property
    def best(self) -> TrainedModel | None:
        """The best network so far, also while running or after a stop; None before one pass."""
        return self._best

    def run(self) -> Generator[Progress, None, TrainedModel]:
        """Train; to be called once.

        Yields
        ------
        Progress
            At least twenty times a second if steps are shorter, and after each pass.

        Returns
        -------
        TrainedModel

        Raises
        ------
        TrainingDiverged
            If the loss is no number any more.
        """
        others = 0 if self._others is None else len(self._others.cells)
        run = RunClock(len(self._training), self._recipe.batch, self._recipe.epochs, others)
        session = TrainingSession(self._graph, run.batch, self._threads)
        maker = BatchMaker(
            self._graph.forward, self._training, session.batches, self._recipe.augment,
            self._recipe.seed, self._weights, self._others,
        )  # fmt: skip
        batches = prefetch(run.epochs * run.steps, maker.make)
        try:
            for step, _ in enumerate(batches):
                rate = self._recipe.rate * self._recipe.schedule.factor(run.progress(step))
                run.count(session.step(rate), rate)
                if run.step == run.steps:
                    yield from self._end_epoch(run, session)
                elif run.is_report_due():
                    yield run.report()
        finally:
            batches.close()
        assert self._best is not None
        return self._best

    def _end_epoch(
        self, run: RunClock, session: TrainingSession
    ) -> Generator[Progress, None, None]:
        if not math.isfinite(run.loss):
            raise TrainingDiverged(epoch=run.epoch)
        model = fold_normalisation(session.trained())
        loss = accuracy = None
        temperature = None
        if self._validation is not None and len(self._validation):
            loss, accuracy, temperature = yield from self._evaluate(model, run)
        epoch = run.end_epoch(loss, accuracy)
        self._epochs.append(epoch)
        if self._best is None or _rank(epoch) >= _rank(self._epochs[self._best.best - 1]):
            self._best = TrainedModel(self._exported(model, epoch, temperature), (), epoch.number)
        self._best = replace(self._best, epochs=tuple(self._epochs))
        yield replace(run.report(), finished=epoch)
        run.begin_epoch()

    def _evaluate(
        self, model: ModelProto, run: RunClock
    ) -> Generator[Progress, None, tuple[float, float, float]]:
        """Loss, accuracy and best temperature on the held-out data."""
        assert self._validation is not None
        session = ReadingSession(model, self._threads)
        layout = layout_of(self._graph.forward)
        loss, right, count = 0.0, 0, len(self._validation)
        every = -(-count // ENOUGH)
        some = []
        for start in range(0, count, _READ_AT_ONCE):
            cells = self._validation.cells[start : start + _READ_AT_ONCE]
            targets = self._validation.targets[start : start + _READ_AT_ONCE]
            rows = session.log_probabilities(layout.feed(scaled(cells)))
            loss -= float(rows[np.arange(len(rows)), targets].sum())
            right += int((rows.argmax(axis=1) == targets).sum())
            some.append(rows[-start % every :: every])
            if run.is_report_due():
                yield run.report()
        known = self._validation.targets[::every]
        return loss / count, right / count, best_temperature(np.concatenate(some), known)

    def _exported(self, model: ModelProto, epoch: Epoch, temperature: float | None) -> bytes:
        scores = dict(self._info.scores)
        if epoch.validation_accuracy is not None:
            scores["validation_accuracy"] = epoch.validation_accuracy
        info = replace(self._info, scores=scores, temperature=temperature)
        helper.set_model_props(model, info.to_metadata())
        return bytes(model.SerializeToString())


def _rank(epoch: Epoch) -> tuple[float, float]:
    """Greater is better; without held-out data all are equal, and the last one counts."""
    if epoch.validation_accuracy is None or epoch.validation_loss is None:
        return 0.0, 0.0
    return epoch.validation_accuracy, -epoch.validation_loss

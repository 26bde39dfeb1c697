"""Training runs: a generator that yields progress and returns the trained model."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace

from onnx import ModelProto

from inkread.core.cell import PREPROCESS_VERSION
from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.core.generators import mapped
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.gradients.blocked import block_size
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import read_forward
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.batches import BatchMaker, Others, Teacher
from inkread.ml.training.best_network import BestNetwork
from inkread.ml.training.divergence import NothingLearned, TrainingDiverged, Watch
from inkread.ml.training.graph import Settings, build
from inkread.ml.training.prefetch import prefetch
from inkread.ml.training.progress import Progress, RunClock, TrainedModel
from inkread.ml.training.recipe import Recipe
from inkread.ml.training.session import TrainingSession
from inkread.ml.training.validation import Validator


class LabelsDiffer(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The network tells {outputs} classes apart, the data have {labels}; "
        "choose other data, or train a new network.",
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
    teacher : Teacher, optional
        For a loss that asks for one.

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
        teacher: Teacher | None = None,
    ) -> None:
        forward = read_forward(network)
        if len(training) == 0:
            raise ValueError("nothing to learn")
        for data in (training, validation):
            if data is not None and len(data.labels) != forward.classes:
                raise LabelsDiffer(outputs=forward.classes, labels=len(data.labels))
        self._recipe = recipe
        info = info or ModelInfo(preprocess_version=PREPROCESS_VERSION)
        self._best = BestNetwork(forward, replace(info, labels=training.labels), recipe.keeps_last)
        self._watch = Watch(training, validation or None)
        self._validator = Validator(forward, validation, threads) if validation else None
        settings = Settings(recipe.clip, recipe.average)
        self._graph = build(forward, recipe.loss, recipe.optimiser, settings, block_size())
        self._threads = threads
        self._teacher = teacher
        self._weights = weights
        self._training = training
        self._others = others if others is not None and len(others.cells) else None

    @property
    def best(self) -> TrainedModel | None:
        """The best network so far, also while running or after a stop; None before one pass."""
        return self._best.trained()

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
            If the loss is no number any more, or grows and grows, or nothing was learned.
        """
        others = 0 if self._others is None else len(self._others.cells)
        run = RunClock(len(self._training), self._recipe.batch, self._recipe.epochs, others)
        session = TrainingSession(self._graph, run.batch, self._threads)
        maker = BatchMaker(
            self._graph.forward, self._training, session.batches, self._recipe.augment,
            self._recipe.seed, self._weights, self._others, self._recipe.calm,
            self._recipe.epochs - self._recipe.calm_epochs, self._teacher,
        )  # fmt: skip
        batches = prefetch(run.epochs * run.steps, maker.make)
        try:
            for step, _ in enumerate(batches):
                rate = self._recipe.rate * self._recipe.schedule.factor(run.progress(step))
                result = session.step(rate)
                self._watch.note(result.loss)
                run.count(result, rate)
                if run.step == run.steps:
                    yield from self._end_epoch(run, session)
                elif run.is_report_due():
                    yield run.report()
        finally:
            batches.close()
        trained = self.best
        assert trained is not None
        try:
            self._watch.check_best(trained.epochs[trained.best - 1])
        except NothingLearned:
            self._best.forget()
            raise
        return trained

    def _end_epoch(
        self, run: RunClock, session: TrainingSession
    ) -> Generator[Progress, None, None]:
        self._watch.check(run.loss, run.epoch)
        weights = session.read_with()
        loss = accuracy = temperature = None
        if self._validator is not None:
            loss, accuracy, temperature = yield from mapped(
                self._validator.reading(weights),
                lambda _: run.report() if run.is_report_due() else None,
            )
            if not math.isfinite(loss):  # the last step's loss was measured before it
                raise TrainingDiverged(epoch=run.epoch)
        epoch = run.end_epoch(loss, accuracy)
        self._best.add(epoch, weights, temperature)
        yield replace(run.report(), finished=epoch)
        run.begin_epoch()

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
from inkread.ml.training.batches import BatchMaker, Outliers, Teacher
from inkread.ml.training.best_network import BestNetwork
from inkread.ml.training.divergence import DivergenceMonitor, NothingLearned, TrainingDiverged
from inkread.ml.training.graph import Settings, build
from inkread.ml.training.prefetch import prefetch
from inkread.ml.training.progress import Progress, RunClock, TrainedModel
from inkread.ml.training.recipe import Recipe
from inkread.ml.training.session import TrainingSession
from inkread.ml.training.validation import Validator


class LabelsDiffer(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "The network has {outputs} classes, the data have {labels}; "
        "choose other data, or train a new network.",
    )


class Trainer:
    """One training run.

    Parameters
    ----------
    network : ModelProto
        A classifier to start from, with random or trained weights.
    training : Dataset
        At least one sample.
    validation : Dataset or None
        Held-out data; the network that does best on them is returned. Without it, the last one.
    recipe : Recipe
    info : ModelInfo, optional
        Metadata of the model; labels, validation accuracy and temperature are filled in.
    weights : ndarray, optional
        (n,) weight of each training sample, >= 0.
    threads : int
        Of onnxruntime; 0 for one per core.
    others : Outliers, optional
        Cells of no class, mixed in among the samples.
    teacher : Teacher, optional
        For a loss that needs one.

    Raises
    ------
    NotTrainable, NotDifferentiable
        If the network cannot be trained.
    LabelsDiffer
        If network and data differ in the number of classes.
    ValueError
        If the training data are empty.
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
        outliers: Outliers | None = None,
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
        self._monitor = DivergenceMonitor(training, validation or None)
        self._validator = Validator(forward, validation, threads) if validation else None
        settings = Settings(recipe.clip, recipe.average)
        self._graph = build(forward, recipe.loss, recipe.optimiser, settings, block_size())
        self._threads = threads
        self._teacher = teacher
        self._weights = weights
        self._training = training
        self._outliers = outliers if outliers is not None and len(outliers.cells) else None

    @property
    def best(self) -> TrainedModel | None:
        """The best network so far, also during a run or after a stop; None before one epoch."""
        return self._best.trained()

    def run(self) -> Generator[Progress, None, TrainedModel]:
        """Train. Call it once.

        Yields
        ------
        Progress
            At least twenty times a second if steps are shorter, and after each epoch.

        Returns
        -------
        TrainedModel

        Raises
        ------
        TrainingDiverged
            If the loss is not finite or grows too far, or the network learned nothing.
        """
        outliers = 0 if self._outliers is None else len(self._outliers.cells)
        run = RunClock(len(self._training), self._recipe.batch, self._recipe.epochs, outliers)
        session = TrainingSession(self._graph, run.batch, self._threads)
        maker = BatchMaker(
            self._graph.forward, self._training, session.batches, self._recipe.augment,
            self._recipe.seed, self._weights, self._outliers, self._recipe.calm,
            self._recipe.epochs - self._recipe.calm_epochs, self._teacher,
        )  # fmt: skip
        batches = prefetch(run.epochs * run.steps, maker.make)
        try:
            for step, _ in enumerate(batches):
                rate = self._recipe.rate * self._recipe.schedule.factor(run.progress(step))
                result = session.step(rate)
                self._monitor.observe(result.loss)
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
            self._monitor.check_best(trained.epochs[trained.best_epoch - 1])
        except NothingLearned:
            self._best.discard()
            raise
        return trained

    def _end_epoch(
        self, run: RunClock, session: TrainingSession
    ) -> Generator[Progress, None, None]:
        self._monitor.check(run.loss, run.epoch)
        weights = session.evaluation_values()
        loss = accuracy = temperature = None
        if self._validator is not None:
            loss, accuracy, temperature = yield from mapped(
                self._validator.validate(weights),
                lambda _: run.report() if run.is_report_due() else None,
            )
            if not math.isfinite(loss):  # the last step's loss was measured before it
                raise TrainingDiverged(epoch=run.epoch)
        epoch = run.end_epoch(loss, accuracy)
        self._best.add(epoch, weights, temperature)
        yield replace(run.report(), finished=epoch)
        run.begin_epoch()

"""Trains networks beside the window; the result waits for Keep or Discard."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.services.background.import_ahead import ImportAhead
from inkread.services.background.single_run import SingleRun
from inkread.services.background.tasks import Executor

if TYPE_CHECKING:
    from inkread.data.models.library import Card, Kept, ModelLibrary
    from inkread.ml.architecture.presets import Preset
    from inkread.ml.retraining.run import CurrentModel, Verdict
    from inkread.ml.retraining.stages import Stage
    from inkread.services.models import Models


@dataclass(frozen=True, slots=True)
class Places:
    """Shipped starter data and architectures, and the cache of downloaded data."""

    starter: Path
    architectures: Path
    cache: Path


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """As `inkread.ml.retraining.run.Plan`, which is slow to import."""

    sources: tuple[str, ...]
    architecture: Path | None
    epochs: int
    batch: int
    rate: float
    augment: bool = True
    name: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Result of a training run."""

    request: TrainingRequest
    current: CurrentModel
    verdict: Verdict


class Training(SingleRun):
    """One training run at a time; its result waits until it is kept or discarded.

    A run emits `stage_changed` with Loading, DataSplit, Progress and Evaluating. It ends with
    exactly one of `judged`, `failed` and `stopped`.
    """

    stage_changed = Signal(object)
    judged = Signal(object)
    settled = Signal()

    def __init__(
        self, models: Models, places: Places, executor: Executor, parent: QObject | None = None
    ) -> None:
        super().__init__(executor, parent)
        self._models = models
        self._places = places
        #: The result that waits to be kept or discarded.
        self.outcome: Outcome | None = None

    def presets(self) -> tuple[Preset, ...]:
        """The architectures to choose from, the default first."""
        from inkread.ml.architecture.presets import presets

        return presets(self._places.architectures)

    def import_ahead(self, load: Callable[[], None]) -> ImportAhead:
        """Slow imports, for the workers that train."""
        return ImportAhead(load, self._executor, self)

    def start(self, request: TrainingRequest) -> None:
        """Start a run; does nothing during one. A waiting result is discarded."""
        if self.is_running:
            return
        self.outcome = None
        self._begin(partial(self._work, request), self.stage_changed)

    def keep(self, name: str) -> None:
        """Add the result to the library, and use it."""
        if self.outcome is not None:
            outcome, self.outcome = self.outcome, None
            self._models.keep(partial(_kept, outcome, name), lambda kept: kept)
            self.settled.emit()

    def discard(self) -> None:
        """Drop the result."""
        if self.outcome is not None:
            self.outcome = None
            self.settled.emit()

    def _work(self, request: TrainingRequest) -> Generator[Stage, None, Outcome]:
        # Imported by the worker: onnx and the trainer are slow to import.
        from inkread.ml.datasets.load import SourcePaths
        from inkread.ml.retraining.preparation import Choices
        from inkread.ml.retraining.run import Plan, retrain

        current, _ = current_of(self._models)
        places = SourcePaths(self._places.starter, self._places.cache)
        choices = Choices(
            request.epochs, request.batch, request.rate, request.augment, request.seed
        )
        plan = Plan(request.sources, request.architecture, choices, request.name)
        verdict = yield from retrain(plan, current, places)
        return Outcome(request, current, verdict)

    def _finish(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.judged.emit(outcome)


def current_of(models: Models) -> tuple[CurrentModel, str]:
    """The model in use, to continue from, and its id."""
    from inkread.ml.retraining.run import CurrentModel

    opened = models.library.read_current(models.describe)
    card = opened.kept.card
    return CurrentModel(opened.model, card.name, card.lineage), opened.kept.id


def _kept(outcome: Outcome, name: str, library: ModelLibrary) -> Kept:
    return library.keep(outcome.verdict.trained.data, card_of(outcome, name))


def card_of(outcome: Outcome, name: str) -> Card:
    """The card of the new model."""
    from inkread.data.models.card import Card, proper_name

    request, verdict = outcome.request, outcome.verdict
    recipe: dict[str, object] = {
        "architecture": request.architecture.stem if request.architecture else "",
        **{key: getattr(request, key) for key in ("epochs", "batch", "rate", "augment", "seed")},
        "best_epoch": verdict.trained.best_epoch,
        "history": verdict.trained.history,
    }
    return Card(
        name=proper_name(name) or proper_name(request.name) or "?",
        source="trained",
        before={"accuracy": verdict.comparison.current.accuracy},
        after={"accuracy": verdict.comparison.candidate.accuracy},
        data=verdict.held_out.sources,
        recipe=recipe,
        parents=() if request.architecture else outcome.current.lineage,
    )

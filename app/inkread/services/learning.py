"""Learns a hand beside the window; a model that the verdict accepts is used at once."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.ml.adaptation.minimum import MIN_SAMPLES
from inkread.services.background.single_run import SingleRun
from inkread.services.background.tasks import Executor
from inkread.services.training import Places, current_of

if TYPE_CHECKING:
    from inkread.data.models.library import Kept, ModelLibrary
    from inkread.data.samples.store import SampleStore
    from inkread.ml.adaptation.verdict import AdaptationProgress, Verdict
    from inkread.services.models import Models


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Result of learning.

    Attributes
    ----------
    verdict : Verdict or None
        None: there are fewer than `MIN_SAMPLES` samples.
    samples : int
        Count of all samples.
    newest : int
        Id of the newest sample; 0: there is none.
    base : str
        Id of the model that learning started from.
    kept : Kept or None
        The new model in the library; None: it was not accepted.
    instead : str
        Name of the model that was chosen meanwhile and stays in use; empty: the new one is in use.
    """

    verdict: Verdict | None
    samples: int
    newest: int
    base: str = ""
    kept: Kept | None = None
    instead: str = ""


class Learning(SingleRun):
    """One run at a time. After `stop` the old model stays, unless the new one is being saved.

    Signals
    -------
    progressed(AdaptationProgress)
        Repeatedly.
    judged(Learned)
        The end, with a verdict. An accepted model is in use, unless another one was chosen
        meanwhile.
    too_few(Learned)
        The end: there are not enough samples.
    failed(error), stopped()
        The end: by an error; by `stop`.
    """

    progressed = Signal(object)
    judged = Signal(object)
    too_few = Signal(object)

    def __init__(
        self,
        open_store: Callable[[], SampleStore],
        models: Models,
        places: Places,
        executor: Executor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(executor, parent)
        self._open_store = open_store
        self._models = models
        self._places = places
        self._is_keeping = False

    @property
    def is_running(self) -> bool:
        return super().is_running or self._is_keeping

    def start(self) -> None:
        """Learn all samples in the store; does nothing during a run."""
        if self.is_running:
            return
        self._begin(self._work, self.progressed)

    def revert(self) -> None:
        """Use the model that was in use before."""
        self._models.revert()

    def _work(self) -> Generator[AdaptationProgress, None, Learned]:
        samples = self._open_store().samples()
        newest = max((sample.id for sample in samples), default=0)
        if len(samples) < MIN_SAMPLES:
            return Learned(None, len(samples), newest)
        # Imported by the worker: onnx and the solver are slow to import.
        from inkread.ml.adaptation.examples import example_of
        from inkread.ml.adaptation.learn import adapt
        from inkread.ml.datasets.load import STARTER, SourcePaths, load

        places = SourcePaths(self._places.starter, self._places.cache)
        reference = load([STARTER], places)
        current, base = current_of(self._models)
        verdict = yield from adapt(current, [example_of(sample) for sample in samples], reference)
        return Learned(verdict, len(samples), newest, base)

    def _finish(self, learned: Learned) -> None:
        if learned.verdict is None:
            self.too_few.emit(learned)
        elif learned.verdict.is_accepted:
            self._is_keeping = True
            self._models.keep(partial(_kept, learned), self._on_kept, self._on_keep_failed)
        else:
            self.judged.emit(learned)

    def _on_kept(self, learned: Learned) -> Kept | None:
        self._is_keeping = False
        self.judged.emit(learned)
        return None if learned.instead else learned.kept

    def _on_keep_failed(self, error: Exception) -> None:
        self._is_keeping = False
        self.failed.emit(error)
        self._models.refresh()


def _kept(learned: Learned, library: ModelLibrary) -> Learned:
    """Add an accepted model to the library, and use it unless another one was chosen."""
    from inkread.data.models.card import card_of
    from inkread.ml.inference.classifier import OnnxClassifier

    verdict = learned.verdict
    assert verdict is not None
    assert verdict.model is not None
    info = OnnxClassifier(verdict.model, "").info
    card = replace(
        card_of(info, ""),
        source="trained",
        before=verdict.before,
        after=verdict.after,
        recipe=dict(info.recipe),
    )
    kept = library.keep(verdict.model, card, instead_of=learned.base)
    in_use = library.current()
    return replace(learned, kept=kept, instead="" if in_use.id == kept.id else in_use.card.name)

"""The model library for the window: the model in use, and all that can be done with the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from inkread.core.generators import finished
from inkread.services.background.serial_queue import RepeatedJob, SerialQueue
from inkread.services.background.tasks import Delivery, Executor, Lazy

if TYPE_CHECKING:
    from inkread.core.classifier import Classifier
    from inkread.core.recognition.line_reader import LineReader
    from inkread.data.models.library import Kept, ModelLibrary
    from inkread.data.models.watch import ModelNews
    from inkread.ml.inference.classifier import OnnxClassifier
    from inkread.ml.inference.gate import Gate
    from inkread.ml.inference.metadata import ModelInfo

T = TypeVar("T")
#: Opens the library; called by the first worker that needs it.
OpenLibrary = Callable[[], "ModelLibrary"]


@dataclass
class Trial:
    """A trial that can be given up; set in the GUI thread, read by a worker."""

    is_given_up: bool = False


@dataclass(frozen=True)
class Lines:
    """The line reader of all models, opened; None: there is none."""

    reader: LineReader | None


def _titled(opened: OnnxClassifier, kept: Kept) -> OnnxClassifier:
    """A person may have renamed it: its card, if it has one, has that name."""
    if kept.card.sha256:
        opened.rename(kept.card.name)
    return opened


class Models(QObject):
    """Runs what is asked for one thing after the other, off the GUI thread.

    Every change is followed by `listed`; one that changes the model in use, or its name, by `used`
    first. What another process changed is emitted as `changed_elsewhere`, after `used`.
    """

    listed = Signal(object)
    used = Signal(object)
    exported = Signal(str)
    failed = Signal(object)
    passed_over = Signal(object)
    changed_elsewhere = Signal(object)
    #: Whether a model is being imported.
    importing = Signal(bool)

    def __init__(
        self,
        open_library: OpenLibrary,
        executor: Executor,
        open_lines: Callable[[], LineReader | None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines = Lazy(partial(self._opened_lines, open_lines))
        self._library = Lazy(open_library)
        self._gate = Lazy(self._make_gate)
        self._all, self._import = Trial(), Trial()
        self._queue = SerialQueue(executor, self.failed.emit)
        self._delivery = Delivery()
        self._look = RepeatedJob(
            self._queue, lambda: self.library.news(), self._on_looked, self.failed.emit
        )

    @property
    def library(self) -> ModelLibrary:
        """For workers: opening it may read files."""
        return self._library.get()

    def describe(self, data: bytes, name: str) -> ModelInfo:
        """Open a model, after a trial if it is foreign; returns its metadata. For workers.

        Raises
        ------
        ModelUnusable
        """
        return self._open(data, name).info

    def _open(self, data: bytes, name: str, trial: Trial | None = None) -> OnnxClassifier:
        """Open a model; gives up its trial when `trial` or the whole is given up."""
        from inkread.core.errors import TrialGivenUp

        def is_given_up() -> bool:
            return self._all.is_given_up or (trial is not None and trial.is_given_up)

        opened = finished(self._gate.get().opening(data, name), is_cancelled=is_given_up)
        if opened is None:
            raise TrialGivenUp(name=name, reason="its trial was given up")
        return opened

    def _to_read_with(self, data: bytes, name: str) -> OnnxClassifier:
        """Open a model, and the line reader beside it."""
        opened = self._open(data, name)
        opened.lines = self._lines.get().reader
        return opened

    def _opened_lines(self, open_lines: Callable[[], LineReader | None] | None) -> Lines:
        """The line reader, or none and one notice where it cannot be opened."""
        from inkread.core.errors import LineModelUnusable

        try:
            return Lines(None if open_lines is None else open_lines())
        except LineModelUnusable as error:
            self._delivery.call(partial(self.passed_over.emit, error))
            return Lines(None)

    def _make_gate(self) -> Gate:
        from inkread.ml.inference.gate import Gate

        return Gate(self.library.tried)

    def open_kept(self, kept: Kept) -> Classifier:
        """A model of the library, opened, under the name on its card; for workers.

        Raises
        ------
        ModelDeleted
            If another process has deleted it meanwhile.
        ModelUnusable
        """
        from inkread.core.errors import ModelDeleted, ModelUnknown

        try:
            data = self.library.read(kept.id)
        except ModelUnknown as error:
            raise ModelDeleted(name=kept.card.name) from error
        opened = self._to_read_with(data, kept.card.name)
        return _titled(opened, kept)

    def open_current(self) -> Classifier:
        """The model in use, opened; for workers. Emits `passed_over` for each that is unusable.

        Raises
        ------
        ShippedModelUnusable
            If no model can be opened, not even the shipped one.
        """
        from inkread.core.errors import ModelUnusable, ShippedModelUnusable
        from inkread.data.models.library import SHIPPED

        try:
            opened = self.library.open_current(self._to_read_with)
        except ModelUnusable as error:
            path = self.library.find(SHIPPED).path
            raise ShippedModelUnusable(path=path, reason=error.facts["reason"]) from error
        for problem in opened.passed_over:
            self._delivery.call(partial(self.passed_over.emit, problem))
        chosen = self.library.current() if opened.passed_over else opened.kept
        self.library.watch.note_used(chosen.id)
        return _titled(opened.model, opened.kept)

    def look(self) -> None:
        """Find out what another process changed, once own changes are done."""
        self._look.do()

    def refresh(self) -> None:
        """List the models, as `listed`."""
        self._queue.do(lambda: self.library.models(self.describe), self.listed.emit)

    def use(self, model_id: str) -> None:
        self._do(lambda: self.library.use(model_id, self.describe), self._on_used)

    def revert(self) -> None:
        """Use the model that was in use before."""
        self._do(lambda: self.library.revert(), self._on_used)

    def rename(self, model_id: str, name: str) -> None:
        self._do(lambda: self._rename(model_id, name), self._on_used)

    def delete(self, model_id: str) -> None:
        self._do(lambda: self.library.delete(model_id))

    def import_file(self, path: Path) -> None:
        """Take a model in, after a trial; `cancel_import` gives that up."""
        trial = self._import = Trial()

        def act() -> Kept:
            return self.library.import_(path, lambda data, name: self._open(data, name, trial).info)

        def on_failed(error: Exception) -> None:
            self.importing.emit(False)
            if not trial.is_given_up:
                self.failed.emit(error)

        self.importing.emit(True)
        self._do(act, lambda _: self.importing.emit(False), on_failed)

    def cancel_import(self) -> None:
        """Give up the import that is under way; the library stays as it is."""
        self._import.is_given_up = True

    def give_up(self) -> None:
        """End all trials: the program ends."""
        self._all.is_given_up = True

    def export(self, model_id: str, path: Path) -> None:
        self._do(
            lambda: self.library.export(model_id, path), lambda _: self.exported.emit(path.name)
        )

    def keep(
        self,
        keep: Callable[[ModelLibrary], T],
        then: Callable[[T], Kept | None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Have a worker take a new model in.

        Parameters
        ----------
        keep : callable
            Called by the worker.
        then : callable
            Called in the GUI thread with its result; returns the model if it is in use now.
        failed : callable, optional
            Called in the GUI thread instead of `failed` with the error of `keep`.
        """
        self._do(lambda: keep(self.library), lambda kept: self._on_used(then(kept)), failed)

    def _do(
        self,
        act: Callable[[], T],
        then: Callable[[T], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        def on_done(result: T) -> None:
            then(result)
            self.refresh()

        self._queue.do(act, on_done, failed)

    def _rename(self, model_id: str, name: str) -> Kept | None:
        """The model if it is in use."""
        kept = self.library.rename(model_id, name)
        return kept if kept.id == self.library.current().id else None

    def _on_looked(self, news: ModelNews | None) -> None:
        if news is not None:
            if news.is_used or news.is_renamed:
                self.used.emit(news.in_use)
            self.changed_elsewhere.emit(news)

    def _on_used(self, in_use: Kept | None) -> None:
        if in_use is not None:
            self.used.emit(in_use)

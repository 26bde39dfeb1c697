"""The model library for the window: which model is in use, and all that is done with the others."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.services.background.tasks import Executor, Lazy, Task

if TYPE_CHECKING:
    from inkread.core.classifier import Classifier
    from inkread.data.models.library import Kept, ModelLibrary, Opened
    from inkread.ml.inference.metadata import ModelInfo

#: Opens the library; called by the worker that first needs it.
OpenLibrary = Callable[[], "ModelLibrary"]


def check(data: bytes, name: str) -> ModelInfo:
    """Try a model, and tell what it says of itself."""
    from inkread.ml.inference.classifier import OnnxClassifier

    return OnnxClassifier(data, name).info


class Models(QObject):
    """Does what is asked for one thing after the other, off the GUI thread.

    Every change is followed by `listed`; one that leads to another model in use by `used` first.
    """

    listed = Signal(object)
    used = Signal(object)
    exported = Signal(str)
    failed = Signal(object)
    passed_over = Signal(object)
    #: From a worker to the thread of the window, where somebody listens by then.
    _opened = Signal(object)

    def __init__(
        self, open_library: OpenLibrary, executor: Executor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = Lazy(open_library)
        self._executor = executor
        self._waiting: list[Callable[[], object]] = []
        self._is_busy = False
        self._opened.connect(self._on_opened)

    @property
    def library(self) -> ModelLibrary:
        """For workers: opening it may read files."""
        return self._library.get()

    def open_current(self) -> Classifier:
        """The model in use, opened; for workers. What had to be passed over is told.

        Raises
        ------
        ShippedModelUnusable
            If none can be opened, and so not even that one.
        """
        from inkread.core.errors import ModelUnusable, ShippedModelUnusable
        from inkread.data.models.library import SHIPPED
        from inkread.ml.inference.classifier import OnnxClassifier

        try:
            opened = self.library.open_current(OnnxClassifier)
        except ModelUnusable as error:
            path = self.library.find(SHIPPED).path
            raise ShippedModelUnusable(path=path, reason=error.facts["reason"]) from error
        if opened.kept.card.sha256:  # it has a card: its name is the one that people know
            opened.model.call(opened.kept.card.name)
        self._opened.emit(opened)
        return opened.model

    def refresh(self) -> None:
        """Look at the library, as `listed`."""
        self._do(lambda: None)

    def use(self, model_id: str) -> None:
        self._do(lambda: self.library.use(model_id, check))

    def revert(self) -> None:
        """Use the model that was in use before."""
        self._do(lambda: self.library.revert())

    def rename(self, model_id: str, name: str) -> None:
        self._do(lambda: _nothing(self.library.rename(model_id, name)))

    def delete(self, model_id: str) -> None:
        self._do(lambda: self.library.delete(model_id))

    def import_file(self, path: Path) -> None:
        self._do(lambda: _nothing(self.library.import_(path, check)))

    def export(self, model_id: str, path: Path) -> None:
        def write() -> None:
            self.library.export(model_id, path)
            self.exported.emit(path.name)

        self._do(write)

    def keep(self, keep: Callable[[ModelLibrary], Kept | None]) -> None:
        """Take a new model in, and use it; None: there is none after all."""
        self._do(lambda: keep(self.library))

    def _do(self, act: Callable[[], Kept | None]) -> None:
        self._waiting.append(partial(self._begin, act))
        self._next()

    def _next(self) -> None:
        if self._waiting and not self._is_busy:
            self._is_busy = True
            self._waiting.pop(0)()

    def _begin(self, act: Callable[[], Kept | None]) -> None:
        task = Task(partial(self._work, act), self._executor)
        task.progressed.connect(self.used)
        task.succeeded.connect(self.listed)
        task.failed.connect(self.failed)
        task.finished.connect(self._on_finished)
        task.start()

    def _work(self, act: Callable[[], Kept | None]) -> Generator[Kept, None, object]:
        """Yields the model that is in use from now on, if it changed; returns the new list."""
        in_use = act()
        if in_use is not None:
            yield in_use
        return self.library.models(check)

    def _on_opened(self, opened: Opened[Classifier]) -> None:
        for problem in opened.passed_over:
            self.passed_over.emit(problem)

    def _on_finished(self) -> None:
        self._is_busy = False
        self._next()


def _nothing(_: object) -> None:
    return None

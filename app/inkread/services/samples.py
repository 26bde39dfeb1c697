"""The sample store for the window: what is kept, and all that is done with it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.services.background.tasks import Executor, Task

if TYPE_CHECKING:
    from inkread.core.errors import InkreadError
    from inkread.data.samples.export import Exported
    from inkread.data.samples.importing import Found
    from inkread.data.samples.store import SampleStore


class Samples(QObject):
    """Does what is asked for one thing after the other, off the GUI thread.

    Signals
    -------
    listed(tuple of StoredSample)
        What is kept now; after every change, and after every failure too.
    can_undo_told(bool)
        With each list: whether a change is left that can be taken back.
    exported(Exported), imported(TakenIn, int)
        How many were written; what became of the samples, and how many files could not be used.
    failed(error)
    """

    listed = Signal(object)
    can_undo_told = Signal(bool)
    exported = Signal(object)
    imported = Signal(object, int)
    failed = Signal(object)

    def __init__(
        self,
        open_store: Callable[[], SampleStore],
        executor: Executor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open = open_store
        self._executor = executor
        self._waiting: list[Callable[[SampleStore], None]] = []
        self._is_busy = False
        self._is_stopped = False

    def stop(self) -> None:
        """Import nothing more: the program ends, and waits for what is being read."""
        self._is_stopped = True

    def refresh(self) -> None:
        """Look at the store, as `listed`."""
        self._do(lambda _: None)

    def relabel(self, ids: Sequence[int], label: str) -> None:
        self._do(lambda store: store.relabel(ids, label))

    def delete(self, ids: Sequence[int]) -> None:
        self._do(lambda store: store.delete(ids))

    def undo(self) -> None:
        """Take back the last change, whoever made it."""

        def undo(store: SampleStore) -> None:
            store.undo()

        self._do(undo)

    def export(self, path: Path) -> None:
        """Write all samples to a file, or to a new folder if the name has no ending."""

        def write(store: SampleStore) -> None:
            from inkread.data.samples.export import export

            written: Exported = export(store.samples(), path)
            self.exported.emit(written)

        self._do(write)

    def import_path(self, path: Path) -> None:
        """Take in InkML, a folder of InkML or of a folder for each class, or any data set."""

        def take_in(store: SampleStore) -> None:
            steps = _found_in(path)
            try:
                while not self._is_stopped:
                    next(steps)
                return
            except StopIteration as end:
                found = end.value
            self.imported.emit(store.take_in(found.samples), len(found.errors))

        self._do(take_in)

    def _do(self, act: Callable[[SampleStore], None]) -> None:
        self._waiting.append(act)
        self._next()

    def _next(self) -> None:
        if self._waiting and not self._is_busy:
            self._is_busy = True
            task = Task(partial(self._work, self._waiting.pop(0)), self._executor)
            task.progressed.connect(self.failed)
            task.succeeded.connect(self.listed)
            task.failed.connect(self.failed)
            task.finished.connect(self._on_finished)
            task.start()

    def _work(self, act: Callable[[SampleStore], None]) -> Generator[InkreadError, None, object]:
        """Yields what went wrong and has to be told; returns the new list."""
        from inkread.core.errors import InkreadError

        store = self._open()
        if store.notice is not None:
            yield store.notice
        try:
            act(store)
        except InkreadError as error:
            yield error
        listed = tuple(store.samples())
        self.can_undo_told.emit(store.can_undo())
        return listed

    def _on_finished(self) -> None:
        self._is_busy = False
        self._next()


def _found_in(path: Path) -> Generator[object, None, Found]:
    """Read file by file, or sample by sample, each of them a point where it can be given up."""
    from inkread.data.samples.importing import can_read, of_cells, reading

    if can_read(path):
        return (yield from reading(path))
    from inkread.ml.datasets.dataset import Purpose
    from inkread.ml.datasets.detect import read_path

    data = yield from read_path(path, Purpose.TRAINING)
    return of_cells(data.cells, (data.labels[target] for target in data.targets), path.name)

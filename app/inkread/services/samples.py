"""The sample store for the window: its samples, and all that can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from inkread.core.generators import finished
from inkread.data.samples.watch import OwnChanges, SampleNews, SampleWatch
from inkread.services.background.serial_queue import RepeatedJob, SerialQueue
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.core.errors import InkreadError
    from inkread.data.samples.export import ExportResult
    from inkread.data.samples.importing import ImportResult
    from inkread.data.samples.sample import ListedSample
    from inkread.data.samples.store import AddedSamples, SampleStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    """The result of an action on the store."""

    errors: Sequence[InkreadError]
    is_done: bool
    result: Any
    samples: tuple[ListedSample, ...]
    can_undo: bool


class Samples(QObject):
    """Runs what is asked for one thing after the other, off the GUI thread.

    Signals
    -------
    listed(tuple of ListedSample)
        All samples, by label; after every change, and after every failure too.
    undo_available(bool)
        With each list: whether there is a change that can be undone.
    exported(Exported), imported(AddedSamples, int)
        The export; the samples added, and the count of files that could not be used.
    failed(error)
    changed_elsewhere(SampleNews)
        Another process changed the samples.
    """

    listed = Signal(object)
    undo_available = Signal(bool)
    exported = Signal(object)
    imported = Signal(object, int)
    failed = Signal(object)
    changed_elsewhere = Signal(object)

    def __init__(
        self,
        open_store: Callable[[], SampleStore],
        executor: Executor,
        parent: QObject | None = None,
        own: OwnChanges | None = None,
    ) -> None:
        """`own` is what the stores of this process note."""
        super().__init__(parent)
        self._open = open_store
        self._watch = SampleWatch(own or OwnChanges())
        self._watched = Lazy(open_store)
        self._queue = SerialQueue(executor, self.failed.emit)
        self._look = RepeatedJob(self._queue, self._news, self._on_looked, self.failed.emit)
        self._is_stopped = False

    def stop(self) -> None:
        """Import nothing more: the program ends, and waits for what is being read."""
        self._is_stopped = True

    def refresh(self) -> None:
        """List the samples, as `listed`."""
        self._do(lambda _: None)

    def look(self) -> None:
        """Find out what another process changed, once own changes are done."""
        self._look.do()

    def relabel(self, ids: Sequence[int], label: str) -> None:
        self._do(lambda store: store.relabel(ids, label))

    def delete(self, ids: Sequence[int]) -> None:
        self._do(lambda store: store.delete(ids))

    def undo(self) -> None:
        """Undo the last change, whoever made it."""
        self._do(lambda store: store.undo())

    def export(self, path: Path) -> None:
        """Write all samples to a file, or to a new folder if the name has no ending."""

        def write(store: SampleStore) -> ExportResult:
            from inkread.data.samples.export import ExportFormat, export, format_of

            form = format_of(path)
            return export(store.samples(cells_only=form is ExportFormat.NPZ), path, form)

        self._do(write, self.exported.emit)

    def import_path(self, path: Path) -> None:
        """Take in InkML, a folder of InkML or of a folder for each class, or any data set."""

        def add_new(store: SampleStore) -> tuple[AddedSamples, int] | None:
            found = finished(_found_in(path), is_cancelled=lambda: self._is_stopped)
            return None if found is None else (store.add_new(found.samples), len(found.errors))

        def on_taken_in(taken: tuple[AddedSamples, int] | None) -> None:
            if taken is not None:
                self.imported.emit(*taken)

        self._do(add_new, on_taken_in)

    def _news(self) -> SampleNews | None:
        from inkread.core.errors import InkreadError

        try:
            store = self._watched.get()
            return self._watch.news(store.file_id(), store.labels())
        except InkreadError:  # whoever needs the samples will say why
            return None

    def _on_looked(self, news: SampleNews | None) -> None:
        if news is not None:
            self.changed_elsewhere.emit(news)

    def _do(
        self, act: Callable[[SampleStore], T], then: Callable[[T], None] = lambda _: None
    ) -> None:
        def on_done(outcome: _Outcome) -> None:
            for error in outcome.errors:
                self.failed.emit(error)
            if outcome.is_done:
                then(outcome.result)
            self.undo_available.emit(outcome.can_undo)
            self.listed.emit(outcome.samples)

        self._queue.do(lambda: _outcome(self._open(), act), on_done)


def _outcome(store: SampleStore, act: Callable[[SampleStore], object]) -> _Outcome:
    from inkread.core.errors import InkreadError

    errors: list[InkreadError] = []
    result, is_done = None, False
    try:
        result, is_done = act(store), True
    except InkreadError as error:
        errors.append(error)
    return _Outcome(errors, is_done, result, tuple(store.listed()), store.can_undo())


def _found_in(path: Path) -> Generator[object, None, ImportResult]:
    """Read file by file, or sample by sample, with a cancel point after each."""
    from inkread.data.samples.importing import can_read, read_samples, samples_from_cells

    if can_read(path):
        return (yield from read_samples(path))
    from inkread.ml.datasets.dataset import Purpose
    from inkread.ml.datasets.detect import read_path

    data = yield from read_path(path, Purpose.TRAINING)
    return samples_from_cells(
        data.cells, (data.labels[target] for target in data.targets), path.name
    )

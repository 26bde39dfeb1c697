"""A folder read for the window, and its table written."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.layout import Layout
from app.services.recognition import Reader
from app.services.tasks import Executor, Task

if TYPE_CHECKING:
    from app.core.folder import FolderProgress, Row


class FolderReading(QObject):
    """Reads one folder at a time. `progressed` comes with new rows again and again, at last exactly
    one of `finished`, `failed` and `stopped`.
    """

    progressed = Signal(object)
    finished = Signal()
    failed = Signal(object)
    stopped = Signal()
    exported = Signal(object)
    export_failed = Signal(object)

    def __init__(self, reader: Reader, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._executor = executor
        self._task: Task | None = None

    @property
    def is_running(self) -> bool:
        return self._task is not None

    def start(self, folder: Path, layout: Layout = Layout.AUTO) -> None:
        """Read a folder and its subfolders; another one that is being read is given up."""
        self.stop()
        task = self._task = Task(partial(self._work, folder, layout), self._executor)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self._on_succeeded)
        task.failed.connect(self._on_failed)
        task.start()

    def stop(self) -> None:
        """Give up; what has been read stays read."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            task.failed.disconnect(self._on_failed)
            self.stopped.emit()

    def export(self, path: Path, rows: Sequence[tuple[Row, str | None]]) -> None:
        """Write a table as CSV, whole or not at all; texts that a person typed count."""

        def work() -> Generator[None, None, str]:
            from app.core.files import write_file
            from app.core.folder import table

            write_file(path, table(rows))
            return path.name
            yield

        task = Task(work, self._executor)
        task.succeeded.connect(self.exported)
        task.failed.connect(self.export_failed)
        task.start()

    def _work(self, folder: Path, layout: Layout) -> Generator[FolderProgress, None, None]:
        from app.core.folder import read_folder

        yield from read_folder(str(folder), self._reader.classifier(), layout)

    def _on_succeeded(self) -> None:
        self._task = None
        self.finished.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._task = None
        self.failed.emit(error)

"""Reads a folder for the window, and writes its table."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.layout import Layout
from inkread.services.background.single_run import SingleRun
from inkread.services.background.tasks import Executor, Task, in_one_step
from inkread.services.reader import Reader

if TYPE_CHECKING:
    from inkread.core.batch.folder_table import FolderProgress, Row


class FolderReading(SingleRun):
    """Reads one folder at a time.

    Signals
    -------
    progressed(FolderProgress)
        With new rows, repeatedly.
    finished(), failed(error), stopped()
        The end: exactly one of them.
    exported(str), export_failed(error)
        A table was written to the file of that name, or not.
    """

    progressed = Signal(object)
    finished = Signal()
    exported = Signal(object)
    export_failed = Signal(object)

    def __init__(self, reader: Reader, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(executor, parent)
        self._reader = reader

    def start(self, paths: Sequence[Path] | Path, layout: Layout = Layout.AUTO) -> None:
        """Read a folder and its subfolders, or several files; a running read is stopped."""
        self.stop()
        self._begin(partial(self._work, paths, layout), self.progressed)

    def export(self, path: Path, rows: Sequence[tuple[Row, str | None]]) -> None:
        """Write a table as CSV, whole or not at all, with the texts that a person typed."""

        def write() -> str:
            from inkread.core.batch.folder_table import table
            from inkread.core.files import write_file

            write_file(path, table(rows))
            return path.name

        task = Task(in_one_step(write), self._executor)
        task.succeeded.connect(self.exported)
        task.failed.connect(self.export_failed)
        task.start()

    def _work(
        self, paths: Sequence[Path] | Path, layout: Layout
    ) -> Generator[FolderProgress, None, None]:
        from inkread.core.batch.folder_table import read_folder

        found = str(paths) if isinstance(paths, Path) else [str(path) for path in paths]
        yield from read_folder(found, self._reader.classifier(), layout)

    def _finish(self, _: None) -> None:
        self.finished.emit()

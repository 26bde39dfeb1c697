"""Imports slow modules in a worker, before they are needed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from inkread.services.background.tasks import Executor, Task, in_one_step


class ImportAhead(QObject):
    """Runs the imports in `load` in a worker.

    Signals
    -------
    loaded()
        Emitted once, even if an import failed: the next import of it raises the error.
    """

    loaded = Signal()

    def __init__(
        self, load: Callable[[], None], executor: Executor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.is_loaded = False
        self._task = Task(in_one_step(load), executor)
        self._task.finished.connect(self._on_finished)

    def start(self) -> None:
        """Call it once."""
        self._task.start()

    def _on_finished(self) -> None:
        self.is_loaded = True
        self.loaded.emit()

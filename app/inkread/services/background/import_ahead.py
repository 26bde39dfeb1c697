"""Modules that take long to import, imported beside the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from inkread.services.background.tasks import Executor, Task, in_one_step


class Preloading(QObject):
    """Has a worker import what `load` imports. `loaded` comes once, even if that fails: whoever
    imports it then will hear of that.
    """

    loaded = Signal()

    def __init__(
        self, load: Callable[[], None], executor: Executor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._is_loaded = False
        self._task = Task(in_one_step(load), executor)
        self._task.finished.connect(self._on_finished)

    @property
    def is_loaded(self) -> bool:
        return self._is_loaded

    def start(self) -> None:
        """To be called once."""
        self._task.start()

    def _on_finished(self) -> None:
        self._is_loaded = True
        self.loaded.emit()

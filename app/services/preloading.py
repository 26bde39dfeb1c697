"""Modules that take long to import, imported beside the window."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from importlib import import_module

from PySide6.QtCore import QObject, Signal

from app.services.tasks import Executor, Task


class Preloading(QObject):
    """Imports modules by a worker. `loaded` comes once, even if one of them cannot be imported:
    whoever imports it then will hear of that.
    """

    loaded = Signal()

    def __init__(
        self, modules: Sequence[str], executor: Executor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._modules = tuple(modules)
        self._is_loaded = False
        self._task = Task(self._work, executor)
        self._task.finished.connect(self._on_finished)

    @property
    def is_loaded(self) -> bool:
        return self._is_loaded

    def start(self) -> None:
        """To be called once."""
        self._task.start()

    def _work(self) -> Generator[None, None, None]:
        for module in self._modules:
            import_module(module)
            yield

    def _on_finished(self) -> None:
        self._is_loaded = True
        self.loaded.emit()

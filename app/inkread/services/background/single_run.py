"""Long work that a person starts and may give up: one run at a time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from inkread.services.background.tasks import Executor, Task, Work


class Runs(QObject):
    """Begins a run, and tells how it ended unless the subclass does.

    Signals
    -------
    failed(error), stopped()
        The end: it could not be done; somebody gave it up.
    """

    failed = Signal(object)
    stopped = Signal()

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._task: Task | None = None

    @property
    def is_running(self) -> bool:
        return self._task is not None

    def stop(self) -> None:
        """Give the run up, if there is one; its worker ends with the step that it is at."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            task.failed.disconnect(self._on_failed)
            self.stopped.emit()

    def _begin(self, work: Work, progressed: SignalInstance) -> None:
        task = self._task = Task(work, self._executor)
        task.progressed.connect(progressed)
        task.succeeded.connect(self._on_succeeded)
        task.failed.connect(self._on_failed)
        task.start()

    def _finish(self, result: Any) -> None:
        """The run has come to its end, with this result."""
        raise NotImplementedError

    def _on_succeeded(self, result: Any) -> None:
        self._task = None
        self._finish(result)

    def _on_failed(self, error: BaseException) -> None:
        self._task = None
        self.failed.emit(error)

"""Long work that a person starts and may cancel: one run at a time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from inkread.services.background.tasks import Executor, Task, Work


class SingleRun(QObject):
    """Starts a run and emits its end; the subclass emits its success, in `_finish`.

    Signals
    -------
    failed(error), stopped()
        The end: by an error; by `stop`.
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
        """Cancel the run, if there is one; its worker ends after the current step."""
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
        """Called with the result of a run that was not stopped."""
        raise NotImplementedError

    def _on_succeeded(self, result: Any) -> None:
        self._task = None
        self._finish(result)

    def _on_failed(self, error: BaseException) -> None:
        self._task = None
        self.failed.emit(error)

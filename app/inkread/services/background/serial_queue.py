"""Pieces of work that one worker does off the GUI thread, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator

from PySide6.QtCore import QObject, Signal

from inkread.services.background.tasks import Executor, Task

#: What an errand has to tell, by name; None: nothing.
Told = tuple[str, object] | None
Errand = Callable[[], Told]
_AFTERWARDS = "afterwards"


class Errands(QObject):
    """Each errand is done after those before it; what it returns is `told`.

    An errand that fails tells ``("failed", error)``, and the next one is done.
    """

    told = Signal(str, object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        #: Appended to by the window and emptied by the one worker, both ends safe.
        self._waiting: deque[Errand] = deque()
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be done."""
        return self._is_busy

    def do(self, errand: Errand) -> None:
        self._waiting.append(errand)
        self._next()

    def afterwards(self, act: Callable[[], None]) -> None:
        """Call `act`, in the thread of the window, once all that is still to be done is done."""
        if self._is_busy:
            self.do(lambda: (_AFTERWARDS, act))
        else:
            act()

    def finish(self) -> None:
        """Do what is still to be done, now that no worker runs any more."""
        for _ in self._work():
            pass

    def _next(self) -> None:
        if self._waiting and not self._is_busy:
            self._is_busy = True
            task = Task(self._work, self._executor)
            task.progressed.connect(self._tell)
            task.finished.connect(self._on_finished)
            task.start()

    def _tell(self, told: tuple[str, object]) -> None:
        what, value = told
        if what == _AFTERWARDS:
            assert callable(value)
            value()
        else:
            self.told.emit(what, value)

    def _work(self) -> Generator[tuple[str, object], None, None]:
        while self._waiting:
            try:
                told: Told = self._waiting.popleft()()
            except Exception as error:
                told = ("failed", error)
            if told is not None:
                yield told

    def _on_finished(self) -> None:
        self._is_busy = False
        self._next()

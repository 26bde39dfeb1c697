"""Long work off the GUI thread. The only file that touches threads.

Work runs on an executor; what comes of it is told by signals that are always emitted in the
thread of the object that emits them, which is the GUI's.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QThread, QThreadPool, Signal

T = TypeVar("T")
#: How far background threads stand back on Linux, of 19.
_NICE = 5
#: Seconds after which a thread that computes in Python lets the window's have a turn.
_TURN = 0.001
Work = Callable[[], Generator[object, None, object]]


class Executor(Protocol):
    """Runs pieces of work; tests inject one that they drain by hand."""

    def submit(self, work: Callable[[], None]) -> None: ...


class ThreadExecutor(QObject):
    """Worker threads.

    Work is let go of in the thread of the executor, never by a worker: it may hold the last
    reference to a QObject, which only its own thread may delete.
    """

    _done = Signal(int)

    def __init__(self, is_background: bool = False) -> None:
        """In the background: threads that give way to all others, and end with their work."""
        super().__init__()
        self._is_background = is_background
        self._pool = QThreadPool()
        # A training run and a picture being opened must not keep the pen waiting.
        self._pool.setMaxThreadCount(max(4, QThread.idealThreadCount()))
        if is_background:
            sys.setswitchinterval(_TURN)
            self._pool.setThreadPriority(QThread.Priority.LowPriority)
            self._pool.setExpiryTimeout(0)
        self._work: dict[int, Callable[[], None]] = {}
        self._count = 0
        self._done.connect(self._on_done)

    def submit(self, work: Callable[[], None]) -> None:
        self._count += 1
        self._work[self._count] = work
        self._pool.start(partial(self._run, self._count))

    def wait(self) -> None:
        """Return when no worker runs any more."""
        self._pool.waitForDone()

    def _run(self, number: int) -> None:
        if self._is_background:
            _give_way()
        self._work[number]()
        self._done.emit(number)

    def _on_done(self, number: int) -> None:
        self._work.pop(number, None)


def _give_way() -> None:
    """Linux heeds no priority that Qt sets; threads that this one starts are as nice as it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


class Task(QObject):
    """Runs a generator: each `yield` is a progress record and a cancel point, `return` the result.

    Emits exactly one of `succeeded`, `failed` and `cancelled`, then `finished`. After `cancel()`
    neither progress nor success comes any more. Clean-up belongs into the generator's `finally`.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()
    _told = Signal(str, object)

    def __init__(self, work: Work, executor: Executor) -> None:
        super().__init__()
        self._work = work
        self._executor = executor
        self._stop = threading.Event()
        self._is_running = False
        self._told.connect(self._on_told)

    @property
    def is_running(self) -> bool:
        return self._is_running

    def start(self) -> None:
        """To be called once. The executor keeps the task alive until it has finished."""
        self._is_running = True
        self._executor.submit(self._run)

    def cancel(self) -> None:
        """Stop at the next cancel point; harmless at any time."""
        self._stop.set()

    def _run(self) -> None:
        outcome: tuple[str, object] = ("cancelled", None)
        try:
            outcome = self._pull(self._work())
        except BaseException as error:
            outcome = ("failed", error)
        finally:
            self._told.emit(*outcome)

    def _pull(self, steps: Generator[object, None, object]) -> tuple[str, object]:
        try:
            while not self._stop.is_set():
                self._told.emit("progressed", next(steps))
        except StopIteration as end:
            return "succeeded", end.value
        finally:
            steps.close()
        return "cancelled", None

    def _on_told(self, what: str, value: object) -> None:
        stopped = self._stop.is_set()
        if what == "progressed":
            if not stopped:
                self.progressed.emit(value)
            return
        self._is_running = False
        if what == "failed":
            self.failed.emit(value)
        elif what == "succeeded" and not stopped:
            self.succeeded.emit(value)
        else:
            self.cancelled.emit()
        self.finished.emit()


class Latest(QObject):
    """One job in flight; a newer request replaces the waiting one; stale answers are dropped.

    An answer is stale when something newer has been asked for meanwhile. Never two of them are
    dropped running, though: whoever asks all the time still sees answers come.
    """

    answered = Signal(object)
    failed = Signal(object)
    _told = Signal(bool, object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._waiting: Callable[[], object] | None = None
        self._in_flight = False
        self._forgotten = False
        self._dropped_last = False
        self._told.connect(self._on_told)

    @property
    def is_idle(self) -> bool:
        return not self._in_flight

    def request(self, work: Callable[[], object]) -> None:
        """Ask for the result of `work`."""
        if self._in_flight:
            self._waiting = work
        else:
            self._start(work)

    def forget(self) -> None:
        """Drop all that has been asked for so far."""
        self._waiting = None
        self._forgotten = self._in_flight

    def _start(self, work: Callable[[], object]) -> None:
        self._in_flight = True
        self._forgotten = False
        self._executor.submit(lambda: self._run(work))

    def _run(self, work: Callable[[], object]) -> None:
        answer: tuple[bool, Any]
        try:
            answer = (True, work())
        except BaseException as error:
            answer = (False, error)
        self._told.emit(*answer)

    def _on_told(self, well: bool, value: object) -> None:
        self._in_flight = False
        waiting, self._waiting = self._waiting, None
        stale = self._forgotten or (waiting is not None and not self._dropped_last)
        self._dropped_last = stale and not self._forgotten
        if waiting is not None:
            self._start(waiting)
        if not stale:
            (self.answered if well else self.failed).emit(value)


class Lazy(Generic[T]):
    """A value that is made when it is first asked for, by whichever thread asks first."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: T | None = None
        self._lock = threading.Lock()

    def get(self) -> T:
        """The value; others who ask meanwhile wait. If making it fails, the next asker tries."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def set(self, value: T) -> None:
        with self._lock:
            self._made = value

"""Long work off the GUI thread. The only file that touches threads.

Work runs on an executor. Its results reach the GUI thread through `Delivery`, and only there are
signals emitted.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from functools import partial
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QThread, QThreadPool, Signal
from shiboken6 import isValid

from inkread.core.generators import finished

T = TypeVar("T")
#: How much nicer than the process its background threads are on Linux. *Chosen*: about a third of
#: the processor's time if the window wants all of it.
_NICE = 5
#: Maximum niceness on Linux.
_MAX_NICE = 19
#: Python's switch interval while there are background threads, s: the window's thread waits at
#: most this long for one that computes in Python.
_SWITCH_INTERVAL = 0.001
#: Maximum wait for a look under way at the end of the program, s. *Chosen*: it takes 0.1 ms.
_MAX_LOOK = 0.5
Work = Callable[[], Generator[object, None, object]]


def in_one_step(act: Callable[[], object]) -> Work:
    """A function as work that reports no progress."""

    def work() -> Generator[object, None, object]:
        return act()
        yield

    return work


class Delivery(QObject):
    """Calls functions in the thread that it was made in, in the order in which threads ask.

    Its signal is the only one that workers emit. Qt's application deletes what has no parent when
    it ends, this too, even while a worker runs on: who asks then has nobody left to answer to.
    """

    _asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._asked.connect(self._on_asked)

    def call(self, act: Callable[[], object]) -> None:
        """At once if asked in that thread, else when its event loop gets to it, if it ever does."""
        try:
            self._asked.emit(act)
        except RuntimeError:
            if isValid(self):
                raise

    def _on_asked(self, act: Callable[[], object]) -> None:
        act()


def _raise(error: Exception) -> None:
    raise error


def _attempt(act: Callable[[], object]) -> tuple[bool, object]:
    """Whether `act` succeeded, and its result or error."""
    try:
        return True, act()
    except BaseException as error:
        return False, error


class Executor(Protocol):
    """Runs functions; tests inject one that they drain by hand."""

    def submit(self, work: Callable[[], None]) -> None: ...


class ThreadExecutor(QObject):
    """Worker threads.

    Work is released in the thread of the executor, never by a worker: it may hold the last
    reference to a QObject, which only its own thread may delete.
    """

    def __init__(self, is_background: bool = False) -> None:
        """Background threads have a low priority and end with their work."""
        super().__init__()
        self._is_background = is_background
        self._pool = QThreadPool()
        # A training run and a picture being opened must not delay the reading of ink.
        self._pool.setMaxThreadCount(max(4, QThread.idealThreadCount()))
        if is_background:
            sys.setswitchinterval(_SWITCH_INTERVAL)
            self._pool.setThreadPriority(QThread.Priority.LowPriority)
            self._pool.setExpiryTimeout(0)
        self._work: dict[int, Callable[[], None]] = {}
        self._count = 0
        self._delivery = Delivery()

    def submit(self, work: Callable[[], None]) -> None:
        self._count += 1
        self._work[self._count] = work
        self._pool.start(partial(self._run, self._count))

    def wait(self) -> None:
        """Wait until no worker runs."""
        self._pool.waitForDone()

    def _run(self, work_id: int) -> None:
        """Run the work whatever else fails here: who waits for it would wait for ever."""
        try:
            if self._is_background:
                _be_nice()
        finally:
            try:
                self._work[work_id]()
            finally:
                self._delivery.call(partial(self._work.pop, work_id))


def _be_nice() -> None:
    """Linux ignores the priority that Qt sets; threads that this one starts inherit niceness.

    Systems may refuse (RLIMIT_NICE, sandboxes): then the work runs beside the window as it is.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            nice = os.getpriority(os.PRIO_PROCESS, os.getpid()) + _NICE
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(nice, _MAX_NICE))


class Task(QObject):
    """Runs a generator on an executor: `yield` is progress and a cancel point, `return` the result.
    A plain `yield` is a cancel point alone.

    Emits exactly one of `succeeded`, `failed` and `cancelled`, then `finished`. After `cancel()`
    neither progress nor success is reported. Clean-up belongs into the generator's `finally`.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, work: Work, executor: Executor) -> None:
        super().__init__()
        self._work = work
        self._executor = executor
        self._stop = threading.Event()
        self._delivery = Delivery()

    def start(self) -> None:
        """Call it once. The executor keeps the task alive until it has finished."""
        self._executor.submit(self._run)

    def cancel(self) -> None:
        """Stop at the next cancel point; harmless at any time."""
        self._stop.set()

    def _run(self) -> None:
        outcome = _attempt(
            lambda: finished(self._work(), self._report, is_cancelled=self._stop.is_set)
        )
        self._delivery.call(partial(self._on_end, *outcome))

    def _report(self, step: object) -> None:
        if step is not None:
            self._delivery.call(partial(self._on_step, step))

    def _on_step(self, step: object) -> None:
        if not self._stop.is_set():
            self.progressed.emit(step)

    def _on_end(self, is_success: bool, value: object) -> None:
        if not is_success:
            self.failed.emit(value)
        elif self._stop.is_set():
            self.cancelled.emit()
        else:
            self.succeeded.emit(value)
        self.finished.emit()


class Latest(QObject):
    """One job in flight; a newer request replaces the waiting one; stale answers are dropped.

    An answer is stale when something newer has been requested meanwhile. Never two in a row are
    dropped, so that answers still come during continuous requests.
    """

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._waiting: Callable[[], object] | None = None
        self._in_flight = False
        self._forgotten = False
        self._dropped_last = False
        self._delivery = Delivery()

    def request(self, work: Callable[[], object]) -> None:
        """Ask for the result of `work`."""
        if self._in_flight:
            self._waiting = work
        else:
            self._start(work)

    def forget(self) -> None:
        """Drop all earlier requests."""
        self._waiting = None
        self._forgotten = self._in_flight

    def _start(self, work: Callable[[], object]) -> None:
        self._in_flight = True
        self._forgotten = False
        # No Task: making one for each reading of a stroke takes three times as long.
        self._executor.submit(partial(self._run, work))

    def _run(self, work: Callable[[], object]) -> None:
        self._delivery.call(partial(self._on_end, *_attempt(work)))

    def _on_end(self, is_success: bool, value: object) -> None:
        self._in_flight = False
        waiting, self._waiting = self._waiting, None
        stale = self._forgotten or (waiting is not None and not self._dropped_last)
        self._dropped_last = stale and not self._forgotten
        if waiting is not None:
            self._start(waiting)
        if not stale:
            (self.answered if is_success else self.failed).emit(value)


class Lookout:
    """Looks again and again in a thread of its own; what it finds is called in the GUI thread.

    It is no worker: a look that hangs, as into a network folder that is gone, keeps neither work
    nor the end of the program waiting. The GUI thread is woken only if something is found. A look
    that fails does not end it: the first error is raised in the GUI thread, later ones are not.

    Parameters
    ----------
    look : callable
        Called in the thread; returns what is to be called in the GUI thread.
    interval : float
        Time from one look to the next, s.
    """

    def __init__(self, look: Callable[[], Iterable[Callable[[], object]]], interval: float) -> None:
        self.interval = interval
        self._look = look
        self._has_failed = False
        self._is_wanted, self._is_stopped = threading.Event(), threading.Event()
        self._delivery = Delivery()
        self._thread = threading.Thread(target=self._run, daemon=True, name="lookout")

    @property
    def is_active(self) -> bool:
        return self._is_wanted.is_set() and not self._is_stopped.is_set()

    def set_active(self, is_active: bool) -> None:
        """Look at once and from now on, or no more: paused, nothing wakes the machine."""
        if not is_active:
            self._is_wanted.clear()
        elif not self._is_stopped.is_set():
            self._is_wanted.set()
            if not self._thread.ident:
                self._thread.start()

    def stop(self) -> None:
        """Look no more; waits for a look under way, but not for one that hangs."""
        self._is_stopped.set()
        self._is_wanted.set()
        if self._thread.ident:
            self._thread.join(_MAX_LOOK)

    def _run(self) -> None:
        while self._is_wanted.wait() and not self._is_stopped.is_set():
            try:
                for found in self._look():
                    self._delivery.call(partial(self._on_found, found))
            except Exception as error:
                self._report(error)
            self._is_stopped.wait(self.interval)

    def _report(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed = True
            self._delivery.call(partial(self._on_found, partial(_raise, error)))

    def _on_found(self, found: Callable[[], object]) -> None:
        if not self._is_stopped.is_set():
            found()


class Lazy(Generic[T]):
    """A value made at its first use, by whichever thread comes first."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: T | None = None
        self._lock = threading.Lock()

    def get(self) -> T:
        """The value; other threads wait for it. If making it fails, the next call tries again."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def set(self, value: T) -> None:
        with self._lock:
            self._made = value

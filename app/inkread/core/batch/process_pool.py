"""A map over processes: results in order, memory bounded.

With small pictures Python takes most of the time, and the interpreter lock leaves threads no gain.
Every process starts afresh ("spawn"), on every system: it inherits no lock that a thread of this
one may hold. It does not run the main script again. Data goes through `multiprocessing`'s own
pipes, which nobody else can write to. The processes end with the generator.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pickle import PicklingError
from types import ModuleType
from typing import Any, Generic, TypeVar

from inkread.core.batch.thread_pool import cores

A = TypeVar("A")
B = TypeVar("B")

#: At most this many items are sent to a process in advance, so that it never waits for the next.
_SENT = 4
#: At most this many results for each process wait for an earlier one; bounds the memory.
_AHEAD = 16
#: At most this many processes, of about 100 MB each.
_MAX_PROCESSES = 8
#: Held while the main script is hidden: threads must not restore one another's stand-in.
_MAIN_LOCK = threading.Lock()


def in_processes(
    items: Iterable[A],
    maker: Callable[[], Callable[[A], B]],
    lost: Callable[[A], B],
    workers: int = 0,
) -> Generator[B, None, None]:
    """Yield the result for every item, in the order of the items.

    Parameters
    ----------
    items : iterable
        Taken one by one as the work proceeds.
    maker : callable
        Called once in each process; returns the function that does the work. It, the items and
        the results are pickled, and nothing of them may stand in the main script.
    lost : callable
        Gives the result for an item whose process died; another process continues.
    workers : int
        Processes; 0: as many as there are cores, at most 8.

    Yields
    ------
    object
        The result. If no process can start, this one does the work.
    """
    crew = _Crew(items, maker, lost)
    try:
        yield from crew.results(workers or min(_MAX_PROCESSES, cores()))
    finally:
        crew.dismiss()


def is_process() -> bool:
    """Whether `multiprocessing` started this process."""
    return multiprocessing.parent_process() is not None


class _Worker(Generic[A]):
    """A process, its pipe, and the items sent to it; it works on the first."""

    def __init__(self, maker: Callable[[], Callable[[A], object]]) -> None:
        context = multiprocessing.get_context("spawn")
        self.sent: deque[tuple[int, A]] = deque()
        self.is_ready = False
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, maker), daemon=True)
        with _interrupts_blocked(), _main_script_hidden():
            self._process.start()
        theirs.close()  # so that the pipe closes when the process ends

    def send(self, index: int, item: A) -> None:
        self.sent.append((index, item))
        with suppress(OSError):  # it has died, which `_receive` notices
            self.pipe.send(item)

    def end(self) -> None:
        """Kill it: it writes nothing but its answers, so nothing can be left half done."""
        self.pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


class _Crew(Generic[A, B]):
    """The processes and their work."""

    def __init__(
        self,
        items: Iterable[A],
        maker: Callable[[], Callable[[A], B]],
        lost: Callable[[A], B],
    ) -> None:
        self._items: Iterator[tuple[int, A]] = enumerate(items)
        self._maker, self._lost = maker, lost
        self._workers: list[_Worker[A]] = []
        self._again: deque[tuple[int, A]] = deque()
        self._done: dict[int, B] = {}
        self._taken = self._yielded = 0

    def results(self, count: int) -> Generator[B, None, None]:
        self._hire(count)
        while self._workers:
            self._send_out(self._yielded + count * _AHEAD)
            busy = {worker.pipe: worker for worker in self._workers if worker.sent}
            if not busy:
                return
            for pipe in wait(list(busy)):
                self._receive(busy[pipe])  # type: ignore[index] # it is one of them
            yield from self._in_order()
        yield from self._alone()

    def dismiss(self) -> None:
        for worker in self._workers:
            worker.end()

    def _hire(self, count: int) -> None:
        # The system may refuse another process, and a maker of the main script cannot be pickled.
        with suppress(OSError, PicklingError, AttributeError):
            for _ in range(count):
                self._workers.append(_Worker(self._maker))

    def _send_out(self, end: int) -> None:
        """Fill the workers' queues with items before index `end`."""
        while True:
            worker = min(self._workers, key=lambda worker: len(worker.sent))
            if len(worker.sent) >= _SENT or (item := self._next(end)) is None:
                return
            worker.send(*item)

    def _next(self, end: int) -> tuple[int, A] | None:
        if self._again:
            return self._again.popleft()
        item = next(self._items, None) if self._taken < end else None
        self._taken += item is not None
        return item

    def _receive(self, worker: _Worker[A]) -> None:
        """Take a worker's message: ready, or a result; or its end."""
        try:
            message: Any = worker.pipe.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        if worker.is_ready:
            self._done[worker.sent.popleft()[0]] = message
        worker.is_ready = True

    def _replace(self, worker: _Worker[A]) -> None:
        """Start another one, unless it died before it was ready: the next would die too."""
        self._workers.remove(worker)
        worker.end()
        if worker.is_ready:
            index, item = worker.sent.popleft()
            self._done[index] = self._lost(item)
            self._hire(1)
        self._again.extend(worker.sent)

    def _in_order(self) -> Generator[B, None, None]:
        while self._yielded in self._done:
            yield self._done.pop(self._yielded)
            self._yielded += 1

    def _alone(self) -> Generator[B, None, None]:
        work = self._maker()
        for index, item in chain(sorted(self._again, key=lambda sent: sent[0]), self._items):
            self._done[index] = work(item)
            yield from self._in_order()


def _serve(pipe: Connection[Any, Any], maker: Callable[[], Callable[[Any], object]]) -> None:
    """Run in the process: report that it is ready, then answer until the pipe closes.

    On any error it exits silently; the parent notices that the pipe has closed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):
        work = maker()
        pipe.send(None)
        while True:
            pipe.send(work(pipe.recv()))


@contextmanager
def _main_script_hidden() -> Iterator[None]:
    """A process that starts here does not import the main script.

    Scripts that call us need no ``if __name__ == "__main__":`` then, and are not run twice.
    """
    with _MAIN_LOCK:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A process that starts here never sees Ctrl-C, not even before `_serve` ignores it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # starting a process would do so and reset the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

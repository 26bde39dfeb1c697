"""The same work on very many things in several processes, results in order.

Python's lock lets threads gain nothing where most of the time goes into Python itself, as it does
with small pictures. The processes begin anew everywhere ("spawn"): they share nothing with this
one, whatever its threads hold. What is sent goes through `multiprocessing`'s own pipes, between
this program and its children: nobody else can write there. None outlives the generator.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from inkread.core.batch.thread_pool import cores

A = TypeVar("A")
B = TypeVar("B")

#: So many things are sent to a process ahead, so that it need not wait for the next one.
_SENT = 4
#: So many results for each process may wait for an earlier one that takes longer.
_AHEAD = 16
#: No more processes, of about 100 MB each.
_MAX = 8


def in_processes(
    items: Iterable[A],
    maker: Callable[[], Callable[[A], B]],
    lost: Callable[[A], B],
    workers: int = 0,
) -> Generator[B, None, None]:
    """Yield the result of the work on every item, in the order of the items.

    Parameters
    ----------
    items : iterable
        Taken one by one, as the work goes on.
    maker : callable
        Called once in each process; gives the work. It, the items and the results are sent from
        process to process: a function of a module, or a `partial` of one, and plain data.
    lost : callable
        What to yield for an item whose process ended while it was at it; another one goes on.
    workers : int
        How many processes; 0: as many as there are cores, at most 8.

    Yields
    ------
    object
        What the work returned. If no process gets as far as working, the caller's does the work.
    """
    crew = _Crew(items, maker, lost)
    try:
        yield from crew.results(workers or min(_MAX, cores()))
    finally:
        crew.dismiss()


def is_process() -> bool:
    """Whether this is a process that another one began."""
    return multiprocessing.parent_process() is not None


class _Worker(Generic[A]):
    """A process, its pipe, and what it was sent: it is at the first of that."""

    def __init__(self, maker: Callable[[], Callable[[A], object]]) -> None:
        context = multiprocessing.get_context("spawn")
        self.sent: deque[tuple[int, A]] = deque()
        self.is_ready = False
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, maker), daemon=True)
        with _deaf_to_interrupts():
            self._process.start()
        theirs.close()  # so that the pipe ends where the process does

    def send(self, number: int, item: A) -> None:
        self.sent.append((number, item))
        with suppress(OSError):  # it has ended, which shows when its answer is waited for
            self.pipe.send(item)

    def end(self) -> None:
        """It writes nothing but its answers: it may be ended wherever it is."""
        self.pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


class _Crew(Generic[A, B]):
    """The processes, and what they are at."""

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
        self._taken = self._told = 0

    def results(self, count: int) -> Generator[B, None, None]:
        self._hire(count)
        while self._workers:
            self._send_out(self._told + count * _AHEAD)
            busy = {worker.pipe: worker for worker in self._workers if worker.sent}
            if not busy:
                return
            for pipe in wait(list(busy)):
                self._hear(busy[pipe])  # type: ignore[index] # it is one of them
            yield from self._in_order()
        yield from self._alone()

    def dismiss(self) -> None:
        for worker in self._workers:
            worker.end()

    def _hire(self, count: int) -> None:
        with suppress(OSError):  # the system has no room for another one
            for _ in range(count):
                self._workers.append(_Worker(self._maker))

    def _send_out(self, end: int) -> None:
        """Send the workers what they may have ahead, up to item number `end`."""
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

    def _hear(self, worker: _Worker[A]) -> None:
        """Take what a worker says: that it is ready, or a result; or that it has ended."""
        try:
            said: Any = worker.pipe.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        if worker.is_ready:
            self._done[worker.sent.popleft()[0]] = said
        worker.is_ready = True

    def _replace(self, worker: _Worker[A]) -> None:
        """One that ended before it was ready is not replaced: another one would fare no better."""
        self._workers.remove(worker)
        worker.end()
        if worker.is_ready:
            number, item = worker.sent.popleft()
            self._done[number] = self._lost(item)
            self._hire(1)
        self._again.extend(worker.sent)

    def _in_order(self) -> Generator[B, None, None]:
        while self._told in self._done:
            yield self._done.pop(self._told)
            self._told += 1

    def _alone(self) -> Generator[B, None, None]:
        work = self._maker()
        for number, item in chain(sorted(self._again, key=lambda sent: sent[0]), self._items):
            self._done[number] = work(item)
            yield from self._in_order()


def _serve(pipe: Connection[Any, Any], maker: Callable[[], Callable[[Any], object]]) -> None:
    """The process: say that it is ready, then answer until nobody wants more.

    Whatever goes wrong, it ends without a word; whoever waits for the answer sees that.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):
        work = maker()
        pipe.send(None)
        while True:
            pipe.send(work(pipe.recv()))


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A process that is begun here does not see Ctrl-C, not even before it can say so itself."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # beginning a process would, and forget the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""Jobs that run off the GUI thread one after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from inkread.core.generators import finished
from inkread.services.background.tasks import Executor, Task

T = TypeVar("T")
Failed = Callable[[Exception], object]


def _ignore(_: object) -> None: ...


def _raise(error: Exception) -> None:
    raise error


@dataclass(frozen=True, slots=True)
class _Job:
    act: Callable[[], Any]
    then: Callable[[Any], object]
    failed: Failed


class SerialQueue:
    """Each job runs when those before it have ended, whether they failed or not.

    Parameters
    ----------
    executor : Executor
        Runs the jobs.
    failed : callable, optional
        Called in the GUI thread with the error of a job that has no such function of its own;
        by default the error is raised there.
    """

    def __init__(self, executor: Executor, failed: Failed = _raise) -> None:
        self._executor = executor
        self._failed = failed
        #: Jobs are released by the GUI thread, like all work: see `ThreadExecutor`.
        self._jobs: list[_Job] = []
        #: How many of them the worker has begun.
        self._begun = 0

    @property
    def is_busy(self) -> bool:
        """Whether a job is still to be done."""
        return bool(self._jobs)

    def do(
        self,
        act: Callable[[], T],
        then: Callable[[T], object] = _ignore,
        failed: Failed | None = None,
    ) -> None:
        """Run `act` in a worker, then `then` with its result, or `failed`, in the GUI thread."""
        self._jobs.append(_Job(act, then, failed or self._failed))
        if len(self._jobs) == 1:
            self._start()

    def afterwards(self, act: Callable[[], object]) -> None:
        """Call `act` in the GUI thread, at once or when all jobs so far are done."""
        if self.is_busy:
            self.do(lambda: None, lambda _: act())
        else:
            act()

    def finish(self) -> None:
        """Run the jobs that are left in this thread, when no worker runs any more."""
        finished(self._work())

    def _start(self) -> None:
        task = Task(self._work, self._executor)
        task.progressed.connect(lambda call: call())
        task.finished.connect(self._on_finished)
        task.start()

    def _work(self) -> Generator[Callable[[], object], None, None]:
        """Yields what to call in the GUI thread."""
        while self._begun < len(self._jobs):
            job = self._jobs[self._begun]
            self._begun += 1
            try:
                delivery = partial(job.then, job.act())
            except Exception as error:
                delivery = partial(job.failed, error)
            yield delivery

    def _on_finished(self) -> None:
        del self._jobs[: self._begun]
        self._begun = 0
        if self._jobs:
            self._start()


class RepeatedJob(Generic[T]):
    """A job that stands in a queue once at most, however often it is asked for.

    Parameters
    ----------
    queue : SerialQueue
        Runs it.
    act : callable
        Called in a worker.
    then, failed : callable
        Called in the GUI thread with the result of `act`, or its error.
    """

    def __init__(
        self,
        queue: SerialQueue,
        act: Callable[[], T],
        then: Callable[[T], object],
        failed: Failed,
    ) -> None:
        self._queue, self._act = queue, act
        self._then, self._failed = then, failed
        self._is_queued = False

    def do(self) -> None:
        """Add the job to the queue, unless it is there already."""
        if not self._is_queued:
            self._is_queued = True
            self._queue.do(self._act, self._on_done, self._on_failed)

    def _on_done(self, result: T) -> None:
        self._is_queued = False
        self._then(result)

    def _on_failed(self, error: Exception) -> None:
        self._is_queued = False
        self._failed(error)

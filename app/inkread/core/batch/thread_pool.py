"""The same work on many things, on all cores, results in order: bounded however many there are.

OpenCV, Pillow and onnxruntime let go of Python's lock while they compute, so that threads gain on
large pictures; on small ones, where most of the time goes into Python itself, they gained nothing.
They live no longer than the generator.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

#: So many results may wait for an earlier one that takes longer, for each worker.
_AHEAD = 4


def cores() -> int:
    """How many threads this process may run at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    items: Iterable[A], work: Callable[[A], B], workers: int = 0
) -> Generator[B, None, None]:
    """Yield ``work(item)`` for every item, in the order of the items.

    Parameters
    ----------
    items : iterable
        Taken one by one, as the work goes on.
    work : callable
        Called in several threads at once. What it raises is raised where its result would come.
    workers : int
        How many threads; 0: as many as there are cores. 1: none, the caller's does the work.

    Yields
    ------
    object
        What ``work`` returned. No more than a few results for each worker are ever waiting.
    """
    workers = workers or cores()
    if workers == 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="parallel")
    coming: deque[Future[B]] = deque()
    try:
        for item in items:
            coming.append(pool.submit(work, item))
            if len(coming) > _AHEAD * workers:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
    finally:
        # What has begun is waited for: a thread that outlives this may use what is closed then.
        pool.shutdown(cancel_futures=True)

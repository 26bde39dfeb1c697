"""A map over threads: results in order, memory bounded.

OpenCV, Pillow and onnxruntime release the interpreter lock while they compute, so threads help with
large pictures; with small ones, where Python takes most of the time, they gained nothing. The
threads end with the generator.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

#: At most this many results for each thread wait for an earlier one; bounds the memory.
_AHEAD = 4


def cores() -> int:
    """Number of cores that this process may use."""
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
        Taken one by one as the work proceeds.
    work : callable
        Called in several threads at once. Its exceptions are raised in place of its result.
    workers : int
        Threads; 0: as many as there are cores; 1: the caller's thread does the work.

    Yields
    ------
    object
        What ``work`` returned.
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
        # Wait for running work: a thread that outlived this might use what its caller then closes.
        pool.shutdown(cancel_futures=True)

"""Prepare the next item in a thread while the last one is used: see tests/test_layers.py.

A training step runs in onnxruntime, which releases Python's lock; the next batch is drawn and
augmented meanwhile. The thread ends with the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def prefetch(count: int, make: Callable[[int], T]) -> Generator[T, None, None]:
    """Yield make(0) ... make(count - 1), and prepare the next item while one is used.

    Parameters
    ----------
    count : int
        Number of items.
    make : callable
        Called in another thread, one call at a time. When item k is yielded, the user is done
        with item k - 1, whose memory ``make(k + 1)`` may use.

    Yields
    ------
    object
        The result of ``make``; its exceptions are raised here.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="prefetch") as pool:
        pending = [pool.submit(make, 0)] if count > 0 else []
        for next_index in range(1, count + 1):
            item = pending.pop().result()
            if next_index < count:
                pending.append(pool.submit(make, next_index))
            yield item

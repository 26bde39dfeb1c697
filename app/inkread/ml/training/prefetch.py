"""Makes the next item beside the use of the last one, with a thread: see tests/test_layers.py.

A training step runs in onnxruntime, which lets go of Python's lock; the next batch is drawn
and augmented meanwhile. The thread lives no longer than the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def prefetch(count: int, make: Callable[[int], T]) -> Generator[T, None, None]:
    """Yield make(0) ... make(count - 1); while one is used, the next one is being made.

    Parameters
    ----------
    count : int
        How many.
    make : callable
        Called in another thread, one call at a time. When item k is yielded, the user is done
        with item k - 1, whose memory ``make(k + 1)`` may use.

    Yields
    ------
    object
        What ``make`` returned; what it raised is raised here.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="prefetch") as pool:
        coming = [pool.submit(make, 0)] if count > 0 else []
        for following in range(1, count + 1):
            item = coming.pop().result()
            if following < count:
                coming.append(pool.submit(make, following))
            yield item

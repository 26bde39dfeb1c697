"""Long work is a generator: each `yield` is progress and a cancel point, `return` the result.

A plain `yield` is a cancel point alone.

Only this file calls `next` on such a generator: a test holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar, overload

S = TypeVar("S")
U = TypeVar("U")
T = TypeVar("T")

#: Work that reports no progress, but can be cancelled.
Steps = Generator[None, None, T]


@overload
def finished(steps: Generator[S, None, T], report: Callable[[S], object] | None = None) -> T: ...
@overload
def finished(
    steps: Generator[S, None, T],
    report: Callable[[S], object] | None = None,
    *,
    is_cancelled: Callable[[], bool],
) -> T | None: ...
def finished(
    steps: Generator[S, None, T],
    report: Callable[[S], object] | None = None,
    *,
    is_cancelled: Callable[[], bool] | None = None,
) -> T | None:
    """Run a generator to its end in this thread.

    Parameters
    ----------
    steps : generator
        Closed in any case.
    report : callable, optional
        Called with each step.
    is_cancelled : callable, optional
        Asked before each step whether to stop there.

    Returns
    -------
    object
        The generator's result; None if it was cancelled.
    """
    with closing(steps):
        while is_cancelled is None or not is_cancelled():
            try:
                step = next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            if report is not None:
                report(step)
    return None


def mapped(steps: Generator[S, None, T], change: Callable[[S], U | None]) -> Generator[U, None, T]:
    """The same work with each step as `change` makes it; None leaves the step out."""
    with closing(steps):
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            changed = change(step)
            if changed is not None:
                yield changed

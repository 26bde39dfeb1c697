"""Progress on a terminal's standard error; elsewhere nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from typing import Any, Protocol, TypeVar

from tqdm import tqdm

from inkread.core.generators import finished


class Step(Protocol):
    """A step of long work; so much is done."""

    @property
    def done(self) -> int: ...


S = TypeVar("S", bound=Step)
T = TypeVar("T")


def bar(total: float | None, **settings: Any) -> Any:
    """A bar of tqdm's, shown only on a terminal.

    Parameters
    ----------
    total : float or None
        Where it ends, if somebody knows. Of less than two steps there is no bar.
    settings
        As tqdm takes them.
    """
    tqdm.monitor_interval = 0  # no thread for a bar
    is_long = total is None or total > 1
    wanted = is_long and sys.stderr is not None and sys.stderr.isatty()
    size = {"ncols": _columns(), "nrows": 24} if wanted else {}
    return tqdm(total=total, disable=not wanted, leave=False, **size, **settings)


def followed(
    steps: Generator[S, None, T], at: Callable[[S], object], bar_of: Callable[[S], Any]
) -> T:
    """Go through steps to their result, with a bar for each thing that they are at: `at` tells
    what that is, and `bar_of` makes its bar of the first step there.
    """
    shown: Any = None
    now: object = None

    def show(step: S) -> None:
        nonlocal shown, now
        if shown is None or at(step) != now:
            if shown is not None:
                shown.close()
            now, shown = at(step), bar_of(step)
        shown.update(step.done - shown.n)

    try:
        return finished(steps, show)
    finally:
        if shown is not None:
            shown.close()


def _columns() -> int:
    """Width of the terminal; some say 0, of which tqdm would make no bar at all."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80

"""Progress on a terminal's standard error; elsewhere nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from typing import Any, Protocol, TypeVar

from tqdm import tqdm

from inkread.core.escapes import elided, visible
from inkread.core.generators import finished

#: Maximum length of what a bar is about, characters; *chosen* to leave room for the bar.
_MAX_NAME = 40


class Step(Protocol):
    """A step of long work, with the amount done."""

    @property
    def done(self) -> int: ...


S = TypeVar("S", bound=Step)
T = TypeVar("T")


def bar(total: float | None, **settings: Any) -> Any:
    """A progress bar of tqdm, shown on a terminal only.

    Parameters
    ----------
    total : float or None
        Its end, if known. No bar is shown for fewer than two steps.
    settings
        Further arguments of tqdm.
    """
    if "desc" in settings:
        settings["desc"] = elided(visible(settings["desc"]), _MAX_NAME)
    tqdm.monitor_interval = 0  # no monitor thread
    is_long = total is None or total > 1
    is_shown = is_long and sys.stderr is not None and sys.stderr.isatty()
    size = {"ncols": _columns(), "nrows": 24} if is_shown else {}
    return tqdm(total=total, disable=not is_shown, leave=False, **size, **settings)


def followed(
    steps: Generator[S, None, T], at: Callable[[S], object], bar_of: Callable[[S], Any]
) -> T:
    """Run steps to their result, with a bar for each phase.

    Parameters
    ----------
    steps : generator
        Yields steps, returns the result.
    at : callable
        Step -> its phase.
    bar_of : callable
        First step of a phase -> its bar.
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
    """Width of the terminal, or 80 if it reports 0, for which tqdm would show no bar."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80

"""Progress on a terminal's standard error; elsewhere nothing."""

from __future__ import annotations

import os
import sys
from typing import Any

from tqdm import tqdm


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


def _columns() -> int:
    """Width of the terminal; some say 0, of which tqdm would make no bar at all."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80

"""Notices what other windows and commands change in the user's folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from inkread.data.file_watch import FileWatch
from inkread.services.background.tasks import Lookout

#: Time from one look to the next, s. *Chosen*: with the reading of what changed, within a second;
#: a look takes 0.1 ms.
_INTERVAL = 0.4


class OtherWindows(QObject):
    """Looks at files in a thread of its own; calls who reads them when they have changed.

    Parameters
    ----------
    watched : sequence of (sequence of Path, callable)
        Files and folders, and what to call in the GUI thread when they have changed.
    """

    def __init__(
        self,
        watched: Sequence[tuple[Sequence[Path], Callable[[], object]]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        watches = [(FileWatch(paths), found) for paths, found in watched]
        self._lookout = Lookout(
            lambda: (found for watch, found in watches if watch.has_changed()), _INTERVAL
        )

    @property
    def interval(self) -> float:
        """Time from one look to the next, s."""
        return self._lookout.interval

    @property
    def is_active(self) -> bool:
        return self._lookout.is_active

    def set_active(self, is_active: bool) -> None:
        """Look at once and from now on, or no more: what nobody sees need not be followed."""
        self._lookout.set_active(is_active)

    def stop(self) -> None:
        """Look no more; the program ends."""
        self._lookout.stop()

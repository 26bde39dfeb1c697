"""Whether files were changed, by whatever process: by their time, size and identity."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

#: How often after a change files count as changed again. A second change within one tick of the
#: file system's clock leaves no trace: 2 s on FAT, 4 ms and less on others. *Chosen*: 2 s at
#: two and a half looks a second.
_SETTLING_LOOKS = 5


class FileWatch:
    """Looks at files and folders; of a folder, files that come, go or are replaced are seen.

    Looking costs one call of the system for each path. Notifications of the system are no
    substitute: they are lost when a file is replaced, and do not come from network file systems.

    Parameters
    ----------
    paths : sequence of Path
        They need not exist.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._last: tuple[object, ...] | None = None
        self._left = 0

    def has_changed(self) -> bool:
        """Whether something changed since the last look, or lately; true at the first look.

        What cannot be looked at (a network that is gone) has not changed.
        """
        try:
            found = tuple(map(_signature, self._paths))
        except OSError:
            return False
        if found != self._last:
            self._last, self._left = found, _SETTLING_LOOKS
            return True
        self._left -= self._left > 0
        return self._left > 0


def _signature(path: Path) -> tuple[int, int, int] | None:
    """None: it is missing or empty, as the log that readers of SQLite make.

    Folders have no size on Windows.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - a third of the time of Path.stat
    except FileNotFoundError:
        return None
    if stat.S_ISREG(found.st_mode) and not found.st_size:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

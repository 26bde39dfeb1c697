"""Which files this process has checked: a check reads all of a file, and once is enough.

What this process changes itself needs no other check. What anybody else changes is seen by the
size, the times and the identity of the file and its log.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

#: Minimum age of a change, ns; a younger file may change again within one tick of the system's
#: clock, which leaves its time the same. *Chosen*: ticks are 1 to 16 ms, of FAT 2 s.
_RECENT = 2_000_000_000
#: Files whose content counts, by what is added to the name.
_SUFFIXES = ("", "-wal", "-journal")

#: Identity, size and times of each of the files; None: it is missing.
Stamp = tuple[tuple[int, ...] | None, ...]


@dataclass(slots=True, eq=False)
class Content:
    """Content of a file, from one change by somebody else to the next.

    Attributes
    ----------
    stamp : tuple
        Of the file as this process left it.
    is_checked : bool
        Whether it was found to be good.
    """

    stamp: Stamp
    is_checked: bool = False


_contents: dict[Path, Content] = {}


def content_of(path: Path) -> Content:
    """Content of a file; another object than before if anybody else has changed it.

    Parameters
    ----------
    path : Path
        The file; its lock is held.
    """
    stamp = _stamp(path)
    known = _contents.get(path)
    if known is None or known.stamp != stamp:
        is_new = not any(stamp)  # this process begins it
        known = _contents[path] = Content(stamp, is_new)
    return known


@contextmanager
def own_work(path: Path) -> Iterator[Content]:
    """Within this context, whatever changes in a file is the work of this process.

    Parameters
    ----------
    path : Path
        The file; its lock is held.
    """
    content = content_of(path)
    try:
        yield content
    finally:
        stamp = _stamp(path)
        if stamp != content.stamp:
            _date(path)
            content.stamp = _stamp(path)


def _date(path: Path) -> None:
    """Give a file a time that no tick of the system's clock gives it again."""
    with suppress(OSError):  # somebody else's file: what is changed in the same tick is missed
        found, now = path.stat(), time.time_ns()
        if 0 <= now - found.st_mtime_ns < _RECENT:
            os.utime(path, ns=(found.st_atime_ns, now))


def _stamp(path: Path) -> Stamp:
    return tuple(_facts(path.with_name(path.name + suffix)) for suffix in _SUFFIXES)


def _facts(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

"""One process at a time: a lock that goes when its holder does, however that ends."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock that the file `path` stands for.

    It is SQLite's lock of an empty database: the only one in the standard library that is the
    same on every system, waits, excludes threads too, and is let go of by the system when the
    process is killed.

    Parameters
    ----------
    path : Path
        Made if it is not there, and left there; nothing is ever written to it.
    patience : float
        How long to wait for another holder, seconds.

    Raises
    ------
    BlockingIOError
        If another still holds it.
    OSError
        If the file cannot be had.
    """
    with closing(_acquired(path, patience)):
        yield


def _acquired(path: Path, patience: float) -> sqlite3.Connection:
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
        connection.execute("PRAGMA journal_mode = MEMORY")  # no second file
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            reason = "another Inkread is changing it"
            raise BlockingIOError(errno.EWOULDBLOCK, reason) from error
        raise OSError(errno.EIO, f"its lock file cannot be had: {error}") from error
    return connection

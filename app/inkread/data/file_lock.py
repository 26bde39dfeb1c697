"""One process at a time: a lock that goes when its holder does, however that ends."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def locked(path: Path, timeout: float) -> Iterator[None]:
    """Hold the lock that the file `path` stands for.

    Threads are excluded too, and the system releases the lock when the process is killed.

    Parameters
    ----------
    path : Path
        Created if it is missing; what is in it does not matter.
    timeout : float
        Maximum wait for another holder, s.

    Raises
    ------
    BlockingIOError
        If another still holds it.
    OSError
        If the file cannot be opened or locked.
    """
    # A file system without flock is an error: a marker file would outlive a killed process.
    lock = FileLock(path, timeout=timeout, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise BlockingIOError(errno.EWOULDBLOCK, "another Inkread is changing it") from error
    except OSError as error:
        reason = f"its lock file cannot be opened: {error.strerror or error}"
        raise OSError(error.errno or errno.EIO, reason) from error
    try:
        yield
    finally:
        lock.release()

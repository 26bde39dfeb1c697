"""One process at a time: a lock that goes when its holder does, however that ends."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

#: Errors of file systems that know no locks.
_NO_LOCKS = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}


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


class HeldLock:
    """A lock that is held until it is released, or the process ends."""

    def __init__(self, lock: BaseFileLock) -> None:
        self._lock = lock
        self._identity = self._identity_now()

    @property
    def is_valid(self) -> bool:
        """Whether its file is still there; if it was deleted or moved, others can hold it too."""
        identity = self._identity_now()
        return identity is not None and identity == self._identity

    def release(self, is_needed: bool = True) -> None:
        """Let others have it; one that is not needed any more leaves no file."""
        if is_needed or not self.is_valid:
            self._lock.release()
            return
        path = Path(self._lock.lock_file)
        if sys.platform == "win32":  # where open files cannot be deleted
            self._lock.release()
        with suppress(OSError):  # filelock minds that another may have opened it
            path.unlink()
        self._lock.release()

    def _identity_now(self) -> tuple[int, int] | None:
        """Device and inode of its file, which no other file has while it is open."""
        try:
            found = Path(self._lock.lock_file).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def try_to_hold(path: Path) -> HeldLock | None:
    """Hold the lock that the file `path` stands for, whatever thread releases it; None: it is held.

    On a file system without locks, a marker beside it takes its place. It holds process, host and
    start time: that of a process that is gone is taken over on the same host.

    Raises
    ------
    OSError
        If the file cannot be made.
    """
    try:
        return _held(FileLock(path, 0, thread_local=False, fallback_to_soft=False))
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    with suppress(OSError):
        path.unlink()
    marker = path.with_name(path.name + ".marker")
    return _held(SoftFileLock(marker, 0, thread_local=False))


def _held(lock: BaseFileLock) -> HeldLock | None:
    try:
        lock.acquire()
    except Timeout:
        return None
    return HeldLock(lock)

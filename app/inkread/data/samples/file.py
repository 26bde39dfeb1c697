"""The file of the sample store: opened only while in use, set aside if damaged.

====================  =========================================================================
``samples.db``        SQLite, write-ahead log (``-wal``, ``-shm`` beside it while in use)
``.samples.lock``     held while writing, and while opening the file
``samples-damaged-*`` a damaged file, renamed and otherwise unchanged
====================  =========================================================================
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from inkread.core.errors import (
    InkreadError,
    SamplesFailed,
    SamplesForeign,
    SamplesSetAside,
    SamplesUnreadable,
)
from inkread.data.file_lock import locked
from inkread.data.samples.schema import MIGRATIONS, ForeignStore, is_current, migrate

#: Maximum wait for another window or process, s.
LOCK_TIMEOUT = 10.0
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
#: SQLite's errors where it cannot write, including its auxiliary files.
_CANNOT_WRITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
#: Minimum free space for a change, bytes.
_MIN_FREE_BYTES = 1 << 18
_LOG, _INDEX = "-wal", "-shm"
_HEADER, _MAGIC = 100, b"SQLite format 3\0"


class SampleFile:
    """A file of samples. It is not kept open: threads and processes may share it."""

    def __init__(
        self,
        path: Path,
        timeout: float = LOCK_TIMEOUT,
        steps: Sequence[Sequence[str]] = MIGRATIONS,
    ) -> None:
        self.path = path
        self._timeout = timeout
        self._steps = steps

    def check(self) -> SamplesSetAside | None:
        """Check the whole file and migrate it; set it aside if it is damaged.

        Returns
        -------
        SamplesSetAside or None
            To be reported, if it was set aside.

        Raises
        ------
        SamplesForeign
            If a newer or another program made it; it is not changed.
        SamplesUnreadable
            If it cannot be opened or set aside.
        """
        with self._as_errors(SamplesUnreadable):
            if not self.path.exists() or self._is_read_only():
                return None
            with self._lock():
                try:
                    self._open(self.path, full_check=True).close()
                except sqlite3.DatabaseError as error:
                    if _is_damage(error):
                        return self._set_aside(str(error))
                    if _code(error) not in _CANNOT_WRITE:  # on a full disk it can still be read
                        raise
        return None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection for reading; None if there is no file yet.

        Raises
        ------
        SamplesUnreadable, SamplesForeign
        """
        with self._as_errors(SamplesUnreadable):
            if not self.path.exists():
                yield None
                return
            with ExitStack() as stack:
                yield self._connect(stack)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction, committed at the end or rolled back.

        Raises
        ------
        SamplesFailed, SamplesForeign
        """
        with self._as_errors(SamplesFailed):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with (
                self._lock(),
                closing(self._open(self.path)) as connection,
                _transaction(connection),
            ):
                yield connection

    def _connect(self, stack: ExitStack) -> sqlite3.Connection:
        """A connection for reading; to a copy if SQLite cannot write its auxiliary files."""
        if self._is_read_only():
            return stack.enter_context(self._copy())
        with self._lock():  # prevents setting the file aside meanwhile
            try:
                return stack.enter_context(closing(self._open(self.path)))
            except sqlite3.OperationalError as error:
                if _code(error) not in _CANNOT_WRITE:
                    raise
                return stack.enter_context(self._copy())

    def _lock(self) -> AbstractContextManager[None]:
        return locked(self.path.with_name(f".{self.path.stem}.lock"), self._timeout)

    def _open(self, path: Path, full_check: bool = False) -> sqlite3.Connection:
        """Open and migrate a file; with `full_check`, verify its integrity too."""
        _check_header(path)
        connection = sqlite3.connect(path, timeout=self._timeout, isolation_level=None)
        try:
            current = is_current(connection, self._steps)  # before any change
            if full_check or not current:
                _check_sound(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # saved data survive a power failure
            connection.execute("PRAGMA foreign_keys = ON")
            if not current:
                with _transaction(connection):
                    migrate(connection, self._steps)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self, damage: str) -> SamplesSetAside:
        """Rename the file and its log.

        The log is renamed first, and both names contain the time of the file's last change: after
        a kill in between, the next process arrives at the same name.
        """
        last = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        stem = f"{self.path.stem}-damaged-{last:%Y%m%d-%H%M%S}"
        names = (f"{stem}{f'-{n}' if n else ''}{self.path.suffix}" for n in count())
        kept = next(p for p in map(self.path.with_name, names) if not p.exists())
        log = _sibling(self.path, _LOG)
        if log.exists():
            log.replace(_sibling(kept, _LOG))
        self.path.replace(kept)
        _sibling(self.path, _INDEX).unlink(missing_ok=True)
        return SamplesSetAside(name=str(self.path), reason=damage, kept=kept.name)

    def _is_read_only(self) -> bool:
        """Whether writing is not permitted: SQLite creates auxiliary files even for reading."""
        return not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))

    @contextmanager
    def _copy(self) -> Iterator[sqlite3.Connection]:
        """A connection to a temporary copy."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.path.name
            shutil.copyfile(self.path, copy)
            with suppress(FileNotFoundError):
                shutil.copyfile(_sibling(self.path, _LOG), _sibling(copy, _LOG))
            with closing(self._open(copy, full_check=True)) as connection:
                yield connection

    @contextmanager
    def _as_errors(self, kind: type[InkreadError]) -> Iterator[None]:
        """Convert errors of SQLite and the system to errors with a sentence."""
        name = str(self.path)
        try:
            yield
        except ForeignStore as error:
            raise SamplesForeign(name=name, reason=str(error)) from error
        except (sqlite3.Error, OSError) as error:
            raise kind(name=name, reason=self._reason(error)) from error

    def _reason(self, error: sqlite3.Error | OSError) -> str:
        if isinstance(error, OSError):
            return error.strerror or str(error)
        if _is_damage(error):
            return "their file is damaged, which the next start puts right"
        if _code(error) in _CANNOT_WRITE and _is_full(self.path.parent):
            return "the disk is full"
        return str(error)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite has rolled back itself
            connection.execute("ROLLBACK")
        raise


def _check_header(path: Path) -> None:
    """Reject a wrong header before SQLite opens the file, which would delete its log."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except FileNotFoundError:
        return
    versions = head[18:20]
    if head and not (head.startswith(_MAGIC) and versions in (b"\1\1", b"\2\2")):
        raise _Damaged("it does not begin like a database")


def _check_sound(connection: sqlite3.Connection) -> None:
    (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if result != "ok":
        raise _Damaged(" ".join(result.split()))


class _Damaged(sqlite3.DatabaseError):
    """A check of the file found damage."""


def _is_damage(error: sqlite3.Error) -> bool:
    return isinstance(error, _Damaged) or _code(error) in _DAMAGE


def _code(error: sqlite3.Error) -> int:
    """The primary result code of an SQLite error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _MIN_FREE_BYTES
    except OSError:
        return False


def _sibling(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)

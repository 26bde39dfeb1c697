"""The file of the sample store: opened only while in use, set aside if damaged.

=====================  ========================================================================
``samples.db``         SQLite, write-ahead log (``-wal``, ``-shm`` beside it while in use)
``.samples.lock``      held while writing, and while opening the file
``samples-damaged-*``  a damaged file, renamed and otherwise unchanged
``.samples-saved.db``  what was saved from a damaged file that is being set aside
=====================  ========================================================================

A file is damaged if its pages do not fit together, or if anything in it is not what this program
writes: other tables, triggers or views, a row of another kind, more of it than is kept. What can
not be read for the moment (locked, not permitted, an error of the disk) and what another program
or a newer one made is left alone.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count, takewhile
from pathlib import Path

from inkread.core.errors import (
    InkreadError,
    SamplesFailed,
    SamplesForeign,
    SamplesFull,
    SamplesSetAside,
    SamplesUnreadable,
)
from inkread.core.files import MEGABYTE
from inkread.data.file_lock import locked
from inkread.data.samples.connection import connect
from inkread.data.samples.limits import MAX_FILE_BYTES
from inkread.data.samples.salvage import Salvaged, readable, salvage
from inkread.data.samples.schema import MIGRATIONS, Damaged, ForeignStore, is_current, migrate
from inkread.data.samples.soundness import check_pages, check_rows

#: Maximum wait for another window or process, s.
LOCK_TIMEOUT = 10.0
#: SQLite's errors where a file is damaged. It is interrupted after too many steps.
_DAMAGE = (
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
    *(sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_INTERRUPT),
)
#: SQLite's errors where it cannot write, including its auxiliary files.
_CANNOT_WRITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
#: Minimum free space for a change, bytes.
_MIN_FREE_BYTES = 1 << 18
_LOG, _INDEX, _JOURNAL = "-wal", "-shm", "-journal"
_HEADER, _MAGIC = 100, b"SQLite format 3\0"
#: Maximum length of a reason, characters. Chosen: SQLite's own are shorter.
_MAX_REASON = 120
#: Maximum size of each file, bytes. A log holds one transaction, with a head for each page.
_MAX_BYTES = {
    "": MAX_FILE_BYTES,
    _LOG: 2 * MAX_FILE_BYTES,
    _INDEX: MAX_FILE_BYTES,
    _JOURNAL: 2 * MAX_FILE_BYTES,
}


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
            if not self._is_there() or self._is_read_only():
                return None
            with self._lock():
                return self._finish_setting_aside() or self._check()

    def _check(self) -> SamplesSetAside | None:
        try:
            self._open(self.path, full_check=True).close()
        except sqlite3.Error as error:
            if _is_damage(error):
                return self._set_aside(_sentence(error))
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
            if not self._is_there():
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
        SamplesFull
            If the file would take more room than is kept; nothing is changed.
        """
        with self._as_errors(SamplesFailed):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock():
                self._finish_setting_aside()
                with closing(self._open(self.path)) as connection, _transaction(connection):
                    yield connection
                    _check_size(connection, self.path)

    def _connect(self, stack: ExitStack) -> sqlite3.Connection:
        """A connection for reading; to a copy if SQLite cannot write its auxiliary files."""
        if self._is_read_only():
            return stack.enter_context(self._copy())
        with self._lock():  # prevents setting the file aside meanwhile
            self._finish_setting_aside()
            try:
                return stack.enter_context(closing(self._open(self.path)))
            except sqlite3.OperationalError as error:
                if _code(error) not in _CANNOT_WRITE:
                    raise
                return stack.enter_context(self._copy())

    def _lock(self) -> AbstractContextManager[None]:
        return locked(self.path.with_name(f".{self.path.stem}.lock"), self._timeout)

    def _open(self, path: Path, full_check: bool = False) -> sqlite3.Connection:
        """Open and migrate a file; with `full_check`, verify all that is in it too."""
        _check_file(path)
        connection = connect(path, self._timeout)
        try:
            current = self._is_current(connection)  # before any change
            if full_check or not current:
                check_pages(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # saved data survive a power failure
            connection.execute("PRAGMA foreign_keys = ON")
            if not current:
                with _transaction(connection):
                    migrate(connection, self._steps)
            if full_check:
                check_rows(connection)
        except UnicodeDecodeError as error:  # SQLite quotes the damaged text in its message
            connection.close()
            raise Damaged("a text in it cannot be read") from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_current(self, connection: sqlite3.Connection) -> bool:
        try:
            return is_current(connection, self._steps)
        except sqlite3.OperationalError as error:
            if _code(error) == sqlite3.SQLITE_ERROR:  # a schema of an unknown format
                raise Damaged(str(error)) from error
            raise

    def _set_aside(self, damage: str) -> SamplesSetAside:
        """Rename the file and its log, and put a new file with its readable samples in its place.

        The new file is complete before anything is renamed. The log is renamed first, and both
        names contain the time of the file's last change: after a kill in between, the next process
        does all of it again and arrives at the same names. After a kill when the file is renamed,
        it only puts the new file in its place.
        """
        kept = next(path for path in self._names() if not path.exists())
        log = _sibling(self.path, _LOG)
        saved = self._save(log if log.exists() else _sibling(kept, _LOG))
        for suffix in (_LOG, _JOURNAL):
            _move(_sibling(self.path, suffix), _sibling(kept, suffix))
        _sibling(self.path, _INDEX).unlink(missing_ok=True)
        self.path.replace(kept)
        if saved.saved:
            self._saved.replace(self.path)
        return SamplesSetAside(
            name=str(self.path), reason=damage, kept=kept.name, saved=saved.saved, lost=saved.lost
        )

    def _save(self, log: Path) -> Salvaged:
        """Save the readable samples into a file aside; none is made without any."""
        part = self.path.with_name(f".{self.path.stem}-part{self.path.suffix}")
        try:
            saved = salvage(self.path, log, part, self._steps)
            time = self.path.stat().st_mtime_ns
            os.utime(part, ns=(time, time))  # finds the name of the damaged file again
            if saved.saved:
                part.replace(self._saved)
            return saved
        finally:
            part.unlink(missing_ok=True)

    def _finish_setting_aside(self) -> SamplesSetAside | None:
        """Put the saved samples in the place of the file that was renamed; else forget them."""
        if not self._saved.exists():
            return None
        if self.path.exists():  # it was not renamed yet, and is looked at again
            self._saved.unlink()
            return None
        kept = list(takewhile(Path.exists, self._names(self._saved)))
        self._saved.replace(self.path)
        if not kept:
            return None
        found = readable(kept[-1], _sibling(kept[-1], _LOG))
        return SamplesSetAside(
            name=str(self.path),
            reason="it had been found out before",
            kept=kept[-1].name,
            saved=found.saved,
            lost=found.lost,
        )

    def _names(self, dated: Path | None = None) -> Iterator[Path]:
        """Names for the damaged file, by the time of its last change."""
        stem = f"{self.path.stem}-damaged-{_time_of(dated or self.path):%Y%m%d-%H%M%S}"
        names = (f"{stem}{f'-{n}' if n else ''}{self.path.suffix}" for n in count())
        return map(self.path.with_name, names)

    @property
    def _saved(self) -> Path:
        return self.path.with_name(f".{self.path.stem}-saved{self.path.suffix}")

    def _is_there(self) -> bool:
        return self.path.exists() or self._saved.exists()

    def _is_read_only(self) -> bool:
        """Whether writing is not permitted: SQLite creates auxiliary files even for reading."""
        is_kept = self.path.exists() and not os.access(self.path, os.W_OK)
        return is_kept or not os.access(self.path.parent, os.W_OK)

    @contextmanager
    def _copy(self) -> Iterator[sqlite3.Connection]:
        """A connection to a temporary copy."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.path.name
            _check_file(self.path)  # before its size and kind matter
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
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise kind(name=name, reason=self._reason(error)) from error

    def _reason(self, error: sqlite3.Error | OSError | UnicodeDecodeError) -> str:
        if isinstance(error, OSError):
            return error.strerror or str(error)
        if isinstance(error, UnicodeDecodeError) or _is_damage(error):
            return "their file is damaged, which the next start puts right"
        if _code(error) in _CANNOT_WRITE and _is_full(self.path.parent):
            return "the disk is full"
        return _sentence(error)


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


def _check_file(path: Path) -> None:
    """Reject what SQLite must not open: it would wait for a pipe, and delete the log of a file
    with a wrong header."""
    for one in (path, *(_sibling(path, suffix) for suffix in (_LOG, _INDEX, _JOURNAL))):
        with suppress(FileNotFoundError):
            found = one.stat()
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, f"{one.name} is not a file")
            if found.st_size > _MAX_BYTES[one.name.removeprefix(path.name)]:
                raise Damaged(f"{one.name} is larger than this program makes it")
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except FileNotFoundError:
        return
    versions = head[18:20]
    if head and not (head.startswith(_MAGIC) and versions in (b"\1\1", b"\2\2")):
        raise Damaged("it does not begin like a database")


def _move(path: Path, target: Path) -> None:
    """Rename a file if it is there; never over another one."""
    if path.exists():
        names = (f"{target.name}{f'-{n}' if n else ''}" for n in count())
        path.replace(next(p for p in map(target.with_name, names) if not p.exists()))


def _check_size(connection: sqlite3.Connection, path: Path) -> None:
    (pages,), (size,) = (
        connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    if pages * size > MAX_FILE_BYTES:
        raise SamplesFull(name=str(path), limit=MAX_FILE_BYTES // MEGABYTE)


def _time_of(path: Path) -> datetime:
    """Time of the last change of a file; the earliest if that is impossible."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def _sentence(error: Exception) -> str:
    """What SQLite says, on one line and cut short: it quotes the schema of the file."""
    return " ".join(str(error).split())[:_MAX_REASON]


def _is_damage(error: sqlite3.Error) -> bool:
    return isinstance(error, Damaged) or _code(error) in _DAMAGE


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

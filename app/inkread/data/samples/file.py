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
from collections.abc import Callable, Iterator, Sequence
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
from inkread.data.samples.checked import content_of, own_work
from inkread.data.samples.connection import connect
from inkread.data.samples.limits import MAX_FILE_BYTES
from inkread.data.samples.salvage import Salvaged, readable, salvage
from inkread.data.samples.schema import MIGRATIONS, Damaged, ForeignStore, is_current, migrate
from inkread.data.samples.soundness import check_counts, check_pages, check_rows

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
_NO_TEXT = "a text in it cannot be read"
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
        report: Callable[[SamplesSetAside], object] = lambda _: None,
    ) -> None:
        """Call `report`, in the thread that finds it, when a damaged file was set aside."""
        self.path = path
        self._timeout = timeout
        self._steps = steps
        self._report = report

    @property
    def is_there(self) -> bool:
        """Whether there is a file, or one that is being put in its place."""
        return self.path.exists() or self._saved.exists()

    def check(self) -> SamplesSetAside | None:
        """Check the whole file and migrate it; set it aside if it is damaged.

        The rows are read once, and again only when somebody else has changed the file; others may
        use it meanwhile.

        Returns
        -------
        SamplesSetAside or None
            If it was set aside; it is reported too.

        Raises
        ------
        SamplesForeign
            If a newer or another program made it; it is not changed.
        SamplesUnreadable
            If it cannot be opened or set aside.
        """
        with self._as_errors(SamplesUnreadable):
            if not self.is_there or self._is_read_only():
                return None
            with self._lock():
                if (notice := self._finish_setting_aside()) is not None:
                    return notice
                content = content_of(self.path)
                try:
                    connection = self._open_for_check()
                except sqlite3.Error as error:
                    return self._on_failed_check(error)
            try:
                if not content.is_checked:
                    _check_all(connection)
                    content.is_checked = True
                return None
            except sqlite3.Error as error:
                if not _is_damage(error):
                    self._on_failed_check(error)
                    return None
            finally:
                self._close(connection)
            with self._lock():  # nobody changes it or sets it aside meanwhile
                return self._finish_setting_aside() or self._check_alone()

    def _open_for_check(self) -> sqlite3.Connection:
        with own_work(self.path):  # a migration
            return self._open(self.path, is_for_check=True)

    def _check_alone(self) -> SamplesSetAside | None:
        try:
            with own_work(self.path) as content, closing(self._open_for_check()) as connection:
                _check_all(connection)
            content.is_checked = True
        except sqlite3.Error as error:
            return self._on_failed_check(error)
        return None

    def _on_failed_check(self, error: sqlite3.Error) -> SamplesSetAside | None:
        if _is_damage(error):
            return self._set_aside(_sentence(error))
        if _code(error) not in _CANNOT_WRITE:  # on a full disk it can still be read
            raise error
        return None

    def _close(self, connection: sqlite3.Connection) -> None:
        """Close a connection; the last one writes the log into the file."""
        closed, is_alone = closing(connection), locked(self._lock_path, timeout=0)
        with closed, suppress(OSError), is_alone, own_work(self.path):
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection for reading; None if there is no file yet.

        Raises
        ------
        SamplesUnreadable, SamplesForeign
        """
        with self._as_errors(SamplesUnreadable):
            if not self.is_there:
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
                self._move_orphans()
                with (
                    own_work(self.path),
                    closing(self._open(self.path)) as connection,
                    _transaction(connection),
                ):
                    yield connection
                    _check_size(connection, self.path)

    def _connect(self, stack: ExitStack) -> sqlite3.Connection:
        """A connection for reading; to a copy if SQLite cannot write its auxiliary files."""
        if self._is_read_only():
            return stack.enter_context(self._copy())
        with self._lock():  # prevents setting the file aside meanwhile
            self._finish_setting_aside()
            try:
                with own_work(self.path):
                    connection = self._open(self.path)
                stack.callback(self._close, connection)
                return connection
            except sqlite3.OperationalError as error:
                if _code(error) not in _CANNOT_WRITE:
                    raise
                return stack.enter_context(self._copy())

    def _lock(self) -> AbstractContextManager[None]:
        return locked(self._lock_path, self._timeout)

    @property
    def _lock_path(self) -> Path:
        return self.path.with_name(f".{self.path.stem}.lock")

    def _open(self, path: Path, is_for_check: bool = False) -> sqlite3.Connection:
        """Open and migrate a file; `is_for_check` changes nothing in a current one."""
        _check_file(path)
        connection = connect(path, self._timeout)
        try:
            current = self._is_current(connection)  # before any change
            if current and is_for_check:
                return connection
            if not current:
                check_pages(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # saved data survive a power failure
            connection.execute("PRAGMA foreign_keys = ON")
            if not current:
                with _transaction(connection):
                    migrate(connection, self._steps)
        except UnicodeDecodeError as error:  # SQLite quotes the damaged text in its message
            connection.close()
            raise Damaged(_NO_TEXT) from error
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

        The new file is complete before anything is renamed. The file is renamed first: after a
        kill before that, the next process finds file and log as they were and does all of it
        again; after a kill behind it, it does the rest before anybody opens the file.
        """
        kept = next(path for path in self._names() if not path.exists())
        saved = self._save()
        self.path.replace(kept)
        self._put_in_place(kept)
        return self._reported(damage, kept, saved)

    def _save(self) -> Salvaged:
        """Save the readable samples into a file aside, which may have none."""
        part = self.path.with_name(f".{self.path.stem}-part{self.path.suffix}")
        try:
            saved = salvage(self.path, _sibling(self.path, _LOG), part, self._steps)
            time = self.path.stat().st_mtime_ns
            os.utime(part, ns=(time, time))  # finds the name of the damaged file again
            part.replace(self._saved)
            return saved
        finally:
            part.unlink(missing_ok=True)

    def _put_in_place(self, kept: Path) -> None:
        """Rename the log of the file that was renamed, and put the saved samples in its place."""
        for suffix in (_LOG, _JOURNAL):
            _move(_sibling(self.path, suffix), _sibling(kept, suffix))
        _sibling(self.path, _INDEX).unlink(missing_ok=True)
        self._saved.replace(self.path)

    def _move_orphans(self) -> None:
        """Rename the logs of a file that is gone: SQLite would delete them, or stop at them."""
        if self.path.exists():
            return
        for suffix in (_LOG, _JOURNAL):
            log = _sibling(self.path, suffix)
            if log.is_file():
                _move(log, _sibling(next(self._names(log)), suffix))
        index = _sibling(self.path, _INDEX)
        if index.is_file():
            index.unlink()

    def _finish_setting_aside(self) -> SamplesSetAside | None:
        """Put the saved samples in the place of the file that was renamed; else forget them."""
        if not self._saved.exists():
            return None
        if self.path.exists():  # it was not renamed yet, and is looked at again
            self._saved.unlink()
            return None
        first = next(self._names(self._saved))
        *_, kept = (first, *takewhile(Path.exists, self._names(self._saved)))
        self._put_in_place(kept)
        if not kept.exists():
            return None
        found = readable(kept, _sibling(kept, _LOG))
        return self._reported("it had been found out before", kept, found)

    def _reported(self, damage: str, kept: Path, saved: Salvaged) -> SamplesSetAside:
        notice = SamplesSetAside(
            name=str(self.path), reason=damage, kept=kept.name, saved=saved.saved, lost=saved.lost
        )
        self._report(notice)
        return notice

    def _names(self, dated: Path | None = None) -> Iterator[Path]:
        """Names for the damaged file, by the time of its last change."""
        stem = f"{self.path.stem}-damaged-{_time_of(dated or self.path):%Y%m%d-%H%M%S}"
        names = (f"{stem}{f'-{n}' if n else ''}{self.path.suffix}" for n in count())
        return map(self.path.with_name, names)

    @property
    def _saved(self) -> Path:
        return self.path.with_name(f".{self.path.stem}-saved{self.path.suffix}")

    def _is_read_only(self) -> bool:
        """Whether writing is not permitted: SQLite creates auxiliary files even for reading."""
        is_kept = self.path.exists() and not os.access(self.path, os.W_OK)
        return is_kept or not os.access(self.path.parent, os.W_OK)

    @contextmanager
    def _copy(self) -> Iterator[sqlite3.Connection]:
        """A connection to a temporary copy."""
        with tempfile.TemporaryDirectory() as folder:
            content = content_of(self.path)
            copy = Path(folder) / self.path.name
            _check_file(self.path)  # before its size and kind matter
            shutil.copyfile(self.path, copy)
            with suppress(FileNotFoundError):
                shutil.copyfile(_sibling(self.path, _LOG), _sibling(copy, _LOG))
            with closing(self._open(copy)) as connection:
                if not content.is_checked:
                    _check_all(connection)
                    content.is_checked = True
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


def _check_all(connection: sqlite3.Connection) -> None:
    try:
        check_counts(connection)
        check_pages(connection)
        check_rows(connection)
    except UnicodeDecodeError as error:  # SQLite quotes the damaged text in its message
        raise Damaged(_NO_TEXT) from error


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
    """SQLite's message on one line, cut short: it quotes the schema of the file."""
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

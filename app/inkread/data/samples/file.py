"""The file of the sample store: opened for a moment at a time, and set aside if it is damaged.

====================  =========================================================================
``samples.db``        SQLite, write-ahead log (``-wal``, ``-shm`` beside it while in use)
``.samples.lock``     held while anything is written, and while the file is opened
``samples-damaged-*`` a damaged file as it was found; never touched again
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

#: How long to wait for another window or process, seconds.
PATIENCE = 10.0
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
#: What SQLite says where it cannot write, be it only the files that it has beside its own.
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
#: With less free space, bytes, a change does not fit.
_LITTLE_ROOM = 1 << 18
_LOG, _INDEX = "-wal", "-shm"
_HEADER, _MAGIC = 100, b"SQLite format 3\0"


class SampleFile:
    """One file of samples. Nothing is kept open: threads and processes may share it."""

    def __init__(
        self,
        path: Path,
        patience: float = PATIENCE,
        steps: Sequence[Sequence[str]] = MIGRATIONS,
    ) -> None:
        self.path = path
        self._patience = patience
        self._steps = steps

    def check(self) -> SamplesSetAside | None:
        """Look the whole file over and bring it up to date; set it aside if it is damaged.

        Returns
        -------
        SamplesSetAside or None
            To be told, if that was done.

        Raises
        ------
        SamplesForeign
            If a newer program, or another one, made it; it is left alone.
        SamplesUnreadable
            If it cannot be opened or set aside.
        """
        with self._told(SamplesUnreadable):
            if not self.path.exists() or self._is_read_only():
                return None
            with self._locked():
                try:
                    self._opened(self.path, thoroughly=True).close()
                except sqlite3.DatabaseError as error:
                    if _is_damage(error):
                        return self._set_aside(str(error))
                    if _code(error) not in _NO_ROOM:  # of a full disk it can still be read
                        raise
        return None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection to read with; None if there is no file yet, and none is made.

        Raises
        ------
        SamplesUnreadable, SamplesForeign
        """
        with self._told(SamplesUnreadable):
            if not self.path.exists():
                yield None
                return
            with ExitStack() as stack:
                yield self._connected(stack)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction, which is all done at the end, or not at all.

        Raises
        ------
        SamplesFailed, SamplesForeign
        """
        with self._told(SamplesFailed):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with (
                self._locked(),
                closing(self._opened(self.path)) as connection,
                _transaction(connection),
            ):
                yield connection

    def _connected(self, stack: ExitStack) -> sqlite3.Connection:
        """A connection to read with, to a copy where SQLite cannot have its files beside it."""
        if self._is_read_only():
            return stack.enter_context(self._copied())
        with self._locked():  # nobody sets the file aside while it is opened
            try:
                return stack.enter_context(closing(self._opened(self.path)))
            except sqlite3.OperationalError as error:
                if _code(error) not in _NO_ROOM:
                    raise
                return stack.enter_context(self._copied())

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self.path.with_name(f".{self.path.stem}.lock"), self._patience)

    def _opened(self, path: Path, thoroughly: bool = False) -> sqlite3.Connection:
        """A connection to a file that is up to date; `thoroughly`: and sound."""
        _check_header(path)
        connection = sqlite3.connect(path, timeout=self._patience, isolation_level=None)
        try:
            current = is_current(connection, self._steps)  # before anything is changed
            if thoroughly or not current:
                _check_sound(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # what is kept survives a power cut
            connection.execute("PRAGMA foreign_keys = ON")
            if not current:
                with _transaction(connection):
                    migrate(connection, self._steps)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self, damage: str) -> SamplesSetAside:
        """Rename the file and its log. The log goes first, and both are named for the time of
        the file's last change: whoever goes on after a kill in between finds the same name.
        """
        last = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        stem = f"{self.path.stem}-damaged-{last:%Y%m%d-%H%M%S}"
        names = (f"{stem}{f'-{n}' if n else ''}{self.path.suffix}" for n in count())
        kept = next(p for p in map(self.path.with_name, names) if not p.exists())
        log = _beside(self.path, _LOG)
        if log.exists():
            log.replace(_beside(kept, _LOG))
        self.path.replace(kept)
        _beside(self.path, _INDEX).unlink(missing_ok=True)
        return SamplesSetAside(name=str(self.path), reason=damage, kept=kept.name)

    def _is_read_only(self) -> bool:
        """Whether nothing may be written here: SQLite makes files beside its own even to read."""
        return not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))

    @contextmanager
    def _copied(self) -> Iterator[sqlite3.Connection]:
        """A connection to a copy elsewhere."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.path.name
            shutil.copyfile(self.path, copy)
            with suppress(FileNotFoundError):
                shutil.copyfile(_beside(self.path, _LOG), _beside(copy, _LOG))
            with closing(self._opened(copy, thoroughly=True)) as connection:
                yield connection

    @contextmanager
    def _told(self, kind: type[InkreadError]) -> Iterator[None]:
        """Whatever goes wrong inside becomes a sentence."""
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
        if _code(error) in _NO_ROOM and _is_full(self.path.parent):
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
    """Refuse what does not begin like SQLite before SQLite does, which would delete its log."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except FileNotFoundError:
        return
    versions = head[18:20]
    if head and not (head.startswith(_MAGIC) and versions in (b"\1\1", b"\2\2")):
        raise _Damaged("it does not begin like a database")


def _check_sound(connection: sqlite3.Connection) -> None:
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise _Damaged(" ".join(said.split()))


class _Damaged(sqlite3.DatabaseError):
    """What a check of the whole file found."""


def _is_damage(error: sqlite3.Error) -> bool:
    return isinstance(error, _Damaged) or _code(error) in _DAMAGE


def _code(error: sqlite3.Error) -> int:
    """The primary code of SQLite's error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LITTLE_ROOM
    except OSError:
        return False


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)

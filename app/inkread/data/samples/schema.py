"""Schema of the sample store, and migrations from every older version."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from itertools import islice
from typing import NoReturn

#: Marks an SQLite file as a sample store ("InkS").
APPLICATION_ID = 0x496E6B53

#: One migration per version: the first makes version 1 out of an empty file. A released migration
#: is never changed; changes are new migrations at the end.
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        """
        CREATE TABLE samples (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 64),
            cell BLOB NOT NULL CHECK (length(cell) = 784),  -- 28 rows of 28, 0 paper to 255 ink
            kind TEXT NOT NULL CHECK (kind IN ('ink', 'page')),
            ink BLOB,  -- as inkread.data.ink_codec says
            picture BLOB,  -- PNG
            source TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('taught', 'confirmed', 'corrected')),
            model TEXT NOT NULL,
            guess TEXT,
            probability REAL CHECK (probability BETWEEN 0 AND 1),
            time TEXT NOT NULL,  -- ISO 8601, UTC
            deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1))
        )
        """,
        "CREATE INDEX samples_by_label ON samples (label) WHERE NOT deleted",
        """
        CREATE TABLE changes (  -- what can be undone, the last one first
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            action TEXT NOT NULL CHECK (action IN ('add', 'relabel', 'delete')),
            time TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE changed (  -- what a sample was before a change
            change INTEGER NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
            sample INTEGER NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
            label TEXT NOT NULL,
            deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
            PRIMARY KEY (change, sample)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX changed_by_sample ON changed (sample)",
    ),
)


#: Tables that SQLite makes itself when it is asked to, as normalised.
_OWN_TABLES = frozenset(
    {
        ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
        (
            *("table", "sqlite_stat4", "sqlite_stat4"),
            "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
        ),
    }
)
#: At most this many tables and the like are looked at; more than any version has. Chosen.
_MAX_OBJECTS = 1000
#: Versions above this are damage, not newer programs. Chosen.
_MAX_VERSION = 1000
_COMMENT, _SPACES = re.compile("--[^\n]*"), re.compile(r"\s+")


class ForeignStore(Exception):
    """Why an intact file must not be changed by this program."""


class Damaged(sqlite3.DatabaseError):
    """A check of the file found damage."""


def is_current(connection: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> bool:
    """Whether all migrations have been applied.

    Raises
    ------
    ForeignStore
        If a newer or another program made the file.
    sqlite3.DatabaseError
        If it is damaged, or holds anything beside the tables of its version.
    """
    version = _pragma(connection, "user_version")
    owner = _pragma(connection, "application_id")
    if owner == APPLICATION_ID:
        if len(steps) < version <= _MAX_VERSION:
            raise ForeignStore(f"a newer Inkread made them, version {version}")
        if not 0 < version <= _MAX_VERSION:
            raise Damaged(f"it states version {version}")
        if _objects(connection) - _OWN_TABLES != _expected(_as_key(steps[:version])):
            raise Damaged("there is more or less in it than the tables of this program")
        return version == len(steps)
    if not (owner == version == 0 and not _objects(connection)):
        _refuse_foreign(connection, steps)
    return False


def _refuse_foreign(connection: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> NoReturn:
    """Refuse a file of another owner; with exactly these tables, only its mark is damaged."""
    try:
        found = _objects(connection) - _OWN_TABLES
    except sqlite3.Error:
        found = frozenset()
    if found and any(found == _expected(_as_key(steps[:n])) for n in range(1, len(steps) + 1)):
        raise Damaged("the mark of this program is missing")
    raise ForeignStore("another program made this file")


def _objects(connection: sqlite3.Connection) -> frozenset[tuple[object, ...]]:
    """Tables, indices, triggers and views; of their texts what comments and layout leave."""
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return frozenset((*row[:3], _normalised(row[3])) for row in islice(found, _MAX_OBJECTS))


def _normalised(sql: object) -> object:
    """A statement without comments, which differ between releases."""
    return _SPACES.sub(" ", _COMMENT.sub("", sql)).strip() if isinstance(sql, str) else sql


def _as_key(steps: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(step) for step in steps)


@cache
def _expected(steps: tuple[tuple[str, ...], ...]) -> frozenset[tuple[object, ...]]:
    """Tables and indices that these migrations make."""
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection, steps)
        return _objects(connection)


def migrate(connection: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> None:
    """Apply all missing migrations, within a transaction.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction that excludes other writers.
    steps : sequence of sequences of str
        The statements of each migration.
    """
    for step in steps[_pragma(connection, "user_version") :]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(steps)}")


def _pragma(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])

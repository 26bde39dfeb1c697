"""Schema of the sample store, and migrations from every older version."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

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


class ForeignStore(Exception):
    """Why an intact file must not be changed by this program."""


def is_current(connection: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> bool:
    """Whether all migrations have been applied.

    Raises
    ------
    ForeignStore
        If a newer or another program made the file.
    sqlite3.DatabaseError
        If it is damaged.
    """
    version = _pragma(connection, "user_version")
    owner = _pragma(connection, "application_id")
    if version == 0 and owner == 0:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise ForeignStore("another program made this file")
    elif owner != APPLICATION_ID:
        raise ForeignStore("another program made this file")
    if version > len(steps):
        raise ForeignStore(f"a newer Inkread made them, version {version}")
    return version == len(steps)


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

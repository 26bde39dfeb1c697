"""Journal of the store's changes, for undo."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from inkread.data.samples.limits import MAX_CHANGED
from inkread.data.samples.rows import Row, insert

#: Number of changes that can be undone; what was deleted before them is erased.
MAX_CHANGES = 100


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def insert_all(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[int]:
    """Insert new rows as one change; returns their ids."""
    ids = [insert(connection, row) for row in rows]
    record(connection, "add", ids, "label, 1")
    prune(connection)
    return ids


def record(connection: sqlite3.Connection, action: str, ids: Sequence[int], before: str) -> None:
    """Record the state of samples before a change; new ones count as deleted."""
    insert_change = "INSERT INTO changes (action, time) VALUES (?, ?)"
    change = connection.execute(insert_change, (action, now())).lastrowid
    copy = f"INSERT INTO changed SELECT ?, id, {before} FROM samples WHERE id = ?"
    connection.executemany(copy, [(change, one) for one in ids])


def prune(connection: sqlite3.Connection) -> None:
    """Delete the oldest changes, and deleted samples that no change refers to."""
    oldest = "SELECT id FROM changes ORDER BY id DESC LIMIT 1 OFFSET ?"
    connection.execute(f"DELETE FROM changes WHERE id <= ({oldest})", (MAX_CHANGES,))
    _prune_large(connection)
    connection.execute(
        "DELETE FROM samples WHERE deleted AND id NOT IN (SELECT sample FROM changed)"
    )


def _prune_large(connection: sqlite3.Connection) -> None:
    """Delete the oldest changes until few enough samples are in them, or none is left."""
    (count,) = connection.execute("SELECT count(*) FROM changed").fetchone()
    while count > MAX_CHANGED:
        (oldest,) = connection.execute("SELECT min(id) FROM changes").fetchone()
        connection.execute("DELETE FROM changes WHERE id = ?", (oldest,))
        (count,) = connection.execute("SELECT count(*) FROM changed").fetchone()

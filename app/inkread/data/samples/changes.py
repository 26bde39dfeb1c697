"""What a change of the store leaves behind, so that it can be undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from inkread.data.samples.rows import Row, insert

#: So many changes can be undone. What was deleted before them is gone for good.
MAX_CHANGES = 100


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def inserted(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[int]:
    """Write new rows as one change; returns their ids."""
    ids = [insert(connection, row) for row in rows]
    note(connection, "add", ids, "label, 1")
    forget(connection)
    return ids


def note(connection: sqlite3.Connection, action: str, ids: Sequence[int], before: str) -> None:
    """Write down what the samples are before a change; of new ones, that they are not there."""
    noted = "INSERT INTO changes (action, time) VALUES (?, ?)"
    change = connection.execute(noted, (action, now())).lastrowid
    copy = f"INSERT INTO changed SELECT ?, id, {before} FROM samples WHERE id = ?"
    connection.executemany(copy, [(change, one) for one in ids])


def forget(connection: sqlite3.Connection) -> None:
    """Forget the oldest changes, and what was deleted and can no more be brought back."""
    oldest = "SELECT id FROM changes ORDER BY id DESC LIMIT 1 OFFSET ?"
    connection.execute(f"DELETE FROM changes WHERE id <= ({oldest})", (MAX_CHANGES,))
    connection.execute(
        "DELETE FROM samples WHERE deleted AND id NOT IN (SELECT sample FROM changed)"
    )

"""Check that what is in a file of samples is what this program writes."""

from __future__ import annotations

import sqlite3

from inkread.core.cell import CELL_SIDE
from inkread.data.samples.limits import (
    MAX_CHANGED,
    MAX_FILE_BYTES,
    MAX_ID,
    MAX_STROKES,
    stroke_count,
)
from inkread.data.samples.rows import COLUMNS, INK, is_sound
from inkread.data.samples.schema import Damaged

#: Each finds rows beside the samples that this program does not write.
_FAULTS = (
    "SELECT 1 FROM sqlite_sequence WHERE typeof(seq) != 'integer' "
    f"OR seq NOT BETWEEN 0 AND {MAX_ID}",
    "SELECT 1 FROM changes WHERE typeof(action) != 'text' "
    "OR action NOT IN ('add', 'relabel', 'delete')",
    "SELECT 1 FROM changed WHERE typeof(label) != 'text' OR deleted NOT IN (0, 1)",
)


#: Maximum count of rows of each table. A sample is no smaller than its cell; of changes 100 are
#: kept, and SQLite has a row for each table or index. *Chosen*: ten times that.
_MAX_ROWS = {
    "samples": MAX_FILE_BYTES // CELL_SIDE**2,
    "changes": 1000,
    "changed": MAX_CHANGED,
    "sqlite_sequence": 1000,
}


def check_counts(connection: sqlite3.Connection) -> None:
    """Raise Damaged if there are more rows than this program writes; bounds the other checks."""
    for table, most in _MAX_ROWS.items():
        query = f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {most + 1})"
        if connection.execute(query).fetchone()[0] > most:
            raise Damaged("it holds more rows than this program writes")


def check_pages(connection: sqlite3.Connection) -> None:
    """Raise Damaged if the pages of the file do not fit together."""
    (result,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if result != "ok":
        raise Damaged(" ".join(str(result).split()))
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise Damaged("its list of changes does not fit its samples")


def check_rows(connection: sqlite3.Connection) -> None:
    """Raise Damaged if a row cannot be used."""
    strokes = 0
    for *row, deleted in connection.execute(f"SELECT {COLUMNS}, deleted FROM samples"):
        if not is_sound(row) or deleted not in (0, 1):
            raise Damaged("it holds a sample that this program did not write")
        strokes += stroke_count(row[INK])
    if strokes > MAX_STROKES:
        raise Damaged("it holds too many strokes")
    for fault in _FAULTS:
        if connection.execute(f"{fault} LIMIT 1").fetchone() is not None:
            raise Damaged("its list of changes is not what this program wrote")

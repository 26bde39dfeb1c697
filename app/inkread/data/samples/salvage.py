"""Save the samples that can still be read in a damaged file into a new one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from inkread.core.cell import CELL_SIDE
from inkread.data.samples.limits import MAX_FILE_BYTES, MAX_STROKES, stroke_count
from inkread.data.samples.rows import COLUMNS, INK, Row, insert, is_sound
from inkread.data.samples.schema import migrate
from inkread.data.samples.sqlite_pages import Layout, Record, SqlitePages, Value, layout_of

#: Records of a damaged file that are looked at; bounds the time. Chosen: four for each of 250,000
#: samples: itself, the index of labels, and two of the change that added it.
_MAX_RECORDS = 1_000_000
#: Place of this column in a record; later versions have more columns behind it.
_DELETED = len(COLUMNS.split(","))
#: The index of labels holds a label and an id.
_INDEX_VALUES = 2

#: An id, and the other columns.
_FullRow = tuple[int, Row]


@dataclass(frozen=True, slots=True)
class Salvaged:
    """Result of a salvage.

    Attributes
    ----------
    saved : int
        Count of samples that were saved.
    lost : int
        Count of samples that are known to have been there and could not be read.
    """

    saved: int
    lost: int


def salvage(source: Path, log: Path, target: Path, steps: Sequence[Sequence[str]]) -> Salvaged:
    """Save the samples of a damaged file. What could be undone is not saved.

    Parameters
    ----------
    source, log : Path
        The file and its write-ahead log, which may be missing. Both are only read.
    target : Path
        The new file; overwritten. Complete on the disk at the end.
    steps : sequence of sequences of str
        Migrations that make the tables of the new file.

    Raises
    ------
    OSError, sqlite3.Error
        If a file cannot be read or written for the moment.
    """
    rows, lost = _best(source, log)
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")  # nobody opens it before it is complete
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        migrate(connection, steps)
        for sample_id, row in rows:
            insert(connection, row, sample_id)
        connection.execute("COMMIT")
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())
    return Salvaged(len(rows), lost)


def readable(source: Path, log: Path) -> Salvaged:
    """Count what `salvage` would save. Raises OSError."""
    rows, lost = _best(source, log)
    return Salvaged(len(rows), lost)


def _best(source: Path, log: Path) -> tuple[list[_FullRow], int]:
    """The rows by the stated layout, or by the usual one if that leads to more."""
    with ExitStack() as stack:
        stream = stack.enter_context(source.open("rb"))
        logged = stack.enter_context(log.open("rb")) if log.is_file() else None
        found = []
        for layout in dict.fromkeys((layout_of(stream), Layout())):
            pages = SqlitePages(stream, logged, layout, MAX_FILE_BYTES, CELL_SIDE**2)
            found.append(_rows(islice(pages.records(), _MAX_RECORDS)))
    return max(found, key=lambda one: len(one[0]))


def _rows(records: Iterator[Record]) -> tuple[list[_FullRow], int]:
    """Sound rows in the order of their ids, and the count of those known to be missing."""
    saved: dict[int, Row] = {}
    gone: set[int] = set()
    known: set[int] = set()
    strokes = 0
    for record in records:
        sample_id, values = record.row, record.values
        if sample_id is None:
            known.update(_indexed(values))
            continue
        if values is None or len(values) <= _DELETED:
            continue  # unreadable, or of another table
        known.add(sample_id)
        if values[_DELETED] == 1:
            gone.add(sample_id)
        elif is_sound(row := (sample_id, *values[1:_DELETED])):
            strokes += stroke_count(row[INK])
            if strokes <= MAX_STROKES:
                saved.setdefault(sample_id, row[1:])
    return sorted(saved.items()), len(known - saved.keys() - gone)


def _indexed(values: tuple[Value, ...] | None) -> tuple[int, ...]:
    """The id in a record of the index of labels."""
    if values is None or len(values) != _INDEX_VALUES or isinstance(values[0], int):
        return ()
    return (values[1],) if isinstance(values[1], int) else ()

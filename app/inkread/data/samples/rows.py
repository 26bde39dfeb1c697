"""Convert samples to rows of the store's table and back."""

from __future__ import annotations

import sqlite3

import numpy as np

from inkread.core.cell import CELL_SIDE
from inkread.core.ink import Ink
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes
from inkread.data.samples.sample import Kind, Origin, Sample, StoredSample

COLUMNS = "id, label, cell, kind, ink, picture, source, origin, model, guess, probability, time"
StoredRow = tuple[
    int,
    str,
    bytes,
    str,
    bytes | None,
    bytes | None,
    str,
    str,
    str,
    str | None,
    float | None,
    str,
]
#: All columns but the id.
Row = tuple[object, ...]


def to_row(sample: Sample, now: str) -> Row:
    """Convert a sample to a row; `now` is the time of samples without one."""
    return (
        sample.label,
        sample.cell.tobytes(),
        sample.kind.value,
        None if sample.ink is None else ink_to_bytes(sample.ink),
        sample.picture,
        sample.source,
        sample.origin.value,
        sample.model,
        sample.guess,
        sample.probability,
        sample.time or now,
    )


def from_row(row: StoredRow) -> StoredSample:
    """Convert a row with the columns `COLUMNS` to a sample."""
    sample_id, label, cell, kind, ink, picture, source, origin, model, guess, odds, time = row
    return StoredSample(
        id=sample_id,
        label=label,
        cell=np.frombuffer(cell, np.uint8).reshape(CELL_SIDE, CELL_SIDE),
        kind=Kind(kind),
        ink=_ink(ink),
        picture=picture,
        source=source,
        origin=Origin(origin),
        model=model,
        guess=guess,
        probability=odds,
        time=time,
    )


def _ink(data: bytes | None) -> Ink | None:
    """Decode ink; None if it is damaged, as the cell is still usable."""
    try:
        return None if data is None else ink_from_bytes(data)
    except ValueError:
        return None


def insert(connection: sqlite3.Connection, row: Row) -> int:
    """Write a row; returns its id."""
    columns = COLUMNS.removeprefix("id, ")
    placeholders = ", ".join("?" * len(row))
    cursor = connection.execute(f"INSERT INTO samples ({columns}) VALUES ({placeholders})", row)
    assert cursor.lastrowid is not None
    return cursor.lastrowid

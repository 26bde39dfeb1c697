"""Samples as rows of the store's table, and back."""

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


def row_of(sample: Sample, now: str) -> Row:
    """A sample as a row; `now` is the time of those without one."""
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


def sample_of(row: StoredRow) -> StoredSample:
    """The sample of a row, whose columns are `COLUMNS`."""
    number, label, cell, kind, ink, picture, source, origin, model, guess, odds, time = row
    return StoredSample(
        id=number,
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
    """The ink of a sample; of one whose ink is damaged the cell is still good."""
    try:
        return None if data is None else ink_from_bytes(data)
    except ValueError:
        return None


def insert(connection: sqlite3.Connection, row: Row) -> int:
    """Write a row; returns its id."""
    columns = COLUMNS.removeprefix("id, ")
    marks = ", ".join("?" * len(row))
    done = connection.execute(f"INSERT INTO samples ({columns}) VALUES ({marks})", row)
    assert done.lastrowid is not None
    return done.lastrowid

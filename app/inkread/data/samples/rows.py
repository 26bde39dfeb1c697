"""Convert samples to rows of the store's table and back."""

from __future__ import annotations

import sqlite3
from typing import Any

import numpy as np

from inkread.core.cell import CELL_SIDE
from inkread.core.ink import Ink
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes
from inkread.data.samples.sample import Kind, Origin, Sample, StoredSample

_NAMES = (
    *("label", "cell", "kind", "ink", "picture", "source", "origin"),
    *("model", "guess", "probability", "time"),
)
COLUMNS = ", ".join(("id", *_NAMES))
#: All columns but the id.
Row = tuple[object, ...]


def to_row(sample: Sample, now: str) -> Row:
    """Convert a sample to a row; `now` is the time of samples without one."""
    facts = {name: getattr(sample, name) for name in _NAMES}
    ink = None if sample.ink is None else ink_to_bytes(sample.ink)
    facts |= {"cell": sample.cell.tobytes(), "ink": ink, "time": sample.time or now}
    return tuple(facts.values())


def from_row(row: tuple[Any, ...]) -> StoredSample:
    """Convert a row with the columns `COLUMNS` to a sample."""
    facts = dict(zip(("id", *_NAMES), row, strict=True))
    cell = np.frombuffer(facts["cell"], np.uint8).reshape(CELL_SIDE, CELL_SIDE)
    kind, origin = Kind(facts["kind"]), Origin(facts["origin"])
    return StoredSample(
        **facts | {"cell": cell, "kind": kind, "origin": origin, "ink": _ink(facts["ink"])}
    )


def _ink(data: bytes | None) -> Ink | None:
    """Decode ink; None if it is damaged, as the cell is still usable."""
    try:
        return None if data is None else ink_from_bytes(data)
    except ValueError:
        return None


def insert(connection: sqlite3.Connection, row: Row) -> int:
    """Write a row; returns its id."""
    columns = ", ".join(_NAMES)
    placeholders = ", ".join("?" * len(row))
    cursor = connection.execute(f"INSERT INTO samples ({columns}) VALUES ({placeholders})", row)
    assert cursor.lastrowid is not None
    return cursor.lastrowid

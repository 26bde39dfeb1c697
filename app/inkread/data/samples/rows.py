"""Convert samples to rows of the store's table and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from inkread.core.cell import CELL_SIDE
from inkread.core.errors import LabelUnusable
from inkread.core.ink import Ink
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes
from inkread.data.samples.limits import MAX_ID, MAX_INK_BYTES, MAX_PICTURE_BYTES
from inkread.data.samples.sample import (
    MAX_TEXT_LENGTH,
    Kind,
    Origin,
    Sample,
    StoredSample,
    normalise_label,
)

_KINDS, _ORIGINS = tuple(Kind), tuple(Origin)
_NAMES = (
    *("label", "cell", "kind", "ink", "picture", "source", "origin"),
    *("model", "guess", "probability", "time"),
)
COLUMNS = ", ".join(("id", *_NAMES))
#: Place of the ink in `COLUMNS`.
INK = 1 + _NAMES.index("ink")
#: All columns but the id.
Row = tuple[object, ...]


def to_row(sample: Sample, now: str) -> Row:
    """Convert a sample to a row; `now` is the time of samples without one."""
    facts = {name: getattr(sample, name) for name in _NAMES}
    ink = None if sample.ink is None else ink_to_bytes(sample.ink)
    facts |= {"cell": sample.cell.tobytes(), "ink": ink, "time": sample.time or now}
    return tuple(facts.values())


def from_row(row: tuple[Any, ...]) -> StoredSample:
    """Convert a sound row with the columns `COLUMNS` to a sample."""
    facts = dict(zip(("id", *_NAMES), row, strict=True))
    cell = np.frombuffer(facts["cell"], np.uint8).reshape(CELL_SIDE, CELL_SIDE)
    kind, origin = Kind(facts["kind"]), Origin(facts["origin"])
    return StoredSample(
        **facts | {"cell": cell, "kind": kind, "origin": origin, "ink": _ink(facts["ink"])}
    )


def is_sound(row: Sequence[object]) -> bool:
    """Whether `from_row` can convert a row with the columns `COLUMNS`.

    SQLite keeps any value in any column, and the checks of a table can be switched off.
    """
    return len(row) == len(_CHECKS) and all(
        check(value) for check, value in zip(_CHECKS.values(), row, strict=True)
    )


@lru_cache(maxsize=1000)
def is_label(value: object) -> bool:
    """Whether a value is a label as it is stored."""
    try:
        return isinstance(value, str) and normalise_label(value) == value
    except LabelUnusable:
        return False


def lenient_text(data: bytes) -> str | bytes:
    """A text of a row; bytes that are no text stay what they are, and the row is not sound."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT_LENGTH


def _is_blob(limit: int) -> Callable[[object], bool]:
    return lambda value: value is None or (isinstance(value, bytes) and len(value) <= limit)


_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "id": lambda value: isinstance(value, int) and 0 < value <= MAX_ID,
    "label": is_label,
    "cell": lambda value: isinstance(value, bytes) and len(value) == CELL_SIDE**2,
    "kind": lambda value: value in _KINDS,
    "ink": _is_blob(MAX_INK_BYTES),
    "picture": _is_blob(MAX_PICTURE_BYTES),
    "source": _is_text,
    "origin": lambda value: value in _ORIGINS,
    "model": _is_text,
    "guess": lambda value: value is None or _is_text(value),
    "probability": lambda value: (
        value is None or (isinstance(value, int | float) and 0 <= value <= 1)
    ),
    "time": _is_text,
}


def _ink(data: bytes | None) -> Ink | None:
    """Decode ink; None if it is damaged, as the cell is still usable."""
    try:
        return None if data is None else ink_from_bytes(data)
    except ValueError:
        return None


def insert(connection: sqlite3.Connection, row: Row, sample_id: int | None = None) -> int:
    """Write a row; returns its id, which is a new one unless it is given."""
    placeholders = ", ".join("?" * (1 + len(row)))
    statement = f"INSERT INTO samples ({COLUMNS}) VALUES ({placeholders})"
    cursor = connection.execute(statement, (sample_id, *row))
    assert cursor.lastrowid is not None
    return cursor.lastrowid

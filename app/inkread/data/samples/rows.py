"""Convert samples to rows of the store's table and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from inkread.core.cell import CELL_SIDE
from inkread.core.ink import Ink
from inkread.core.labels import composed, is_readable
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes
from inkread.data.samples.limits import MAX_ID, MAX_INK_BYTES, MAX_PICTURE_BYTES
from inkread.data.samples.sample import (
    MAX_TEXT_LENGTH,
    Kind,
    ListedSample,
    Origin,
    Sample,
    StoredSample,
)

_KINDS, _ORIGINS = (frozenset(one.value for one in kind) for kind in (Kind, Origin))
_NAMES = (
    *("label", "cell", "kind", "ink", "picture", "source", "origin"),
    *("model", "guess", "probability", "time"),
)
COLUMNS = ", ".join(("id", *_NAMES))
LISTED_COLUMNS = ", ".join(ListedSample._fields)
_LARGE = {"ink", "picture"}
#: As `COLUMNS`, with nothing in the place of ink and crop.
COLUMNS_OF_CELLS = ", ".join("NULL" if name in _LARGE else name for name in ("id", *_NAMES))
#: Place of the ink in `COLUMNS`.
INK = 1 + _NAMES.index("ink")
_COUNT = 1 + len(_NAMES)
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
    facts["label"] = composed(facts["label"])
    cell = np.frombuffer(facts["cell"], np.uint8).reshape(CELL_SIDE, CELL_SIDE)
    kind, origin = Kind(facts["kind"]), Origin(facts["origin"])
    return StoredSample(
        **facts | {"cell": cell, "kind": kind, "origin": origin, "ink": _ink(facts["ink"])}
    )


def listed_from_row(row: tuple[Any, ...]) -> ListedSample:
    """Convert a row with the columns `LISTED_COLUMNS` that `is_listable`."""
    return ListedSample(row[0], composed(row[1]), *row[2:])


def is_sound(row: Sequence[object]) -> bool:
    """Whether `from_row` can convert a row with the columns `COLUMNS`.

    SQLite keeps any value in any column, and the checks of a table can be switched off.
    """
    if len(row) != _COUNT:
        return False
    sample_id, label, cell, kind, ink, picture, source, origin, model, guess, probability, time = (
        row
    )
    return (
        is_listable((sample_id, label, cell, source, guess, probability))
        and kind in _KINDS
        and _is_blob(ink, MAX_INK_BYTES)
        and _is_blob(picture, MAX_PICTURE_BYTES)
        and origin in _ORIGINS
        and all(map(_is_text, (model, time)))
    )


def is_listable(row: Sequence[object]) -> bool:
    """Whether a row with the columns `LISTED_COLUMNS` is a `ListedSample`."""
    sample_id, label, cell, source, guess, probability = row
    return (
        isinstance(sample_id, int)
        and 0 < sample_id <= MAX_ID
        and is_label(label)
        and isinstance(cell, bytes)
        and len(cell) == CELL_SIDE**2
        and _is_text(source)
        and (guess is None or _is_text(guess))
        and (probability is None or _is_share(probability))
    )


@lru_cache(maxsize=1000)
def is_label(value: object) -> bool:
    """Whether a value is a label as it is stored."""
    return isinstance(value, str) and is_readable(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT_LENGTH


def _is_blob(value: object, limit: int) -> bool:
    return value is None or (isinstance(value, bytes) and len(value) <= limit)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


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

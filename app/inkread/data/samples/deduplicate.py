"""Find out which samples of an import are new."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from inkread.core.labels import composed
from inkread.data.samples.rows import Row


@dataclass(frozen=True, slots=True)
class LabelConflict:
    """An imported sample that is stored under another label.

    Attributes
    ----------
    id : int
        Of the stored sample.
    label : str
        In the store; it is kept.
    claimed : str
        In the import.
    """

    id: int
    label: str
    claimed: str


@dataclass(frozen=True, slots=True)
class AddedSamples:
    """Result of adding the new samples of an import.

    Attributes
    ----------
    ids : tuple of int
        Of the new samples.
    known : int
        Count of the samples that are stored already.
    disagreements : tuple of Disagreement
        Samples that are stored under other labels, which are kept.
    """

    ids: tuple[int, ...]
    known: int
    disagreements: tuple[LabelConflict, ...]


def split_new(
    connection: sqlite3.Connection, rows: Iterable[Row]
) -> tuple[list[Row], list[LabelConflict]]:
    """Select the new rows without duplicates, and those stored under other labels.

    Samples are equal if they have the same cell or the same ink: formats without ink, such as NPZ,
    restore the cell, and InkML the ink, from which another version may make another cell.
    """
    stored = _stored_keys(connection)
    seen: set[tuple[object, object]] = set()
    new: list[Row] = []
    disagreements: list[LabelConflict] = []
    for row in rows:
        label, cell, _, ink = row[:4]
        keys = _keys(cell, ink)
        labels = {
            known: sample_id for key in keys for known, sample_id in stored.get(key, {}).items()
        }
        if label in labels or any((label, key) in seen for key in keys):
            continue
        seen.update((label, key) for key in keys)
        if labels:
            kept, sample_id = min(labels.items(), key=lambda one: one[1])
            disagreements.append(LabelConflict(sample_id, str(kept), str(label)))
        else:
            new.append(row)
    return new, disagreements


def _stored_keys(connection: sqlite3.Connection) -> dict[object, dict[object, int]]:
    """Cell or ink -> label -> lowest id of a stored sample."""
    found: dict[object, dict[object, int]] = {}
    query = "SELECT label, cell, ink, id FROM samples WHERE NOT deleted ORDER BY id DESC"
    for label, cell, ink, sample_id in connection.execute(query):
        form = composed(label) if isinstance(label, str) else label
        for key in _keys(cell, ink):
            found.setdefault(key, {})[form] = sample_id
    return found


def _keys(cell: object, ink: object) -> list[object]:
    """Values that identify a sample."""
    return [cell] if ink is None else [cell, ink]

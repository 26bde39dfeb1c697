"""Samples that somebody brings along beside those that are there: which of them are new."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from inkread.data.samples.rows import Row


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sample that is there under another label than somebody brings along.

    Attributes
    ----------
    id : int
        Its number.
    label : str
        What it is in the store, which stays.
    claimed : str
        What it would be otherwise.
    """

    id: int
    label: str
    claimed: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of samples that were to be kept if they are new.

    Attributes
    ----------
    ids : tuple of int
        The new ones.
    known : int
        So many are there already.
    disagreements : tuple of Disagreement
        Those that are there under other labels, which stay.
    """

    ids: tuple[int, ...]
    known: int
    disagreements: tuple[Disagreement, ...]


def sifted(
    connection: sqlite3.Connection, rows: Iterable[Row]
) -> tuple[list[Row], list[Disagreement]]:
    """The rows that are new, each once, and those that are there under other labels.

    Two are the same if they have the same cell or the same ink: a form without ink, such as NPZ,
    brings back the cell, and InkML the ink, of which another version may make another cell.
    """
    there = _there(connection)
    brought: set[tuple[object, object]] = set()
    new: list[Row] = []
    disagreements: list[Disagreement] = []
    for row in rows:
        label, cell, _, ink = row[:4]
        looks = _looks(cell, ink)
        labels = {known: number for look in looks for known, number in there.get(look, {}).items()}
        if label in labels or any((label, look) in brought for look in looks):
            continue
        brought.update((label, look) for look in looks)
        if labels:
            kept, number = min(labels.items(), key=lambda one: one[1])
            disagreements.append(Disagreement(number, str(kept), str(label)))
        else:
            new.append(row)
    return new, disagreements


def _there(connection: sqlite3.Connection) -> dict[object, dict[object, int]]:
    """By what a sample is known: the labels that it has, and its first number with each."""
    there: dict[object, dict[object, int]] = {}
    stored = "SELECT label, cell, ink, id FROM samples WHERE NOT deleted ORDER BY id DESC"
    for label, cell, ink, number in connection.execute(stored):
        for look in _looks(cell, ink):
            there.setdefault(look, {})[label] = number
    return there


def _looks(cell: object, ink: object) -> list[object]:
    """What a sample is known by."""
    return [cell] if ink is None else [cell, ink]

"""Pen strokes in JSON: who wrote what, stroke by stroke.

``{"samples": [{"label": "3", "writer": "person-7", "fold": 2, "strokes": [...]}, ...]}``, each
stroke a list of [x, y], y down; perhaps compressed with gzip. ``writer`` and ``fold`` (a part of
the people, for holding some out) may be missing, and so may ``suspect``, true where the label is
doubted.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.core.errors import DataDamaged, DataEmpty
from inkread.core.files import read_file
from inkread.core.ink import Points
from inkread.ml.datasets.arrays import LIMIT

Traces = tuple[Points, ...]
"""The strokes of one sign without their width: arrays (n, 2) of float32, n >= 1."""

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, eq=False)
class StrokeSample:
    """One sign, or one number, as it was written.

    Attributes
    ----------
    label : str
        What it says.
    traces : tuple of (n, 2) arrays of float32
        Its strokes in the order drawn.
    writer : str
        A person; empty: not known.
    fold : int
        The part of the people that they belong to; 0: not known.
    suspect : bool
        Whether the label is doubted.
    """

    label: str
    traces: Traces
    writer: str = ""
    fold: int = 0
    suspect: bool = False


def read_strokes(path: Path) -> tuple[StrokeSample, ...]:
    """Load a file of strokes.

    Parameters
    ----------
    path : Path
        JSON, perhaps compressed.

    Raises
    ------
    DataDamaged, DataEmpty
        If it is not what it should be, or holds no sample.
    FileMissing, FileNotAllowed, ...
        If it cannot be opened.
    """
    data = read_file(path, LIMIT)
    try:
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
        found = json.loads(data)["samples"]
        samples = tuple(_sample(item) for item in found)
    except (OSError, EOFError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = f"it holds no samples with strokes: {type(error).__name__}, {error}"
        raise DataDamaged(name=str(path), reason=reason) from error
    if not samples:
        raise DataEmpty(name=str(path), reason="it lists no samples")
    return samples


def of_folds(
    samples: Sequence[StrokeSample], folds: Collection[int], with_suspect: bool = False
) -> tuple[StrokeSample, ...]:
    """The samples of some folds, those with doubtful labels only if wanted."""
    return tuple(s for s in samples if s.fold in folds and (with_suspect or not s.suspect))


def _sample(item: dict[str, object]) -> StrokeSample:
    strokes = item["strokes"]
    if not isinstance(strokes, list) or not strokes:
        raise ValueError("a sample without strokes")
    return StrokeSample(
        str(item["label"]),
        tuple(_trace(stroke) for stroke in strokes),
        str(item.get("writer", "")),
        _number(item.get("fold", 0)),
        bool(item.get("suspect", False)),
    )


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a whole number")
    return value


def _trace(stroke: object) -> Points:
    points = np.array(stroke, np.float32)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError("a stroke that is not a list of points")
    return points

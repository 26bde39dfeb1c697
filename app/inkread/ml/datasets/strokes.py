"""Read pen strokes from JSON, with label and writer of each sample.

``{"samples": [{"label": "3", "writer": "person-7", "fold": 2, "strokes": [...]}, ...]}``, each
stroke a list of [x, y], y down; may be gzipped. Optional: ``writer``, ``fold`` (a group of
writers, for cross-validation), ``suspect``, true where the label is doubtful, and ``multiline``,
true where a number may stand on more than one line.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from inkread.core.errors import DataDamaged, DataEmpty, FileTooLarge
from inkread.core.files import MEGABYTE
from inkread.core.ink import Points, points_of
from inkread.ml.datasets.arrays import MAX_BYTES
from inkread.ml.datasets.idx import open_decompressed

Traces = tuple[Points, ...]
"""Strokes of one glyph without their width: (n, 2) arrays of float32, n >= 1."""

#: Errors of decompressing and decoding other structures.
_DAMAGE = (
    *(OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError),
    *(OverflowError, RecursionError),
)


@dataclass(frozen=True, slots=True, eq=False)
class StrokeSample:
    """One written glyph or number.

    Attributes
    ----------
    label : str
        Its text.
    traces : tuple of (n, 2) arrays of float32
        Its strokes in the order drawn.
    writer : str
        Id of a person; empty if unknown.
    fold : int
        Fold of the writer; 0 if unknown.
    suspect : bool
        Whether the label is doubtful.
    multiline : bool
        Whether it may stand on more than one line.
    """

    label: str
    traces: Traces
    writer: str = ""
    fold: int = 0
    suspect: bool = False
    multiline: bool = False


def read_strokes(path: Path) -> tuple[StrokeSample, ...]:
    """Load a file of strokes.

    Parameters
    ----------
    path : Path
        JSON, plain or gzipped.

    Raises
    ------
    DataDamaged, DataEmpty
        If it has another structure, or no samples.
    FileMissing, FileNotAllowed, FileTooLarge, ...
        If it cannot be opened, or is larger than data may be, once decompressed.
    """
    try:
        with open_decompressed(path) as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise FileTooLarge(name=str(path), limit=MAX_BYTES // MEGABYTE)
        found = json.loads(data)["samples"]
        samples = tuple(_sample(item) for item in found)
    except _DAMAGE as error:
        reason = f"it holds no samples with strokes: {type(error).__name__}, {error}"
        raise DataDamaged(name=str(path), reason=reason) from error
    if not samples:
        raise DataEmpty(name=str(path), reason="it lists no samples")
    return samples


def select_folds(
    samples: Sequence[StrokeSample], folds: Collection[int], with_suspect: bool = False
) -> tuple[StrokeSample, ...]:
    """Select the samples of some folds; with `with_suspect` those with doubtful labels too."""
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
        bool(item.get("multiline", False)),
    )


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a whole number")
    return value


def _trace(stroke: object) -> Points:
    if not isinstance(stroke, list):
        raise ValueError("a stroke that is not a list of points")
    return points_of(stroke)

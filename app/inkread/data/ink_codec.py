"""Ink as bytes and back: exact, small, and nothing in it is ever run.

====================  ====================================================================
4 bytes               ``INK1``
uint32                number of strokes; then for each stroke:
uint32                number of points n, at least 1
uint8                 1 if it has pressures, else 0
float64               pen width, px
n x 2 float32         x and y of each point, px
n x float32           pressures, if it has them
====================  ====================================================================

All numbers are little-endian.
"""

from __future__ import annotations

import math
import struct

import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Ink, Stroke

_MARK = b"INK1"
_COUNT, _STROKE = struct.Struct("<I"), struct.Struct("<IBd")
_NUMBER = np.dtype("<f4")


def ink_to_bytes(ink: Ink) -> bytes:
    """Ink in the form of this module; `ink_from_bytes` gives it back bit by bit."""
    parts = [_MARK, _COUNT.pack(len(ink.strokes))]
    for stroke in ink.strokes:
        forces = stroke.pressures
        parts.append(_STROKE.pack(len(stroke.points), forces is not None, stroke.width))
        parts.append(stroke.points.astype(_NUMBER).tobytes())
        if forces is not None:
            parts.append(forces.astype(_NUMBER).tobytes())
    return b"".join(parts)


def ink_from_bytes(data: bytes) -> Ink:
    """The ink of bytes, of which nothing is certain.

    Raises
    ------
    ValueError
        If they are not what `ink_to_bytes` writes.
    """
    if not data.startswith(_MARK):
        raise ValueError("it is no ink")
    try:
        return _ink(data)
    except struct.error as error:
        raise ValueError("it is cut off") from error


def _ink(data: bytes) -> Ink:
    (count,) = _COUNT.unpack_from(data, len(_MARK))
    at = len(_MARK) + _COUNT.size
    strokes = []
    for _ in range(count):
        length, has_forces, width = _STROKE.unpack_from(data, at)
        at += _STROKE.size
        if has_forces not in (0, 1) or not (math.isfinite(width) and width > 0):
            raise ValueError("a stroke has an impossible pen")
        points = _numbers(data, at, 2 * length).reshape(-1, 2)
        at += points.nbytes
        forces = _numbers(data, at, length) if has_forces else None
        at += 0 if forces is None else forces.nbytes
        strokes.append(Stroke.of(points, width, forces))
    if at != len(data):
        raise ValueError("it is longer than it says")
    return Ink(tuple(strokes))


def _numbers(data: bytes, at: int, count: int) -> NDArray[np.float32]:
    if at + count * _NUMBER.itemsize > len(data):
        raise ValueError("it is cut off")
    return np.frombuffer(data, _NUMBER, count, at).astype(np.float32)

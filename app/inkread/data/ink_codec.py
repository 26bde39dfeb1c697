"""Encode ink as bytes and decode it: exact, compact, and without code execution.

====================  ====================================================================
4 bytes               ``INK1``
uint32                count of strokes; then for each stroke:
uint32                count of points n, at least 1
uint8                 1 if it has pressures, else 0
float64               pen width, px
n x 2 float32         x and y of each point, px
n x float32           pressures, if it has them
====================  ====================================================================

All numbers are little-endian.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Drawn, Ink, ink_of

_MAGIC = b"INK1"
_COUNT, _STROKE = struct.Struct("<I"), struct.Struct("<IBd")
_NUMBER = np.dtype("<f4")


def ink_to_bytes(ink: Ink) -> bytes:
    """Encode ink; `ink_from_bytes` restores it exactly."""
    parts = [_MAGIC, _COUNT.pack(len(ink.strokes))]
    for stroke in ink.strokes:
        pressures = stroke.pressures
        parts.append(_STROKE.pack(len(stroke.points), pressures is not None, stroke.width))
        parts.append(stroke.points.astype(_NUMBER).tobytes())
        if pressures is not None:
            parts.append(pressures.astype(_NUMBER).tobytes())
    return b"".join(parts)


def encoded_size(ink: Ink) -> int:
    """Size of the output of `ink_to_bytes`, bytes."""
    size = len(_MAGIC) + _COUNT.size
    for stroke in ink.strokes:
        numbers = 2 if stroke.pressures is None else 3
        size += _STROKE.size + numbers * len(stroke.points) * _NUMBER.itemsize
    return size


def ink_from_bytes(data: bytes) -> Ink:
    """Decode ink from untrusted bytes; what exceeds the range of ink is reduced, see `ink_of`.

    Raises
    ------
    ValueError
        If they are not an output of `ink_to_bytes`, or a number is not finite.
    """
    if not data.startswith(_MAGIC):
        raise ValueError("it is no ink")
    try:
        return _ink(data)
    except struct.error as error:
        raise ValueError("it is cut off") from error


def _ink(data: bytes) -> Ink:
    (count,) = _COUNT.unpack_from(data, len(_MAGIC))
    offset = len(_MAGIC) + _COUNT.size
    drawn = list[Drawn]()
    for _ in range(count):
        length, has_pressures, width = _STROKE.unpack_from(data, offset)
        offset += _STROKE.size
        if has_pressures not in (0, 1):
            raise ValueError("a stroke has an impossible pen")
        points = _numbers(data, offset, 2 * length).reshape(-1, 2)
        offset += 2 * length * _NUMBER.itemsize
        pressures = _numbers(data, offset, length) if has_pressures else None
        offset += length * _NUMBER.itemsize * has_pressures
        drawn.append((points, width, pressures))
    if offset != len(data):
        raise ValueError("it is longer than it says")
    return ink_of(drawn)


def _numbers(data: bytes, offset: int, count: int) -> NDArray[np.float64]:
    if offset + count * _NUMBER.itemsize > len(data):
        raise ValueError("it is cut off")
    with np.errstate(invalid="ignore"):  # signalling NaN, which is refused as any other
        return np.frombuffer(data, _NUMBER, count, offset).astype(np.float64)

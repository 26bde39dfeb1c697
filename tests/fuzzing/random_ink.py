"""Random ink of every kind: wild numbers, one point, many points, no extent, many strokes."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from random import Random

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
_SCALES = (1e-45, 1e-30, 1e-10, 1e-3, 1.0, 30.0, 150.0, 1e3, 1e5, 1e7, 1e9, 1e12, 1e19, 1e30, 3e38)
_ODD = (math.nan, math.inf, -math.inf, 1e30, -1e30, 3.4e38, 1e39, 1e-45, 5e-324, -0.0, 1e308)
_WIDTHS = (
    12.0,
    1.0,
    1e-3,
    1e-30,
    5e-324,
    1e3,
    1e6,
    1e12,
    1e30,
    1e308,
    0.0,
    -1.0,
    math.nan,
    math.inf,
)


def random_strokes(rng: Random) -> list[tuple[Points, float]]:
    """Points and pen width of each stroke; may be none, or none of a stroke."""
    numbers = np.random.default_rng(rng.getrandbits(64))
    count = rng.choice((0, 1, 1, 1, 2, 2, 3, 5, 12, 40))
    if rng.random() < 0.01:
        count = rng.choice((300, 3000))
    scale, place = rng.choice(_SCALES), rng.choice((0.0, 0.0, 1.0, -1.0)) * rng.choice(_SCALES)
    mixed = rng.random() < 0.15
    width = rng.choice(_WIDTHS) if rng.random() < 0.3 else 12.0
    strokes = []
    for _ in range(count):
        own = rng.choice(_SCALES) if mixed else scale
        length = rng.choice((1, 1, 2, 3, 8, 30, 120))
        if count < 5 and rng.random() < 0.005:
            length = 100_000
        if rng.random() < 0.01:
            length = 0
        with np.errstate(over="ignore"):
            points = rng.choice(_SHAPES)(numbers, length) * own + place
        if rng.random() < 0.06 and length:
            points[numbers.integers(length), numbers.integers(2)] = rng.choice(_ODD)
        strokes.append((points, width))
    return strokes


def _walk(numbers: np.random.Generator, length: int) -> Points:
    return np.cumsum(numbers.normal(0, 0.2, (length, 2)), axis=0)


def _scatter(numbers: np.random.Generator, length: int) -> Points:
    return numbers.uniform(-1, 1, (length, 2))


def _still(numbers: np.random.Generator, length: int) -> Points:
    return np.repeat(numbers.uniform(-1, 1, (1, 2)), length, axis=0)


def _collinear(numbers: np.random.Generator, length: int) -> Points:
    return numbers.uniform(-1, 1, (length, 1)) * numbers.integers(-1, 2, (1, 2))


def _circle(numbers: np.random.Generator, length: int) -> Points:
    angle = np.linspace(0, 2 * np.pi, length)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) + numbers.uniform(-9, 9, (1, 2))


_SHAPES: tuple[Callable[[np.random.Generator, int], Points], ...] = (
    _walk, _scatter, _still, _collinear, _circle,
)  # fmt: skip


def packed_ink(rng: Random) -> bytes:
    """Random strokes as a kept drawing has them (`inkread.data.ink_codec`), never checked."""
    strokes = random_strokes(rng)
    parts = [b"INK1", struct.pack("<I", len(strokes))]
    for points, width in strokes:
        parts.append(struct.pack("<IBd", len(points), 0, width))
        with np.errstate(over="ignore"):
            parts.append(points.astype("<f4").tobytes())
    return b"".join(parts)


def ink_text(strokes: list[tuple[Points, float]]) -> bytes:
    """The same strokes as InkML, never checked."""
    traces = "".join(
        f"<trace>{', '.join(f'{x!r} {y!r}' for x, y in points.tolist())}</trace>"
        for points, _ in strokes
    )
    width = strokes[0][1] if strokes else 1.0
    brush = f'<brush xml:id="b"><brushProperty name="width" value="{width!r}"/></brush>'
    return f'<ink xmlns="http://www.w3.org/2003/InkML">{brush}{traces}</ink>'.encode()


def pack(strokes: list[tuple[Points, float]]) -> bytes:
    """Strokes as bytes, every bit of their numbers kept; `unpack` restores them."""
    parts = [struct.pack("<I", len(strokes))]
    for points, width in strokes:
        parts += [struct.pack("<Id", len(points), width), points.astype("<f8").tobytes()]
    return b"".join(parts)


def unpack(data: bytes) -> list[tuple[Points, float]]:
    (count,), at = struct.unpack_from("<I", data), 4
    strokes = []
    for _ in range(count):
        length, width = struct.unpack_from("<Id", data, at)
        at += 12
        points = np.frombuffer(data, "<f8", 2 * length, at).reshape(-1, 2).copy()
        at += points.nbytes
        strokes.append((points, width))
    return strokes

"""What lines are written on, and what cameras add: textures, grain, slow waves; made once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Grey

Field = NDArray[np.float32]
_SIZE = (96, 1536)
"""Px of a texture, for digits about 30 px high; chosen: more than most lines take."""
_PER_KIND = 8
_GRAIN = (192, 4096)
_WAVE_PERIOD = 24
"""Px of the slow waves that pictures are bent by; a digit is 30 px high."""


@dataclass(frozen=True, slots=True, eq=False)
class Textures:
    """Large fields that each line takes a random part of.

    Attributes
    ----------
    prints : sequence of (h, w) arrays of float32
        Printed patterns and backgrounds, 0 (blank) to 1 (full print).
    grain : (h, w) array of float32
        White noise of deviation 1.
    waves : (h, w) array of float32
        Smooth noise of deviation 1.
    """

    prints: Sequence[Field] = field(repr=False)
    grain: Field = field(repr=False)
    waves: Field = field(repr=False)

    def only(self, count: int) -> Textures:
        """With none but the last patterns, the real backgrounds."""
        return replace(self, prints=self.prints[-count:])

    def print(self, shape: tuple[int, int], rng: np.random.Generator) -> Field:
        """Part of a printed pattern at a random scale."""
        found = self.prints[int(rng.integers(len(self.prints)))]
        scale = float(rng.uniform(0.5, 1.6))
        rows, columns = (math.ceil(side / scale) + 1 for side in shape)
        part = _part(found, (min(rows, found.shape[0]), min(columns, found.shape[1])), rng)
        if rng.random() < 0.5:
            part = part[:, ::-1]
        return np.asarray(cv2.resize(part, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)

    def noise(self, shape: tuple[int, int], rng: np.random.Generator) -> Field:
        return _part(self.grain, shape, rng)

    def wave(self, shape: tuple[int, int], rng: np.random.Generator) -> Field:
        return _part(self.waves, shape, rng)


def _part(whole: Field, shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """A random part; of a field that is too small, the field repeated."""
    room = [most - n for most, n in zip(whole.shape, shape, strict=True)]
    if min(room) < 0:
        times = [-(-n // most) for n, most in zip(shape, whole.shape, strict=True)]
        return np.tile(whole, times)[: shape[0], : shape[1]]
    y, x = (int(rng.integers(n + 1)) for n in room)
    return whole[y : y + shape[0], x : x + shape[1]]


def make_textures(rng: np.random.Generator, backgrounds: Sequence[Grey] = ()) -> Textures:
    """Compute all fields.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws them.
    backgrounds : sequence of (h, w) arrays of uint8
        Real ones, 0 (blank) to 255, for digits about 30 px high.
    """
    prints = [make(rng) for make in _PRINTS for _ in range(_PER_KIND)]
    prints += [_tiled(background) for background in backgrounds]
    grain = rng.standard_normal(_GRAIN, np.float32)
    return Textures(prints, grain, _smooth(rng, _GRAIN, _WAVE_PERIOD))


def _tiled(background: Grey) -> Field:
    """A background continued by its mirror images."""
    height, width = background.shape
    room = [max(0, most - n) for most, n in zip(_SIZE, (height, width), strict=True)]
    tiled = np.pad(background, [(0, room[0]), (0, room[1])], "symmetric")
    return np.asarray(tiled / np.float32(255), np.float32)


def _grid(rng: np.random.Generator) -> tuple[Field, Field]:
    """Coordinates, px, turned by a random angle."""
    angle = rng.choice([0.0, math.pi / 2, math.pi / 4, rng.uniform(0, math.pi)])
    y, x = np.mgrid[: _SIZE[0], : _SIZE[1]].astype(np.float32)
    cosine, sine = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    return x * cosine + y * sine, y * cosine - x * sine


def _dots(rng: np.random.Generator) -> Field:
    """A screen of dots."""
    x, y = _grid(rng)
    step = 2 * math.pi / rng.uniform(2.5, 9)
    height = (np.cos(x * step) + np.cos(y * step)) / 2
    return _cut(height, rng.uniform(0.0, 0.6))


def _stripes(rng: np.random.Generator) -> Field:
    _, y = _grid(rng)
    return _cut(np.cos(y * 2 * math.pi / rng.uniform(3, 14)), rng.uniform(-0.2, 0.9))


def _guilloche(rng: np.random.Generator) -> Field:
    """Wavy fine lines, as on cheques; two sets of them."""
    x, y = _grid(rng)
    found = np.zeros(_SIZE, np.float32)
    for _ in range(2):
        bend = rng.uniform(2, 12) * np.sin(
            x * 2 * math.pi / rng.uniform(20, 120) + rng.uniform(0, 6)
        )
        lines = np.cos((y + bend) * 2 * math.pi / rng.uniform(4, 14))
        found = np.maximum(found, _cut(lines, rng.uniform(0.3, 0.95)))
    return found


def _mesh(rng: np.random.Generator) -> Field:
    x, y = _grid(rng)
    step = 2 * math.pi / rng.uniform(6, 26)
    return _cut(np.maximum(np.cos(x * step), np.cos(y * step)), rng.uniform(0.85, 0.98))


def _fibres(rng: np.random.Generator) -> Field:
    found = _smooth(rng, _SIZE, int(rng.integers(2, 6)))
    return np.asarray(np.clip(0.4 + 0.3 * found, 0, 1), np.float32)


def _stains(rng: np.random.Generator) -> Field:
    found = _smooth(rng, _SIZE, int(rng.integers(20, 70)))
    return np.asarray(np.clip(0.3 + 0.4 * found, 0, 1), np.float32)


def _small_print(rng: np.random.Generator) -> Field:
    """Rows of marks like tiny writing."""
    found = np.zeros(_SIZE, np.uint8)
    pitch = int(rng.integers(6, 15))
    for row in range(int(rng.integers(2, pitch + 2)), _SIZE[0], pitch):
        x = 0.0
        while x < _SIZE[1]:
            ends = rng.integers(0, max(3, pitch // 2), (2, 2)) + np.array([int(x), row])
            cv2.line(found, ends[0].tolist(), ends[1].tolist(), 255, 1, cv2.LINE_AA)
            x += pitch * float(rng.choice([0.25, 0.25, 0.6]))
    return np.asarray(found / np.float32(255), np.float32)


_PRINTS: tuple[Callable[[np.random.Generator], Field], ...] = (
    _dots, _stripes, _guilloche, _guilloche, _mesh, _fibres, _stains, _small_print,
)  # fmt: skip


def _cut(height: Field, level: float) -> Field:
    """1 where a wave is above a level, with soft edges."""
    return np.asarray(np.clip((height - np.float32(level)) * np.float32(3), 0, 1), np.float32)


def _smooth(rng: np.random.Generator, size: tuple[int, int], period: int) -> Field:
    """Smooth noise of deviation 1."""
    small = rng.standard_normal((size[0] // period + 3, size[1] // period + 3), np.float32)
    large = cv2.resize(small, None, fx=period, fy=period, interpolation=cv2.INTER_CUBIC)
    found = np.asarray(large, np.float32)[: size[0], : size[1]]
    return found / np.float32(max(1e-6, float(found.std())))

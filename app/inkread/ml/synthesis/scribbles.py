"""Generate drawings that are neither digits nor letters: scribbles, ticks, blots, lines, shapes.

All are computed from formulas, in units of one, y down.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inkread.ml.datasets.strokes import Traces
from inkread.ml.synthesis.variation import normalised

_Path = NDArray[np.float64]
_Generator = Callable[[np.random.Generator], list[_Path]]


def scribble(rng: np.random.Generator) -> Traces:
    """Generate a drawing that is not a digit.

    Returns
    -------
    tuple of (n, 2) arrays of float32
        Normalised strokes of a tangle, zigzag, spiral, hatching, blot, tick, cross, line, wave,
        polygon, star or arrow.
    """
    generator = _GENERATORS[int(rng.choice(len(_GENERATORS), p=_SHARES))]
    return normalised([np.asarray(path, np.float32) for path in generator(rng)])


def _tangle(rng: np.random.Generator) -> list[_Path]:
    """A smooth path that crosses itself many times."""
    waves = int(rng.integers(4, 8))
    t = np.linspace(0, 1, 160)[:, np.newaxis]
    path = np.zeros((160, 2))
    for wave in range(1, waves + 1):
        amplitude = rng.normal(0, 1, 2) / math.sqrt(wave)
        turns = wave * rng.uniform(0.8, 1.4)
        path += amplitude * np.sin(2 * math.pi * turns * t + rng.uniform(0, 2 * math.pi, 2))
    return [path]


def _zigzag(rng: np.random.Generator) -> list[_Path]:
    teeth = int(rng.integers(4, 13))
    along = np.linspace(0, rng.uniform(0.6, 2.5), teeth) + rng.normal(0, 0.03, teeth)
    across = np.where(np.arange(teeth) % 2, 0.5, -0.5) * rng.uniform(0.5, 1.2, teeth)
    path = np.stack([along, across], 1)
    return [path if rng.random() < 0.6 else path[:, ::-1]]


def _spiral(rng: np.random.Generator) -> list[_Path]:
    turns = rng.uniform(2, 6)
    t = np.linspace(0, 1, 150)
    radius = t ** rng.uniform(0.6, 1.3) + rng.normal(0, 0.01, 150)
    angle = 2 * math.pi * turns * t + rng.uniform(0, 2 * math.pi)
    path = np.stack([radius * np.cos(angle), radius * np.sin(angle) * rng.uniform(0.6, 1.2)], 1)
    return [path]


def _hatching(rng: np.random.Generator) -> list[_Path]:
    """Parallel lines, sometimes crossed by others."""
    lines = _parallels(rng)
    if rng.random() < 0.5:
        lines += [line[:, ::-1] for line in _parallels(rng)]
    return lines


def _parallels(rng: np.random.Generator) -> list[_Path]:
    count, slant = int(rng.integers(3, 7)), rng.uniform(-0.5, 0.5)
    positions = np.linspace(0, rng.uniform(0.7, 1.3), count)
    return [np.array([[x, 0.0], [x + slant, 1.0]]) + rng.normal(0, 0.03, (2, 2)) for x in positions]


def _blot(rng: np.random.Generator) -> list[_Path]:
    """A patch filled by a stroke through random points."""
    count = int(rng.integers(25, 70))
    angle, radius = rng.uniform(0, 2 * math.pi, count), np.sqrt(rng.uniform(0, 1, count))
    stretch = rng.uniform(0.5, 1.0)
    return [np.stack([radius * np.cos(angle), stretch * radius * np.sin(angle)], 1)]


def _tick(rng: np.random.Generator) -> list[_Path]:
    """A check mark: a short way down, a long way up."""
    down = rng.uniform(0.25, 0.5)
    left = np.array([-down * rng.uniform(0.5, 1.1), -down])
    far = np.array([rng.uniform(0.5, 1.1), -1.0])
    return [_through(rng, left, np.zeros(2), far)]


def _cross(rng: np.random.Generator) -> list[_Path]:
    """+ or x, or a star of lines."""
    count, start = int(rng.integers(2, 5)), rng.uniform(0, math.pi)
    angles = [start + math.pi * (i / count) + rng.normal(0, 0.06) for i in range(count)]
    ends = [np.array([math.cos(a), math.sin(a)]) * rng.uniform(0.8, 1.2) for a in angles]
    return [_through(rng, -end, end) for end in ends]


def _line(rng: np.random.Generator) -> list[_Path]:
    """One or two horizontal lines; a vertical one could be a 1."""
    tilt = math.radians(rng.uniform(-32, 32))
    end = np.array([math.cos(tilt), math.sin(tilt)])
    lines = [_through(rng, -end, end)]
    if rng.random() < 0.3:
        gap = np.array([0.0, rng.uniform(0.3, 0.9)])
        lines.append(_through(rng, gap - end, gap + end))
    return lines


def _wave(rng: np.random.Generator) -> list[_Path]:
    x = np.linspace(0, 1, 80)
    y = rng.uniform(0.04, 0.25) * np.sin(2 * math.pi * rng.uniform(1.5, 5) * x)
    return [np.stack([x, y + rng.uniform(-0.3, 0.3) * x], 1)]


def _polygon(rng: np.random.Generator) -> list[_Path]:
    """A closed triangle or pentagram."""
    corners = int(rng.choice([3, 5, 5]))
    step = 2 if corners == 5 else 1
    angles = 2 * math.pi * step * np.arange(corners + 1) / corners - math.pi / 2
    points = np.stack([np.cos(angles), np.sin(angles)], 1) * rng.uniform(0.85, 1.15, (1, 2))
    return [_through(rng, *(points + rng.normal(0, 0.04, points.shape)))]


def _arrow(rng: np.random.Generator) -> list[_Path]:
    turn = rng.choice([0.0, math.pi / 2, math.pi, 3 * math.pi / 2]) + rng.normal(0, 0.2)
    cosine, sine = math.cos(turn), math.sin(turn)
    matrix = np.array([[cosine, sine], [-sine, cosine]])
    head = rng.uniform(0.25, 0.5)
    shaft = _through(rng, np.array([-1.0, 0]), np.array([1.0, 0]))
    point = _through(rng, np.array([1 - head, -head]), np.array([1.0, 0]),
                     np.array([1 - head, head]))  # fmt: skip
    return [shaft @ matrix, point @ matrix]


def _through(rng: np.random.Generator, *corners: _Path) -> _Path:
    """A jittered path through corners."""
    legs = [
        a + (b - a) * np.linspace(0, 1, 12)[:, np.newaxis] for a, b in itertools.pairwise(corners)
    ]
    path = np.vstack(legs)
    return path + np.cumsum(rng.normal(0, 0.006, path.shape), axis=0)


_GENERATORS: tuple[_Generator, ...] = (
    _tangle, _zigzag, _spiral, _hatching, _blot, _tick, _cross, _line, _wave, _polygon, _arrow,
)  # fmt: skip
_WEIGHTS = np.array([5, 2, 1.5, 1.5, 1.5, 1.5, 1.5, 2, 1, 1.5, 1])
_SHARES = _WEIGHTS / _WEIGHTS.sum()

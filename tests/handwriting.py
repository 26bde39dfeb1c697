"""Ten digits by hand: the points that a pen passes, in a box 1 high and about 0.6 wide."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

Place = tuple[float, float]
Stroke = tuple[Place, ...]

DIGITS: dict[str, tuple[Stroke, ...]] = {
    "0": (
        (
            (0.36, 0.02),
            (0.14, 0.14),
            (0.03, 0.45),
            (0.08, 0.82),
            (0.28, 0.99),
            (0.49, 0.88),
            (0.58, 0.52),
            (0.51, 0.16),
            (0.33, 0.02),
        ),
    ),
    "1": (((0.14, 0.26), (0.24, 0.15), (0.34, 0.0), (0.34, 0.33), (0.33, 0.66), (0.33, 1.0)),),
    "2": (
        (
            (0.06, 0.22),
            (0.16, 0.05),
            (0.36, 0.0),
            (0.52, 0.12),
            (0.52, 0.32),
            (0.38, 0.58),
            (0.2, 0.8),
            (0.02, 0.98),
            (0.2, 0.96),
            (0.42, 0.98),
            (0.62, 0.96),
        ),
    ),
    "3": (
        (
            (0.08, 0.12),
            (0.26, 0.0),
            (0.46, 0.08),
            (0.49, 0.26),
            (0.36, 0.42),
            (0.22, 0.47),
            (0.42, 0.51),
            (0.54, 0.68),
            (0.47, 0.9),
            (0.26, 1.0),
            (0.05, 0.9),
        ),
    ),
    "4": (
        ((0.3, 0.0), (0.2, 0.25), (0.04, 0.58), (0.2, 0.6), (0.4, 0.58), (0.6, 0.57)),
        ((0.46, 0.3), (0.45, 0.6), (0.43, 1.0)),
    ),
    "5": (
        (
            (0.14, 0.04),
            (0.12, 0.22),
            (0.09, 0.42),
            (0.26, 0.36),
            (0.46, 0.46),
            (0.53, 0.68),
            (0.43, 0.9),
            (0.22, 1.0),
            (0.03, 0.92),
        ),
        ((0.14, 0.03), (0.32, 0.03), (0.52, 0.01)),
    ),
    "6": (
        (
            (0.44, 0.0),
            (0.24, 0.16),
            (0.09, 0.42),
            (0.05, 0.72),
            (0.16, 0.95),
            (0.36, 0.98),
            (0.5, 0.82),
            (0.45, 0.62),
            (0.26, 0.56),
            (0.08, 0.7),
        ),
    ),
    "7": (
        ((0.02, 0.05), (0.22, 0.04), (0.4, 0.03), (0.57, 0.02), (0.46, 0.3), (0.34, 0.62), (0.24, 1.0)),
    ),
    "8": (
        (
            (0.46, 0.12),
            (0.28, 0.0),
            (0.11, 0.12),
            (0.16, 0.32),
            (0.34, 0.47),
            (0.51, 0.68),
            (0.46, 0.92),
            (0.26, 1.0),
            (0.09, 0.88),
            (0.12, 0.66),
            (0.32, 0.46),
            (0.47, 0.28),
            (0.46, 0.11),
        ),
    ),
    "9": (
        (
            (0.5, 0.2),
            (0.36, 0.02),
            (0.15, 0.07),
            (0.06, 0.28),
            (0.18, 0.46),
            (0.38, 0.43),
            (0.5, 0.22),
            (0.48, 0.5),
            (0.45, 0.75),
            (0.42, 1.0),
        ),
    ),
}


def strokes(digit: str, x: float, y: float, height: float) -> list[list[Place]]:
    """The strokes of a digit whose box has its upper left corner at x, y; about 4 px a step."""
    return [
        [(x + px * height, y + py * height) for px, py in _smooth(stroke, 4.0 / height)]
        for stroke in DIGITS[digit]
    ]


def _smooth(points: Sequence[Place], step: float) -> Iterator[Place]:
    """A Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    yield points[0]
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(1, math.ceil(math.dist(b, c) / step))
        for k in range(1, count + 1):
            yield _between(a, b, c, d, k / count)


def _between(a: Place, b: Place, c: Place, d: Place, t: float) -> Place:
    def along(p: float, q: float, r: float, s: float) -> float:
        return 0.5 * (
            2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3
        )

    return along(a[0], b[0], c[0], d[0]), along(a[1], b[1], c[1], d[1])

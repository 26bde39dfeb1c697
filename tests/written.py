"""Digits and signs as a hand writes them: a few points per stroke, bent a little by chance.

The sample pictures are made of them, and tests use them as ink of which the text is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Ink, Stroke

Points = NDArray[np.float64]

#: Corner points of each stroke in a box of 100 x 150, y down.
_DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "0": [
        [(58, 4), (28, 14), (8, 55), (10, 105), (34, 145), (64, 142), (90, 105), (92, 55),
         (76, 14), (50, 4)],
    ],
    "1": [[(34, 34), (46, 20), (56, 4), (55, 50), (53, 100), (52, 148)]],
    "2": [
        [(10, 36), (22, 12), (50, 2), (78, 14), (84, 42), (68, 76), (38, 110), (8, 144),
         (30, 140), (62, 144), (94, 140)],
    ],
    "3": [
        [(14, 22), (36, 4), (66, 6), (80, 28), (70, 54), (44, 68), (70, 76), (88, 102),
         (76, 134), (44, 148), (12, 134)],
    ],
    "4": [
        [(52, 4), (36, 40), (8, 94), (40, 94), (94, 90)],
        [(68, 54), (66, 100), (64, 148)],
    ],
    "5": [
        [(22, 8), (20, 36), (16, 64), (44, 56), (74, 68), (86, 100), (70, 136), (40, 148),
         (10, 134)],
        [(22, 8), (52, 8), (84, 4)],
    ],
    "6": [
        [(70, 4), (42, 30), (18, 74), (12, 112), (30, 144), (62, 144), (82, 118), (72, 90),
         (44, 84), (18, 104)],
    ],
    "7": [[(8, 14), (40, 12), (88, 8), (70, 48), (50, 96), (36, 148)]],
    "8": [
        [(78, 18), (52, 2), (24, 16), (26, 46), (54, 70), (82, 98), (80, 134), (50, 148),
         (18, 132), (18, 102), (46, 72), (74, 46), (78, 18)],
    ],
    "9": [
        [(80, 30), (60, 6), (30, 8), (14, 36), (26, 66), (54, 70), (78, 48), (82, 22),
         (82, 60), (76, 104), (64, 148)],
    ],
}  # fmt: skip
#: The same of signs between digits, and how far the next one stands, in widths of a digit.
_SIGNS: dict[str, tuple[list[list[tuple[float, float]]], float]] = {
    "/": ([[(80, -5), (45, 70), (8, 158)]], 0.63),
    ":": ([[(8, 60), (10, 62), (9, 66)], [(8, 130), (10, 132), (9, 136)]], 0.27),
    "(": ([[(40, -8), (15, 35), (8, 80), (18, 125), (42, 160)]], 0.44),
    ")": ([[(8, -8), (32, 35), (38, 80), (30, 125), (6, 160)]], 0.44),
    "%": (
        [
            [(88, 4), (50, 75), (10, 148)],
            [(30, 8), (12, 22), (20, 44), (38, 34), (30, 8)],
            [(84, 104), (66, 118), (72, 140), (92, 132), (84, 104)],
        ],
        0.9,
    ),
    "+": ([[(10, 78), (50, 76), (88, 78)], [(48, 36), (50, 78), (48, 118)]], 0.85),
    "=": ([[(10, 60), (50, 58), (84, 60)], [(10, 98), (50, 96), (84, 98)]], 0.85),
    "-": ([[(10, 80), (40, 78), (66, 80)]], 0.68),
    ".": ([[(6, 146), (10, 148), (8, 150)]], 0.27),
    ",": ([[(16, 132), (18, 148), (6, 172)]], 0.32),
}


def write(
    text: str,
    *,
    height: float = 120.0,
    width: float = 12.0,
    at: tuple[float, float] = (0.0, 0.0),
    seed: int = 0,
) -> Ink:
    """`text` (digits, signs, spaces, newlines) as ink.

    `height` of a digit, pen `width` and the upper left corner are in px; another `seed` is
    another hand.
    """
    rng = np.random.default_rng(seed)
    strokes: list[Stroke] = []
    for row, line in enumerate(text.split("\n")):
        x = at[0]
        for sign in line:
            y = at[1] + height * (1.6 * row + rng.uniform(-0.03, 0.03))
            corners, share = _SIGNS.get(sign) or (_DIGITS.get(sign, []), 1.0)
            strokes += _bent(corners, height, width, (x, y), rng)
            x += share * height * rng.uniform(0.9, 1.0)
    return Ink(tuple(strokes))


def _bent(
    strokes: list[list[tuple[float, float]]],
    height: float,
    width: float,
    at: tuple[float, float],
    rng: np.random.Generator,
) -> list[Stroke]:
    slant = rng.uniform(-0.12, 0.04)
    scale = height / 150 * rng.uniform(0.94, 1.06)
    lean = np.array([[1.0, 0.0], [slant, 1.0]])
    made = []
    for corners in strokes:
        bent = np.array(corners, np.float64) + rng.normal(0, 1.5, (len(corners), 2))
        points = smooth(bent) @ lean * scale + np.array(at)
        made.append(Stroke.of(points, width))
    return made


def smooth(corners: Points, steps: int = 8) -> Points:
    """A Catmull-Rom curve through `corners`, `steps` points for each of its pieces."""
    padded = np.vstack([corners[:1], corners, corners[-1:]])
    before, start, end, after = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.vstack([curve.reshape(-1, 2), corners[-1:]])

"""Draw a line that was laid out: on the canvas, or as the ink of a page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.cell import LINE_WIDTH
from inkread.core.geometry import bounds
from inkread.core.ink import Points, draw_strokes
from inkread.core.line_picture import DIGIT_HEIGHT, LINE_HEIGHT, digit_rows, padded_width
from inkread.core.reading import Grey
from inkread.ml.synthesis.lines.layout import Written

SCALES = (0.75, 1.3)
"""Heights of digits over what a line picture should have: reading does not know it exactly."""
SHIFT = 4.0
"""Px of a line picture, up or down, by which its rows may be wrong."""
_MAX_LEFT = 8.0
"""Px of background at both ends of canvas ink, at most."""
_COARSE, _SPARSE, _SHAKY = 0.15, 0.35, 0.5
"""Cumulative shares of lines on a coarse grid (a small drawing), with points dropped (a fast
mouse), and with jittered points."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Ink of a line in px of a picture.

    Attributes
    ----------
    image : (h, w) array of uint8
        Ink 255 on 0.
    top, bottom : float
        Rows of the digits, as a reader estimates them.
    left, right : float
        Ends of the ink.
    """

    image: Grey
    top: float
    bottom: float
    left: float
    right: float


def canvas_picture(line: Written, rng: np.random.Generator) -> Grey:
    """A (32, w) line picture of ink on the canvas; only strokes are drawn."""
    height = (DIGIT_HEIGHT - LINE_WIDTH) * float(rng.uniform(*SCALES))
    strokes = _moved_by_hand(line.strokes, rng)
    top, bottom = digit_rows([bounds(points) for points in strokes])
    scale = height / max(bottom - top, 1e-3)
    lows = np.array([points.min(axis=0) for points in strokes])
    right = max(float(points[:, 0].max()) for points in strokes)
    left = float(lows[:, 0].min())
    room = LINE_WIDTH + rng.uniform(0, _MAX_LEFT, 2) * (rng.random(2) < 0.5)
    # As `ink_line_picture`: pixel centres at whole numbers, hence half a px less.
    y = LINE_HEIGHT / 2 - (top + bottom) / 2 * scale + rng.uniform(-SHIFT, SHIFT) - 0.5
    offset = np.array([room[0] - left * scale - 0.5, y], np.float32)
    width = padded_width(int(np.ceil((right - left) * scale + room[0] + room[1])))
    paths = [points * np.float32(scale) + offset for points in strokes]
    pen = LINE_WIDTH * float(rng.uniform(0.9, 1.1))
    return draw_strokes((LINE_HEIGHT, width), paths, [pen] * len(paths))


def page_ink(
    line: Written, height: float, pen: float, margins: tuple[float, ...], rng: np.random.Generator
) -> Drawn:
    """The ink of a page.

    Parameters
    ----------
    line : Written
        At least one stroke or picture.
    height : float
        Of its digits, lines included, px.
    pen : float
        Width of its strokes, px.
    margins : four floats
        Background on the left, above, on the right, below, px.
    rng : numpy.random.Generator
        Varies the width of strokes.
    """
    boxes = [bounds(points) for points in line.boxes()]
    top, bottom = digit_rows(boxes)
    scale = max(height - pen, 0.5 * height) / max(bottom - top, 1e-3)
    left, right = min(box.x for box in boxes), max(box.right for box in boxes)
    before, above, behind, below = margins
    corner = np.array([left, top], np.float32)
    offset = np.array([before + pen / 2, above + pen / 2], np.float32)
    reach = (right - left) * scale + pen
    shape = int(np.ceil(above + height + below)), int(np.ceil(before + reach + behind))
    strokes = line.strokes + line.neighbours
    paths = [(points - corner) * np.float32(scale) + offset for points in strokes]
    widths = pen * np.exp(rng.normal(0, 0.08, len(paths)))
    image = draw_strokes(shape, paths, widths.tolist())
    for picture, corners in line.pictures:
        _paste(image, picture, (corners - corner) * np.float32(scale) + offset)
    return Drawn(image, above, above + height, before, before + reach)


def _paste(image: Grey, picture: Grey, corners: Points) -> None:
    """Put a picture into a box of the image, over what is there."""
    x, y = np.rint(corners[0]).astype(int).tolist()
    width, height = np.maximum(1, np.rint(corners[1] - corners[0])).astype(int).tolist()
    method = cv2.INTER_AREA if height < picture.shape[0] else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(picture, (width, height), interpolation=method), np.uint8)
    x0, y0 = max(0, x), max(0, y)
    part = image[y0 : y + height, x0 : x + width]
    np.maximum(part, scaled[y0 - y : y0 - y + len(part), x0 - x :][:, : part.shape[1]], out=part)


def _moved_by_hand(strokes: list[Points], rng: np.random.Generator) -> list[Points]:
    """Strokes as pointing devices record them."""
    chance = rng.random()
    if chance < _COARSE:
        grid = np.float32(rng.uniform(0.01, 0.045))
        return [np.asarray(np.rint(points / grid) * grid, np.float32) for points in strokes]
    if chance < _SPARSE:
        every = int(rng.integers(2, 4))
        return [_sparse(points, every) for points in strokes]
    if chance < _SHAKY:
        deviation = float(rng.uniform(0.003, 0.012))
        return [
            np.asarray(points + rng.normal(0, deviation, points.shape), np.float32)
            for points in strokes
        ]
    return strokes


def _sparse(points: Points, every: int) -> Points:
    return np.concatenate([points[::every], points[-1:]]) if len(points) >= 12 else points

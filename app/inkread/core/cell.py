"""Strokes, or a glyph cut out of a picture -> the cell that the network sees.

The cell follows MNIST (LeCun et al. 1998): longest side 20 px, anti-aliased, centre of mass in the
middle of 28 x 28. Every stage is kept to show.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from inkread.core.ink import Stroke, rasterise
from inkread.core.reading import Cells, Grey, Stage, StageName
from inkread.core.stroke_width import line_width

#: Kept in each model's metadata: a network reads only the kind of cell that it was trained on.
PREPROCESS_VERSION = 1

CELL_SIDE = 28
GLYPH_SIDE = 20
#: Width of all canvas ink, px of the cell: about that of MNIST's pens.
LINE_WIDTH = 2.6
#: Minimum width of the lines of pictures, px of the cell: thinner ones are thickened to it.
MIN_LINE_WIDTH = 2.0
#: The glyph is centred on a grid this much finer than the cell.
_FINE = 4
#: Side to which glyphs of pictures are reduced before their lines are thickened, px.
_WORK_SIDE = GLYPH_SIDE * 16


def cell_from_ink(
    strokes: Sequence[Stroke], line_width: float = LINE_WIDTH
) -> tuple[Cells, tuple[Stage, ...]]:
    """Cell of strokes of any size, place and pen width.

    Parameters
    ----------
    strokes : sequence of Stroke
        The strokes of one glyph; at least one.
    line_width : float
        Line width to draw with, px of the cell; training varies it.

    Returns
    -------
    cell : (28, 28) array of float32
        0 (background) to 1 (ink).
    stages : tuple of Stage
        ink, centre, cell.
    """
    ink = rasterise(strokes, GLYPH_SIDE * _FINE, line_width * _FINE)
    return _centred(ink, Stage(StageName.INK, ink))


def cell_from_glyph(glyph: Grey) -> tuple[Cells, tuple[Stage, ...]]:
    """Cell of a glyph cut out of a picture.

    Parameters
    ----------
    glyph : (h, w) array of uint8
        Bright ink on 0, of any size; it is cropped to its ink.

    Returns
    -------
    cell : (28, 28) array of float32
        0 (background) to 1 (ink); all 0 if there is no ink.
    stages : tuple of Stage
        crop, centre, cell.
    """
    cropped = crop(glyph)
    return _centred(fit(thicken(cropped), GLYPH_SIDE * _FINE), Stage(StageName.CROP, cropped))


def _centred(glyph: Grey, before: Stage) -> tuple[Cells, tuple[Stage, ...]]:
    """The cell of a glyph of `_FINE` times its side, and the stages, `before` the first."""
    fine = centre(glyph)
    cell = shrink(fine)
    stages = before, Stage(StageName.CENTRE, fine), Stage(StageName.CELL, cell)
    return to_float(cell), stages


def crop(glyph: Grey) -> Grey:
    """The part of `glyph` that holds ink (over half as bright as its brightest), 1 x 1 if none."""
    peak = int(glyph.max(initial=0))
    if peak == 0:
        return np.zeros((1, 1), np.uint8)
    x, y, width, height = cv2.boundingRect((glyph > peak // 4).astype(np.uint8))
    return glyph[y : y + height, x : x + width]


def fit(glyph: Grey, side: int) -> Grey:
    """Scale to a longer side of `side` px; averages to shrink, interpolates to enlarge."""
    height, width = glyph.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(glyph, size, interpolation=method), np.uint8)


def thicken(glyph: Grey) -> Grey:
    """Thicken hair lines, which would fade when the glyph is reduced to the cell.

    Returns
    -------
    (h, w) array of uint8
        `glyph`, at most 320 px on a side, its lines at least `MIN_LINE_WIDTH` px of the cell wide.
    """
    longest = max(glyph.shape)
    if longest > _WORK_SIDE:
        glyph = fit(glyph, _WORK_SIDE)
        longest = _WORK_SIDE
    scale = GLYPH_SIDE / longest
    missing = MIN_LINE_WIDTH / scale - line_width(glyph)
    grow = round(missing / 2)
    if grow < 1:
        return glyph
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * grow + 1, 2 * grow + 1))
    room = cv2.copyMakeBorder(glyph, grow, grow, grow, grow, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.dilate(room, kernel), np.uint8)


def centre(glyph: Grey) -> Grey:
    """Put the glyph on a fine (112, 112) grid, its centre of mass in the middle."""
    field = CELL_SIDE * _FINE
    mass = cv2.moments(glyph)
    height, width = glyph.shape
    if mass["m00"] > 0:
        x, y = mass["m10"] / mass["m00"], mass["m01"] / mass["m00"]
    else:
        x, y = (width - 1) / 2, (height - 1) / 2
    left, top = round((field - 1) / 2 - x), round((field - 1) / 2 - y)
    result = np.zeros((field, field), np.uint8)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(field, left + width), min(field, top + height)
    result[y0:y1, x0:x1] = glyph[y0 - top : y1 - top, x0 - left : x1 - left]
    return result


def shrink(fine: Grey) -> Grey:
    """The (28, 28) cell of a fine grid, scaled so that its brightest ink is 1."""
    cell = cv2.resize(fine, (CELL_SIDE, CELL_SIDE), interpolation=cv2.INTER_AREA)
    peak = int(cell.max(initial=0))
    if 0 < peak < 255:
        cell = cv2.convertScaleAbs(cell, alpha=255 / peak)
    return np.asarray(cell, np.uint8)


def to_float(cell: Grey) -> Cells:
    """uint8 0..255 -> float32 0..1."""
    return np.asarray(cell.astype(np.float32) / np.float32(255))

"""Grey pictures of one text line, as line networks see them.

A line picture is 32 px high and any multiple of 4 px wide, ink bright on 0 and not binarised; a
normal digit is about 20 px high with its middle at row 16. Training and reading make them with the
functions of this file.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.cell import LINE_WIDTH
from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, draw_strokes
from inkread.core.quantiles import median, quantile
from inkread.core.reading import Grey

LINE_HEIGHT = 32
DIGIT_HEIGHT = 20
#: A step of the line network, px; widths are multiples of it.
STEP = 4
#: Minimum width, px.
MIN_WIDTH = 16

#: Share of a window of pixels that is darker than the background's level. Chosen: the boldest
#: digits of a line of 32 rows, with lines a quarter of their height wide, fill 0.6 of theirs.
_BACKGROUND_QUANTILE = 0.7
#: Width of the windows in which that is, over the height of the crop, and in px. Chosen: narrower
#: than a digit and the gaps beside it, they would be full of ink.
_WINDOW, _MIN_WINDOW = 0.6, 8
#: Side of the square that light is estimated with, over the height of the crop. Chosen: wider than
#: bold lines, where digits fill half of the height; narrower than most shadows.
_LIGHT = 0.35
#: Share of the pixels that are darker than the light as it usually is. Chosen: most of the crop may
#: lie in a shadow.
_USUAL = 0.8
#: Minimum contrast of ink, grey levels. Chosen: rounding to whole levels alone makes 0.3.
_MIN_CONTRAST = 4.0
#: Maximum gain of ink that faded when it was reduced. Chosen: lines of a quarter px.
_MAX_GAIN = 4.0
#: Share of the tallest, from which on a box is that of a digit. Chosen: of two digits of an
#: amount, the cents are rarely smaller.
_TALL = 0.55
#: Height over the median of the tall ones, from which on it is no digit. Chosen: longer than the
#: longest stem of a 7, and than slashes and brackets.
_TOO_TALL = 1.7
#: Minimum height of digits over the width of the widest box. Chosen: three zeros in one stroke are
#: about as wide.
_MIN_HEIGHT_SHARE = 0.25
#: Share of the narrower box that lies below the wider one, from which on they are one. Chosen.
_SAME_GLYPH = 0.5
#: Maximum width of a picture of ink, px. Chosen: 1,000 digits.
_MAX_INK_WIDTH = 16384
#: Strokes of less extent are points, px. Chosen: float32 could not hold how they are enlarged.
_MIN_EXTENT = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class LinePicture:
    """Picture of a line, and where it comes from: source = picture / scale + (left, top).

    Attributes
    ----------
    image : (32, w) array of uint8
        0 (background) to 255 (full ink); w is a multiple of 4, at least 16.
    scale : float
        Px of the picture for one of the source.
    left, top : float
        Upper left corner of the picture in the source, px.
    """

    image: Grey
    scale: float
    left: float
    top: float

    def to_source(self, box: Box) -> Box:
        """A box of the picture in px of the source."""
        scaled = box.scaled(1 / self.scale)
        return Box(scaled.x + self.left, scaled.y + self.top, scaled.width, scaled.height)


def normalised(grey: Grey, *, light_on_dark: bool = False) -> Grey:
    """Contrast of the ink of one line, whatever its brightness and that of its background.

    The background's level is estimated along the line, the contrast of full ink for all of it.
    Neither needs a threshold.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Crop of a page around one line, with some background above and below.
    light_on_dark : bool
        Whether the ink is brighter than its background.

    Returns
    -------
    (h, w) array of uint8
        0 (background) to 255 (full ink).
    """
    if grey.size == 0:
        return np.zeros(grey.shape, np.uint8)
    dark = np.asarray(cv2.bitwise_not(grey), np.uint8) if light_on_dark else grey
    lit = _evenly_lit(dark)
    contrast = np.maximum(_background(lit) - lit.astype(np.float32), np.float32(0))
    level = max(_MIN_CONTRAST, full_ink(contrast))
    return np.asarray(cv2.convertScaleAbs(contrast, alpha=255 / level), np.uint8)


def _evenly_lit(dark: Grey) -> Grey:
    """Without shadows and dark surfaces, sharp edges or not: over its closing (the background that
    no line of a pen interrupts), which becomes as light as it usually is.
    """
    side = 2 * round(len(dark) * _LIGHT / 2) + 1
    smooth = cv2.GaussianBlur(dark, (3, 3), 0)
    window = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    light = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, window, borderType=cv2.BORDER_REPLICATE)
    light = cv2.max(light, dark)
    usual = quantile(light[::2, ::2], _USUAL)
    return np.asarray(cv2.divide(dark, light, scale=usual), np.uint8)


def full_ink(contrast: NDArray[np.float32]) -> float:
    """Contrast of full ink: the mean of all pixels' contrasts, weighted with their squares.

    Faint grain hardly counts, be it all over the picture, and nor do the soft edges of lines.
    """
    square = contrast * contrast
    weight = float(square.sum())
    return float(np.vdot(square, contrast)) / weight if weight > 0 else 0.0


def _background(dark: Grey) -> NDArray[np.float32]:
    """Level of the background in each column, (1, w): a quantile of windows half as wide as
    high, and straight lines between and beyond their middles.
    """
    height, width = dark.shape
    count = max(1, round(width / max(height * _WINDOW, _MIN_WINDOW)))
    edges = np.linspace(0, width, count + 1).astype(int)
    levels = np.array(
        [
            quantile(dark[:, left:right], _BACKGROUND_QUANTILE)
            for left, right in itertools.pairwise(edges)
        ]
    )
    first, last = levels[:2].mean(), levels[-2:].mean()
    nodes = [2 * levels[0] - first, *levels, 2 * levels[-1] - last]
    middles = [0, *(edges[:-1] + edges[1:]) / 2, width]
    columns = np.interp(np.arange(width) + 0.5, middles, nodes)
    return np.asarray(columns, np.float32)[np.newaxis]


def digit_rows(boxes: Sequence[Box]) -> tuple[float, float]:
    """Rows between which the digits of a line stand.

    Parameters
    ----------
    boxes : sequence of Box
        Of its strokes or components, at least one; small signs among them do not matter, nor does
        a digit in several pieces.

    Returns
    -------
    top, bottom : float
        In the coordinates of the boxes, half way between those of the median of the tall glyphs
        and of their outermost ones; top < bottom, unless all boxes are points.
    """
    glyphs = _joined(boxes)
    heights = np.array([box.height for box in glyphs])
    tall = heights >= _TALL * quantile(heights, 0.9)
    tall &= heights <= _TOO_TALL * median(heights[tall])
    tops = [box.y for box, is_tall in zip(glyphs, tall, strict=True) if is_tall]
    bottoms = [box.bottom for box, is_tall in zip(glyphs, tall, strict=True) if is_tall]
    top, bottom = (median(tops) + min(tops)) / 2, (median(bottoms) + max(bottoms)) / 2
    lacking = _MIN_HEIGHT_SHARE * max(box.width for box in boxes) - (bottom - top)
    grown = max(0.0, lacking) / 2
    return top - grown, bottom + grown


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Boxes of glyphs: what stands above one another is one."""
    glyphs = list[Box]()
    for box in sorted(boxes, key=lambda box: box.x):
        last = glyphs[-1] if glyphs else None
        if last and last.overlap_x(box) > _SAME_GLYPH * min(last.width, box.width):
            glyphs[-1] = union([last, box])
        else:
            glyphs.append(box)
    return glyphs


def line_picture(ink_contrast: Grey, top: float, bottom: float) -> LinePicture:
    """Picture of a line of a page.

    Parameters
    ----------
    ink_contrast : (h, w) array of uint8
        Crop around the line, 0 (background) to 255 (full ink), as `normalised` gives it.
    top, bottom : float
        Rows of the crop between which its digits stand; they may lie outside of it.

    Raises
    ------
    ValueError
        If the rows are no height.
    """
    if not bottom > top:
        raise ValueError(f"digits from row {top:g} to row {bottom:g} have no height")
    scale = DIGIT_HEIGHT / (bottom - top)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    rows = _rows_within(ink_contrast, top, bottom)
    source = ink_contrast[rows]
    first = (LINE_HEIGHT / 2) - ((top + bottom) / 2 - rows.start) * scale
    if min(source.shape) * scale >= 1:
        # With the factor, not the rounded size: it stays exact over the width of a line.
        scaled = cv2.resize(source, None, fx=scale, fy=scale, interpolation=method)
        reduced = np.asarray(scaled, np.uint8)
    else:
        reduced = np.zeros((0, 0), np.uint8)
    offset = round(first)
    image = np.zeros((LINE_HEIGHT, padded_width(reduced.shape[1])), np.uint8)
    begin, end = max(0, offset), min(LINE_HEIGHT, offset + reduced.shape[0])
    if begin < end:
        image[begin:end, : reduced.shape[1]] = reduced[begin - offset : end - offset]
    return LinePicture(_brightened(image), scale, 0.0, rows.start - offset / scale)


def resized(image: Grey, factor: float) -> Grey:
    """The image of a line picture with everything larger by a factor; row 16 stays where it is.

    Parameters
    ----------
    image : (32, w) array of uint8
        As in `LinePicture`.
    factor : float
        0.5 to 2.

    Returns
    -------
    (32, w * factor, padded) array of uint8
    """
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(image, None, fx=factor, fy=factor, interpolation=method)
    height, width = scaled.shape
    offset = round((LINE_HEIGHT - LINE_HEIGHT * factor) / 2)
    begin, end = max(0, offset), min(LINE_HEIGHT, offset + height)
    widened = np.zeros((LINE_HEIGHT, padded_width(width)), np.uint8)
    widened[begin:end, :width] = scaled[begin - offset : end - offset]
    return widened


def _rows_within(crop: Grey, top: float, bottom: float) -> slice:
    """The rows of a crop that the picture shows, and a few more."""
    middle, half = (top + bottom) / 2, (bottom - top) * LINE_HEIGHT / DIGIT_HEIGHT / 2
    first = min(max(0, int(middle - half) - 2), len(crop))
    return slice(first, max(first, min(len(crop), int(middle + half) + 3)))


def padded_width(width: int) -> int:
    """The width of the picture that holds `width` columns."""
    return max(MIN_WIDTH, -(-width // STEP) * STEP)


def _brightened(image: Grey) -> Grey:
    """Gives lines that faded when they were reduced their full contrast."""
    level = full_ink(image.astype(np.float32))
    gain = min(_MAX_GAIN, 255 / level) if level else 1.0
    return np.asarray(cv2.convertScaleAbs(image, alpha=gain), np.uint8) if gain > 1 else image


def ink_line_picture(ink: Ink) -> LinePicture:
    """Picture of a line of strokes, all lines as wide as in cells of the canvas.

    Parameters
    ----------
    ink : Ink
        The strokes of one line, at least one.
    """
    bounds = [stroke.bounds for stroke in ink.strokes]
    top, bottom = digit_rows(bounds)
    frame = union(bounds)
    scale = (DIGIT_HEIGHT - LINE_WIDTH) / (bottom - top) if bottom - top > _MIN_EXTENT else 1.0
    scale = min(scale, (_MAX_INK_WIDTH - 2 * LINE_WIDTH) / max(frame.width, _MIN_EXTENT))
    left = frame.x - LINE_WIDTH / scale
    above = (top + bottom) / 2 - LINE_HEIGHT / 2 / scale
    width = padded_width(int(np.ceil(frame.width * scale + 2 * LINE_WIDTH)))
    corner = np.array([left, above], np.float32)
    # `draw_strokes` has the centres of pixels at whole numbers.
    paths = [(s.points - corner) * np.float32(scale) - np.float32(0.5) for s in ink.strokes]
    image = draw_strokes((LINE_HEIGHT, width), paths, [LINE_WIDTH] * len(paths))
    return LinePicture(image, scale, left, above)

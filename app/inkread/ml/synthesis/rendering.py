"""Render strokes to cells, by the two paths of recognition: as ink, and as a picture."""

from __future__ import annotations

import cv2
import numpy as np

from inkread.core.cell import LINE_WIDTH, cell_from_ink
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.page.polarity import is_light_on_dark
from inkread.core.picture.page import Page
from inkread.core.reading import Grey
from inkread.core.recognition.single_glyph import cell_of_page
from inkread.ml.datasets.strokes import Traces
from inkread.ml.synthesis.variation import normalised

_CANVAS_WIDTH_SHARE = 0.4
"""Share of ink cells with the canvas's line width; the others have a random one."""
_MIN_WIDTH, _MAX_WIDTH = 1.3, 4.6
"""Line width, px of the cell."""
_COARSE = 0.2
"""Share of pictures that are enlarged from one in which the glyph had only a few rows."""
_MIN_ROWS, _MAX_ROWS = 7, 16
_ENLARGERS = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)


def ink_cell(traces: Traces, rng: np.random.Generator) -> Grey:
    """(28, 28) uint8 cell of ink on the canvas, with a random line width."""
    usual = rng.random() < _CANVAS_WIDTH_SHARE
    width = LINE_WIDTH if usual else rng.uniform(_MIN_WIDTH, _MAX_WIDTH)
    _, stages = cell_from_ink([Stroke(trace) for trace in traces], width)
    return stages[-1].image


def page_cell(traces: Traces, rng: np.random.Generator) -> Grey | None:
    """Cell of a simulated photo, scan or screenshot of the strokes.

    Returns
    -------
    (28, 28) array of uint8 or None
        None if nothing is found in the picture, or its polarity is detected wrongly.
    """
    height = rng.uniform(22, 200)
    pen = max(1.0, height * rng.uniform(0.02, 0.26))
    strokes = tuple(Stroke(trace, pen) for trace in normalised(traces, height))
    ink = 255 - rasterise_page(Ink(strokes), margin=height * rng.uniform(0.15, 0.4))
    is_inverted = rng.random() < 0.15
    grey = _photograph(np.asarray(ink, np.uint8), height, rng)
    if is_inverted:
        grey = np.asarray(255 - grey, np.uint8)
    if is_light_on_dark(grey) != is_inverted:
        return None
    colour = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    return cell_of_page(Page(colour, grey))


def _photograph(ink: Grey, height: float, rng: np.random.Generator) -> Grey:
    """Simulate a photo: random brightness, illumination, blur, noise and JPEG compression."""
    if rng.random() < 0.5:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, max(0.5, height / 60))))
    background = rng.uniform(150, 255)
    dark = rng.uniform(0, background - 70)
    grey = background + (dark - background) / 255 * ink
    if rng.random() < 0.4:
        slope = rng.uniform(-0.25, 0.25, 2)
        y, x = np.mgrid[: ink.shape[0], : ink.shape[1]] / max(ink.shape)
        grey = grey * (1 + slope[0] * (x - 0.5) + slope[1] * (y - 0.5))
    if rng.random() < 0.5:
        grey = grey + rng.normal(0, rng.uniform(1, 8), grey.shape)
    picture = np.asarray(np.clip(np.rint(grey), 0, 255), np.uint8)
    if rng.random() < _COARSE:
        picture = _enlarge(picture, rng.uniform(_MIN_ROWS, _MAX_ROWS) / height, rng)
    if rng.random() < 0.4:
        quality = int(rng.integers(35, 92))
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture


def _enlarge(picture: Grey, shrunk: float, rng: np.random.Generator) -> Grey:
    """Shrink a picture by a factor and enlarge it again."""
    small = cv2.resize(picture, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
    method = _ENLARGERS[rng.integers(len(_ENLARGERS))]
    return np.asarray(cv2.resize(small, picture.shape[::-1], interpolation=method), np.uint8)

"""Strokes to cells, by the two ways that reading goes: as ink, and as a picture of ink."""

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

_USUAL_LINE = 0.4
"""Share of ink cells with the line that the canvas draws; the others have any width."""
_THINNEST, _WIDEST = 1.3, 4.6
"""px of the cell."""
_COARSE = 0.2
"""Share of pictures enlarged from one in which the sign had only few rows."""
_FEWEST_ROWS, _MAX_ROWS = 7, 16
_ENLARGERS = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)


def ink_cell(traces: Traces, rng: np.random.Generator) -> Grey:
    """(28, 28) uint8: what the network sees of ink on the canvas, in lines of some width."""
    usual = rng.random() < _USUAL_LINE
    width = LINE_WIDTH if usual else rng.uniform(_THINNEST, _WIDEST)
    _, stages = cell_from_ink([Stroke(trace) for trace in traces], width)
    return stages[-1].image


def page_cell(traces: Traces, rng: np.random.Generator) -> Grey | None:
    """(28, 28) uint8: what the network sees of a photo, scan or screenshot of the strokes.

    Returns
    -------
    (28, 28) array of uint8 or None
        None if the picture is so bad that nothing is found in it, or the paper taken for ink.
    """
    height = rng.uniform(22, 200)
    pen = max(1.0, height * rng.uniform(0.02, 0.26))
    strokes = tuple(Stroke(trace, pen) for trace in normalised(traces, height))
    ink = 255 - rasterise_page(Ink(strokes), margin=height * rng.uniform(0.15, 0.4))
    is_inverted = rng.random() < 0.15
    grey = _photographed(np.asarray(ink, np.uint8), height, rng)
    if is_inverted:
        grey = np.asarray(255 - grey, np.uint8)
    if is_light_on_dark(grey) != is_inverted:
        return None
    colour = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    return cell_of_page(Page(colour, grey))


def _photographed(ink: Grey, height: float, rng: np.random.Generator) -> Grey:
    """Paper and ink of some brightness, light that falls off, blur, grain, JPEG; all by chance."""
    if rng.random() < 0.5:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, max(0.5, height / 60))))
    paper = rng.uniform(150, 255)
    dark = rng.uniform(0, paper - 70)
    grey = paper + (dark - paper) / 255 * ink
    if rng.random() < 0.4:
        slope = rng.uniform(-0.25, 0.25, 2)
        y, x = np.mgrid[: ink.shape[0], : ink.shape[1]] / max(ink.shape)
        grey = grey * (1 + slope[0] * (x - 0.5) + slope[1] * (y - 0.5))
    if rng.random() < 0.5:
        grey = grey + rng.normal(0, rng.uniform(1, 8), grey.shape)
    picture = np.asarray(np.clip(np.rint(grey), 0, 255), np.uint8)
    if rng.random() < _COARSE:
        picture = _enlarged(picture, rng.uniform(_FEWEST_ROWS, _MAX_ROWS) / height, rng)
    if rng.random() < 0.4:
        quality = int(rng.integers(35, 92))
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture


def _enlarged(picture: Grey, shrunk: float, rng: np.random.Generator) -> Grey:
    """The picture as if it had been small, and somebody had enlarged it to its size."""
    small = cv2.resize(picture, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
    method = _ENLARGERS[rng.integers(len(_ENLARGERS))]
    return np.asarray(cv2.resize(small, picture.shape[::-1], interpolation=method), np.uint8)

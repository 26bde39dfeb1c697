"""Where a picture has level and upright lines: two maps, each of one direction.

A level line is dark against what lies above and below it: a closing along y fills it, and misses
what is upright. The picture is made smaller and turned before, so that most lines are level or
upright but for a few degrees.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Plane = NDArray[np.float32]
Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the line maps."""

    # px, longer side of the picture that is looked at; measured: 40 photos of sudokus need no more.
    side: int = 1280
    # px, of the closing across a line; chosen: twice as wide as a thick line of the small picture.
    closing: int = 21
    # px along which a line is averaged; chosen: shorter than the side of a tick box.
    average: int = 9
    # Grey levels of a line at least; measured: faint lines of sudokus have 6, paper less than 4.
    min_contrast: float = 5.0
    # Share of the contrast that the strongest 1 % have; measured: thin lines beside thick digits.
    share: float = 0.1
    # Medians of the map; measured: noise of dark photos.
    medians: float = 1.6
    # px across whose mean a line stands out from; chosen: twice a thick line, texture has no lines.
    around: int = 17
    # px, widest gap in a line; chosen: between two dots, and where an upright line crosses.
    gap: int = 7
    # px, shortest piece of a line; chosen: a tick box is not smaller.
    piece: int = 11
    # Degrees, of lines off level that are looked for; chosen: a page held by hand lies straighter.
    max_turn: float = 24.0
    # Degrees; chosen: less needs no turning, lines are traced as they lie.
    min_turn: float = 1.5
    # Grey levels of a gradient that shows a direction; chosen: above the noise of a photo.
    min_gradient: float = 96.0
    # Places with such a gradient; chosen: fewer show no direction.
    min_points: int = 40
    # The same that are looked at; chosen: bounds the work.
    points: int = 6000
    # Degrees between two gradients of one line; measured: 2.5, and the bend of paper.
    around_turn: float = 8.0


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class LineMaps:
    """Lines of a picture made smaller and turned.

    Attributes
    ----------
    ink : (h, w) array of uint8
        How far each px stands out, grey levels.
    level, upright : (h, w) array of uint8
        How far lines stand out, grey levels.
    level_mask, upright_mask : (h, w) array of uint8
        1 where there is a piece of a line.
    matrix : (3, 3) array of float64
        Homography from its px to those of the picture.
    """

    ink: Grey
    level: Grey
    upright: Grey
    level_mask: Grey
    upright_mask: Grey
    matrix: Matrix


def line_maps(grey: Grey) -> LineMaps:
    """The level and upright lines of a grey picture, dark on light or light on dark."""
    scale = min(1.0, PARAMS.side / max(grey.shape))
    small = grey
    if scale < 1:
        size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
        small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    across = grey.shape[1] / small.shape[1], grey.shape[0] / small.shape[0]
    matrix = np.diag([across[0], across[1], 1.0])
    matrix[:2, 2] = (across[0] - 1) / 2, (across[1] - 1) / 2
    if lines_are_light(small):
        small = np.asarray(255 - small, np.uint8)
    turn = _turning(small)
    if turn is not None:
        small, onto = turn
        matrix = matrix @ onto
    kernel = np.ones((PARAMS.closing, 1), np.uint8)
    above, beside = _contrast(small, kernel), _contrast(small, kernel.T)
    level = np.asarray(cv2.blur(above, (PARAMS.average, 1)), np.uint8)
    upright = np.asarray(cv2.blur(beside, (1, PARAMS.average)), np.uint8)
    # Both ways at once, as a crossing is dark along both lines.
    ink = _contrast(small, np.ones((PARAMS.closing, PARAMS.closing), np.uint8))
    masks = _mask(level, True), _mask(upright, False)
    return LineMaps(ink, level, upright, *masks, matrix)


def lines_are_light(grey: Grey) -> bool:
    """Whether ink is brighter than its background: most of a page is background."""
    small = grey[::2, ::2] if max(grey.shape) > 600 else grey
    mean = cv2.blur(small, (31, 31))
    off = small.astype(np.float32) - mean
    return bool(np.mean(off * off * off) > 0)


def _turning(small: Grey) -> tuple[Grey, Matrix] | None:
    """The picture with its lines level and upright, and the way back; None if they are."""
    seen = small[::2, ::2] if max(small.shape) > 600 else small
    smooth = cv2.GaussianBlur(seen, (0, 0), 1.0)
    dx, dy = (cv2.Scharr(smooth, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    size, angle = cv2.cartToPolar(dx, dy, angleInDegrees=True)
    on = size > max(PARAMS.min_gradient, 2 * float(size.mean()))
    y, x = np.nonzero(on)
    if not x.size:
        return None
    steep = np.mod(angle[y, x], 180)
    level = _direction(x, y, steep - 90)
    upright = _direction(y, x, 90 - np.mod(steep + 90, 180))
    if max(abs(level), abs(upright)) <= PARAMS.min_turn or abs(level + upright) > 15:
        return None
    # Directions of level and upright lines become the axes.
    a, b = np.radians(level), -np.radians(upright)
    onto = np.array([[np.cos(a), -np.sin(b)], [np.sin(a), np.cos(b)]])
    height, width = small.shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)
    flat = corners @ np.linalg.inv(onto).T
    low, high = flat.min(axis=0), flat.max(axis=0)
    back = np.eye(3)
    back[:2, :2] = onto
    back[:2, 2] = onto @ low
    there = np.linalg.inv(back)[:2]
    size_there = int(np.ceil(high[0] - low[0])), int(np.ceil(high[1] - low[1]))
    turned = cv2.warpAffine(
        small, there, size_there, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(turned, np.uint8), back


def _direction(along: Indexes, across: Indexes, turns: Plane) -> float:
    """The direction of most lines, degrees towards greater across.

    Parameters
    ----------
    along, across : (n,) arrays of int
        Places with a gradient, px.
    turns : (n,) array of float32
        The directions that their gradients say: these are off by up to 2.5 degrees (measured).
    """
    near = np.abs(turns) <= PARAMS.max_turn
    counts = np.bincount(np.rint(turns[near] + PARAMS.max_turn).astype(np.intp), minlength=1)
    if counts.sum() < PARAMS.min_points:
        return 0.0
    first = float(np.convolve(counts, [1, 2, 3, 2, 1], "same").argmax()) - PARAMS.max_turn
    like = np.flatnonzero(np.abs(turns - first) <= PARAMS.around_turn)
    like = like[:: max(1, like.size // PARAMS.points)]
    x, y = along[like].astype(np.float32), across[like].astype(np.float32)
    best, direction = -1.0, 0.0
    for turn in np.arange(first - 4, first + 4.1, 0.5).tolist():
        # Seen along their direction, points of lines fall together.
        rows = np.rint(y - np.float32(np.tan(np.radians(turn))) * x).astype(np.intp)
        piled = np.bincount(rows - rows.min())
        score = float(np.square(piled, dtype=np.float64).sum()) - 1e-3 * abs(turn)
        if score > best:
            best, direction = score, float(turn)
    return direction


def _contrast(grey: Grey, kernel: Grey) -> Grey:
    """How much darker a picture is than what lies on both sides."""
    return np.asarray(cv2.subtract(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel), grey), np.uint8)


def _mask(strength: Grey, is_level: bool) -> Grey:
    counts = np.cumsum(np.bincount(strength[::3, ::3].ravel(), minlength=256))
    median, high = np.searchsorted(counts, (0.5 * counts[-1], 0.99 * counts[-1]))
    least = max(PARAMS.min_contrast, PARAMS.medians * float(median) + 2, PARAMS.share * float(high))
    across = (1, PARAMS.around) if is_level else (PARAMS.around, 1)
    ridge = cv2.subtract(strength, cv2.blur(strength, across))
    marked = (ridge > least).view(np.uint8)
    for step, length in ((cv2.MORPH_CLOSE, PARAMS.gap), (cv2.MORPH_OPEN, PARAMS.piece)):
        kernel = np.ones((1, length) if is_level else (length, 1), np.uint8)
        marked = np.asarray(cv2.morphologyEx(marked, step, kernel), np.uint8)
    return marked

"""What is written in the cells of a lattice, by its ink alone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.tables.lattice import Lattice

Grey = NDArray[np.uint8]
Plane = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the contents."""

    # Share of the contrast of the strongest ink in the cells; chosen: half of it is ink.
    ink: float = 0.4
    # Contrast of writing over that of lines at least; chosen: pencil beside printed lines.
    over_lines: float = 0.35
    # px beside a line that may be its blur; chosen.
    beside: int = 2
    # Heights of a cell, of a glyph; chosen: specks and points have less.
    glyph: float = 0.25
    # px, the same at least; chosen: less is noise.
    min_glyph: int = 5


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Glyphs in the cells of a lattice: connected ink apart from the lines.

    Attributes
    ----------
    boxes : (n, 4) array of int32
        Left, top, width, height, px of the line maps.
    several_share : float
        Share of the written places with glyphs side by side.
    all_heights, all_middles : (m,) arrays of float64
        Heights and middles down the page of all ink of more than a few px, small glyphs too.
    crossing_share : float
        Share of the inner edges beside writing that writing crosses.
    """

    boxes: NDArray[np.int32]
    several_share: float
    all_heights: Plane
    all_middles: Plane
    crossing_share: float


def contents_of(lattice: Lattice, ink: Grey, line_contrast: float) -> Contents:
    """The glyphs in the cells of a lattice.

    Parameters
    ----------
    lattice : Lattice
        Of the line maps.
    ink : (h, w) array of uint8
        How far each px stands out.
    line_contrast : float
        The same of the lattice's lines.
    """
    nodes = lattice.nodes
    low = np.maximum(0, np.floor(nodes.min(axis=(0, 1)))).astype(int)
    high = np.ceil(nodes.max(axis=(0, 1))).astype(int) + 1
    seen = ink[low[1] : high[1], low[0] : high[0]]
    inside = np.zeros(seen.shape, np.uint8)
    outline = np.concatenate([nodes[0], nodes[1:, -1], nodes[-1, -2::-1], nodes[-2:0:-1, 0]])
    cv2.fillPoly(inside, [np.rint(outline - low).astype(np.int32)], 1)
    wide = round(max(lattice.widths)) + 2 * PARAMS.beside
    for line in (*nodes, *nodes.swapaxes(0, 1)):
        cv2.polylines(inside, [np.rint(line - low).astype(np.int32)], False, 0, wide)
    clear = seen * inside
    strong = np.bincount(clear[::2, ::2].ravel(), minlength=256)
    strong[0] = 0
    total = np.cumsum(strong)
    most = float(np.searchsorted(total, 0.98 * total[-1])) if total[-1] else 0.0
    least = max(PARAMS.ink * most, PARAMS.over_lines * line_contrast, 8.0)
    mask = np.asarray(clear > least, np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    side = float(np.median(lattice.sizes[1]))
    tall = stats[1:, cv2.CC_STAT_HEIGHT] >= max(PARAMS.min_glyph, PARAMS.glyph * side)
    boxes = np.asarray(stats[1:][tall][:, :4] + np.array([*low, 0, 0]), np.int32)
    high_enough = stats[1:][stats[1:, cv2.CC_STAT_HEIGHT] >= 2 * PARAMS.min_glyph]
    heights = high_enough[:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    middles = high_enough[:, cv2.CC_STAT_TOP] + heights / 2
    written = np.asarray(seen > least, np.uint8)
    crossing = _crossing(lattice, written, low)
    return Contents(boxes, _several(lattice, boxes), heights, middles, crossing)


def _several(lattice: Lattice, boxes: NDArray[np.int32]) -> float:
    """Share of the written places with two glyphs that stand beside one another."""
    if not len(boxes):
        return 0.0
    middles = lattice.nodes[:-1, :-1] + lattice.nodes[1:, 1:]
    middles = (middles / 2).reshape(-1, 2)
    at = boxes[:, :2] + boxes[:, 2:] / 2
    own = np.linalg.norm(at[:, np.newaxis] - middles, axis=-1).argmin(axis=1)
    several = 0
    for place in np.unique(own):
        left = boxes[own == place, 0]
        right = left + boxes[own == place, 2]
        several += bool(left.max() > right.min())
    return several / len(np.unique(own))


def _crossing(lattice: Lattice, written: Grey, low: NDArray[np.int_]) -> float:
    """Share of the inner edges beside writing where ink stands on both sides of the line."""
    off = max(lattice.widths) / 2 + PARAMS.beside + 1
    parts = np.linspace(0.1, 0.9, 25)[:, np.newaxis, np.newaxis, np.newaxis]
    crossed = touched = 0
    nodes = lattice.nodes - low
    for first, last, axis in (
        (nodes[1:-1, :-1], nodes[1:-1, 1:], 1),
        (nodes[:-1, 1:-1], nodes[1:, 1:-1], 0),
    ):
        if not first.size:
            continue
        places = first + parts * (last - first)
        sides = []
        for way in (-off, off):
            moved = places.copy()
            moved[..., axis] += way
            x = np.clip(np.rint(moved[..., 0]), 0, written.shape[1] - 1).astype(np.intp)
            y = np.clip(np.rint(moved[..., 1]), 0, written.shape[0] - 1).astype(np.intp)
            sides.append(written[y, x] > 0)
        crossed += int((sides[0] & sides[1]).any(axis=0).sum())
    rows, columns = lattice.shape
    for row in range(rows):
        for column in range(columns):
            quad = nodes[row : row + 2, column : column + 2]
            middle = quad.mean(axis=(0, 1))
            size = np.ptp(quad, axis=(0, 1)) * 0.3
            x, y = np.rint(middle - size).astype(int), np.rint(middle + size).astype(int)
            touched += bool(written[max(0, x[1]) : y[1] + 1, max(0, x[0]) : y[0] + 1].any())
    return crossed / max(1, 2 * touched)

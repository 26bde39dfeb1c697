"""A page without its grids: where they are, there is only background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.picture.downsample import reduced
from inkread.core.reading import Grey
from inkread.core.tables.grid import Grid


@dataclass(frozen=True, slots=True)
class Params:
    """How the ink of a grid is replaced by background."""

    #: px, of the lower side of a cell where the background is looked for; chosen: fewer would blur
    #: the edges of shadows, more take longer.
    cell: float = 16.0
    #: Share of a cell, of the square whose median is the background; chosen: most of each cell, and
    #: of all around a crossing of lines.
    window: float = 0.8
    #: Line widths beyond the middle of its outer lines that a grid reaches; chosen: their blur.
    rim: float = 1.5
    #: px, the same at least; chosen: lines of one px.
    min_rim: float = 3.0


PARAMS = Params()


def without_grids(grey: Grey, grids: Sequence[Grid]) -> Grey:
    """The page with background where grids are.

    Parameters
    ----------
    grey : (h, w) array of uint8
        The page.
    grids : sequence of Grid
        Px of the page.
    """
    blank = grey.copy() if grids else grey
    for grid in grids:
        _blank(blank, grid)
    return blank


def outline_of_grid(grid: Grid) -> NDArray[np.float32]:
    """The nodes around a grid, clockwise, (n, 2)."""
    nodes = grid.nodes
    sides = nodes[0, :-1], nodes[:-1, -1], nodes[-1, :0:-1], nodes[:0:-1, 0]
    return np.asarray(np.concatenate(sides), np.float32)


def _blank(grey: Grey, grid: Grid) -> None:
    """Replace the ink of a grid by background, in place."""
    rim = max(PARAMS.min_rim, PARAMS.rim * grid.line_width)
    outline = outline_of_grid(grid)
    reach = int(rim) + 3
    x, y = (max(0, int(v) - reach) for v in outline.min(axis=0))
    right, bottom = (int(v) + reach + 1 for v in outline.max(axis=0))
    window = grey[y:bottom, x:right]
    if window.size == 0:
        return
    inside = np.zeros(window.shape, np.uint8)
    points = np.round(outline - (x, y)).astype(np.int32)
    cv2.fillPoly(inside, [points], 255)
    cv2.polylines(inside, [points], True, 255, max(1, round(2 * rim)))
    window[:] = cv2.copyTo(_background(window, grid), inside, window)


def _background(window: Grey, grid: Grid) -> Grey:
    down = np.diff(grid.nodes, axis=0)
    across = np.diff(grid.nodes, axis=1)
    side = min(
        float(np.median(np.hypot(down[..., 0], down[..., 1]))),
        float(np.median(np.hypot(across[..., 0], across[..., 1]))),
    )
    scale = min(1.0, PARAMS.cell / max(side, 1.0))
    size = tuple(max(1, round(length * scale)) for length in window.shape[::-1])
    small = reduced(window, (size[0], size[1])) if scale < 1 else window
    square = 2 * max(1, round(PARAMS.window * side * scale / 2)) + 1
    light = cv2.medianBlur(small, square)  # ink is less than half, be it dark or light
    whole = cv2.resize(light, window.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.uint8)

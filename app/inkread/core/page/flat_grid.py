"""A grid of a page made flat: each cell an upright rectangle, its ink apart from light and lines.

Between the nodes of the grid the page is warped bilinearly, so that curved paper and perspective
are straight in each cell. Light is taken off by a closing, as in `core/line_picture.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Matrix
from inkread.core.page.grid_lines import without_lines
from inkread.core.picture.downsample import half_of
from inkread.core.quantiles import median
from inkread.core.reading import Grey
from inkread.core.tables.grid import Grid, GridCell, Nodes


@dataclass(frozen=True, slots=True)
class Params:
    """Size and light of a flat grid."""

    #: px, height of a cell for one sign, within which it is made flat; chosen: the network of cells
    #: sees 20 px, and small pictures of blurred digits have greys between px.
    min_sign: float = 56.0
    #: px, the same; chosen: as above, larger is more work.
    max_sign: float = 72.0
    #: px, height of the lowest row of another table; chosen: a line network sees 32 px, and a cell
    #: may hold several lines.
    min_row: float = 40.0
    #: px, the same; chosen: as above, larger is more work.
    max_row: float = 112.0
    #: Times that small cells are enlarged, at most; chosen: beyond there is nothing to see.
    max_enlarged: float = 2.0
    #: px of a flat grid; chosen: bounds the work, 800 cells of 70 px each way.
    max_pixels: float = 4.0e6
    #: Share of a cell's size around the grid that is seen; chosen: writing overflows its cell.
    margin: float = 0.3
    #: Side of the square that light is estimated with, over the height of the lowest row; chosen:
    #: as in `core/line_picture.py`, wider than bold lines.
    light: float = 0.35
    #: Share of a cell between its line and where the background beside it is looked at; chosen:
    #: beyond the line's blur.
    beside: float = 0.2


PARAMS = Params()

#: Where lines stand, or any array of float64.
Edges = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FlatGrid:
    """A grid made flat; lengths are px of the flat picture.

    Attributes
    ----------
    grid : Grid
        Its nodes in px of the page.
    across, down : (columns + 1,) and (rows + 1,) arrays of float64
        Where its upright and level lines stand.
    seen : (h, w) array of uint8
        The page there, for show.
    ink : (h, w) array of uint8
        Contrast of ink to its background, 0 to 255 (black on white), without the grid's lines.
    """

    grid: Grid
    across: Edges
    down: Edges
    seen: Grey
    ink: Grey

    def bounds(self, cell: GridCell) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a cell."""
        bottom, right = cell.row + cell.row_span, cell.column + cell.column_span
        return (
            float(self.across[cell.column]),
            float(self.down[cell.row]),
            float(self.across[right]),
            float(self.down[bottom]),
        )

    def to_page(self, cell: GridCell) -> Matrix:
        """Homography of a cell from px of the flat picture to px of the page."""
        left, top, right, bottom = self.bounds(cell)
        flat = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
        there = np.asarray(self.grid.cell_corners(cell), np.float32)
        return np.asarray(cv2.getPerspectiveTransform(flat, there), np.float64)


def flattened(grey: Grey, grid: Grid) -> FlatGrid:
    """Make a grid of a page flat, and take its lines and the light off."""
    widths, heights = _sizes(grid.nodes)
    scale = _scale(widths, heights, grid.has_single_signs)
    # The nodes are enough apart that no cell vanishes.
    widths, heights = np.maximum(widths * scale, 1.0), np.maximum(heights * scale, 1.0)
    nodes = _with_margin(grid.nodes)
    across, down = _edges(widths), _edges(heights)
    seen = _warped(grey, nodes, across, down, scale)
    low = float(np.min(heights))
    dark = (
        np.asarray(cv2.bitwise_not(seen), np.uint8)
        if _is_light(seen, across[1:-1], down[1:-1])
        else seen
    )
    ink = _contrast(dark, low)
    width = max(1.0, grid.line_width * scale)
    ink = without_lines(ink, grid, across[1:-1], down[1:-1], width)
    return FlatGrid(grid, across[1:-1], down[1:-1], seen, ink)


def _sizes(nodes: Nodes) -> tuple[Edges, Edges]:
    """Mean width of each column, and height of each row, px of the page."""
    right, below = np.diff(nodes, axis=1), np.diff(nodes, axis=0)
    widths = np.hypot(right[..., 0], right[..., 1]).mean(axis=0)
    heights = np.hypot(below[..., 0], below[..., 1]).mean(axis=1)
    return np.asarray(widths, np.float64), np.asarray(heights, np.float64)


def _scale(widths: Edges, heights: Edges, has_single_signs: bool) -> float:
    """Px of the flat picture for one of the page."""
    if has_single_signs:
        side, least, most = median(heights), PARAMS.min_sign, PARAMS.max_sign
    else:
        side, least, most = float(heights.min()), PARAMS.min_row, PARAMS.max_row
    side = max(side, 1.0)
    scale = min(max(1.0, min(least / side, PARAMS.max_enlarged)), most / side)
    whole = float(widths.sum() * heights.sum())
    return float(min(scale, np.sqrt(PARAMS.max_pixels / max(whole, 1.0))))


def _with_margin(nodes: Nodes) -> Edges:
    """The nodes and others around them, beyond which the grid's first and last cells go on."""
    wide = np.asarray(nodes, np.float64)
    first = wide[:1] + PARAMS.margin * (wide[:1] - wide[1:2])
    last = wide[-1:] + PARAMS.margin * (wide[-1:] - wide[-2:-1])
    wide = np.concatenate([first, wide, last])
    left = wide[:, :1] + PARAMS.margin * (wide[:, :1] - wide[:, 1:2])
    right = wide[:, -1:] + PARAMS.margin * (wide[:, -1:] - wide[:, -2:-1])
    return np.concatenate([left, wide, right], axis=1)


def _edges(sizes: Edges) -> Edges:
    """Where cells end, with the margins at both sides."""
    all_sizes = [PARAMS.margin * sizes[0], *sizes, PARAMS.margin * sizes[-1]]
    return np.concatenate([[0.0], np.cumsum(all_sizes)])


def _warped(
    grey: Grey,
    nodes: Edges,
    across: Edges,
    down: Edges,
    scale: float,
) -> Grey:
    """The page between nodes, the middles of its px at those of the flat picture."""
    low, high = nodes.min(axis=(0, 1)), nodes.max(axis=(0, 1))
    x, y = (max(0, int(v) - 2) for v in low)
    right, bottom = (int(v) + 3 for v in high)
    source, places = grey[y : max(y + 1, bottom), x : max(x + 1, right)], nodes - (x, y)
    while scale <= 0.5 and min(source.shape) >= 2:
        source, places, scale = half_of(source), places / 2, scale * 2
    columns, rows = _weights(across), _weights(down)
    map_x = rows @ places[..., 0] @ columns.T - 0.5
    map_y = rows @ places[..., 1] @ columns.T - 0.5
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    flat = cv2.remap(
        np.ascontiguousarray(source),
        map_x.astype(np.float32),
        map_y.astype(np.float32),
        method,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(flat, np.uint8)


def _weights(edges: Edges) -> Edges:
    """Of the nodes at the edges for each px between the first and the last, (px, nodes)."""
    places = np.arange(max(1, round(edges[-1]))) + 0.5
    weights = np.stack([np.interp(places, edges, row) for row in np.eye(len(edges))], axis=1)
    return np.asarray(weights, np.float64)


def _is_light(seen: Grey, across: Edges, down: Edges) -> bool:
    """Whether the lines are brighter than what stands beside them; both on most of the grid."""
    level = _step(seen[:, int(across[0]) : int(across[-1]) + 1], down)
    upright = _step(seen[int(down[0]) : int(down[-1]) + 1].T, across)
    return level + upright > 0


def _step(seen: Grey, lines: Edges) -> float:
    """Grey levels by which lines along the rows of a picture are brighter than beside them."""
    levels = seen.mean(axis=1)
    reach = max(1, round(PARAMS.beside * float(np.diff(lines).min())))
    steps = []
    for line in lines:
        at = int(line)
        near = levels[max(0, at - 1) : at + 2]
        beside = [levels[place] for place in (at - reach, at + reach) if 0 <= place < len(levels)]
        if near.size and beside:
            ends = (near.max(), near.min())
            steps.append(max((end - float(np.mean(beside)) for end in ends), key=abs))
    return float(np.median(steps)) if steps else 0.0


def _contrast(dark: Grey, low: float) -> Grey:
    """Contrast of what is darker than the light on it, 0 to 255."""
    side = 2 * max(1, round(low * PARAMS.light / 2)) + 1
    smooth = cv2.GaussianBlur(dark, (3, 3), 0)
    window = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    light = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, window, borderType=cv2.BORDER_REPLICATE)
    light = cv2.max(light, dark)
    share = cv2.divide(dark, light, scale=255)
    return np.asarray(cv2.bitwise_not(share), np.uint8)

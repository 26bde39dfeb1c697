"""Finds the grids of a picture: tables, sudokus, comb fields, single boxes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.tables.cells import cells_of, edges_of, single_signs
from inkread.core.tables.chains import Chain, Traced, traced
from inkread.core.tables.checks import (
    is_frame,
    is_lattice_of_lines,
    is_squared_paper,
    line_contrast,
    without_nested,
)
from inkread.core.tables.contents import contents_of
from inkread.core.tables.grid import Grid
from inkread.core.tables.lattice import Lattice, lattice_of
from inkread.core.tables.line_maps import LineMaps, line_maps
from inkread.core.tables.ticks import comb_of_ticks

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the search."""

    # px, shorter side of the picture; chosen: a box and its digit need as much.
    min_side: int = 16
    # px, shortest piece of a line; chosen: the side of a tick box.
    min_length: int = 11
    # Groups of touching lines; chosen: bounds the work, a form has tens of fields.
    max_groups: int = 150
    # px, height of a group; chosen: the lowest tick box.
    min_height: int = 14
    # px, width of a group that is a digit if it is tall; chosen: boxes are wider or square.
    max_glyph: int = 24
    # Height over width of such a digit; chosen: a 0.
    tall: float = 1.3
    # px, height of a group that may be a printed line; chosen: comb fields are higher.
    max_text: int = 40
    # Width over height of such a line; chosen: a word.
    wide: float = 2.0
    # Share of its width that a line above or below a row of cells has; chosen: it may be broken.
    long: float = 0.6
    # Pieces of a group that are not compared; chosen: bounds the work.
    many: int = 60
    # Share of two pieces that lie beside one another; chosen: sides of a cell.
    beside: float = 0.7
    # Length of a piece over another's where it is a side of a row; chosen: three cells.
    row: float = 2.5
    # px between two sides; chosen: the smallest cell.
    apart: float = 8.0
    # Groups in a row that may be cells and are none, the largest first; chosen: bounds the work, a
    # page of handwriting has hundreds.
    max_vain: int = 50
    # px by which pieces are made longer to touch; chosen: what an upright line leaves of a level
    # one.
    touch: int = 7
    # px, shorter side of a group that may have faint lines within; chosen: three rows.
    min_around: int = 100


PARAMS = Params()


def find_grids(grey: Grey) -> tuple[Grid, ...]:
    """The grids of a grey picture, in reading order.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Dark on light or light on dark.
    """
    if min(grey.shape) < PARAMS.min_side:
        return ()
    maps = line_maps(grey)
    grids = _grids(maps)
    kept = without_nested([(grid.corners, len(grid.cells) == 1) for grid in grids])
    return _in_reading_order([grids[i] for i in kept])


def _grids(maps: LineMaps) -> list[Grid]:
    level = traced(maps.level_mask, maps.level, True, PARAMS.min_length)
    upright = traced(maps.upright_mask, maps.upright, False, PARAMS.min_length)
    if not level.chains or not upright.chains:
        return []
    wide = _extended(maps.level_mask)
    high = _extended(np.ascontiguousarray(maps.upright_mask.T)).T
    both = np.asarray(cv2.bitwise_or(wide, high), np.uint8)
    _, labels = cv2.connectedComponents(both, connectivity=8)
    groups: dict[int, tuple[list[Chain], list[Chain]]] = {}
    for side, pieces in enumerate((level, upright)):
        for chain, (x, y) in zip(pieces.chains, pieces.places, strict=True):
            groups.setdefault(int(labels[y, x]), ([], []))[side].append(chain)
    able = [g for g in groups.values() if g[0] and g[1] and len(g[0]) + len(g[1]) >= 4]
    able.sort(key=lambda g: -(max(c.length for c in g[0]) * max(c.length for c in g[1])))
    found, vain = [], 0
    for level_chains, upright_chains in able[: PARAMS.max_groups]:
        box = _around(level_chains, upright_chains)
        if _is_glyph(box):
            continue
        if vain >= PARAMS.max_vain:
            break
        grid = None
        is_closed = _has_pair(level_chains) and _has_pair(upright_chains)
        if is_closed and not _is_text(box, level_chains):
            lattice = lattice_of(level_chains, upright_chains, maps, box)
            grid = None if lattice is None else _grid(lattice, maps)
            vain = vain + 1 if grid is None else 0
        if grid is None and min(box[2] - box[0], box[3] - box[1]) >= PARAMS.min_around:
            more_level = level_chains + _lying_in(box, level, level_chains, True)
            more_upright = upright_chains + _lying_in(box, upright, upright_chains, False)
            lattice = lattice_of(more_level, more_upright, maps, box, is_faint=True)
            grid = None if lattice is None else _grid(lattice, maps)
        if grid is None:
            lattice = comb_of_ticks(level_chains, upright_chains, maps)
            grid = None if lattice is None else _made(lattice, maps)
        if grid is not None:
            found.append(grid)
    return found


def _is_glyph(box: tuple[int, int, int, int]) -> bool:
    """Whether a group is too low for cells, or as small and tall as a digit."""
    width, height = box[2] - box[0], box[3] - box[1]
    return height < PARAMS.min_height or (width < PARAMS.max_glyph and height > PARAMS.tall * width)


def _has_pair(chains: list[Chain]) -> bool:
    """Whether two pieces run beside one another, as two sides of a cell."""
    if len(chains) > PARAMS.many:
        return True
    start = np.array([chain.start for chain in chains])
    end = np.array([chain.end for chain in chains])
    across = np.array([float(chain.across.mean()) for chain in chains])
    shared = np.minimum.outer(end, end) - np.maximum.outer(start, start)
    longer = np.maximum.outer(end - start, end - start)
    apart = np.abs(np.subtract.outer(across, across))
    # Both as long, or one of them that of a whole row of cells.
    shorter = np.minimum.outer(end - start, end - start)
    is_beside = (shared >= PARAMS.beside * longer) | (
        (shared >= PARAMS.beside * shorter) & (longer > PARAMS.row * shorter)
    )
    return bool((is_beside & (apart >= PARAMS.apart)).any())


def _is_text(box: tuple[int, int, int, int], level: list[Chain]) -> bool:
    """Whether a group is as low as printed text and has no line above and below."""
    width, height = box[2] - box[0], box[3] - box[1]
    long = sum(chain.length >= PARAMS.long * width for chain in level)
    return height < PARAMS.max_text and width > PARAMS.wide * height and long < 2


def _lying_in(
    box: tuple[int, int, int, int], pieces: Traced, own: list[Chain], is_level: bool
) -> list[Chain]:
    """Pieces that lie in the middle of a group without touching it: faint lines."""
    left, top, right, bottom = box
    known = {id(chain) for chain in own}
    found = []
    for chain, (x, y) in zip(pieces.chains, pieces.places, strict=True):
        start, end = (left, right) if is_level else (top, bottom)
        is_inside = left < x < right and top < y < bottom
        if is_inside and start <= chain.start and chain.end <= end and id(chain) not in known:
            found.append(chain)
    return found


def _extended(mask: Grey) -> Grey:
    """Level pieces made longer, thick ones more: they end where a thick line crosses."""
    thick = cv2.erode(mask, np.ones((PARAMS.touch, 1), np.uint8))
    thick = cv2.dilate(thick, np.ones((PARAMS.touch + 2, 3 * PARAMS.touch), np.uint8))
    longer = cv2.dilate(mask, np.ones((3, PARAMS.touch), np.uint8))
    return np.asarray(cv2.max(longer, thick), np.uint8)


def _around(level: list[Chain], upright: list[Chain]) -> tuple[int, int, int, int]:
    left = min(*(c.start for c in level), *(int(c.across.min()) for c in upright))
    right = max(*(c.end for c in level), *(int(c.across.max()) + 1 for c in upright))
    top = min(*(c.start for c in upright), *(int(c.across.min()) for c in level))
    bottom = max(*(c.end for c in upright), *(int(c.across.max()) + 1 for c in level))
    return left, top, right, bottom


def _grid(lattice: Lattice, maps: LineMaps) -> Grid | None:
    contrast = line_contrast(lattice, maps.ink)
    if not is_lattice_of_lines(lattice, maps.ink, contrast):
        return None
    contents = contents_of(lattice, maps.ink, contrast)
    if is_frame(lattice, contents, maps.ink.size) or is_squared_paper(lattice, contents):
        return None
    return _made(lattice, maps, single_signs(lattice, contents))


def _made(lattice: Lattice, maps: LineMaps, has_single_signs: bool = True) -> Grid:
    """The grid of a lattice, px of the picture."""
    nodes = cv2.perspectiveTransform(lattice.nodes, maps.matrix)
    scale = float(np.sqrt(abs(np.linalg.det(maps.matrix[:2, :2]))))
    return Grid(
        np.asarray(nodes, np.float32),
        cells_of(lattice),
        max(lattice.widths) * scale,
        *edges_of(lattice),
        has_single_signs,
    )


def _in_reading_order(grids: list[Grid]) -> tuple[Grid, ...]:
    """From top to bottom; those beside one another from left to right."""
    rest = sorted(grids, key=lambda grid: float(grid.nodes[..., 1].min()))
    ordered: list[Grid] = []
    while rest:
        first = rest[0].nodes[..., 1]
        low, high = float(first.min()), float(first.max())
        beside = [g for g in rest if float(g.nodes[..., 1].mean()) < max(high, low + 1)]
        beside = [g for g in beside if float(g.nodes[..., 1].min()) < (low + high) / 2] or [rest[0]]
        ordered += sorted(beside, key=lambda grid: float(grid.nodes[..., 0].min()))
        rest = [g for g in rest if not any(g is b for b in beside)]
    return tuple(ordered)

"""Which lattices are grids of cells, and which are digits, frames or squared paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.tables.contents import Contents
from inkread.core.tables.grid import Nodes
from inkread.core.tables.lattice import Lattice

Grey = NDArray[np.uint8]
Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the checks."""

    # Share of a side that is marked where there is a line; chosen: half of it, digits cross it.
    marked: float = 0.5
    # Width of a line over the shorter side of a cell; chosen: cells of a thick table hold digits.
    max_line: float = 0.3
    # The same of a few cells; chosen: bold digits have more.
    max_few_line: float = 0.17
    # Cells that are few; chosen: no digit has more.
    few: int = 3
    # Share of each side of a few cells that is marked; chosen: a digit's outline has gaps.
    few_marked: float = 0.8
    # The same where a side is open; chosen: a # of a pen has more.
    max_open_line: float = 0.12
    # px, shorter side of a cell; chosen: less holds no digit that can be read.
    min_cell: float = 8.0
    # The same where a side is open; chosen: crossing strokes of digits are shorter.
    min_open_cell: float = 20.0
    # Grey levels of its lines at least; chosen: fainter is noise.
    min_contrast: float = 4.0
    # Narrower part over the wider one beside a line alone; chosen: a margin is narrow.
    margin: float = 0.3
    # Share of all edges that are lines; chosen: most are.
    ruled: float = 0.6
    # Contrast of a line over its median; chosen: dots and gaps are less.
    ink: float = 0.4
    # Share of the lines where there is ink as straight as they are; measured: digits have 0.8.
    straight: float = 0.85
    # The same at the corners of a few cells; chosen: those of a 0 are blurred.
    few_ink: float = 0.6
    # px, cells below which a few tall or stacked ones are a 0 or 8; chosen: boxes are larger.
    small: float = 22.0
    # px, cells below which those of a row have to be alike; chosen: printed words are as low.
    tiny: float = 18.0
    # Height over width of a tall cell; chosen: a tick box is square.
    tall: float = 1.25
    # Share of the crossings with ink; measured: round corners of digits have none.
    crossed: float = 0.8
    # Sides of a cell, px off a line that are still on it; chosen: the bend of paper.
    off: float = 0.05
    # px, the same at least and at most; chosen: the blur of a line, the width of a thick one.
    min_off: int = 1
    max_off: int = 4
    # Heights of glyphs in a box; chosen: one line of writing is higher.
    one_line: float = 0.3
    # Heights of a box over which smaller glyphs are spread if it is a frame; chosen: two lines.
    spread: float = 0.35
    # Share of the picture that an empty box covers at most; chosen: more is a frame, or a sheet.
    empty: float = 0.25
    # Cells each way of squared paper; chosen: tables with square cells have fewer.
    squares: int = 4
    # Spread of cells' sizes over their median; chosen: printed squares are alike.
    regular: float = 0.15
    # Share of cells of another size; chosen: perspective, and a line that is writing.
    odd: float = 0.2
    # Places crossed by writing over places with writing; chosen: writing in cells crosses few.
    crossing: float = 0.2


PARAMS = Params()


def line_contrast(lattice: Lattice, ink: Grey) -> float:
    """The median contrast of a lattice's lines."""
    values = np.concatenate([v.ravel() for v in _along_lines(lattice, ink)])
    return float(np.median(values)) if values.size else 0.0


def is_lattice_of_lines(lattice: Lattice, ink: Grey, contrast: float) -> bool:
    """Whether its lines are thin, straight, and meet in corners: strokes of digits do not."""
    widths, heights = lattice.sizes
    side = min(float(np.median(widths)), float(np.median(heights)))
    is_open = lattice.lines != (len(heights) + 1, len(widths) + 1)
    if contrast < PARAMS.min_contrast or not _is_large_enough(lattice, side, is_open):
        return False
    edges = np.concatenate([lattice.level_edges.ravel(), lattice.upright_edges.ravel()])
    if (edges >= PARAMS.marked).mean() < PARAMS.ruled / (1 + is_open):
        return False
    is_few = len(widths) * len(heights) <= PARAMS.few
    if is_few and not is_open and edges.min() < PARAMS.few_marked:
        return False
    off = int(np.clip(round(PARAMS.off * side), PARAMS.min_off, PARAMS.max_off))
    near = np.asarray(cv2.dilate(ink, np.ones((2 * off + 1, 2 * off + 1), np.uint8)), np.uint8)
    on = np.concatenate([v.ravel() for v in _along_lines(lattice, near)])
    if (on >= PARAMS.ink * contrast).mean() < PARAMS.straight:
        return False
    crossings = _at(near, lattice.nodes)[_has_two_edges(lattice)]
    least = (PARAMS.few_ink if is_few else PARAMS.ink) * contrast
    return bool(crossings.size and (crossings >= least).mean() >= PARAMS.crossed)


def _is_large_enough(lattice: Lattice, side: float, is_open: bool) -> bool:
    """Whether its cells are large against its lines: of a digit they are not."""
    if side < (PARAMS.min_open_cell if is_open else PARAMS.min_cell):
        return False
    rows, columns = lattice.shape
    if side < PARAMS.tiny and rows * columns > 1:
        sizes = lattice.sizes[0 if columns > 1 else 1]
        if (np.abs(sizes / np.median(sizes) - 1) > PARAMS.regular).mean() > PARAMS.odd:
            return False
    if rows * columns <= PARAMS.few and side < PARAMS.small and not is_open:
        widths, heights = lattice.sizes
        if rows > 1 or heights[0] > PARAMS.tall * float(np.median(widths)):
            return False
    most = PARAMS.max_few_line if rows * columns <= PARAMS.few else PARAMS.max_line
    if is_open:
        most = PARAMS.max_open_line
    if is_open and min(lattice.shape) == 1:
        return False
    if 1 in lattice.lines and _has_margin(lattice):
        return False
    return max(lattice.widths) <= max(3.0, most * side) and (
        min(lattice.lines) >= 2 or max(lattice.lines) >= 4
    )


def _has_margin(lattice: Lattice) -> bool:
    """Whether one line across others stands near their ends: the margin of ruled paper."""
    sizes = lattice.sizes[0 if lattice.lines[1] == 1 else 1]
    return len(sizes) == 2 and float(min(sizes) / max(sizes)) < PARAMS.margin


def _along_lines(lattice: Lattice, plane: Grey) -> tuple[Plane, Plane]:
    """Values of a plane along the edges that are lines, each (n, samples)."""
    nodes, parts = lattice.nodes, np.linspace(0.02, 0.98, 21)[:, np.newaxis]
    found = []
    for first, last, shares in (
        (nodes[:, :-1], nodes[:, 1:], lattice.level_edges),
        (nodes[:-1], nodes[1:], lattice.upright_edges),
    ):
        is_line = shares >= PARAMS.marked
        start, step = first[is_line][:, np.newaxis], (last - first)[is_line][:, np.newaxis]
        found.append(_at(plane, start + parts * step))
    return found[0], found[1]


def _at(plane: Grey, places: Plane) -> Plane:
    x = np.clip(np.rint(places[..., 0]), 0, plane.shape[1] - 1).astype(np.intp)
    y = np.clip(np.rint(places[..., 1]), 0, plane.shape[0] - 1).astype(np.intp)
    return plane[y, x].astype(np.float64)


def _has_two_edges(lattice: Lattice) -> NDArray[np.bool_]:
    """Which nodes are on a level and on an upright line."""
    level = np.pad(lattice.level_edges >= PARAMS.marked, ((0, 0), (1, 1)))
    upright = np.pad(lattice.upright_edges >= PARAMS.marked, ((1, 1), (0, 0)))
    return (level[:, 1:] | level[:, :-1]) & (upright[1:] | upright[:-1])


def is_frame(lattice: Lattice, contents: Contents, area: int) -> bool:
    """Whether a single box is no field: lines of text within, or nothing in much of a picture."""
    if lattice.shape != (1, 1):
        return False
    widths, heights = lattice.sizes
    if not len(contents.all_heights):
        return bool(widths[0] * heights[0] > PARAMS.empty * area)
    size = float(np.median(contents.all_heights)) / heights[0]
    spread = float(np.ptp(contents.all_middles)) / heights[0]
    return bool(size < PARAMS.one_line and spread > PARAMS.spread)


def is_squared_paper(lattice: Lattice, contents: Contents) -> bool:
    """Whether its cells are squares that one writes over."""
    rows, columns = lattice.shape
    if min(rows, columns) < PARAMS.squares:
        return False
    widths, heights = lattice.sizes
    middle = float(np.median(heights))
    if abs(float(np.median(widths)) / middle - 1) > PARAMS.regular:
        return False
    # Where lines are too faint to be found, a cell is as large as several.
    sizes = np.concatenate([widths[1:-1], heights[1:-1]]) / middle
    if (np.abs(sizes - np.maximum(1, np.rint(sizes))) > PARAMS.regular).mean() > PARAMS.odd:
        return False
    return contents.crossing_share > PARAMS.crossing


def without_nested(boxes: Sequence[tuple[Nodes, bool]]) -> list[int]:
    """Indexes of the grids that lie in no other, of (corners, is a single box).

    A single box around others is a frame; what lies in a cell of a larger grid is writing.
    """
    areas = [float(cv2.contourArea(c.astype(np.float32))) for c, _ in boxes]
    order = sorted(range(len(boxes)), key=lambda i: -areas[i])
    kept: list[int] = []
    for place, index in enumerate(order):
        corners, is_single = boxes[index]
        inner = [i for i in order[place + 1 :] if _lies_in(boxes[i][0], corners)]
        if is_single and any(not boxes[i][1] for i in inner):
            continue
        if any(_lies_in(corners, boxes[i][0]) for i in kept):
            continue
        kept.append(index)
    return sorted(kept)


def _lies_in(inner: Nodes, outer: Nodes) -> bool:
    x, y = inner.mean(axis=0).tolist()
    return cv2.pointPolygonTest(outer.astype(np.float32), (x, y), measureDist=False) > 0

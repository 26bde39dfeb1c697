"""The ink of a flat grid by cells: each cell becomes a small page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box, Matrix
from inkread.core.line_picture import full_ink
from inkread.core.page.blob_shapes import is_dot
from inkread.core.page.components import Blob, Labels, components, outline_of, own_of
from inkread.core.page.flat_grid import FlatGrid
from inkread.core.page.state import PageState
from inkread.core.quantiles import median, quantile
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """What is ink of a cell."""

    #: Share of a cell at each side that is not looked at for its contrasts; chosen: rests of lines.
    rim: float = 0.1
    #: Share of a cell's contrast of full ink from which on there is ink; chosen: about the middle
    #: of a soft edge.
    ink: float = 0.4
    #: Share of the contrast that is usual in the table that ink has at least; chosen: pencil beside
    #: bold print has a tenth.
    faint: float = 0.1
    #: Standard deviations of the noise of a cell, the same; chosen: one px of 10,000 has 4.
    noises: float = 5.0
    #: Contrast, 0 to 255, the same; chosen: grain of paper.
    min_ink: float = 12.0
    #: Share of connected ink that lies in each of two cells, so that it is cut; chosen: a digit
    #: that overflows has less of its ink in the next cell.
    shared: float = 0.3
    #: Share of connected ink that lies in a cell, with which it counts as ink of it; chosen: more
    #: than what touches a line.
    crossing: float = 0.05
    #: Cells that connected ink lies in, which is no writing of a table; chosen: two digits may
    #: touch across a line.
    crossed: int = 3
    #: Side of a cell, such ink is as long at least; chosen: a digit on a line is not.
    reaching: float = 0.75
    #: Side of a cell, ink that is cut where little of it lies in a cell, too; chosen: longer than
    #: any digit.
    long: float = 1.6
    #: Height of a cell, longer side of ink that is more than dirt; chosen: small digits have a
    #: quarter.
    min_sign: float = 0.2
    #: Height of a cell, longer side of a point; chosen: specks are smaller.
    min_point: float = 0.04
    #: Height of a cell, from its side to the middle of a rest of its line; chosen: digits
    #: stand off it.
    beside_line: float = 0.12
    #: Height of a cell, thickness of a rest of a line at most; chosen: a pen's width.
    thin: float = 0.1
    #: Side of a cell, standard deviation of the blur that is taken off single signs; measured: of
    #: 3,240 digits of 40 photos of sudokus 2,971 are right without, 3,119 with it.
    blur: float = 0.035
    #: How much of it is taken off; measured: as `blur`.
    sharpened: float = 3.0
    #: Height of a cell around it that its page shows; chosen: ink overflows.
    margin: float = 0.25


PARAMS = Params()

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Levels:
    background: NDArray[np.float64]
    full: NDArray[np.float64]
    threshold: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CellInk:
    """The ink of a grid by cells.

    Attributes
    ----------
    cells : tuple of PageState
        A page for each cell, in their order.
    crossing : float
        Share of the ink that is connected across several cells, 0 to 1.
    """

    cells: tuple[PageState, ...]
    crossing: float


def cells_of(flat: FlatGrid, to_file: Matrix) -> CellInk:
    """The ink of each cell of a grid.

    Parameters
    ----------
    flat : FlatGrid
        The grid.
    to_file : (3, 3) array of float64
        Homography from px of the page in which it was found to px of the file.
    """
    cells = flat.grid.cells
    windows = [_window(flat.bounds(cell), flat.ink.shape) for cell in cells]
    levels = _levels(flat.ink, windows)
    mask = _mask(flat.ink, windows, levels)
    labels, stats = components(mask)
    labels, stats, owned, crossing = _owned(flat, labels, stats)
    pages = (_page(flat, k, to_file, labels, stats, owned[k], levels) for k in range(len(cells)))
    return CellInk(tuple(pages), crossing)


def _window(
    bounds: tuple[float, float, float, float], shape: tuple[int, ...]
) -> tuple[slice, slice]:
    left, top, right, bottom = bounds
    x0, y0 = max(0, round(left)), max(0, round(top))
    x1, y1 = min(shape[1], max(x0 + 1, round(right))), min(shape[0], max(y0 + 1, round(bottom)))
    return slice(y0, y1), slice(x0, x1)


def _inner(window: tuple[slice, slice]) -> tuple[slice, slice]:
    rows, columns = window
    rim = int(PARAMS.rim * min(rows.stop - rows.start, columns.stop - columns.start))
    return (
        slice(rows.start + rim, max(rows.start + rim + 1, rows.stop - rim)),
        slice(columns.start + rim, max(columns.start + rim + 1, columns.stop - rim)),
    )


def _levels(ink: Grey, windows: Sequence[tuple[slice, slice]]) -> _Levels:
    """Of each cell: contrast of its background and of full ink, and where ink begins."""
    background, full, noise = [], [], []
    for window in windows:
        own = ink[_inner(window)]
        level = median(own)
        over = np.maximum(own.astype(np.float32) - level, 0)
        background.append(level)
        noise.append(1.48 * median(np.abs(own.astype(np.float32) - level)))
        full.append(full_ink(over))
    fulls = np.array(full)
    floor = np.maximum(PARAMS.min_ink, PARAMS.noises * np.array(noise))
    seen = fulls[fulls > floor]
    usual = quantile(seen, 0.5) if len(seen) else 0.0
    floor = np.maximum(floor, PARAMS.faint * usual)
    threshold = np.maximum(PARAMS.ink * fulls, floor) + background
    return _Levels(np.array(background), np.maximum(fulls, floor), threshold)


def _mask(ink: Grey, windows: Sequence[tuple[slice, slice]], levels: _Levels) -> Grey:
    """255 where there is ink; around the grid as in its cells on the whole."""
    outside = float(np.median(levels.threshold))
    least = np.full(ink.shape, min(255.0, outside), np.float32)
    for window, value in zip(windows, levels.threshold, strict=True):
        least[window] = value
    return np.asarray((ink > least).astype(np.uint8) * np.uint8(255))


def _owned(
    flat: FlatGrid, labels: Labels, stats: Labels
) -> tuple[Labels, Labels, list[list[int]], float]:
    """The components of each cell: those most of which lie in it.

    What joins the ink of two cells is cut where these meet; so labels and their statistics change.
    The last value is the share of the ink that is connected across several cells.
    """
    count = len(flat.grid.cells)
    places = np.full(labels.shape, count, np.int32)
    for k, cell in enumerate(flat.grid.cells):
        places[_window(flat.bounds(cell), labels.shape)] = k
    inked = labels > 0
    keys, areas = np.unique(
        labels[inked].astype(np.int64) * (count + 1) + places[inked], return_counts=True
    )
    own, where = keys // (count + 1), (keys % (count + 1)).astype(int)
    totals = stats[own, cv2.CC_STAT_AREA]
    owned: list[list[int]] = [[] for _ in range(count + 1)]
    labels, rows, best = labels.copy(), [stats], dict[int, tuple[int, int]]()
    split = _split(own, areas, totals, stats, flat)
    for label, place, area in zip(own.tolist(), where.tolist(), areas.tolist(), strict=True):
        if label not in split:
            best[label] = max(best.get(label, (0, 0)), (area, place))
    reached = np.bincount(own[areas >= PARAMS.crossing * totals], minlength=len(stats))
    across = areas[reached[own] >= PARAMS.crossed].sum()
    crossing = float(across) / max(1, int(areas.sum()))
    for label, (_, place) in best.items():
        owned[place].append(label)
    fresh = len(stats)
    for label in sorted(split):
        x, y, wide, high = stats[label, :4].tolist()
        window = slice(y, y + high), slice(x, x + wide)
        mine = labels[window] == label
        for place in where[own == label].tolist():
            part = (mine & (places[window] == place)).astype(np.uint8)
            labels[window][part > 0] = fresh
            left, top, w, h = cv2.boundingRect(part)
            rows.append(np.array([[x + left, y + top, w, h, cv2.countNonZero(part)]], np.int32))
            owned[place].append(fresh)
            fresh += 1
    return labels, np.concatenate(rows), owned[:count], crossing


def _split(
    own: NDArray[np.int64],
    areas: NDArray[np.intp],
    totals: Labels,
    stats: Labels,
    flat: FlatGrid,
) -> set[int]:
    """The components much of which lies in each of several cells."""
    reach = PARAMS.reaching * float(min(np.diff(flat.across).min(), np.diff(flat.down).min()))
    found, seen = set[int](), dict[int, int]()
    is_much = areas >= PARAMS.shared * totals
    for label in own[is_much].tolist():
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > 1 and stats[label, 2:4].max() >= reach:
            found.add(label)
    # A long one that lies in many cells has little in each.
    long = (stats[own, 2:4].max(axis=1) >= PARAMS.long * reach / PARAMS.reaching) & ~is_much
    found.update(own[long].tolist())
    return found


def _page(
    flat: FlatGrid,
    k: int,
    to_file: Matrix,
    labels: Labels,
    stats: Labels,
    own: Sequence[int],
    levels: _Levels,
) -> PageState:
    """The page of a cell: all ink that is its own, of which only what may be writing is text."""
    cell = flat.grid.cells[k]
    bounds = flat.bounds(cell)
    left, top, right, bottom = bounds
    side = min(bottom - top, right - left)
    margin = PARAMS.margin * side
    window = _window((left - margin, top - margin, right + margin, bottom + margin), labels.shape)
    lookup = np.zeros(len(stats), np.int32)
    lookup[own] = np.arange(1, len(own) + 1)
    own_labels = lookup[labels[window]]
    mask = _mask_of(own_labels)
    own_stats, blobs = _blobs(own_labels, len(own))
    text = [blob for blob in blobs if not _is_dirt(stats[own[blob.label - 1]], bounds)]
    if max((blob.box.longest_side for blob in text), default=0.0) < PARAMS.min_sign * side:
        text = []
    own_ink = flat.ink[window].astype(np.float32) - np.float32(levels.background[k])
    over = np.maximum(own_ink, 0).astype(np.uint8)
    soft = _full_contrast(over, mask)
    is_text = np.zeros(len(own) + 1, np.uint8)
    is_text[[blob.label for blob in text]] = 255
    grey = np.asarray(255 - _full_contrast(over, is_text[own_labels]), np.uint8)
    if flat.grid.has_single_signs:
        soft = _sharpened(soft, mask, side)
    shift = np.array([[1.0, 0.0, window[1].start], [0.0, 1.0, window[0].start], [0.0, 0.0, 1.0]])
    matrix = np.asarray(to_file @ flat.to_page(cell) @ shift, np.float64)
    return replace(
        PageState.of(grey, matrix),
        seen=flat.seen[window],
        light_on_dark=False,
        mask=mask,
        soft=soft,
        labels=own_labels,
        stats=own_stats,
        blobs=tuple(sorted(text, key=lambda blob: -blob.area)),
    )


def _mask_of(labels: Labels) -> Grey:
    return np.asarray((labels > 0).astype(np.uint8) * np.uint8(255))


def _blobs(labels: Labels, count: int) -> tuple[Labels, list[Blob]]:
    """Statistics and blobs of all components of a cell that its page shows."""
    stats, blobs = np.zeros((count + 1, 5), np.int32), list[Blob]()
    for label in range(1, count + 1):
        mask = np.asarray((labels == label).astype(np.uint8))
        area = cv2.countNonZero(mask)
        if area == 0:
            continue
        x, y, width, height = cv2.boundingRect(mask)
        stats[label] = x, y, width, height, area
        box = Box(float(x), float(y), float(width), float(height))
        mine = own_of(labels, label, box)
        blobs.append(Blob(label, box, area, outline_of(mine, box.x, box.y), is_dot(mine)))
    return stats, blobs


def _full_contrast(over: Grey, mask: Grey) -> Grey:
    """Contrast around a mask, its strongest ink 255: greys between stay, soft edges, too."""
    if not mask.any():
        return np.zeros(over.shape, np.uint8)
    own = cv2.copyTo(over, cv2.dilate(mask, np.ones((5, 5), np.uint8)))
    peak = max(1.0, float(cv2.blur(own, (3, 3)).max()))
    return np.asarray(cv2.convertScaleAbs(own, alpha=255 / peak), np.uint8)


def _sharpened(soft: Grey, mask: Grey, side: float) -> Grey:
    """Contrast with its blur taken off: of blurred bold digits the holes are seen again."""
    blurred = cv2.GaussianBlur(soft, (0, 0), max(0.5, PARAMS.blur * side))
    weight = PARAMS.sharpened
    sharp = cv2.addWeighted(soft, 1 + weight, blurred, -weight, 0)
    return np.asarray(cv2.copyTo(sharp, cv2.dilate(mask, np.ones((5, 5), np.uint8))), np.uint8)


def _is_dirt(stats: NDArray[np.int32], bounds: tuple[float, float, float, float]) -> bool:
    """Whether a component is a speck, or a rest of a line of the cell."""
    x, y, wide, high = (float(v) for v in stats[:4])
    left, top, right, bottom = bounds
    side = min(right - left, bottom - top)
    if max(wide, high) < PARAMS.min_point * side:
        return True
    near, thin = PARAMS.beside_line * side, PARAMS.thin * side
    middle_x, middle_y = x + wide / 2, y + high / 2
    is_level = high <= thin and min(middle_y - top, bottom - middle_y) <= near
    is_upright = wide <= thin and min(middle_x - left, right - middle_x) <= near
    return is_level or is_upright

"""Columns of numbers without any line: gaps that stand below one another in most text lines.

Gaps of ordinary lines stand below one another by chance too. So a gap between columns has to be
free in nearly all lines, has to have writing on both sides in most, and has to be wide against how
often a line has such gaps (the chance that all lines have one there is what is weighed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.tables.grid import Grid, GridCell, Nodes

Plane = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the columns; heights are of the glyphs."""

    # Text lines; chosen: two gaps below one another are chance.
    min_lines: int = 3
    # Heights, of a column of the map of gaps; chosen: gaps are measured as well as written.
    bin: float = 0.05
    # Heights, free in all lines; chosen: glyphs of one number stand nearer.
    min_gap: float = 0.3
    # Heights, the same between two columns only; chosen: a space in all of three numbers is less.
    min_lone_gap: float = 1.0
    # Heights, the same where all cells hold one glyph; chosen: wide writing has less.
    min_single_gap: float = 0.8
    # Gaps between columns over those within, medians; chosen: columns stand clear.
    clear: float = 2.0
    # Share of the lines with writing on both sides of a gap; chosen: some cells are empty.
    both_sides: float = 0.6
    # Lines that may cross a gap, share; chosen: one of eight is a title or a slip.
    crossing: float = 0.13
    # Chance that all gaps of a page meet; measured: none of 300 pages of ordinary lines gives
    # columns, 155 of 200 tables do; at 0.003 three pages do.
    chance: float = 0.001
    # Rise over run, of columns that lean; chosen: a page held by hand.
    max_lean: float = 0.12
    # The same, between two that are tried; chosen: half a gap over ten lines.
    lean_step: float = 0.02
    # Heights beyond the outermost glyphs; chosen: half a space.
    margin: float = 0.35
    # Widths of the map over height; chosen: bounds the work.
    max_bins: int = 20000


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Gaps between columns: middles and widths at the middle of the lines, px, their lean, and the
    chance that lines without columns have them.
    """

    middles: Plane
    widths: Plane
    lean: float
    chance: float


def find_columns(lines: Sequence[Sequence[Box]]) -> Grid | None:
    """The grid of numbers that stand below one another; None if they make no columns.

    Parameters
    ----------
    lines : sequence of sequences of Box
        The glyphs of each text line, left to right; lines from top to bottom.
    """
    lines = [line for line in lines if line]
    if len(lines) < PARAMS.min_lines:
        return None
    height = float(np.median([box.height for line in lines for box in line]))
    if height <= 0:
        return None
    tried = [_gaps(lines, height, lean) for lean in sorted(_leans().tolist(), key=abs)]
    best = max(tried, key=lambda gaps: (len(gaps.middles), float(gaps.widths.sum())))
    if (
        not len(best.middles)
        or best.chance > PARAMS.chance
        or not _are_columns(lines, best, height)
    ):
        return None
    return _grid(lines, best, height)


def _middle(lines: Sequence[Sequence[Box]]) -> float:
    return float(np.mean([box.centre[1] for line in lines for box in line]))


def _gaps(lines: Sequence[Sequence[Box]], height: float, lean: float) -> Gaps:
    """The gaps that nearly all lines have at the same place, leaning."""
    middle, size = _middle(lines), PARAMS.bin * height
    spans = [
        np.array([(b.x - lean * (b.centre[1] - middle), b.width) for b in line]) for line in lines
    ]
    start = min(float(span[:, 0].min()) for span in spans)
    end = max(float(span.sum(axis=1).max()) for span in spans)
    size = max(size, (end - start) / PARAMS.max_bins)
    count = int((end - start) / size) + 1
    is_ink = np.zeros((len(lines), count), np.bool_)
    is_within = np.zeros((len(lines), count), np.bool_)
    for row, span in enumerate(spans):
        first = ((span[:, 0] - start) / size).astype(int)
        last = np.minimum(((span.sum(axis=1) - start) / size).astype(int) + 1, count)
        for a, b in zip(first.tolist(), last.tolist(), strict=True):
            is_ink[row, a:b] = True
        is_within[row, first.min() : last.max()] = True
    most = int(PARAMS.crossing * len(lines))
    least = max(PARAMS.min_lines, PARAMS.both_sides * len(lines))
    is_free = (is_ink.sum(axis=0) <= most) & (is_within.sum(axis=0) >= least)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_free.view(np.int8), [0]))))
    first, last = edges[::2], edges[1::2]
    wide = (last - first) * size >= PARAMS.min_gap * height
    first, last = first[wide], last[wide]
    chances = np.array(
        [
            _chance(is_ink, is_within, a, b)
            for a, b in zip(first.tolist(), last.tolist(), strict=True)
        ]
    )
    middles = np.asarray(start + (first + last) / 2 * size, np.float64)
    widths = np.asarray((last - first) * size, np.float64)
    chance = float(np.prod(np.minimum(1, chances))) * len(_leans())
    return Gaps(middles, widths, lean, chance)


def _leans() -> Plane:
    """The leans that are tried."""
    return np.arange(-PARAMS.max_lean, PARAMS.max_lean + 1e-9, PARAMS.lean_step)


def _chance(is_ink: Flags, is_within: Flags, first: int, last: int) -> float:
    """The chance that all lines about a gap have one as wide there, if theirs lay anywhere."""
    wide = last - first
    sums = np.cumsum(np.pad(is_ink, ((0, 0), (1, 0))), axis=1)
    has_room: Flags = (sums[:, wide:] - sums[:, :-wide]) == 0
    inside = is_within[:, : has_room.shape[1]] & is_within[:, wide - 1 :]
    about = is_within[:, first:last].all(axis=1)
    shares = (has_room & inside).sum(axis=1) / np.maximum(1, inside.sum(axis=1))
    places = is_ink.shape[1] / wide
    return float(np.prod(shares[about & (shares > 0)]) * places)


def _are_columns(lines: Sequence[Sequence[Box]], gaps: Gaps, height: float) -> bool:
    """Whether gaps between columns stand clear of those within them."""
    middle = _middle(lines)
    within, between = list[float](), list[float]()
    for line in lines:
        at = [box.centre[0] - gaps.lean * (box.centre[1] - middle) for box in line]
        own = np.searchsorted(gaps.middles, at)
        for index in range(len(line) - 1):
            gap = -line[index].overlap_x(line[index + 1]) / height
            (within if own[index] == own[index + 1] else between).append(gap)
    least = PARAMS.min_lone_gap if len(gaps.middles) == 1 else PARAMS.min_gap
    if not within:
        least = max(least, PARAMS.min_single_gap)
    elif np.median(between) < PARAMS.clear * max(0.05, float(np.median(within))):
        return False
    return bool(np.median(gaps.widths) >= least * height)


def _grid(lines: Sequence[Sequence[Box]], gaps: Gaps, height: float) -> Grid:
    middle, margin = _middle(lines), PARAMS.margin * height
    boxes = [box for line in lines for box in line]
    left = min(b.x - gaps.lean * (b.centre[1] - middle) for b in boxes) - margin
    right = max(b.right - gaps.lean * (b.centre[1] - middle) for b in boxes) + margin
    x = np.array([left, *gaps.middles, right])
    slope, levels = _levels(lines)
    between = (levels[1:] + levels[:-1]) / 2
    pitch = np.diff(levels)
    y = np.array([levels[0] - pitch[0] / 2, *between, levels[-1] + pitch[-1] / 2])
    nodes = np.full((len(y), len(x), 2), middle)
    centre = float(np.mean([b.centre[0] for b in boxes]))
    for _ in range(3):  # columns lean with y, lines slope with x
        nodes[..., 0] = x + gaps.lean * (nodes[..., 1] - middle)
        nodes[..., 1] = y[:, np.newaxis] + slope * (nodes[..., 0] - centre)
    return _bare_grid(np.asarray(nodes, np.float32))


def _levels(lines: Sequence[Sequence[Box]]) -> tuple[float, Plane]:
    """The slope of all lines, and where each lies at the middle of the page."""
    middles = [np.array([box.centre for box in line]) for line in lines]
    off = np.concatenate([m - m.mean(axis=0) for m in middles])
    slope = float((off[:, 0] * off[:, 1]).sum() / max(1e-9, float(np.square(off[:, 0]).sum())))
    centre = float(np.mean([m for line in middles for m in line[:, 0].tolist()]))
    levels = [float(m[:, 1].mean() + slope * (centre - m[:, 0].mean())) for m in middles]
    return slope, np.maximum.accumulate(np.array(levels))


def _bare_grid(nodes: Nodes) -> Grid:
    rows, columns = nodes.shape[0] - 1, nodes.shape[1] - 1
    cells = tuple(GridCell(r, c) for r, c in np.ndindex(rows, columns))
    level = np.zeros((rows + 1, columns), np.bool_)
    return Grid(nodes, cells, 0.0, level, np.zeros((rows, columns + 1), np.bool_))

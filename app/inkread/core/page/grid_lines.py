"""Takes the lines of a flat grid off, where they are known to be; writing across them stays."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Grey
from inkread.core.tables.grid import Grid


@dataclass(frozen=True, slots=True)
class Params:
    """Where a line is, and what of it is writing."""

    #: Share of a cell over which a line's contrast is averaged along it; chosen: longer than the
    #: level strokes of a digit, shorter than bends of paper.
    average: float = 0.6
    #: Height of a cell, of the pieces of a line of which the median counts; chosen: digits cover
    #: less than half of one.
    piece: float = 1.2
    #: Share of the mean that counts where it is more; chosen: half of it is dots, or writing.
    of_mean: float = 0.5
    #: Share of a line that is empty between dots, at most; chosen: dots at twice their width.
    dots: float = 0.75
    #: Share of a cell, across, that a line may be off its place; chosen: nodes are exact, folds
    #: between them are not.
    off: float = 0.07
    #: Share of a cell, across, that a line and its blur reach on each side of its middle; chosen:
    #: thick lines of a sudoku are less than a tenth of a cell.
    reach: float = 0.13
    #: Share of a cell along a line, besides its width, where a line that crosses it stands, and no
    #: writing; chosen: thick lines, and their blur.
    crossed: float = 0.04
    #: Share of a line's contrast up to which it reaches; chosen: the foot of a blurred line.
    foot: float = 0.3
    #: Share of a line's contrast up to which it is dark; chosen: the middle of a soft edge.
    half: float = 0.5
    #: px by which a line with writing is thicker; chosen: a line varies by one.
    min_thicker: float = 2.0
    #: Widths of the line, the same; chosen: thick lines vary more.
    thicker: float = 0.35
    #: Contrast of a line at least, 0 to 255; chosen: the grain of paper averages to less.
    faint: float = 6.0
    #: Times a line's contrast that ink upon it has; chosen: a line varies by less.
    darker: float = 1.5
    #: Contrast, 0 to 255, besides; chosen: as above.
    above: float = 24.0


PARAMS = Params()

Plane = NDArray[np.float32]
Edges = NDArray[np.bool_]


def without_lines(
    ink: Grey,
    grid: Grid,
    across: NDArray[np.float64],
    down: NDArray[np.float64],
    line_width: float,
) -> Grey:
    """The contrast of a flat grid without that of its lines.

    Parameters
    ----------
    ink : (h, w) array of uint8
        Contrast, 0 to 255.
    grid : Grid
        Says between which nodes there are lines.
    across, down : (columns + 1,) and (rows + 1,) arrays of float64
        Where upright and level lines stand, px.
    line_width : float
        px.
    """
    level = _without_level(ink.astype(np.float32), grid.level_edges, across, down, line_width)
    turned = np.ascontiguousarray(level.T)
    both = _without_level(turned, grid.upright_edges.T, down, across, line_width)
    return np.ascontiguousarray(both.T).astype(np.uint8)


def _without_level(
    ink: Plane, edges: Edges, across: NDArray[np.float64], down: NDArray[np.float64], width: float
) -> Plane:
    ink = ink.copy()
    columns = np.arange(ink.shape[1]) + 0.5
    cells = np.clip(np.searchsorted(across, columns, side="right") - 1, 0, edges.shape[1] - 1)
    typical_width = float(np.median(np.diff(across)))
    aside = PARAMS.crossed * float(np.diff(across).min()) + width
    is_crossed = np.abs(columns[:, np.newaxis] - across).min(axis=1) <= aside
    for index, middle in enumerate(down):
        near = np.diff(down)[max(0, index - 1) : index + 1]
        if edges[index].any():
            is_line = edges[index][cells]
            _take_off(ink, is_line, is_crossed, middle, float(near.min()), typical_width, width)
    return ink


def _take_off(
    ink: Plane,
    is_line: Edges,
    is_crossed: Edges,
    middle: float,
    height: float,
    along: float,
    width: float,
) -> None:
    """Take one level line off, in place."""
    reach = max(PARAMS.reach * height, 1.5 * width + 1)
    off = PARAMS.off * height + 1
    first = max(0, int(middle - reach - off) - 1)
    last = min(len(ink), int(middle + reach + off) + 2)
    strip = ink[first:last]
    line, dots = _along(strip, round(PARAMS.average * along), round(PARAMS.piece * height))
    rows = np.arange(first, last)[:, np.newaxis] + 0.5
    near = np.where(np.abs(rows - middle) <= off, line, 0)
    place = near.argmax(axis=0)
    columns = np.arange(strip.shape[1])
    peak = near[place, columns]
    is_line = is_line & (peak >= PARAMS.faint)
    below = _reached(line, place, peak, reach)
    above = _reached(line[::-1], len(line) - 1 - place, peak, reach)
    at = np.arange(len(strip))[:, np.newaxis]
    band = is_line & (at >= place - above) & (at <= place + below)
    # Its foot beyond the band.
    left = np.where(
        is_line & ~band, np.maximum(strip - np.minimum(line, PARAMS.foot * peak), 0), strip
    )
    solid = np.where(band, dots, 0).max(axis=0)
    upon = np.where(strip > PARAMS.darker * solid + PARAMS.above, strip, 0)
    is_writing = _is_written(strip, place, solid, reach + off, is_line & ~is_crossed)
    ink[first:last] = np.where(is_writing, strip, np.where(band, upon, left))


def _is_written(
    strip: Plane, place: NDArray[np.intp], solid: Plane, reach: float, is_line: Edges
) -> Edges:
    """Where writing runs into a line, crosses it, or lies upon it: there it is thicker."""
    columns = np.arange(strip.shape[1])
    is_dark = is_line & (strip[place, columns] >= PARAMS.half * solid)
    level = np.asarray(PARAMS.half * solid / PARAMS.foot, np.float32)
    run = 1 + _reached(strip, place, level, reach)
    run += _reached(strip[::-1], len(strip) - 1 - place, level, reach)
    if not is_dark.any():
        return is_dark
    usual = float(np.median(run[is_dark]))
    thick = is_dark & (run >= usual + max(PARAMS.min_thicker, PARAMS.thicker * usual))
    steady = cv2.morphologyEx(
        thick.astype(np.uint8)[np.newaxis], cv2.MORPH_OPEN, np.ones((1, 2), np.uint8)
    )
    return np.asarray(steady[0] > 0)


def _along(strip: Plane, window: int, piece: int) -> tuple[Plane, Plane]:
    """Contrast of each row along a line, and of its dots or dashes, which writing hardly reaches.

    The former is the median of pieces; or half of the mean in a window, as most of a line of dots
    may be empty. The latter is a high quantile of pieces.
    """
    mean = cv2.blur(strip, (2 * (window // 2) + 1, 1), borderType=cv2.BORDER_REPLICATE)
    rows, width = strip.shape
    piece = max(1, min(piece, width))
    count = -(-width // piece)
    last = strip[:, width - piece :]
    whole = np.concatenate([strip[:, : (count - 1) * piece], last], axis=1)
    parts = np.partition(whole.reshape(rows, count, piece), (piece // 2, int(PARAMS.dots * piece)))
    median, high = parts[..., piece // 2], parts[..., int(PARAMS.dots * piece)]
    spread = np.minimum(np.arange(width) // piece, count - 1)
    line = np.maximum(median[:, spread], PARAMS.of_mean * mean)
    return np.asarray(line, np.float32), np.asarray(high[:, spread], np.float32)


def _reached(line: Plane, place: NDArray[np.intp], peak: Plane, reach: float) -> NDArray[np.intp]:
    """How many rows below its middle a line goes on in each column."""
    columns = np.arange(line.shape[1])
    reached = np.zeros(line.shape[1], np.intp)
    goes_on = np.ones(line.shape[1], bool)
    for step in range(1, int(reach) + 1):
        row = place + step
        inside = row < len(line)
        goes_on &= inside
        goes_on &= line[np.minimum(row, len(line) - 1), columns] >= PARAMS.foot * peak
        reached += goes_on
    return reached

"""Over-segmentation: cut candidates for touching digits, in strokes and in components.

Rather too many cuts than too few: the recogniser finds out which of them are real (Casey and
Lecolinet 1996, "A survey of methods and strategies in character segmentation"). A stroke is cut
where the pen turns back up, down, left or right, and half-way between where that is long. A
component is cut along the paths from top to bottom that cross the least ink (Wang and Jean 1994,
"Segmentation of merged characters by neural networks and shortest path").
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Points, resampled
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Heights are those of a typical glyph; none is a cliff for strokes, as of `prices.Params`."""

    #: Heights, distance of the points at which a stroke is looked at; chosen: less than a pen is
    #: wide.
    step: float = 1 / 32
    #: Points of a stroke; chosen: bounds the work, a digit has 100.
    max_points: int = 4000
    #: Heights, way back that makes a turn; chosen: the pen trembles less.
    min_turn: float = 0.06
    #: Heights, length of a stroke's segment; chosen: a serif is longer.
    min_segment: float = 0.15
    #: Heights, length from which on a segment is cut in half; chosen: a 1 is longer, so that a
    #: joint without a turn is found.
    long_segment: float = 0.8
    #: Segments of a stroke; chosen: bounds the work, two digits have fewer.
    max_segments: int = 14
    #: Px, height of the picture that components are cut on; chosen: lines are 4 px wide there.
    height: int = 48
    #: Px, its width; chosen: bounds the work, ten heights.
    max_width: int = 480
    #: Heights, distance of two cuts; chosen: nearer than the pen is wide they are the same.
    min_apart: float = 0.12
    #: Cuts of a component; chosen: bounds the work, one for each tenth of a height.
    max_cuts: int = 12
    #: Line widths, of a component that is cut; chosen: two lines and what separates them.
    min_lines: float = 2.5
    #: Line widths of ink that a step to the side costs; chosen: 48 of them cost as much as a line.
    sideways: float = 0.02
    #: Line widths of ink that a path may cross; chosen: an 8 is three lines high.
    max_ink: float = 4.5


PARAMS = Params()


def oversegment_stroke(trace: Points, height: float) -> list[Points]:
    """Cut a stroke wherever one digit may end and the next begin.

    Parameters
    ----------
    trace : (n, 2) array of float32
        x, y in px, in the order drawn; n >= 1.
    height : float
        Typical height of a glyph, px, > 0.

    Returns
    -------
    list of (n, 2) arrays of float32
        The segments in the order drawn, each beginning where the one before ends; just `trace`
        if it is too short to cut.
    """
    step = height * PARAMS.step
    path = resampled(trace, lambda length: min(PARAMS.max_points, int(length / step) + 1))
    least = max(1, round(PARAMS.min_segment / PARAMS.step))
    if len(path) < 2 * least + 1:
        return [trace]
    turns = sorted({*_turns(path[:, 0], height), *_turns(path[:, 1], height)})
    places = _spaced([0, *turns, len(path) - 1], least)
    cuts: list[int] = []
    for start, stop in pairwise(places):
        cuts.append(start)
        if stop - start > PARAMS.long_segment / PARAMS.step:
            cuts.append((start + stop) // 2)
    cuts.append(len(path) - 1)
    while len(cuts) > PARAMS.max_segments + 1:
        lengths = np.array([cuts[i + 1] - cuts[i - 1] for i in range(1, len(cuts) - 1)])
        del cuts[1 + int(lengths.argmin())]
    return [path[start : stop + 1] for start, stop in pairwise(cuts)]


def _turns(values: NDArray[np.float32], height: float) -> list[int]:
    """Indexes of the lows and highs, without those of less than `min_turn` heights."""
    least = PARAMS.min_turn * height
    found: list[int] = []
    low = high = 0
    way = 0
    for i, value in enumerate(values.tolist()):
        if value > values[high]:
            high = i
        if value < values[low]:
            low = i
        if way >= 0 and values[high] - value > least:
            found.append(high)
            way, low = -1, i
        elif way <= 0 and value - values[low] > least:
            found.append(low)
            way, high = 1, i
    return [place for place in found if 0 < place < len(values) - 1]


def _spaced(places: list[int], least: int) -> list[int]:
    """The places without those too near to the one before, or to the end."""
    kept = [places[0]]
    for place in places[1:-1]:
        if place - kept[-1] >= least and places[-1] - place >= least:
            kept.append(place)
    return [*kept, places[-1]]


@dataclass(frozen=True, slots=True, eq=False)
class CutCandidate:
    """A path from top to bottom through a component.

    Attributes
    ----------
    columns : (h,) array of int
        Column in each row; ink left of it belongs to the left segment.
    ink : float
        Line widths of ink that it crosses.
    """

    columns: NDArray[np.int64]
    ink: float


def cut_candidates(mask: Grey, line: float, height: float) -> list[CutCandidate]:
    """Paths along which a component may be cut, left to right; they don't cross.

    Parameters
    ----------
    mask : (h, w) array of uint8
        Not 0 where there is ink.
    line : float
        Width of its lines, px, > 0.
    height : float
        Typical height of a glyph, px, > 0: the cuts' least distance depends on it.

    Returns
    -------
    list of CutCandidate
        At most `Params.max_cuts`.
    """
    rows, columns = mask.shape
    if columns < PARAMS.min_lines * line:
        return []
    scale = min(1.0, PARAMS.height / rows, PARAMS.max_width / columns)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    ink = np.asarray((mask > 0) * np.uint8(255), np.uint8)
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    cost = small / np.float32(255 * max(1.0, line * scale))
    apart = max(2, round(PARAMS.min_apart * height * scale))
    found = [_full_size(path, size, mask.shape, crossed) for crossed, path in _paths(cost, apart)]
    ordered = np.sort(np.array([cut.columns for cut in found]).reshape(-1, rows), axis=0)
    return [CutCandidate(row, cut.ink) for row, cut in zip(ordered, found, strict=True)]


def _paths(cost: NDArray[np.float32], apart: int) -> list[tuple[float, NDArray[np.int64]]]:
    """Ink crossed and column in each row, of the locally cheapest paths, left to right."""
    rows, columns = cost.shape
    down, up = _cheapest(cost), _cheapest(cost[::-1])[::-1]
    middle = rows // 2
    total = down[middle] + up[middle] - cost[middle]
    places: list[int] = []
    for place in np.argsort(total, kind="stable").tolist():
        if total[place] > PARAMS.max_ink or len(places) >= PARAMS.max_cuts:
            break
        inside = apart <= place < columns - apart
        if inside and all(abs(place - other) >= apart for other in places):
            places.append(place)
    return [
        (float(total[place]), np.array(_back(down, up, middle, place))) for place in sorted(places)
    ]


def _cheapest(cost: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cost of the cheapest path from the first row to each place."""
    result = cost.copy()
    for row in range(1, len(cost)):
        result[row] += _arrivals(result[row - 1]).min(axis=0)
    return result


def _arrivals(before: NDArray[np.float32]) -> NDArray[np.float32]:
    """(3, w): cost of coming from straight above, from the left and from the right."""
    wall = np.full(1, np.inf, np.float32)
    left = np.concatenate([wall, before[:-1]]) + np.float32(PARAMS.sideways)
    right = np.concatenate([before[1:], wall]) + np.float32(PARAMS.sideways)
    return np.stack([before, left, right])


def _back(down: NDArray[np.float32], up: NDArray[np.float32], middle: int, place: int) -> list[int]:
    """Column in each row of the cheapest path through a place of the middle row."""
    above, below = [place], [place]
    for row in range(middle, 0, -1):
        above.append(_step(down[row - 1], above[-1]))
    for row in range(middle, len(up) - 1):
        below.append(_step(up[row + 1], below[-1]))
    return [*reversed(above), *below[1:]]


def _step(costs: NDArray[np.float32], place: int) -> int:
    sides = (place, max(0, place - 1), min(len(costs) - 1, place + 1))
    return min(sides, key=lambda side: float(costs[side]) + PARAMS.sideways * (side != place))


def _full_size(
    columns: NDArray[np.int64], size: tuple[int, int], shape: tuple[int, ...], ink: float
) -> CutCandidate:
    """A path of the reduced picture in the full one."""
    rows = (np.arange(shape[0]) + 0.5) * size[1] / shape[0] - 0.5
    across = np.interp(rows, np.arange(size[1]), columns.astype(np.float64))
    return CutCandidate(np.rint((across + 0.5) * shape[1] / size[0]).astype(np.int64), ink)

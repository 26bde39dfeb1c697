"""Where touching digits may be cut apart: over-segmentation of strokes and of blobs.

Rather too many cuts than too few: which of them are real is for the recogniser to say (Casey and
Lecolinet 1996, "A survey of methods and strategies in character segmentation"). A stroke is cut
where the pen turns back up, down, left or right, and half-way between where that is long. A blob
is cut along the paths from top to bottom that cross the least ink (Wang and Jean 1994,
"Segmentation of merged characters by neural networks and shortest path").
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Points
from inkread.core.reading import Grey

# Lengths along strokes are in heights of a glyph.
#: A stroke is looked at in steps of this.
_STEP = 1 / 32
#: A turn back counts from this on; the pen trembles less.
_LEAST_TURN = 0.06
#: Pieces are no shorter than this; longer ones are cut in half.
_LEAST_PIECE = 0.15
_LONG_PIECE = 0.8
#: No stroke is cut into more pieces; the cuts that part the least are left out.
_MOST_PIECES = 14

#: Blobs are cut on a picture so high, px.
_HEIGHT = 48
_MOST_WIDTH = 480
#: Cuts are this far apart, heights of a glyph, and there are no more of them.
_CUT_APART = 0.12
_MOST_CUTS = 12
#: A blob that is narrower, in widths of its lines, is not cut: two lines and what parts them.
_LEAST_LINES = 2.5
#: What a path pays for a step to the side, where ink costs 1 for each line width.
_SIDEWAYS = 0.02
#: A path that crosses more line widths of ink is no cut.
_MOST_INK = 4.5


def cut_trace(trace: Points, height: float) -> list[Points]:
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
        The pieces in the order drawn, each beginning where the one before ends; just `trace` if
        it is too short to cut.
    """
    path = _even(trace, height * _STEP)
    least = max(1, round(_LEAST_PIECE / _STEP))
    if len(path) < 2 * least + 1:
        return [trace]
    turns = sorted({*_turns(path[:, 0], height), *_turns(path[:, 1], height)})
    places = _spaced([0, *turns, len(path) - 1], least)
    cuts: list[int] = []
    for start, stop in pairwise(places):
        cuts.append(start)
        if stop - start > _LONG_PIECE / _STEP:
            cuts.append((start + stop) // 2)
    cuts.append(len(path) - 1)
    while len(cuts) > _MOST_PIECES + 1:
        lengths = np.array([cuts[i + 1] - cuts[i - 1] for i in range(1, len(cuts) - 1)])
        del cuts[1 + int(lengths.argmin())]
    return [path[start : stop + 1] for start, stop in pairwise(cuts)]


def _even(trace: Points, step: float) -> Points:
    """The stroke with points evenly spread, about `step` px apart."""
    steps = np.hypot(*np.diff(trace, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    count = min(4000, int(way[-1] / step) + 1)
    at = np.linspace(0.0, way[-1], count)
    return np.stack([np.interp(at, way, trace[:, k]) for k in (0, 1)], axis=1).astype(np.float32)


def _turns(values: NDArray[np.float32], height: float) -> list[int]:
    """Places of the lows and highs, those of less than `_LEAST_TURN` heights left out."""
    least = _LEAST_TURN * height
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
class Cut:
    """A path down through a blob.

    Attributes
    ----------
    columns : (h,) array of int
        Column in each row; what is left of it belongs to the left piece.
    ink : float
        Line widths of ink that it goes through.
    """

    columns: NDArray[np.int64]
    ink: float


def cuts_of_blob(mask: Grey, line: float, height: float) -> list[Cut]:
    """Paths along which a blob may be cut, left to right; they don't cross.

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
    list of Cut
        At most 12.
    """
    rows, columns = mask.shape
    if columns < _LEAST_LINES * line:
        return []
    scale = min(1.0, _HEIGHT / rows, _MOST_WIDTH / columns)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    ink = np.asarray((mask > 0) * np.uint8(255), np.uint8)
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    cost = small / np.float32(255 * max(1.0, line * scale))
    apart = max(2, round(_CUT_APART * height * scale))
    found = [_along(path, size, mask.shape, crossed) for crossed, path in _paths(cost, apart)]
    ordered = np.sort(np.array([cut.columns for cut in found]).reshape(-1, rows), axis=0)
    return [Cut(row, cut.ink) for row, cut in zip(ordered, found, strict=True)]


def _paths(cost: NDArray[np.float32], apart: int) -> list[tuple[float, NDArray[np.int64]]]:
    """Ink crossed and column in each row, of the locally cheapest paths, left to right."""
    rows, columns = cost.shape
    down, up = _cheapest(cost), _cheapest(cost[::-1])[::-1]
    middle = rows // 2
    total = down[middle] + up[middle] - cost[middle]
    places: list[int] = []
    for place in np.argsort(total, kind="stable").tolist():
        if total[place] > _MOST_INK or len(places) >= _MOST_CUTS:
            break
        inside = apart <= place < columns - apart
        if inside and all(abs(place - other) >= apart for other in places):
            places.append(place)
    return [
        (float(total[place]), np.array(_back(down, up, middle, place))) for place in sorted(places)
    ]


def _cheapest(cost: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cost of the cheapest way from the first row to each place."""
    result = cost.copy()
    for row in range(1, len(cost)):
        result[row] += _least_before(result[row - 1]).min(axis=0)
    return result


def _least_before(before: NDArray[np.float32]) -> NDArray[np.float32]:
    """(3, w): cost of coming from the left, from straight above and from the right."""
    wall = np.full(1, np.inf, np.float32)
    left = np.concatenate([wall, before[:-1]]) + np.float32(_SIDEWAYS)
    right = np.concatenate([before[1:], wall]) + np.float32(_SIDEWAYS)
    return np.stack([before, left, right])


def _back(down: NDArray[np.float32], up: NDArray[np.float32], middle: int, place: int) -> list[int]:
    above, below = [place], [place]
    for row in range(middle, 0, -1):
        above.append(_step(down[row - 1], above[-1]))
    for row in range(middle, len(up) - 1):
        below.append(_step(up[row + 1], below[-1]))
    return [*reversed(above), *below[1:]]


def _step(costs: NDArray[np.float32], place: int) -> int:
    sides = (place, max(0, place - 1), min(len(costs) - 1, place + 1))
    return min(sides, key=lambda side: float(costs[side]) + _SIDEWAYS * (side != place))


def _along(
    columns: NDArray[np.int64], size: tuple[int, int], shape: tuple[int, ...], ink: float
) -> Cut:
    """A path of the reduced picture in the full one."""
    rows = (np.arange(shape[0]) + 0.5) * size[1] / shape[0] - 0.5
    across = np.interp(rows, np.arange(size[1]), columns.astype(np.float64))
    return Cut(np.rint((across + 0.5) * shape[1] / size[0]).astype(np.int64), ink)

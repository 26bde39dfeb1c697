"""Cut a line between its signs, given where a line network saw them.

The peaks of connectionist temporal classification are narrower than what is written, so each sign
gets the ink between the seams on both sides of it. A seam runs from the top of the line to its
bottom: straight where a way without ink lies between, and else around ink where it can and through
the least of it where it cannot (as seams of Avidan and Shamir 2007, "Seam carving for content-aware
image resizing", but free to run sideways).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.line_picture import LINE_HEIGHT, STEP, LinePicture
from inkread.core.reading import Grey
from inkread.core.recognition.line_hypothesis import GlyphRegion, LineHypothesis, Place

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Params:
    """Lengths in px of a line picture, in which digits are about 20 px high."""

    #: Px; chosen: half the width of a wide digit. From the middle of a sign a seam runs at this
    #: distance where there is no ink, and nothing else near.
    half_width: int = 12
    #: Px, greatest distance of a seam from the middle of its sign; chosen: digits are less than
    #: half as wide.
    reach: int = 32
    #: Run over rise of the line's ink, the least that is tried; chosen: hardly any hand leans more.
    min_slant: float = -0.3
    #: Run over rise, the greatest; chosen: likewise.
    max_slant: float = 0.9
    #: Slants that are tried; chosen: 0.1 apart is 2 px over the height of a digit.
    slants: int = 13
    #: Share of that slant at which seams run; measured: with all of it one point more of the ink is
    #: on the wrong side, without any half a point (see `off_middle`).
    slant_share: float = 0.7
    #: Run over rise, how far a sign may lean over the middle of its neighbour besides; chosen: the
    #: bar of a five hangs over a one as far.
    lean: float = 0.6
    #: Ink, as share of full ink, that a seam rather crosses in a row than to run through the middle
    #: of a sign; measured: of the ink of 120 lines of six digits of folds 2 to 4, which lean,
    #: touch and overlap, 14 % are on the wrong side, with 0.2 18 %, by the best straight cuts 38 %.
    off_middle: float = 0.4
    #: Px of ink, price of each stroke that a seam crosses, besides the ink; chosen: a seam through
    #: the hole of a digit crosses two, one between digits that touch only one.
    stroke: float = 4.0
    #: Px, least distance of the middle of a sign from its seam that `off_middle` is about, and the
    #: greatest of a straight seam from the middle of its band; chosen: half of a narrow digit and a
    #: gap. With straight seams 0.14 % of the ink of 298 lines is on another side.
    near: int = 8
    #: Grey level of a pixel, 0 to 255, from which on it counts for a box; chosen: the soft edge of
    #: a line lies half outside.
    ink_level: int = 64


PARAMS = Params()
#: Price of a pixel that no seam may cross: more than all ink of a row.
_WALL = 1e3
#: Of the middle of each row above that of the line, px.
_RISE = LINE_HEIGHT / 2 - 0.5 - np.arange(LINE_HEIGHT)


@dataclass(frozen=True, slots=True)
class _Band:
    """Where one seam may run in the middle row, columns of the picture: between `first` and `last`,
    best in the middle between `low` and `high`.
    """

    first: float
    last: float
    low: float
    high: float


def glyph_regions(picture: LinePicture, hypothesis: LineHypothesis) -> tuple[GlyphRegion, ...]:
    """The part of a line that belongs to each sign of a reading.

    Parameters
    ----------
    picture : LinePicture
        What was read.
    hypothesis : LineHypothesis
        The reading.

    Returns
    -------
    tuple of GlyphRegion
        One for each sign, from left to right; they do not overlap. Where two signs stand close, the
        seam between them belongs to both.
    """
    return with_regions(picture, [hypothesis])[0].regions


def with_regions(
    picture: LinePicture, hypotheses: Iterable[LineHypothesis]
) -> tuple[LineHypothesis, ...]:
    """The hypotheses of a line with the regions of their signs; equal seams are found once."""
    readings = list(hypotheses)
    bands = [_bands([_middle(place) for place in one.places]) for one in readings]
    different = list(dict.fromkeys(band for both in bands for pair in both for band in pair))
    seams = _seams(picture.image, different)
    return tuple(
        replace(one, regions=_regions(picture, one.places, [(seams[a], seams[b]) for a, b in both]))
        for one, both in zip(readings, bands, strict=True)
    )


def _middle(place: Place) -> float:
    return (place.first + place.last + 1) * STEP / 2


def _bands(middles: Sequence[float]) -> list[tuple[_Band, _Band]]:
    """Bands of the seams left and right of each sign."""
    half, reach = PARAMS.half_width, PARAMS.reach
    lefts = [_Band(x - reach, x, x - 2 * half, x) for x in middles]
    rights = [_Band(x, x + reach, x, x + 2 * half) for x in middles]
    for i, (one, other) in enumerate(pairwise(middles)):
        if other - one < 2 * reach:
            rights[i] = lefts[i + 1] = _Band(one, other, one, other)
    return list(zip(lefts, rights, strict=True))


def _seams(image: Grey, bands: Sequence[_Band]) -> dict[_Band, Indices]:
    """The seam in each band: (32,) columns, the first one to its right in each row.

    It is straight along the slant of the hand where it crosses no ink so, and else the cheapest.
    """
    if not bands:
        return {}
    # Each row is moved along with the slant.
    run = np.rint(_slant(image) * _RISE).astype(np.int64)
    found = _straight_seams(image, bands, run)
    crossing = [band for band in bands if band not in found]
    if crossing:
        found.update(zip(crossing, _crossing_seams(image, crossing, run), strict=True))
    return found


def _straight_seams(image: Grey, bands: Sequence[_Band], run: Indices) -> dict[_Band, Indices]:
    """Of the bands that have a column without ink near their middle."""
    margin = PARAMS.reach  # a seam may run beside the picture
    wide = np.pad(image, ((0, 0), (margin, margin)))
    (moved,) = _moved(wide, run[np.newaxis], int(np.abs(run).max()))
    columns = np.flatnonzero(moved.max(axis=0) < PARAMS.ink_level) - margin
    if len(columns) == 0:
        return {}
    limits = np.array([(band.first, band.last, band.low, band.high) for band in bands])
    first, last, low, high = limits.T[:, :, np.newaxis]
    apart = np.abs(columns - (low + high) / 2)
    apart[(columns < first) | (columns > last)] = np.inf
    best = apart.argmin(axis=1)
    is_near = apart[np.arange(len(bands)), best] <= PARAMS.near
    return {
        band: columns[at] + run for band, at, near in zip(bands, best, is_near, strict=True) if near
    }


def _crossing_seams(image: Grey, bands: Sequence[_Band], run: Indices) -> list[Indices]:
    limits = np.array([(band.first, band.last, band.low, band.high) for band in bands])
    lean = int(PARAMS.lean * LINE_HEIGHT / 2)
    starts = np.floor(limits[:, 0]).astype(np.int64) - lean
    width = int(np.ceil((limits[:, 1] - starts).max())) + lean + 1
    rows = starts[:, np.newaxis] + run
    columns = rows.T[:, :, np.newaxis] + np.arange(width)
    offsets = starts[:, np.newaxis] + np.arange(width) - limits.T[:, :, np.newaxis]
    return list(_cheapest(*_ink_and_prices(image, columns, offsets)) + rows)


def _ink_and_prices(image: Grey, columns: Indices, offsets: Floats) -> tuple[Floats, Floats]:
    """Ink of each pixel of each band, 0 to 1, and the price of a seam there: (32, n, width) each.

    Parameters
    ----------
    image : (32, w) array of uint8
        The line.
    columns : (32, n, width) array of int64
        Those of the picture.
    offsets : (4, n, width) array
        Distance to the right of a band's `first`, `last`, `low` and `high`, without slant.
    """
    inside = (columns >= 0) & (columns < image.shape[1])
    pixels = np.take_along_axis(
        image, columns.clip(0, image.shape[1] - 1).reshape(LINE_HEIGHT, -1), axis=1
    )
    ink = pixels.reshape(columns.shape) * (inside / 255)
    first, last, low, high = offsets
    half = np.maximum((low - high) / 2, PARAMS.near)
    off = (low + high + 1) / 2 / half
    prior = PARAMS.off_middle * off**2
    beyond = np.maximum(-first, last) > PARAMS.lean * np.abs(_RISE)[:, np.newaxis, np.newaxis]
    return ink, np.asarray(prior + _WALL * beyond)


def _slant(image: Grey) -> float:
    """Run of seams to the right for one px up: a share of that of the ink, which is the shear that
    gathers it in the fewest columns.
    """
    slants = np.linspace(PARAMS.min_slant, PARAMS.max_slant, PARAMS.slants)
    moved = np.rint(np.outer(slants, _RISE)).astype(np.int64)
    straight = _moved(image, moved, int(np.abs(moved).max())).sum(axis=1, dtype=np.float32)
    return PARAMS.slant_share * float(slants[np.square(straight).sum(axis=1).argmax()])


def _moved(image: Grey, runs: Indices, margin: int) -> Grey:
    """A line with each of its rows moved to the left: (n, 32) runs -> (n, 32, w) pictures."""
    height, width = image.shape
    wide = np.zeros((height, width + 2 * margin), np.uint8)
    wide[:, margin : margin + width] = image
    windows = np.lib.stride_tricks.sliding_window_view(wide, width, axis=1)
    return np.asarray(windows[np.arange(height), runs + margin])


def _cheapest(ink: Floats, prices: Floats) -> Indices:
    """The seams that cost least: the ink on their ways from pixel to pixel, down and sideways, with
    `PARAMS.stroke` for each that they enter, and the price of one pixel in each row.

    Both are (32, n, width); returns (n, 32) columns.
    """
    down = ink + _entered(ink, axis=0)
    # To a pixel from the left edge of its band, and to it from the right edge.
    from_left = np.cumsum(ink + _entered(ink, axis=2), axis=2)
    mirrored = ink[:, :, ::-1]
    from_right = np.cumsum(mirrored + _entered(mirrored, axis=2), axis=2)[:, :, ::-1]
    reached = np.empty_like(ink)
    above = np.zeros(ink.shape[1:])
    for row in range(len(ink)):
        here = reached[row] = above + down[row]
        rightwards = np.minimum.accumulate(here - from_left[row], axis=1) + from_left[row]
        back = (here - from_right[row])[:, ::-1]
        leftwards = np.minimum.accumulate(back, axis=1)[:, ::-1] + from_right[row]
        above = np.minimum(rightwards, leftwards) + prices[row]
    return _followed_up(above, reached, from_left, from_right)


def _entered(ink: Floats, axis: int) -> Floats:
    """Price of the strokes that begin at each pixel along an axis."""
    edges = np.diff(ink, axis=axis, prepend=np.take(ink, [0], axis=axis))
    return np.asarray(PARAMS.stroke * np.maximum(edges, 0))


def _followed_up(ends: Floats, reached: Floats, from_left: Floats, from_right: Floats) -> Indices:
    """From the cheapest end of each seam to its beginning.

    `reached` is the price of getting to each pixel from above, before any step sideways.
    """
    height, count, width = reached.shape
    rows, columns = np.arange(count), np.arange(width)
    seams = np.empty((count, height), np.int64)
    at = ends.argmin(axis=1)
    for row in range(height - 1, -1, -1):
        seams[:, row] = at
        right = from_left[row, rows, at, np.newaxis] - from_left[row]
        left = from_right[row, rows, at, np.newaxis] - from_right[row]
        sideways = np.where(columns <= at[:, np.newaxis], right, left)
        at = (reached[row] + sideways).argmin(axis=1)
    return seams


def _regions(
    picture: LinePicture, places: Sequence[Place], seams: Sequence[tuple[Indices, Indices]]
) -> tuple[GlyphRegion, ...]:
    scale = picture.scale
    # What leans over its neighbour stays between that one's seams.
    ordered = np.maximum.accumulate(np.array(seams).reshape(-1, LINE_HEIGHT), axis=0)
    return tuple(
        GlyphRegion(
            picture.to_source(_ink_box(picture.image, place, left, right)),
            left / scale + picture.left,
            right / scale + picture.left,
            picture.top,
            1 / scale,
        )
        for place, left, right in zip(places, ordered[::2], ordered[1::2], strict=True)
    )


def _ink_box(image: Grey, place: Place, left: Indices, right: Indices) -> Box:
    """Around the ink between two seams; without any, around the steps of the sign."""
    first = max(0, int(left.min()))
    columns = np.arange(first, min(image.shape[1], int(right.max())))
    own = (columns >= left[:, np.newaxis]) & (columns < right[:, np.newaxis])
    own &= image[:, first : first + len(columns)] >= PARAMS.ink_level
    across, down = np.flatnonzero(own.any(axis=0)), np.flatnonzero(own.any(axis=1))
    if len(across) == 0:
        width = (place.last + 1 - place.first) * STEP
        return Box(place.first * STEP, 0.0, width, LINE_HEIGHT)
    x, y = first + int(across[0]), int(down[0])
    return Box(x, y, first + int(across[-1]) + 1 - x, int(down[-1]) + 1 - y)

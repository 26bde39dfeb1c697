"""Removes the ruling lines of ruled and squared paper; digits that cross them stay whole.

Along a line the ink is removed column by column, where it has about the contrast that the line has
around there, unless there is ink on both sides of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.page.contrast import ink_level
from inkread.core.page.ruling_lines import PARAMS as FOUND
from inkread.core.page.ruling_lines import find_rulings
from inkread.core.page.state import PageState, Reason, Removed, Strokes
from inkread.core.page.straight_lines import StraightLine
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the removal."""

    # Pieces in which a line is followed; chosen: a bent page is straight within 4 % of its side.
    pieces: int = 24
    # px of the page on which the lines were found; chosen: a line is found to within 2 px.
    reach: float = 2.0
    # Neighbours on each side of a piece; chosen: text hides a line in fewer than half of nine.
    neighbours: int = 4
    # Quantile of the contrast over those; chosen: below the median, where text is not.
    contrast_quantile: float = 0.4
    # Width of a line over `reach`; chosen: a wider one is no ruling line.
    max_width: float = 1.7
    # Share of its contrast at which a line ends; chosen: the blur of a camera.
    edge: float = 0.3
    # Contrast of text over that of the line; chosen: text on a line is darker than both.
    min_darker: float = 1.45
    # Grey levels beyond that; chosen: the noise of the line itself.
    margin: float = 6.0
    # Share of the line's contrast that ink has on both sides where it crosses; chosen: the soft
    # edge of a pen's line.
    bridge: float = 0.5
    # Rows beside those in which a line may lie; chosen: its soft edge, and two that tell whether
    # ink crosses it.
    around: int = 3


PARAMS = Params()

Plane = NDArray[np.float64]


def remove_rulings(state: PageState) -> PageState:
    """Remove the ruling lines from the ink."""
    if state.ink is None or state.level is None or state.strokes is Strokes.BOLD:
        return state
    lines = find_rulings(state.ink, state.noise)
    if not lines:
        return state
    bare = without_lines(state.ink, lines, state.noise)
    height, width = bare.shape
    removed = tuple(Removed(Reason.RULING, _box(line, width, height)) for line in lines)
    return replace(
        state,
        ink=bare,
        level=ink_level(bare, state.noise),
        removed=(*state.removed, *removed),
        note=f"{len(lines)} ruling line{'s' * (len(lines) > 1)} removed.",
    )


def _box(line: StraightLine, width: int, height: int) -> Box:
    length = width if line.is_level else height
    (low, high) = sorted(line.ends(length))
    if line.is_level:
        return Box(0, low, length, high - low + 1)
    return Box(low, 0, high - low + 1, length)


def without_lines(ink: Grey, lines: list[StraightLine], noise: float) -> Grey:
    """The ink of a page without straight lines, but with whatever crosses them.

    Parameters
    ----------
    ink : (h, w) array of uint8
        Contrast of each pixel to the background.
    lines : list of StraightLine
        Px of `ink`.
    noise : float
        Standard deviation of `ink`, grey levels.
    """
    bare = ink.copy()
    reach = max(3, round(PARAMS.reach * max(1.0, max(ink.shape) / FOUND.side)))
    for line in lines:
        if line.is_level:
            _erase(bare, line, reach, noise)
    if not all(line.is_level for line in lines):
        turned = np.asarray(cv2.transpose(bare), np.uint8)  # along the rows it goes much faster
        for line in lines:
            if not line.is_level:
                _erase(turned, line, reach, noise)
        bare = np.asarray(cv2.transpose(turned), np.uint8)
    return bare


def _erase(ink: Grey, line: StraightLine, reach: int, noise: float) -> None:
    """Remove a level line, or on a transposed page an upright one, from `ink` itself."""
    width = ink.shape[1]
    x = np.arange(width)
    rows, is_on_page = line.strip(ink.shape, 2 * reach + PARAMS.around)
    every, places = ink.reshape(-1), rows * width + x
    strip = every.take(places)
    pieces = np.array_split(x, min(PARAMS.pieces, width))
    profiles = _profiles(strip[PARAMS.around : -PARAMS.around], len(pieces))
    near = profiles[:, reach : 3 * reach + 1]
    contrast = _running(near.max(axis=1), PARAMS.contrast_quantile)
    centre = np.rint(_running(near.argmax(axis=1), 0.5)).astype(np.intp) + reach
    around = np.arange(-reach, reach + 1)
    typical = np.median([p[c + around] for p, c in zip(profiles, centre, strict=True)], axis=0)
    floor = float(np.quantile(profiles, FOUND.background_quantile)) + max(
        FOUND.min_contrast / 2, noise
    )
    wide = around[typical > max(floor, PARAMS.edge * float(typical.max()))]
    if wide.size == 0 or np.ptp(wide) > PARAMS.max_width * reach:
        return
    for piece, peak, at in zip(pieces, contrast, centre, strict=True):
        if peak > floor:
            row = int(at) + PARAMS.around
            zone = slice(row + int(wide[0]) - 1, row + int(wide[-1]) + 2)
            strip[:, piece] = _without_line(strip[:, piece], zone, float(peak), floor + noise)
    if not is_on_page.all():  # else choosing them takes as long as all the rest
        places, strip = places[is_on_page], strip[is_on_page]
    every[places] = strip


def _profiles(strip: Grey, pieces: int) -> Plane:
    """Median across each of the pieces in which ``np.array_split`` cuts a strip: (pieces, h)."""
    height, width = strip.shape
    wide, over = divmod(width, pieces)
    end = over * (wide + 1)
    parts = (
        strip[:, :end].reshape(height, over, wide + 1),
        strip[:, end:].reshape(height, pieces - over, wide),
    )
    return np.concatenate([np.median(part, axis=2).T for part in parts if part.size])


def _running(values: NDArray[np.generic], quantile: float) -> Plane:
    """A quantile over each value and its neighbours."""
    half = PARAMS.neighbours
    padded = np.pad(
        values.astype(np.float64), half, mode="reflect" if len(values) > half else "edge"
    )
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1)
    place = quantile * 2 * half
    low = int(place)
    return windows[:, low] + (windows[:, low + 1] - windows[:, low]) * (place - low)


def _without_line(strip: Grey, zone: slice, peak: float, floor: float) -> Grey:
    """A piece of ink along a level line without the line, which fills the rows of `zone`."""
    keep = strip[zone] > PARAMS.min_darker * peak + PARAMS.margin
    least = max(floor, PARAMS.bridge * peak)
    above = strip[max(0, zone.start - 2) : zone.start].max(axis=0, initial=0) > least
    below = strip[zone.stop : zone.stop + 2].max(axis=0, initial=0) > least
    bare = strip.copy()
    bare[zone] = np.where(keep | (above & below), strip[zone], 0)
    return bare

"""Removes the rest of a printed line along a side of a picture: crops of a cell hold such.

A band along all of a side, as wide as a line, that is darker or brighter than the background. A
digit that fills its picture may look so, such as a 1 at the side or the bar of a 7 at the top: what
else is written then reaches the sides, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.page.state import PageState, Reason, Removed
from inkread.core.quantiles import median
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the rests."""

    # px of the longer side of a picture; chosen: crops of a cell or a few are smaller.
    max_side: int = 800
    # px of the shorter one; chosen: in a smaller one nothing is read beside a line.
    min_side: int = 20
    # Share of the shorter side, width of a line; chosen: as much as a bold pen.
    width: float = 0.14
    # The same, of what is left outside the line; chosen: its own blur.
    outside: float = 0.04
    # Share of each side that is left out where the background is looked at; chosen: the lines.
    aside: float = 0.15
    # Grey levels between the line and the background; chosen: a printed line has more.
    contrast: float = 30.0
    # Share of the line's contrast from which on a px is part of it; chosen: half.
    half: float = 0.5
    # Share of the side that the line covers; chosen: the rest is noise.
    covered: float = 0.97
    # Share of the side where ink goes on beyond it; chosen: digits touch it at a few places.
    touched: float = 0.35
    # px beyond the line that are its soft edge; chosen: the blur of a scanner.
    soft: int = 3
    # Share of the side that all other ink reaches over at most; chosen: else the picture is cropped
    # to its ink.
    filled: float = 0.94
    # Share of the picture, other ink at most; chosen: else the lines are the background.
    inked: float = 0.4
    # Share of a side within which ink reaches it; chosen: the blur of its end.
    near: float = 0.04
    # Share of the picture's height that other ink has at least; chosen: else the lines are all
    # there is.
    written: float = 0.25


PARAMS = Params()


def remove_edge_lines(state: PageState) -> PageState:
    """Paint over what is left of printed lines along the sides of a small picture."""
    grey = state.grey
    if max(grey.shape) > PARAMS.max_side or min(grey.shape) < PARAMS.min_side:
        return state
    found = edge_lines(grey)
    if not any(found):
        return state
    bare = grey.copy()
    removed = list[Removed]()
    height, width = grey.shape
    for side, thick in enumerate(found):
        if thick:
            band = np.rot90(bare, side)
            band[:thick] = median(band[thick : thick + PARAMS.soft])
            removed.append(Removed(Reason.RULING, _box(side, thick, width, height)))
    note = f"The rest of {len(removed)} printed line{'s' * (len(removed) > 1)} at the side removed."
    return replace(
        state.with_grey(bare, note),
        removed=(*state.removed, *removed),
    )


def edge_lines(grey: Grey) -> tuple[int, int, int, int]:
    """Width, px, of the lines along the sides of a picture; 0 where there is none.

    Parameters
    ----------
    grey : (h, w) array of uint8
        A picture as decoded.

    Returns
    -------
    top, right, bottom, left : int
        With their soft edge.
    """
    aside = [round(PARAMS.aside * length) for length in grey.shape]
    level = median(grey[aside[0] : -aside[0], aside[1] : -aside[1]])
    off = grey.astype(np.float32) - np.float32(level)
    found = [_line(np.rot90(off, side), min(grey.shape)) for side in range(4)]
    if not any(found):
        return 0, 0, 0, 0
    top, right, bottom, left = found
    height, width = grey.shape
    inner = off[top : height - bottom, left : width - right]
    if min(inner.shape) < PARAMS.soft:
        return 0, 0, 0, 0
    marked = np.asarray(np.abs(inner) >= PARAMS.contrast, np.uint8)
    ink = np.asarray(cv2.morphologyEx(marked, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)
    rows = np.flatnonzero(ink.any(axis=1))
    if rows.size == 0 or np.ptp(rows) + 1 < PARAMS.written * height:
        return 0, 0, 0, 0
    if ink.mean() > PARAMS.inked:
        return 0, 0, 0, 0
    top, right, bottom, left = (
        0 if thick and _is_of_glyph(np.rot90(ink, side)) else thick
        for side, thick in enumerate(found)
    )
    return top, right, bottom, left


def _is_of_glyph(ink: Grey) -> bool:
    """Whether a line above some ink is part of it, as the bar of a 7 that fills its picture: ink
    reaches from side to side, or from the line to the side below.
    """
    columns = np.flatnonzero(ink.any(axis=0))
    if np.ptp(columns) + 1 >= PARAMS.filled * ink.shape[1]:
        return True
    near = 1 + round(PARAMS.near * len(ink))
    return bool(ink[:near].any() and ink[-near:].any())


def _line(off: NDArray[np.float32], side: int) -> int:
    """Rows at the top of a picture that a line along it fills; `off`: grey levels off the
    background.
    """
    most = max(2, round(PARAMS.width * side))
    first = 1 + round(PARAMS.outside * side)
    near = off[: first + most + 2 * PARAMS.soft + 1]
    if len(near) < first + most + 2 * PARAMS.soft + 1:
        return 0
    levels = np.median(near, axis=1)
    peak = int(np.abs(levels[: first + 2]).argmax())
    contrast = float(levels[peak])
    if abs(contrast) < PARAMS.contrast:
        return 0
    is_on = near / contrast >= PARAMS.half
    share = is_on.mean(axis=1)
    if share[peak] < PARAMS.covered:
        return 0
    beyond = np.flatnonzero(share[peak:] < PARAMS.covered)
    if beyond.size == 0:
        return 0
    end = peak + int(beyond[0])
    if end > first + most:
        return 0
    # The soft edge: until the line is gone but for what is written on it.
    for thick in range(end, end + PARAMS.soft + 1):
        if (near[thick] / contrast >= PARAMS.half / 2).mean() <= PARAMS.touched:
            return thick + 1
    return 0


def _box(side: int, thick: int, width: int, height: int) -> Box:
    return (
        Box(0, 0, width, thick),
        Box(width - thick, 0, thick, height),
        Box(0, height - thick, width, thick),
        Box(0, 0, thick, height),
    )[side]

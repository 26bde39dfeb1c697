"""Takes the rules of ruled and squared paper off the ink; digits that cross them stay whole.

Along a rule the ink is taken away column by column, where it is about as dark as the rule is around
there, unless there is ink on both sides of it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.page.ruling_lines import FAINT, SIDE, Rule, find_rules
from inkread.core.reading import Grey

#: A rule is followed in so many pieces, so far from where it was found; its strength in a piece
#: is this quantile over so many neighbours on each side; none is wider than this part of its reach.
_PIECES = 24
_REACH = 2.0
_NEIGHBOURS = 4
_STRENGTH_QUANTILE = 0.4
_WIDEST = 1.7
#: The edge of a rule has this part of its strength; ink is darker than it by this factor.
_EDGE = 0.3
_DARKER = 1.45
_MARGIN = 6.0
#: Ink on both sides has at least this part of the rule's strength.
_BRIDGE = 0.5

Plane = NDArray[np.float64]


def without_rules(ink: Grey, grain: float) -> Grey:
    """The ink of a page without its rules.

    Parameters
    ----------
    ink : (h, w) array of uint8
        How much darker than its paper each pixel is.
    grain : float
        Standard deviation of the noise of `ink`, grey levels.

    Returns
    -------
    (h, w) array of uint8
        `ink` itself if there are none.
    """
    rules = find_rules(ink, grain)
    if not rules:
        return ink
    bare = ink.copy()
    reach = max(3, round(_REACH * max(1.0, max(ink.shape) / SIDE)))
    for rule in rules:
        if rule.is_level:
            _erase(bare, rule, reach, grain)
    if not all(rule.is_level for rule in rules):
        turned = np.asarray(cv2.transpose(bare), np.uint8)  # along the rows it goes much faster
        for rule in rules:
            if not rule.is_level:
                _erase(turned, rule, reach, grain)
        bare = np.asarray(cv2.transpose(turned), np.uint8)
    return bare


def _erase(ink: Grey, rule: Rule, reach: int, grain: float) -> None:
    """Take a level rule, or in a page that was turned an upright one, off `ink` itself."""
    height, width = ink.shape
    x = np.arange(width)
    y = np.rint(rule.start + rule.slope * x).astype(np.intp)
    rows = np.clip(y + np.arange(-2 * reach, 2 * reach + 1)[:, np.newaxis], 0, height - 1)
    every, places = ink.reshape(-1), rows * width + x
    strip = every.take(places)
    pieces = np.array_split(x, min(_PIECES, width))
    profiles = _profiles(strip, len(pieces))
    # What is written along the rule hides it in a piece or two, never in most of its neighbours.
    near = profiles[:, reach : 3 * reach + 1]
    strength = _running(near.max(axis=1), _STRENGTH_QUANTILE)
    centre = np.rint(_running(near.argmax(axis=1), 0.5)).astype(np.intp) + reach
    around = np.arange(-reach, reach + 1)
    typical = np.median([p[c + around] for p, c in zip(profiles, centre, strict=True)], axis=0)
    floor = float(np.quantile(profiles, 0.25)) + max(FAINT / 2, grain)
    wide = around[typical > max(floor, _EDGE * float(typical.max()))]
    if wide.size == 0 or np.ptp(wide) > _WIDEST * reach:
        return
    for piece, peak, at in zip(pieces, strength, centre, strict=True):
        if peak > floor:
            zone = slice(int(at + wide[0]) - 1, int(at + wide[-1]) + 2)
            strip[:, piece] = _without_rule(strip[:, piece], zone, float(peak), floor + grain)
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
    half = _NEIGHBOURS
    padded = np.pad(
        values.astype(np.float64), half, mode="reflect" if len(values) > half else "edge"
    )
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1)
    place = quantile * 2 * half
    low = int(place)
    return windows[:, low] + (windows[:, low + 1] - windows[:, low]) * (place - low)


def _without_rule(strip: Grey, zone: slice, peak: float, floor: float) -> Grey:
    """A piece of ink along a level rule without the rule, which fills the rows of `zone`."""
    keep = strip[zone] > _DARKER * peak + _MARGIN
    least = max(floor, _BRIDGE * peak)
    above = strip[max(0, zone.start - 2) : zone.start].max(axis=0, initial=0) > least
    below = strip[zone.stop : zone.stop + 2].max(axis=0, initial=0) > least
    bare = strip.copy()
    bare[zone] = np.where(keep | (above & below), strip[zone], 0)
    return bare

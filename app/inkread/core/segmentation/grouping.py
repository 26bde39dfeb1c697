"""Which primitives (strokes, or connected components of a page) are surely one glyph, or may be.

Fragments such as the bar of a 5 join what they belong to, primitives across one another are one,
and specks are left out. Groups above one another, an 8 of two rings or two text lines, are named:
the recogniser is asked about them.

Boxes are those of the upright hand: slanted writing is sheared first, so that neighbours that
lean over one another do not overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.core.segmentation import prices
from inkread.core.segmentation.primitives import Distance, Group
from inkread.core.segmentation.text_lines import BoxLayout


@dataclass(frozen=True, slots=True)
class Params:
    """Heights are those of the neighbour in question, or of the typical glyph."""

    #: Height to width of a flat fragment; chosen: bars of a 5 or 7 are flatter.
    flat: float = 0.8
    #: Heights of the neighbour, of a flat fragment; chosen: the bar of a 5 that leans is lower.
    flat_height: float = 0.45
    #: Heights of the neighbour, width of a flat fragment; chosen: a wide flag belongs to its 5.
    flat_width: float = 2.4
    #: Heights of the neighbour, longer side of any other fragment; chosen: no glyph is as small
    #: to its neighbour.
    tiny: float = 0.35
    #: Heights of the neighbour, distance of a fragment; chosen: the bar of a 5 is above all of it.
    fragment_reach: float = 0.65
    #: Heights of the neighbour, distance to the side; chosen: farther off it may be half of
    #: another glyph.
    fragment_aside: float = 0.25
    #: Neighbours that a fragment is compared with, the nearest by their boxes; chosen: bounds the
    #: work, what is written has fewer within reach.
    max_homes: int = 16
    #: Heights of the neighbour, longer side from which on one of several alike is a digit that is
    #: written small; chosen: fragments of one size are smaller.
    small_digit: float = 0.22
    #: Heights of the neighbour, distance of such a digit; chosen: fragments are nearer.
    small_apart: float = 0.07
    #: Boxes as high as one another on a line, that may be such digits; chosen: zeros of a price.
    small_count: int = 2
    #: Heights of the neighbour, distance of what touches; chosen: less than a pen is wide.
    touch: float = 0.05
    #: Heights of the neighbour, distance above or below at which other fragments stay apart if
    #: they stand on a line of their own; chosen: more than what touches.
    below: float = 0.1
    #: Boxes that make such a line; chosen: two are there by chance.
    line_size: int = 3
    #: Ratio of heights on such a line; chosen: digits of one hand differ by less.
    alike: float = 0.7
    #: Heights of a glyph, longer side of a speck; chosen: the smallest digit is higher.
    speck: float = 0.25
    #: Heights of the others on its line, longer side of what is no speck there; chosen: digits of
    #: a small hand under a large one are as high as one another.
    small: float = 0.45
    #: Share of the narrower one's width that strokes across one another have in common; chosen:
    #: neighbours that lean over one another share less.
    sure_width: float = 0.7
    #: Heights, width at least that counts for that; chosen: an upright line has hardly any.
    min_width: float = 0.1
    #: Share of the lower one's height, as above; chosen: strokes above one another share less.
    sure_height: float = 0.3
    #: Share of the narrower one's width of groups above one another; chosen: rings of an 8 share
    #: more, and neighbours on a line that climbs less.
    stack_width: float = 0.3
    #: Heights of both together, gap between them; chosen: the rings of an 8 nearly touch.
    stack_gap: float = 0.15
    #: Share of the lower one's height of those that lean over one another; chosen: neighbours on
    #: a line share more.
    stack_height: float = 0.6
    #: As `stack_gap`, where both together are low, or one is small; chosen: text lines are
    #: farther apart then.
    low_stack_gap: float = 0.25
    #: Heights of a glyph, of both together, where they are low; chosen: two digits above one
    #: another are higher.
    low_stack: float = 1.3
    #: Heights of a glyph, longer side of a small group; chosen: half a glyph, roughly.
    fragment: float = 0.55


PARAMS = Params()


def group_sure(
    layout: BoxLayout, distance: Distance, dots: frozenset[int] = frozenset()
) -> list[Group]:
    """Group the primitives that are surely one glyph; drop specks and groups of dots alone.

    Parameters
    ----------
    layout : BoxLayout
        A box for each primitive; at least one.
    distance : callable
        Shortest distance between two primitives, by their indexes.
    dots : frozenset of int
        Indexes of the primitives that are no glyph of their own.

    Returns
    -------
    list of Group
        A primitive that is in none is a speck or a dot.
    """
    owner = np.arange(len(layout.boxes))
    for i, j in _fragments(layout, distance) + _sure_pairs(layout):
        owner[owner == owner[j]] = owner[i]
    members = (np.flatnonzero(owner == k).tolist() for k in sorted(set(owner.tolist())))
    found = [Group.of(own, layout.boxes) for own in members if not dots.issuperset(own)]
    return sorted(_no_specks(found), key=lambda group: group.members) if found else []


def _no_specks(groups: Sequence[Group]) -> list[Group]:
    """Those that are large enough, or so on a line of small ones."""
    layout = layout_of(groups)
    least = PARAMS.speck * layout.typical_height
    sizes = [box.longest_side for box in layout.boxes]
    kept = [i for i, size in enumerate(sizes) if size > least]
    for line in layout.lines if len(kept) < len(groups) else ():
        others = [layout.boxes[i] for i in line if sizes[i] > least]
        if len(others) >= PARAMS.line_size:
            high = PARAMS.small * BoxLayout.of(others).typical_height
            kept += [i for i in line if high < sizes[i] <= least]
    return [groups[i] for i in kept]


def layout_of(groups: Sequence[Group]) -> BoxLayout:
    """How the boxes of groups lie to one another."""
    return BoxLayout.of(group.box for group in groups)


def _fragments(layout: BoxLayout, distance: Distance) -> list[tuple[int, int]]:
    """(home, fragment) for every primitive that is a fragment of another: of its nearest."""
    if len(layout.boxes) == 1:
        return []
    along_x, along_y = layout.overlaps
    apart = np.hypot(np.maximum(0, -along_x), np.maximum(0, -along_y))
    width, height = layout.width, layout.height
    flat = (height < PARAMS.flat * width)[:, np.newaxis]
    flat = flat & (width[:, np.newaxis] < PARAMS.flat_width * height)
    low = height[:, np.newaxis] < PARAMS.flat_height * height
    tiny = np.maximum(width, height)[:, np.newaxis] < PARAMS.tiny * height
    near = apart <= PARAMS.fragment_reach * height
    near &= along_x >= -PARAMS.fragment_aside * height
    alike = _alike_on_line(layout)
    on_own_line = (alike >= PARAMS.line_size)[:, np.newaxis]
    near &= flat | (along_y > -PARAMS.below * height) | ~on_own_line
    may_be_digit = (alike >= PARAMS.small_count)[:, np.newaxis] & ~(flat & low)
    may_be_digit &= np.maximum(width, height)[:, np.newaxis] >= PARAMS.small_digit * height
    pairs = []
    for fragment, homes in enumerate((flat & low | tiny) & near):
        found = _nearest(np.flatnonzero(homes), apart[fragment])
        ways = ((distance(fragment, i) / height[i], i) for i in found)
        away, home = min(ways, default=(np.inf, fragment))
        if may_be_digit[fragment, home] and away > PARAMS.small_apart:
            continue
        beside = _nearest(np.flatnonzero(apart[fragment] == 0), apart[fragment])
        across = (i for i in beside if i not in (fragment, home))
        if away <= PARAMS.touch or (
            away <= PARAMS.fragment_reach
            and all(distance(fragment, i) > PARAMS.touch * height[i] for i in across)
        ):
            pairs.append((home, fragment))
    return pairs


def _nearest(places: NDArray[np.intp], apart: NDArray[np.float64]) -> list[int]:
    """The nearest of some boxes, `PARAMS.max_homes` at most, in their order."""
    if len(places) > PARAMS.max_homes:
        order = np.argsort(apart[places], kind="stable")[: PARAMS.max_homes]
        places = np.sort(places[order])
    return [int(i) for i in places]


def _alike_on_line(layout: BoxLayout) -> NDArray[np.intp]:
    """How many boxes as high as a box stand on its line, itself too: small digits under large
    ones.
    """
    higher = np.maximum.outer(layout.height, layout.height)
    alike = layout.lower > PARAMS.alike * higher
    same = np.equal.outer(layout.line_of, layout.line_of)
    return np.asarray((same & alike).sum(axis=1), np.intp)


def _sure_pairs(layout: BoxLayout) -> list[tuple[int, int]]:
    """Pairs that lie across one another."""
    if len(layout.boxes) == 1:
        return []
    along_x, along_y = layout.overlaps
    width, height = layout.width, layout.height
    least = np.minimum.outer(width, width)
    least = np.maximum(least, PARAMS.min_width * np.maximum.outer(height, height))
    sure = along_x > PARAMS.sure_width * least
    sure &= along_y > PARAMS.sure_height * layout.lower
    return [(int(i), int(j)) for i, j in np.argwhere(np.triu(sure, 1))]


def stacked(layout: BoxLayout, distance: Distance) -> list[tuple[int, int, float]]:
    """Pairs of groups above one another that may be one glyph.

    Of two lines that have several groups each, only what is no taller than a glyph.

    Parameters
    ----------
    layout : BoxLayout
        A box for each group.
    distance : callable
        Shortest distance between two groups, by their indexes.

    Returns
    -------
    list of (int, int, float)
        Indexes of the two, and the bonus for joining them.
    """
    if len(layout.boxes) < 2:
        return []
    along_x, along_y = layout.overlaps
    width, height, lower = layout.width, layout.height, layout.lower
    whole = np.add.outer(height, height) - along_y
    is_low = whole <= PARAMS.low_stack * layout.typical_height
    gap = np.maximum(0, -along_y) / np.maximum(whole, 1e-6)
    gap /= np.where(is_low | _has_fragment(layout), PARAMS.low_stack_gap, PARAMS.stack_gap)
    over = along_x > PARAMS.stack_width * np.minimum.outer(width, width)
    over &= along_y < PARAMS.sure_height * lower
    perhaps = (along_x > 0) & (along_y < PARAMS.stack_height * lower) & (gap < 1)
    perhaps &= is_low | ~_of_two_lines(layout)
    pairs = [(int(i), int(j)) for i, j in np.argwhere(np.triu(perhaps, 1))]
    bonus = prices.PARAMS
    return [
        (i, j, bonus.stack_bonus * (1 - gap[i, j]) if over[i, j] else bonus.lean_bonus)
        for i, j in pairs
        if over[i, j] or distance(i, j) < PARAMS.stack_gap * lower[i, j]
    ]


def _has_fragment(layout: BoxLayout) -> NDArray[np.bool_]:
    """Whether one of two boxes is too small for a glyph."""
    small = np.maximum(layout.width, layout.height) < PARAMS.fragment * layout.typical_height
    return np.logical_or.outer(small, small)


def _of_two_lines(layout: BoxLayout) -> NDArray[np.bool_]:
    """Whether two boxes stand in different lines that have several each."""
    line, size = layout.line_of, layout.line_size
    return np.not_equal.outer(line, line) & (np.minimum.outer(size, size) > 1)

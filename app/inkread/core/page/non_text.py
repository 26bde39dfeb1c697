"""Everything on a page that is ink, but no text: each rule asks one question.

Rules of shape judge a blob by itself: is it outside the page, is it a frame? Rules of context judge
it among all blobs of the page: is it a pen that lies on the page, a ring drawn around a number, the
binding of a pad?
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.ink import Points
from inkread.core.page.blob_shapes import is_dot, is_frame, is_surrounding
from inkread.core.page.components import Blob, Labels, outline_of, own_of
from inkread.core.page.pad_bindings import Places, find_bindings
from inkread.core.page.state import PageState, Reason, Removed
from inkread.core.quantiles import median
from inkread.core.stroke_width import line_width


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the rules."""

    # px, of the longer side; chosen: lower and narrower blobs are dirt.
    min_blob: int = 6
    # px; chosen: blobs down to this may be the points of small numbers where they are few:
    min_point: int = 3
    # Points for each larger blob; chosen: more are dirt.
    max_points: float = 0.5
    # Points however few the larger blobs; chosen: one digit may have a point before it.
    few_points: int = 1
    # Widths of the pen, longer side of a speck; chosen: a point is about as wide as its pen.
    speck: float = 0.5
    # Heights of the other blobs, longer side of a dot that the left or right border cuts off;
    # chosen: no flag of a 5 is so short.
    cut: float = 0.3
    # Blobs whose lines tell how wide the pen is, the largest; chosen: bounds the work.
    pen_blobs: int = 15
    # Blobs; chosen: bounds the work, a page of a thousand digits is read in parts.
    max_blobs: int = 600
    # Boxes of the blobs together, pages; chosen: bounds the work, text has less than one, a ring, a
    # table and a frame around it three more.
    max_pages: float = 4.0
    # Share of the page's longer side; chosen: a thing that is shorter may be a 1.
    min_thing: float = 0.4
    # Glyphs shorter than the thing; chosen: fewer show no typical size.
    min_glyphs: int = 4
    # Length of the thing over that of those glyphs; chosen: a pen beside small digits.
    min_longer: float = 3.5
    # The same at most; chosen: beyond, the glyphs are specks.
    max_longer: float = 14.0
    # Share of its box that a ring covers; chosen: a bold 0 covers more.
    max_ring: float = 0.3
    # Share of its box that a ring encloses; chosen: an ellipse has 0.79, a 5 with a long flag
    # over its neighbours next to nothing.
    min_enclosed: float = 0.6
    # Share of the ring's height that a glyph in it has; chosen: a 0 may hold a dot or slash.
    min_held_height: float = 0.3
    # Share of the ring's width that its glyphs have together; chosen: at least one digit.
    min_held_width: float = 0.3
    # Share of the ring's box between its border and a glyph in it; chosen: the line itself.
    ring_room: float = 0.04


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class PageBlobs:
    """The blobs of a page, judged together.

    Attributes
    ----------
    place : (n, 4) array of float64
        Left, top, right and bottom of each blob, px of the page.
    areas : (n,) array of float64
        Pixels of each.
    outlines : sequence of (n, 2) arrays of float32
        Their closed outer outlines.
    is_glyph : (n,) array of bool
        False for dots and dashes.
    page : (int, int)
        Height and width of the page, px.
    """

    place: Places
    areas: NDArray[np.float64]
    outlines: Sequence[Points]
    is_glyph: NDArray[np.bool_]
    page: tuple[int, int]

    @classmethod
    def of(cls, blobs: Sequence[Blob], page: tuple[int, int]) -> PageBlobs:
        outlines = [blob.outline for blob in blobs]
        place = np.array([(*o.min(axis=0), *o.max(axis=0)) for o in outlines], np.float64)
        areas = np.array([blob.area for blob in blobs], np.float64)
        is_glyph = np.array([not blob.is_dot for blob in blobs], bool)
        return cls(place.reshape(-1, 4), areas, outlines, is_glyph, page)

    @property
    def size(self) -> Places:
        """(n, 2): width and height."""
        return self.place[:, 2:] - self.place[:, :2] + 1


def drop_non_text(state: PageState) -> PageState:
    """Keep the components that may be text."""
    if len(state.stats) < 2:
        return state
    page = state.mask.shape[0], state.mask.shape[1]
    labels, removed = _large(state.stats, state.mask.size)
    blobs, widths = list[Blob](), list[float]()
    for label in labels:
        box, area = _box(state.stats, label), int(state.stats[label, cv2.CC_STAT_AREA])
        own = own_of(state.labels, label, box)
        outline = outline_of(own, box.x, box.y)
        if is_surrounding(outline, box, page):
            removed.append(Removed(Reason.SURROUNDINGS, box))
        elif is_frame(outline, area, box, page):
            removed.append(Removed(Reason.FRAME, box))
        else:
            blobs.append(Blob(label, box, area, outline, is_dot(own)))
            if len(widths) < PARAMS.pen_blobs and not blobs[-1].is_dot:
                widths.append(line_width(own * np.uint8(255)))
    high = median([blob.box.height for blob in blobs if not blob.is_dot] or [0.0])
    pen = median(widths or [0.0])
    specks = [b for b in blobs if _is_speck(b, pen) or _is_cut(b, high, page[1])]
    removed += [Removed(Reason.SPECK, blob.box) for blob in specks]
    blobs = [blob for blob in blobs if blob not in specks]
    why = dict[int, Reason]()
    if len(blobs) > 1:
        page_blobs = PageBlobs.of(blobs, page)
        why = {index: reason for reason, rule in RULES for index in rule(page_blobs)}
    removed += [Removed(why[index], blobs[index].box) for index in sorted(why)]
    kept = tuple(blob for index, blob in enumerate(blobs) if index not in why)
    note = f"{len(kept)} blobs may be text, {len(removed)} are none."
    return replace(state, blobs=kept, removed=(*state.removed, *removed), note=note)


def _is_speck(blob: Blob, pen: float) -> bool:
    """Whether a blob is far smaller than a point of a pen so wide, px."""
    return blob.is_dot and blob.box.longest_side < PARAMS.speck * pen


def _is_cut(blob: Blob, height: float, width: int) -> bool:
    """Whether a blob is the rest of something beside a page so wide, and no point beside digits so
    high, px.
    """
    is_small = blob.is_dot and blob.box.longest_side < PARAMS.cut * height
    return is_small and (blob.box.x <= 0 or blob.box.right >= width)


def _large(stats: Labels, pixels: int) -> tuple[list[int], list[Removed]]:
    """Split the components of a page of `pixels` px by size.

    Returns the labels that may be text, the largest first, and the others, of each kind at most as
    many as may be text.
    """
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    sides[0] = 0
    is_large, is_point = sides >= PARAMS.min_blob, sides >= PARAMS.min_point
    large, points = np.flatnonzero(is_large), np.flatnonzero(is_point & ~is_large)
    if len(points) <= max(PARAMS.few_points, PARAMS.max_points * len(large)):
        large, is_large = np.concatenate([large, points]), is_point
    order = large[np.argsort(-stats[large, cv2.CC_STAT_AREA], kind="stable")].tolist()
    most = PARAMS.max_blobs
    specks = np.flatnonzero(~is_large[1:])[:most] + 1
    removed = [Removed(Reason.SPECK, _box(stats, int(label))) for label in specks]
    kept = _within(order[:most], stats, PARAMS.max_pages * pixels)
    surplus = [label for label in order[:most] if label not in kept] + order[most : 2 * most]
    removed += [Removed(Reason.SURPLUS, _box(stats, label)) for label in surplus]
    return [label for label in order[:most] if label in kept], removed


def _within(labels: Sequence[int], stats: Labels, room: float) -> Set[int]:
    """The components with the smallest boxes, whose areas sum to at most `room` px."""
    sides = stats[labels][:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    covered = sides.astype(np.int64).prod(axis=1)
    order = np.argsort(covered, kind="stable")
    count = int(np.searchsorted(np.cumsum(covered[order]), room, side="right"))
    return {labels[index] for index in order[:count].tolist()}


def _box(stats: Labels, label: int) -> Box:
    return Box(*(float(v) for v in stats[label, :4]))


def long_things(page_blobs: PageBlobs) -> Set[int]:
    """Indices of blobs far longer than the glyphs on the page, such as a pen."""
    sides = page_blobs.size.max(axis=1)
    glyphs = sides[page_blobs.is_glyph]
    found = set[int]()
    for index in np.flatnonzero(sides >= PARAMS.min_thing * max(page_blobs.page)).tolist():
        low, high = sides[index] / PARAMS.max_longer, sides[index] / PARAMS.min_longer
        if np.count_nonzero((glyphs >= low) & (glyphs <= high)) >= PARAMS.min_glyphs:
            found.add(index)
    return found


def rings(page_blobs: PageBlobs) -> Set[int]:
    """Indices of blobs drawn around glyphs, away from the border of the page."""
    height, width = page_blobs.page
    place, covered = page_blobs.place, page_blobs.size.prod(axis=1)
    is_inside = (place[:, :2].min(axis=1) > 0) & (place[:, 2] < width - 1)
    is_inside &= place[:, 3] < height - 1
    hollow = np.flatnonzero(is_inside & (page_blobs.areas <= PARAMS.max_ring * covered))
    glyphs = place[page_blobs.is_glyph]
    return {
        index
        for index in hollow.tolist()
        if _holds(place[index], glyphs)
        and cv2.contourArea(page_blobs.outlines[index]) >= PARAMS.min_enclosed * covered[index]
    }


def _holds(ring: Places, glyphs: Places) -> bool:
    """Whether glyphs stand within a ring's box: left, top, right, bottom."""
    room = PARAMS.ring_room * (ring[2:] - ring[:2])
    low, high = ring[:2] + room, ring[2:] - room
    within = ((glyphs[:, :2] >= low) & (glyphs[:, 2:] <= high)).all(axis=1)
    tall = glyphs[:, 3] - glyphs[:, 1] >= PARAMS.min_held_height * (ring[3] - ring[1])
    held = glyphs[within & tall]
    wide = float(np.ptp(held[:, [0, 2]])) if len(held) else 0.0
    return wide >= PARAMS.min_held_width * float(ring[2] - ring[0])


def binding(page_blobs: PageBlobs) -> Set[int]:
    """Indices of the rings or holes of a pad."""
    return find_bindings(page_blobs.place, page_blobs.page)


#: The rules of context, and the kind of non-text that each finds.
RULES: tuple[tuple[Reason, Callable[[PageBlobs], Set[int]]], ...] = (
    (Reason.LONG_THING, long_things),
    (Reason.RING, rings),
    (Reason.BINDING, binding),
)

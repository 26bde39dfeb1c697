"""The connected components of a page as primitives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from inkread.core.cell import cell_from_glyph
from inkread.core.geometry import Box, union
from inkread.core.ink import Points
from inkread.core.line_picture import LinePicture, digit_rows, line_picture, normalised
from inkread.core.page.components import Labels, outline_of
from inkread.core.page.state import PageState
from inkread.core.quantiles import quantile
from inkread.core.reading import Cells, Grey, Stage, StageName
from inkread.core.segmentation import prices
from inkread.core.segmentation.oversegment import cut_candidates
from inkread.core.segmentation.primitives import Segment, nearest, probes_of
from inkread.core.segmentation.slant import slant_of, upright_box
from inkread.core.segmentation.text_lines import BoxLayout
from inkread.core.stroke_width import line_width


@dataclass(frozen=True, slots=True)
class Params:
    """The window of a page that a glyph is cut out of and shown in."""

    #: Px around the glyph; chosen: soft edges reach as far.
    margin: int = 2
    #: Share of the glyph's longer side, besides; chosen: for show.
    margin_share: float = 0.08
    #: Px of a window's longer side; chosen: bounds the work, of a longer one every second or
    #: further px is taken: lines of a glyph of 1000 px are wide, the cell has 20 px for them.
    window_side: int = 1 << 10
    #: Px of the box of a group that is cut; chosen: bounds the work, where a whole page is wider
    #: than this, so are its digits, and it is read at half its size.
    max_cut_pixels: int = 1 << 22
    #: Px of the margin; chosen: bounds the work beside long lines.
    max_margin: int = 64
    #: Heights left and right of the digits of a line; chosen: some background.
    line_aside: float = 0.5
    #: Heights above and below them; chosen: no more rows than its picture has.
    line_above: float = 0.35
    #: Heights of a strip, of its digits at most; chosen: a line network reads digits of any height
    #: between this and the next.
    strip_tallest: float = 0.85
    #: Heights of a strip, of its digits at least; chosen: smaller ones are found as lines.
    strip_lowest: float = 0.45
    #: Width to height of a strip, at most; chosen: bounds the work, 350 of its smallest digits.
    strip_aspect: float = 120.0
    #: Px, height of a line from which on it is reduced before its contrast is normalised, to this
    #: height or up to twice; chosen: bounds the work, its picture has 32.
    line_rows: int = 256
    #: Px of a line, from the double of which on it is reduced, too; chosen: those of 64 digits at
    #: `line_rows`.
    line_pixels: int = 1 << 22
    #: Quantile of greys that is background; chosen: ink is less than half of a line.
    background: float = 0.7
    #: Px of a picture that is kept for show as it is; chosen: bounds the memory, 360 x 360 are more
    #: than are shown.
    shown_pixels: int = 1 << 17


PARAMS = Params()

#: All neighbours of a pixel.
_BESIDE = np.ones((3, 3), np.uint8)

#: Ink alone (1 where it is, else 0), and the x and y of its upper left corner, px of the page.
Placed = tuple[Grey, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class PagePrimitives:
    """Components, and parts of components, as primitives; lengths are in px of the page."""

    state: PageState
    frames: tuple[Box, ...]
    layout: BoxLayout
    probes: tuple[Points, ...]
    dots: frozenset[int]
    slant: float
    masks: dict[int, Grey] = field(default_factory=dict)
    #: Distances that were asked for; segments may get an index that others had.
    known: dict[tuple[int, int], float] = field(default_factory=dict)
    #: Whether cells come with the pictures of their stages.
    with_stages: bool = True

    @classmethod
    def of(cls, state: PageState, with_stages: bool = True) -> PagePrimitives:
        """The components of a page that may be text."""
        traces = [blob.outline for blob in state.blobs]
        slant = slant_of(traces) if traces else 0.0
        return cls(
            state,
            tuple(blob.box for blob in state.blobs),
            BoxLayout.of(upright_box(trace, slant) for trace in traces),
            tuple(map(probes_of, traces)),
            frozenset(i for i, blob in enumerate(state.blobs) if blob.is_dot),
            slant,
            with_stages=with_stages,
        )

    def distance(self, first: int, second: int) -> float:
        pair = (min(first, second), max(first, second))
        if pair[1] >= len(self.state.blobs):
            return nearest(self.probes[first], self.probes[second])
        if pair not in self.known:
            self.known[pair] = nearest(self.probes[first], self.probes[second])
        return self.known[pair]

    def outline(self, members: Sequence[int]) -> Box:
        return union(self.frames[i] for i in members)

    def line_picture(self, members: Sequence[int], slope: float = 0.0) -> LinePicture:
        boxes = [self.frames[i] for i in members]
        around = union(boxes)
        middle = around.centre[0]
        level = [replace(box, y=box.y - slope * (box.centre[0] - middle)) for box in boxes]
        top, bottom = digit_rows(level)
        aside = PARAMS.line_aside * (bottom - top)
        above = PARAMS.line_above * (bottom - top)
        rise = abs(slope) * (around.width / 2 + aside)
        place = Box(around.x, top - above - rise, around.width, bottom - top + 2 * (above + rise))
        window = _clipped(place, aside, self.state.grey.shape)
        crop = self.state.grey[window].copy()
        hidden = self._other_text(members, window)
        if hidden.any():
            crop[cv2.dilate(hidden, _BESIDE, iterations=2) > 0] = quantile(crop, PARAMS.background)
        x, y = window[1].start, window[0].start
        if slope:
            crop = _levelled(crop, slope, middle - x)
        first = max(0, int(top - above) - y)
        crop = crop[first : max(first + 1, int(bottom + above) + 1 - y)]
        y += first
        (picture,) = _line_pictures(crop, [(top - y, bottom - y)])
        return replace(picture, left=picture.left + x, top=picture.top + y)

    def is_strip(self, aspect: float, max_height: float = math.inf) -> bool:
        height, width = self.state.grey.shape
        is_low = aspect * height <= width <= PARAMS.strip_aspect * height
        return bool(is_low and height <= max_height)

    def strip_pictures(
        self, aspect: float, max_height: float = math.inf, inverted: bool = False
    ) -> list[LinePicture]:
        if not self.is_strip(aspect, max_height):
            return []
        middle = len(self.state.grey) / 2
        between = (PARAMS.strip_tallest + PARAMS.strip_lowest) / 2
        shares = (PARAMS.strip_tallest, between, PARAMS.strip_lowest)
        rows = [(middle - share * middle, middle + share * middle) for share in shares]
        return _line_pictures(self.state.grey, rows, light_on_dark=inverted)

    def in_file(self, box: Box) -> Box:
        return self.state.in_file(box)

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        box = union(self.frames[i] for i in members)
        window = _around(box, PARAMS.margin, self.state.soft.shape)
        # The soft edge around the ink belongs to it.
        soft = self.state.soft[window]
        step = 1 + max(soft.shape) // PARAMS.window_side
        soft = np.ascontiguousarray(soft[::step, ::step])
        reach = cv2.dilate(self._mask(members, window, step), _BESIDE)
        glyph = np.asarray(cv2.bitwise_and(soft, soft, mask=reach), np.uint8)
        cell, stages = cell_from_glyph(glyph)
        if not self.with_stages:
            return cell, ()
        wide = _around(box, _shown_margin(box), self.state.soft.shape)
        before = (
            Stage(StageName.GREY, _for_show(self.state.seen[wide])),
            Stage(StageName.THRESHOLD, 255 - _for_show(self.state.mask[wide])),
            Stage(StageName.INVERT, _for_show(_widened(glyph, window, wide, step))),
        )
        return cell, before + tuple(Stage(s.name, _for_show(s.image)) for s in stages)

    def oversegment(
        self, members: tuple[int, ...], height: float
    ) -> tuple[PagePrimitives, list[Segment]]:
        box = union(self.frames[i] for i in members)
        if box.width * box.height > PARAMS.max_cut_pixels:
            return self, [Segment(members)]
        mask = self._mask(members, _exactly(box))
        cuts = cut_candidates(mask, line_width(np.asarray(mask * 255, np.uint8)), height)
        if not cuts:
            return self, [Segment(members)]
        index = np.zeros(mask.shape, np.uint8)
        for cut in cuts:
            index += np.arange(mask.shape[1]) >= cut.columns[:, np.newaxis]
        index[mask == 0] = len(cuts) + 1
        paid = [*(prices.cut(cut.ink) for cut in cuts), 0.0]
        kept = [k for k in range(len(cuts) + 1) if (index == k).any()]
        parts = (np.asarray((index == k).view(np.uint8)) for k in kept)  # one after the other
        more = self.with_ink((part, box.x, box.y) for part in parts)
        first = len(self.frames)
        return more, [Segment((first + i,), paid[k]) for i, k in enumerate(kept)]

    def with_ink(self, found: Iterable[Placed]) -> PagePrimitives:
        """The same primitives, with others behind them: any ink of the page, none of it empty."""
        frames, masks, traces = list(self.frames), dict(self.masks), list[Points]()
        for mask, left, top in found:
            x, y, wide, high = cv2.boundingRect(mask)
            own = mask[y : y + high, x : x + wide].copy()
            masks[len(frames)] = own
            traces.append(outline_of(own, left + x, top + y))
            frames.append(Box(left + x, top + y, wide, high))
        boxes = (upright_box(trace, self.slant) for trace in traces)
        return replace(
            self,
            frames=tuple(frames),
            masks=masks,
            layout=BoxLayout.of((*self.layout.boxes, *boxes)),
            probes=(*self.probes, *map(probes_of, traces)),
        )

    def _mask(self, members: Sequence[int], window: tuple[slice, slice], step: int = 1) -> Grey:
        """1 where the members are, in every `step`-th px of a window of the page."""
        height, width = (-(-(side.stop - side.start) // step) for side in window)
        mask = np.zeros((height, width), np.uint8)
        for i in members:
            rows, columns = _exactly(self.frames[i], window[1].start, window[0].start)
            first = -rows.start % step, -columns.start % step
            own = self._own(i)[first[0] :: step, first[1] :: step]
            y, x = (rows.start + first[0]) // step, (columns.start + first[1]) // step
            if i not in self.masks:
                own = own == self.state.blobs[i].label
            mask[y : y + own.shape[0], x : x + own.shape[1]] |= own
        return mask

    def _other_text(self, members: Sequence[int], window: tuple[slice, slice]) -> Grey:
        """1 where components are, in a window, that may be text and are not among the members."""
        is_other = np.zeros(len(self.state.stats) + 1, np.uint8)
        is_other[[blob.label for blob in self.state.blobs]] = 1
        is_other[[self.state.blobs[i].label for i in members]] = 0
        return np.asarray(is_other[self.state.labels[window]], np.uint8)

    def _own(self, index: int) -> Grey | Labels:
        """The box of a primitive: its mask, or the labels there."""
        if index in self.masks:
            return self.masks[index]
        return self.state.labels[_exactly(self.frames[index])]


def _around(box: Box, margin: int, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a box with a margin, as far as the page reaches."""
    x, y = max(0, int(box.x) - margin), max(0, int(box.y) - margin)
    bottom, right = int(box.bottom) + margin, int(box.right) + margin
    return slice(y, min(shape[0], bottom)), slice(x, min(shape[1], right))


def _clipped(box: Box, aside: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a box with a margin left and right, as far as the page reaches."""
    top, left = max(0, int(box.y)), max(0, int(box.x - aside))
    bottom, right = min(shape[0], int(box.bottom) + 1), min(shape[1], int(box.right + aside) + 1)
    return slice(top, bottom), slice(left, right)


def _line_pictures(
    crop: Grey, digits: Sequence[tuple[float, float]], *, light_on_dark: bool = False
) -> list[LinePicture]:
    """Pictures of a line, one for each pair of rows of the crop between which its digits stand."""
    height, width = crop.shape
    step = max(height // PARAMS.line_rows, round(math.sqrt(crop.size / PARAMS.line_pixels)))
    step = max(1, min(step, width))
    if step > 1:
        factor = 1 / step
        scaled = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        crop = np.asarray(scaled, np.uint8)
    contrast = normalised(np.ascontiguousarray(crop), light_on_dark=light_on_dark)
    found = [line_picture(contrast, top / step, bottom / step) for top, bottom in digits]
    return [replace(p, scale=p.scale / step, left=p.left * step, top=p.top * step) for p in found]


def _levelled(crop: Grey, slope: float, middle: float) -> Grey:
    """Shift each column of a line that falls; the one at `middle` stays."""
    matrix = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * middle]])
    size = crop.shape[::-1]
    moved = cv2.warpAffine(crop, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def _shown_margin(box: Box) -> int:
    """Px around a glyph that are shown of the page."""
    return min(PARAMS.margin + round(box.longest_side * PARAMS.margin_share), PARAMS.max_margin)


def _widened(
    glyph: Grey, window: tuple[slice, slice], wide: tuple[slice, slice], step: int
) -> Grey:
    """Every `step`-th px of a window of the page, with what is empty around it."""
    (rows, columns), (all_rows, all_columns) = window, wide
    top, left = (rows.start - all_rows.start) // step, (columns.start - all_columns.start) // step
    below, right = (all_rows.stop - rows.stop) // step, (all_columns.stop - columns.stop) // step
    widened = cv2.copyMakeBorder(glyph, top, below, left, right, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(widened, np.uint8)


def _for_show(image: Grey) -> Grey:
    """A picture that is small enough to be kept."""
    if image.size <= PARAMS.shown_pixels:
        return image
    factor = math.sqrt(PARAMS.shown_pixels / image.size)
    size = [max(1, round(side * factor)) for side in image.shape[::-1]]
    step = max(1, int(0.5 / factor))  # to average all of a page would take longer than to read it
    few = np.ascontiguousarray(image[::step, ::step])
    return np.asarray(cv2.resize(few, size, interpolation=cv2.INTER_AREA), np.uint8)


def _exactly(box: Box, x: int = 0, y: int = 0) -> tuple[slice, slice]:
    """Rows and columns of a box of whole px, seen from (x, y)."""
    top, left = int(box.y) - y, int(box.x) - x
    return slice(top, top + int(box.height)), slice(left, left + int(box.width))

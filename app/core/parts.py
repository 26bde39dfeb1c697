"""What is put together to glyphs: the strokes of ink, or the connected blobs of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.binarise import Binary, binarise
from app.core.blobs import is_dot, is_frame, is_surrounding
from app.core.geometry import Box, union
from app.core.ink import Ink, Points, Stroke
from app.core.preprocess import cell_from_glyph, cell_from_ink
from app.core.reading import Cells, Grey, Stage, StageName
from app.core.slant import upright_boxes

if TYPE_CHECKING:
    from app.core.image import Page

#: A stroke whose longer side is below this, canvas px, lines not counted, or below this part of
#: the pen's width, is a dot or a slip of the pen.
_LEAST_INK = 10.0
_LEAST_WIDTHS = 0.4
#: Blobs lower and narrower than this, page px, are dirt.
_LEAST_BLOB = 6
#: No more than the largest so many blobs of a page are looked at: the work is bounded.
_MOST_BLOBS = 600
#: Points of a stroke that are looked at for distances.
_PROBES = 48


class Parts(Protocol):
    """The parts of one picture or drawing."""

    @property
    def boxes(self) -> Sequence[Box]:
        """One for each part, as it would stand if the hand did not lean: for grouping only."""
        ...

    @property
    def dots(self) -> frozenset[int]:
        """Parts that may belong to a glyph but are none: dots, dashes, slips of the pen."""
        ...

    def distance(self, first: int, second: int) -> float:
        """Shortest way between two parts, in the unit of the boxes; 0 where they touch."""
        ...

    def outline(self, members: Sequence[int]) -> Box:
        """Box around parts, as a person sees it."""
        ...

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        """The (28, 28) cell of parts taken as one glyph, and how it came about."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class InkParts:
    """Strokes as parts. Boxes and distances are those of the points: pen width does not count."""

    strokes: tuple[Stroke, ...]
    boxes: tuple[Box, ...]
    probes: tuple[Points, ...]
    dots: frozenset[int] = frozenset()

    @classmethod
    def of(cls, ink: Ink) -> InkParts:
        """The strokes of `ink`; none if all of them are dots."""
        dots = frozenset(i for i, stroke in enumerate(ink.strokes) if _is_slip(stroke))
        if len(dots) == len(ink.strokes):
            return cls((), (), ())
        traces = [stroke.points for stroke in ink.strokes]
        return cls(ink.strokes, upright_boxes(traces), tuple(_probes(t) for t in traces), dots)

    def distance(self, first: int, second: int) -> float:
        return nearest(self.probes[first], self.probes[second])

    def outline(self, members: Sequence[int]) -> Box:
        strokes = [self.strokes[i] for i in members]
        return union(stroke.bounds.grown(stroke.width / 2) for stroke in strokes)

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        return cell_from_ink([self.strokes[i] for i in members])


def _is_slip(stroke: Stroke) -> bool:
    return stroke.bounds.longest_side < max(_LEAST_INK, _LEAST_WIDTHS * stroke.width)


def nearest(a: Points, b: Points) -> float:
    """Shortest distance between two sets of points."""
    return float(np.sqrt(((a[:, np.newaxis] - b[np.newaxis]) ** 2).sum(axis=2).min()))


def _probes(points: Points) -> Points:
    """Points evenly spread over a polyline."""
    if len(points) == 1:
        return points
    steps = np.hypot(*np.diff(points, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, way[-1], _PROBES)
    return np.stack([np.interp(at, way, points[:, k]) for k in (0, 1)], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class PageParts:
    """Connected blobs of a page as parts; lengths are in px of the page."""

    page: Page
    binary: Binary
    blobs: NDArray[np.int32]
    numbers: tuple[int, ...]
    frames: tuple[Box, ...]
    boxes: tuple[Box, ...]
    probes: tuple[Points, ...]
    dots: frozenset[int]

    @classmethod
    def of(cls, page: Page) -> PageParts:
        """The blobs of `page` that may be ink; the largest ones if there are very many."""
        binary = binarise(page.grey)
        _, found, stats, _ = cv2.connectedComponentsWithStats(binary.mask, connectivity=8)
        blobs = np.asarray(found, np.int32)
        sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
        large = [i for i in range(1, len(stats)) if sides[i] >= _LEAST_BLOB]
        numbers = sorted(large, key=lambda i: -int(stats[i, cv2.CC_STAT_AREA]))[:_MOST_BLOBS]
        around = {i: Box(*(float(v) for v in stats[i, :4])) for i in numbers}
        outlines = {i: _contour(blobs, i, around[i]) for i in numbers}
        for i in list(outlines):
            area = float(stats[i, cv2.CC_STAT_AREA])
            size = page.grey.shape
            if is_surrounding(outlines[i], size) or is_frame(outlines[i], area, around[i], size):
                del outlines[i]
        traces = tuple(outlines.values())
        frames = tuple(around[i] for i in outlines)
        dots = (k for k, i in enumerate(outlines) if is_dot(_own(blobs, i, frames[k])))
        return cls(
            page,
            binary,
            blobs,
            tuple(outlines),
            frames,
            upright_boxes(traces) if traces else (),
            tuple(_probes(trace) for trace in traces),
            frozenset(dots),
        )

    def distance(self, first: int, second: int) -> float:
        return nearest(self.probes[first], self.probes[second])

    def outline(self, members: Sequence[int]) -> Box:
        return union(self.frames[i] for i in members).scaled(1 / self.page.scale)

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        box = union(self.frames[i] for i in members)
        window = self._window(box)
        wanted = np.isin(self.blobs[window], [self.numbers[i] for i in members])
        # The soft edge around the blob belongs to it.
        reach = cv2.dilate(wanted.astype(np.uint8), np.ones((3, 3), np.uint8))
        glyph = np.where(reach > 0, self.binary.soft[window], 0).astype(np.uint8)
        cell, stages = cell_from_glyph(glyph)
        before = (
            Stage(StageName.GREY, self.page.grey[window]),
            Stage(StageName.THRESHOLD, 255 - self.binary.mask[window]),
            Stage(StageName.INVERT, glyph),
        )
        return cell, before + stages

    def _window(self, box: Box) -> tuple[slice, slice]:
        margin = 2 + round(box.longest_side * 0.08)
        x, y = max(0, int(box.x) - margin), max(0, int(box.y) - margin)
        return slice(y, int(box.bottom) + margin), slice(x, int(box.right) + margin)


def _contour(blobs: NDArray[np.int32], number: int, frame: Box) -> Points:
    """The closed outer outline of a blob."""
    x, y = int(frame.x), int(frame.y)
    own = _own(blobs, number, frame)
    contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = cv2.approxPolyDP(max(contours, key=len), 1.0, True)[:, 0]
    closed = np.concatenate([outline, outline[:1]]).astype(np.float32)
    return np.asarray(closed + np.array([x, y], np.float32), np.float32)


def _own(blobs: NDArray[np.int32], number: int, frame: Box) -> Grey:
    """A blob alone: 1 where it is, in the window `frame`."""
    x, y = int(frame.x), int(frame.y)
    window = blobs[y : int(frame.bottom), x : int(frame.right)]
    return np.asarray(window == number, np.uint8)

"""The connected blobs of a page as parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.cell import cell_from_glyph
from inkread.core.geometry import Box, union
from inkread.core.ink import Points
from inkread.core.page.non_text import outline_of
from inkread.core.page.state import PageState
from inkread.core.reading import Cells, Grey, Stage, StageName
from inkread.core.segmentation.oversegment import cuts_of_blob
from inkread.core.segmentation.primitives import Piece, nearest, probes_of
from inkread.core.segmentation.slant import slant_of, upright_box
from inkread.core.stroke_width import line_width

#: All neighbours of a pixel.
_BESIDE = np.ones((3, 3), np.uint8)
#: For no more numbers than this comparing with each is quicker than looking all of them up.
_FEW = 4
#: What it costs to cut a blob: for the first line width of ink, and for each further one.
_FIRST_INK, _MORE_INK = 0.6, 0.6


@dataclass(frozen=True, slots=True, eq=False)
class PageParts:
    """Connected blobs of a page as parts; lengths are in px of the page."""

    state: PageState
    frames: tuple[Box, ...]
    boxes: tuple[Box, ...]
    probes: tuple[Points, ...]
    dots: frozenset[int]
    slant: float
    masks: dict[int, Grey] = field(default_factory=dict)
    #: Distances that were asked for; pieces of a blob may get a number that others had.
    known: dict[tuple[int, int], float] = field(default_factory=dict)

    @classmethod
    def of(cls, state: PageState) -> PageParts:
        """The blobs of a page that may be text."""
        traces = tuple(blob.outline for blob in state.blobs)
        slant = slant_of(traces) if traces else 0.0
        return cls(
            state,
            tuple(blob.box for blob in state.blobs),
            tuple(upright_box(trace, slant) for trace in traces),
            tuple(probes_of(trace) for trace in traces),
            frozenset(i for i, blob in enumerate(state.blobs) if blob.is_dot),
            slant,
        )

    def distance(self, first: int, second: int) -> float:
        pair = (min(first, second), max(first, second))
        if pair[1] >= len(self.state.blobs):
            return nearest(self.probes[first], self.probes[second])
        if pair not in self.known:
            self.known[pair] = nearest(self.probes[first], self.probes[second])
        return self.known[pair]

    def outline(self, members: Sequence[int]) -> Box:
        return self.state.in_file(union(self.frames[i] for i in members))

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        box = union(self.frames[i] for i in members)
        window = self._window(box)
        # The soft edge around the blob belongs to it.
        reach = cv2.dilate(self._mask(members, window), _BESIDE)
        soft = self.state.soft[window]
        glyph = np.asarray(cv2.bitwise_and(soft, soft, mask=reach), np.uint8)
        cell, stages = cell_from_glyph(glyph)
        before = (
            Stage(StageName.GREY, self.state.seen[window]),
            Stage(StageName.THRESHOLD, 255 - self.state.mask[window]),
            Stage(StageName.INVERT, glyph),
        )
        return cell, before + stages

    def split(self, members: tuple[int, ...], height: float) -> tuple[PageParts, list[Piece]]:
        box = union(self.frames[i] for i in members)
        window = _exactly(box)
        mask = self._mask(members, window)
        cuts = cuts_of_blob(mask, line_width(np.asarray(mask * 255, np.uint8)), height)
        if not cuts:
            return self, [Piece(members)]
        place = np.arange(mask.shape[1]) >= np.array([cut.columns for cut in cuts])[..., np.newaxis]
        number = place.sum(axis=0)
        frames, masks, pieces = list(self.frames), dict(self.masks), list[Piece]()
        traces: list[Points] = []
        for k in range(len(cuts) + 1):
            piece = np.asarray((number == k) & (mask > 0), np.uint8)
            if not piece.any():
                continue
            x, y, wide, high = cv2.boundingRect(piece)
            masks[len(frames)] = piece[y : y + high, x : x + wide]
            traces.append(outline_of(masks[len(frames)], box.x + x, box.y + y))
            pieces.append(Piece((len(frames),), _ink_price(cuts[k].ink) if k < len(cuts) else 0))
            frames.append(Box(box.x + x, box.y + y, wide, high))
        more = replace(
            self,
            frames=tuple(frames),
            masks=masks,
            boxes=(*self.boxes, *(upright_box(trace, self.slant) for trace in traces)),
            probes=(*self.probes, *(probes_of(trace) for trace in traces)),
        )
        return more, pieces

    def _mask(self, members: Sequence[int], window: tuple[slice, slice]) -> Grey:
        """1 where the members are, in a window of the page."""
        whole = [self.state.blobs[i].label for i in members if i < len(self.state.blobs)]
        mask = _where(self.state.labels[window], whole)
        for i in members:
            if i in self.masks:
                inside = _exactly(self.frames[i], window[1].start, window[0].start)
                mask[inside] |= self.masks[i]
        return mask

    def _window(self, box: Box) -> tuple[slice, slice]:
        margin = 2 + round(box.longest_side * 0.08)
        x, y = max(0, int(box.x) - margin), max(0, int(box.y) - margin)
        return slice(y, int(box.bottom) + margin), slice(x, int(box.right) + margin)


def _where(blobs: NDArray[np.int32], numbers: Sequence[int]) -> Grey:
    """1 where one of the numbers stands."""
    if len(numbers) > _FEW:
        return np.isin(blobs, numbers).astype(np.uint8)
    mask = np.zeros(blobs.shape, np.uint8)
    for number in numbers:
        mask |= blobs == number
    return mask


def _exactly(box: Box, x: int = 0, y: int = 0) -> tuple[slice, slice]:
    """Rows and columns of a box of whole px, seen from (x, y)."""
    top, left = int(box.y) - y, int(box.x) - x
    return slice(top, top + int(box.height)), slice(left, left + int(box.width))


def _ink_price(ink: float) -> float:
    """What it costs to cut through so many line widths of ink."""
    return _FIRST_INK + _MORE_INK * max(0.0, ink - 1)

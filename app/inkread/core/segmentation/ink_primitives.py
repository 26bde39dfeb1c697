"""The strokes of ink as primitives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkread.core.cell import cell_from_ink
from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, Points, Stroke, thinned
from inkread.core.line_picture import LinePicture, ink_line_picture
from inkread.core.reading import Cells, Stage
from inkread.core.segmentation import prices
from inkread.core.segmentation.oversegment import oversegment_stroke
from inkread.core.segmentation.primitives import Segment, nearest, probes_of
from inkread.core.segmentation.slant import slant_of, upright_box
from inkread.core.segmentation.text_lines import BoxLayout


@dataclass(frozen=True, slots=True)
class Params:
    """Strokes that are dots or slips of the pen."""

    #: Canvas px, longer side of a stroke without its line width; chosen: no digit is as small.
    min_side: float = 10.0
    #: Widths of the pen, the same; chosen: what is shorter looks round.
    min_widths: float = 0.4
    #: Strokes of a drawing that are read, the first ones; chosen: bounds the work, 1,700 digits.
    max_strokes: int = 2000
    #: Points of a stroke that are looked at; chosen: bounds the work, a digit has 100.
    max_points: int = 10_000
    #: Points of all strokes together, if these have more than `usual_points` each; chosen: bounds
    #: the work, 1,000 digits.
    max_all_points: int = 100_000
    #: Points of a stroke that are always looked at; chosen: twice those of a digit.
    usual_points: int = 200


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class InkPrimitives:
    """Strokes as primitives; boxes and distances are those of the points, without pen width."""

    strokes: tuple[Stroke, ...]
    layout: BoxLayout
    probes: tuple[Points, ...]
    dots: frozenset[int] = frozenset()
    slant: float = 0.0

    @classmethod
    def of(cls, ink: Ink) -> InkPrimitives:
        """The strokes of `ink`, the first of very many; none if all of them are dots."""
        strokes = ink.strokes[: PARAMS.max_strokes]
        dots = frozenset(i for i, stroke in enumerate(strokes) if _is_slip(stroke))
        if len(dots) == len(strokes):
            return cls((), BoxLayout(()), ())
        return cls.of_strokes(strokes, dots)

    @classmethod
    def of_strokes(
        cls, strokes: Sequence[Stroke], dots: frozenset[int] = frozenset()
    ) -> InkPrimitives:
        """All of some strokes, thinned where they have very many points."""
        strokes = _thinned(strokes)
        traces = [stroke.points for stroke in strokes]
        slant = slant_of(traces) if traces else 0.0
        layout = BoxLayout.of(upright_box(trace, slant) for trace in traces)
        return cls(tuple(strokes), layout, tuple(map(probes_of, traces)), dots, slant)

    def distance(self, first: int, second: int) -> float:
        return nearest(self.probes[first], self.probes[second])

    def outline(self, members: Sequence[int]) -> Box:
        return union(self.strokes[i].outline for i in members)

    def line_picture(self, members: Sequence[int], slope: float = 0.0) -> LinePicture:
        strokes = [self.strokes[i] for i in members]
        if slope:
            middle = union(stroke.bounds for stroke in strokes).centre[0]
            strokes = [_levelled(stroke, slope, middle) for stroke in strokes]
        return ink_line_picture(Ink(tuple(strokes)))

    def is_strip(self, aspect: float, max_height: float = math.inf) -> bool:  # noqa: ARG002
        return False  # strokes are no picture

    def strip_pictures(
        self,
        aspect: float,  # noqa: ARG002
        max_height: float = math.inf,  # noqa: ARG002
        inverted: bool = False,  # noqa: ARG002
    ) -> list[LinePicture]:
        return []

    def in_file(self, box: Box) -> Box:
        return box

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        return cell_from_ink([self.strokes[i] for i in members])

    def oversegment(
        self, members: tuple[int, ...], height: float
    ) -> tuple[InkPrimitives, list[Segment]]:
        new, segments = list[Stroke](), list[Segment]()
        cut, lift = prices.PARAMS.stroke_cut, prices.PARAMS.lift
        for index in sorted(members):
            stroke = self.strokes[index]
            traces = oversegment_stroke(stroke.points, height)
            if len(traces) == 1:
                segments.append(Segment((index,), lift))
                continue
            first = len(self.strokes) + len(new)
            new += [Stroke(trace, stroke.width) for trace in traces]
            segments += [Segment((first + k,), cut) for k in range(len(traces) - 1)]
            segments.append(Segment((first + len(traces) - 1,), lift))
        boxes = (upright_box(stroke.points, self.slant) for stroke in new)
        more = replace(
            self,
            strokes=(*self.strokes, *new),
            layout=BoxLayout.of((*self.layout.boxes, *boxes)),
            probes=(*self.probes, *(probes_of(stroke.points) for stroke in new)),
        )
        return more, segments


def is_too_much(ink: Ink) -> bool:
    """Whether there are more strokes than are read."""
    return len(ink.strokes) > PARAMS.max_strokes


def _thinned(strokes: Sequence[Stroke]) -> list[Stroke]:
    """The strokes with a bounded count of points; their bounds stay."""
    share = PARAMS.max_all_points / max(1, sum(len(stroke.points) for stroke in strokes))

    def most(length: int) -> int:
        return min(PARAMS.max_points, max(PARAMS.usual_points, int(share * length)))

    return [
        stroke
        if len(stroke.points) <= (count := most(len(stroke.points)))
        else Stroke(thinned(stroke.points, count), stroke.width)
        for stroke in strokes
    ]


def _levelled(stroke: Stroke, slope: float, middle: float) -> Stroke:
    """A stroke of a line that falls, moved up and down; at x = `middle` it stays."""
    points = stroke.points.copy()
    points[:, 1] -= np.float32(slope) * (points[:, 0] - np.float32(middle))
    return Stroke(points, stroke.width)


def _is_slip(stroke: Stroke) -> bool:
    least = max(PARAMS.min_side, PARAMS.min_widths * stroke.width)
    return stroke.bounds.longest_side < least

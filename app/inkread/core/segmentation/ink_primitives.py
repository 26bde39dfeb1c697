"""The strokes of ink as parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inkread.core.cell import cell_from_ink
from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, Points, Stroke
from inkread.core.reading import Cells, Stage
from inkread.core.segmentation.oversegment import cut_trace
from inkread.core.segmentation.primitives import Piece, nearest, probes_of
from inkread.core.segmentation.slant import slant_of, upright_box

#: A stroke whose longer side is below this, canvas px, lines not counted, or below this part of
#: the pen's width, is a dot or a slip of the pen.
_LEAST_INK = 10.0
_LEAST_WIDTHS = 0.4
#: What it costs to cut a stroke, and to part two strokes of a group.
_STROKE_CUT = 0.9
_LIFT = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class InkParts:
    """Strokes as parts. Boxes and distances are those of the points: pen width does not count."""

    strokes: tuple[Stroke, ...]
    boxes: tuple[Box, ...]
    probes: tuple[Points, ...]
    dots: frozenset[int] = frozenset()
    slant: float = 0.0

    @classmethod
    def of(cls, ink: Ink) -> InkParts:
        """The strokes of `ink`; none if all of them are dots."""
        dots = frozenset(i for i, stroke in enumerate(ink.strokes) if _is_slip(stroke))
        if len(dots) == len(ink.strokes):
            return cls((), (), ())
        traces = [stroke.points for stroke in ink.strokes]
        slant = slant_of(traces)
        boxes = tuple(upright_box(trace, slant) for trace in traces)
        return cls(ink.strokes, boxes, tuple(probes_of(t) for t in traces), dots, slant)

    def distance(self, first: int, second: int) -> float:
        return nearest(self.probes[first], self.probes[second])

    def outline(self, members: Sequence[int]) -> Box:
        strokes = [self.strokes[i] for i in members]
        return union(stroke.bounds.grown(stroke.width / 2) for stroke in strokes)

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        return cell_from_ink([self.strokes[i] for i in members])

    def split(self, members: tuple[int, ...], height: float) -> tuple[InkParts, list[Piece]]:
        new, pieces = list[Stroke](), list[Piece]()
        for number in sorted(members):
            stroke = self.strokes[number]
            traces = cut_trace(stroke.points, height)
            if len(traces) == 1:
                pieces.append(Piece((number,), _LIFT))
                continue
            first = len(self.strokes) + len(new)
            new += [Stroke(trace, stroke.width) for trace in traces]
            pieces += [Piece((first + k,), _STROKE_CUT) for k in range(len(traces) - 1)]
            pieces.append(Piece((first + len(traces) - 1,), _LIFT))
        boxes = tuple(upright_box(stroke.points, self.slant) for stroke in new)
        probes = tuple(probes_of(stroke.points) for stroke in new)
        more = replace(
            self,
            strokes=(*self.strokes, *new),
            boxes=(*self.boxes, *boxes),
            probes=(*self.probes, *probes),
        )
        return more, pieces


def _is_slip(stroke: Stroke) -> bool:
    return stroke.bounds.longest_side < max(_LEAST_INK, _LEAST_WIDTHS * stroke.width)

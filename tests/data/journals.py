"""Small drawings for tests of journals."""

from __future__ import annotations

from collections.abc import Sequence

from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.canvas_records import Sketch, SketchDrawing


def dot(x: float) -> Stroke:
    return Stroke.of([[x, 0]])


def sketch(*strokes: Stroke, label: str | None = None) -> Sketch:
    return Sketch((SketchDrawing(Drawing(label, Ink(strokes))),))


def places(sketches: Sequence[Sketch]) -> list[list[float]]:
    """The x of the strokes of each drawing."""
    return [
        [float(stroke.points[0, 0]) for stroke in one.drawing.ink.strokes]
        for each in sketches
        for one in each.drawings
    ]

"""Strokes re-read as a person marks them: those of two glyphs as one, those of one as two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.correction.best_split import Members, best_split, glyphs_of
from inkread.core.geometry import Box, left_to_right
from inkread.core.ink import Ink, Stroke
from inkread.core.reading import Glyph
from inkread.core.segmentation.ink_primitives import InkPrimitives


@dataclass(frozen=True, slots=True)
class Params:
    """Where a stroke is cut in two."""

    #: Places at most, also between strokes; chosen: more are nearer than the pen is wide.
    cuts: int = 31
    #: Share of the points before the first cut and after the last; chosen: a 1 is longer.
    min_end: float = 0.1
    #: Canvas px by which a stroke may stand out of a box; chosen: less than a pen is wide.
    room: float = 1.0


PARAMS = Params()


def read_strokes(ink: Ink, boxes: Sequence[Box], classifier: Classifier) -> Glyph | None:
    """Read the strokes in some boxes as one glyph.

    Parameters
    ----------
    ink : Ink
        All that is drawn.
    boxes : sequence of Box
        Boxes of glyphs, canvas px.
    classifier : Classifier
        Reads it.

    Returns
    -------
    Glyph or None
        On line 0; None if no stroke lies in a box.
    """
    strokes = [ink.strokes[i] for i in strokes_in(ink, boxes)]
    if not strokes:
        return None
    every = tuple(range(len(strokes)))
    return glyphs_of(InkPrimitives.of_strokes(strokes), [every], classifier)[0]


def split_strokes(ink: Ink, box: Box, classifier: Classifier) -> tuple[Glyph, Glyph] | None:
    """Read the strokes in a box as two glyphs, split where they read best.

    Parameters
    ----------
    ink : Ink
        All that is drawn.
    box : Box
        Of a glyph, canvas px.
    classifier : Classifier
        Says how well each half can be read.

    Returns
    -------
    (Glyph, Glyph) or None
        Left and right, on line 0; several strokes are divided among them, a single one is cut.
        None if there is none, or it is only a dot.
    """
    strokes = [ink.strokes[i] for i in strokes_in(ink, [box])]
    splits = _between_strokes(strokes)
    if len(strokes) == 1:
        halves = [half for pair in _halves(strokes[0]) for half in pair]
        splits = [((i,), (i + 1,)) for i in range(0, len(halves), 2)]
        strokes = halves
    found = best_split(InkPrimitives.of_strokes(strokes), splits, classifier)
    if found is None:
        return None
    first, second = found
    return (first, second) if first.box.x <= second.box.x else (second, first)


def _between_strokes(strokes: Sequence[Stroke]) -> list[tuple[Members, Members]]:
    """Strokes from left to right, split between any two; of very many, between some."""
    order = tuple(left_to_right([stroke.bounds for stroke in strokes]))
    last = len(order) - 1
    places = np.linspace(1, last, max(0, min(last, PARAMS.cuts)))
    return [(order[:i], order[i:]) for i in np.rint(places).astype(int).tolist()]


def _halves(stroke: Stroke) -> Iterator[tuple[Stroke, Stroke]]:
    """A stroke, cut at places along its points; both halves have the point of the cut."""
    points, width = stroke.points, stroke.width
    if len(points) < 3:
        return
    places = np.linspace(PARAMS.min_end, 1 - PARAMS.min_end, PARAMS.cuts) * (len(points) - 1)
    for i in sorted({min(max(round(at), 1), len(points) - 2) for at in places.tolist()}):
        yield Stroke(points[: i + 1], width), Stroke(points[i:], width)


def strokes_in(ink: Ink, boxes: Sequence[Box]) -> list[int]:
    """Indexes of the strokes that, with their width, lie in one of the boxes."""
    outlines = [stroke.outline for stroke in ink.strokes]
    places = [box.grown(PARAMS.room) for box in boxes]
    return [i for i, own in enumerate(outlines) if any(box.encloses(own) for box in places)]

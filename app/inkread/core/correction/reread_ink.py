"""Strokes read again as a person says: those of two glyphs as one, those of one as two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.core.cell import cell_from_ink
from inkread.core.classifier import Classifier
from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, Stroke
from inkread.core.reading import Glyph
from inkread.core.recognition.recognise import glyph_of
from inkread.core.segmentation.decode_line import doubt

Strokes = Sequence[Stroke]

#: A stroke is cut at most at so many places, not nearer to its ends than this part of it.
_CUTS = 31
_LEAST_END = 0.1
#: What speaks against parts that stand above one another, beside the recogniser's doubt.
_OVERLAP_PRICE = 4.0


def read_strokes(ink: Ink, boxes: Sequence[Box], classifier: Classifier) -> Glyph | None:
    """Read the strokes in some boxes as one glyph.

    Parameters
    ----------
    ink : Ink
        All that is drawn.
    boxes : sequence of Box
        Boxes of glyphs, canvas px.
    classifier : Classifier
        Tells what it is.

    Returns
    -------
    Glyph or None
        On line 0; None if no stroke lies in a box.
    """
    strokes = [ink.strokes[i] for i in strokes_in(ink, boxes)]
    return _glyphs([strokes], classifier)[0] if strokes else None


def _glyphs(groups: Sequence[Strokes], classifier: Classifier) -> list[Glyph]:
    """Each group of strokes as a glyph."""
    made = [cell_from_ink(strokes) for strokes in groups]
    rows = classifier.probabilities(np.stack([cell for cell, _ in made])[:, np.newaxis])
    boxes = [union(s.bounds.grown(s.width / 2) for s in strokes) for strokes in groups]
    return [
        glyph_of(box, 0, row, classifier, *cell)
        for box, row, cell in zip(boxes, rows, made, strict=True)
    ]


def split_strokes(ink: Ink, box: Box, classifier: Classifier) -> tuple[Glyph, Glyph] | None:
    """Read the strokes in a box as two glyphs, parted where they read best.

    Parameters
    ----------
    ink : Ink
        All that is drawn.
    box : Box
        Of a glyph, canvas px.
    classifier : Classifier
        Says how well each of the parts can be read.

    Returns
    -------
    (Glyph, Glyph) or None
        Left and right, on line 0; several strokes are parted, a single one is cut. None if there
        is none, or it is only a dot.
    """
    strokes = [ink.strokes[i] for i in strokes_in(ink, [box])]
    ways = _partings(strokes) if len(strokes) > 1 else _stroke_cuts(strokes)
    if not ways:
        return None
    glyphs = _glyphs([part for way in ways for part in way], classifier)
    pairs = list(zip(glyphs[::2], glyphs[1::2], strict=True))
    first, second = min(pairs, key=_cost)
    return (first, second) if first.box.x <= second.box.x else (second, first)


def _cost(pair: tuple[Glyph, Glyph]) -> float:
    one, other = pair
    narrower = min(one.box.width, other.box.width)
    overlap = max(0.0, one.box.overlap_x(other.box)) / max(narrower, 1e-9)
    return doubt(one.probability) + doubt(other.probability) + _OVERLAP_PRICE * overlap


def _partings(strokes: Sequence[Stroke]) -> list[tuple[Strokes, Strokes]]:
    """Strokes from left to right, parted between any two."""
    order = sorted(strokes, key=lambda stroke: stroke.bounds.centre[0])
    return [(order[:i], order[i:]) for i in range(1, len(order))]


def _stroke_cuts(strokes: Sequence[Stroke]) -> list[tuple[Strokes, Strokes]]:
    """A single stroke, cut at places along its points; both parts have the point of the cut."""
    if not strokes or len(strokes[0].points) < 3:
        return []
    points, width = strokes[0].points, strokes[0].width
    places = np.linspace(_LEAST_END, 1 - _LEAST_END, _CUTS) * (len(points) - 1)
    inner = sorted({min(max(round(at), 1), len(points) - 2) for at in places.tolist()})
    return [([Stroke(points[: i + 1], width)], [Stroke(points[i:], width)]) for i in inner]


def strokes_in(ink: Ink, boxes: Sequence[Box]) -> list[int]:
    """Numbers of the strokes that, lines included, lie in one of the boxes."""
    outlines = [stroke.bounds.grown(stroke.width / 2) for stroke in ink.strokes]
    places = [box.grown(1.0) for box in boxes]
    return [i for i, own in enumerate(outlines) if any(_holds(box, own) for box in places)]


def _holds(outer: Box, inner: Box) -> bool:
    across = outer.x <= inner.x and inner.right <= outer.right
    return across and outer.y <= inner.y and inner.bottom <= outer.bottom

"""From a glyph that was read, and what a person says of it, to a sample."""

from __future__ import annotations

import numpy as np

from inkread.core.ink import Ink
from inkread.core.reading import Glyph, Grey
from inkread.core.recognition.single_glyph import cell_of_ink
from inkread.data.samples.sample import CANVAS, Kind, Origin, Sample, crop_of, tidy_label

#: A stroke belongs to a glyph if it lies in its box, give or take this, px.
_TOLERANCE = 0.5


def of_glyph(
    label: str, glyph: Glyph, ink: Ink | None = None, source: str = CANVAS, model: str = ""
) -> Sample:
    """The sample of a glyph that a person looked at.

    Parameters
    ----------
    label : str
        What the person says that it is.
    glyph : Glyph
        As it was read.
    ink : Ink, optional
        The drawing that it is part of; without, it is part of a picture.
    source : str
        Name of the picture, or ``canvas``.
    model : str
        What read it, by name and checksum.

    Returns
    -------
    Sample
        With its own strokes, if they are whole strokes of the drawing, or else its crop.

    Raises
    ------
    LabelUnusable
    """
    guess = glyph.guesses[0]
    is_right = guess.label == tidy_label(label) and not glyph.rejected
    own, cell = (None, _cell(glyph)) if ink is None else _own_ink(glyph, ink)
    return Sample(
        label=label,
        cell=cell,
        kind=Kind.PAGE if ink is None else Kind.INK,
        ink=own,
        picture=crop_of(glyph.stages),
        source=source,
        origin=Origin.CONFIRMED if is_right else Origin.CORRECTED,
        model=model,
        guess=guess.label,
        probability=min(max(float(guess.probability), 0.0), 1.0),
    )


def _own_ink(glyph: Glyph, ink: Ink) -> tuple[Ink | None, Grey]:
    """The strokes that a glyph is made of, and the cell that they make; its own cell without
    them if some of them were cut for it.
    """
    place = glyph.box.grown(_TOLERANCE)
    inked = [(stroke, stroke.bounds.grown(stroke.width / 2)) for stroke in ink.strokes]
    inside = [
        (stroke, box)
        for stroke, box in inked
        if place.x <= box.x
        and place.y <= box.y
        and box.right <= place.right
        and box.bottom <= place.bottom
    ]
    own = Ink(tuple(stroke for stroke, _ in inside))
    cell = cell_of_ink(own)
    # Cut strokes leave a box that the whole ones do not fill, or a cell that they do not make.
    if cell is None or not np.allclose(cell / 255.0, glyph.cell, atol=0.01):
        return None, _cell(glyph)
    return own, cell


def _cell(glyph: Glyph) -> Grey:
    return np.rint(glyph.cell * 255).astype(np.uint8)

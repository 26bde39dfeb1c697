"""Make a sample from a recognised glyph and the label that a person gives it."""

from __future__ import annotations

import numpy as np

from inkread.core.ink import Ink
from inkread.core.labels import composed, normalise_label
from inkread.core.reading import Glyph, Grey
from inkread.core.recognition.single_glyph import cell_of_ink
from inkread.data.samples.sample import CANVAS, Kind, Origin, Sample, glyph_crop

#: A stroke belongs to a glyph if it lies in its box, with this tolerance, px.
_TOLERANCE = 0.5


def sample_from_glyph(
    label: str, glyph: Glyph, ink: Ink | None = None, source: str = CANVAS, model: str = ""
) -> Sample:
    """Make a sample from a glyph that a person has labelled.

    Parameters
    ----------
    label : str
        Given by the person.
    glyph : Glyph
        As recognised.
    ink : Ink, optional
        The drawing that it belongs to; without it, it belongs to a picture.
    source : str
        Name of the picture, or ``canvas``.
    model : str
        Name and checksum of the model that read it.

    Returns
    -------
    Sample
        With its strokes if they are complete strokes of the drawing, else with its crop.

    Raises
    ------
    LabelUnusable
    """
    guess = glyph.guesses[0]
    is_right = composed(guess.label) == normalise_label(label) and not glyph.rejected
    own, cell = (None, _cell(glyph)) if ink is None else _own_ink(glyph, ink)
    return Sample(
        label=label,
        cell=cell,
        kind=Kind.PAGE if ink is None else Kind.INK,
        ink=own,
        picture=glyph_crop(glyph.stages),
        source=source,
        origin=Origin.CONFIRMED if is_right else Origin.CORRECTED,
        model=model,
        guess=guess.label,
        probability=min(max(float(guess.probability), 0.0), 1.0),
    )


def _own_ink(glyph: Glyph, ink: Ink) -> tuple[Ink | None, Grey]:
    """The strokes of a glyph and their cell; only the glyph's cell if strokes were cut for it."""
    area = glyph.box.grown(_TOLERANCE)
    inked = [(stroke, stroke.bounds.grown(stroke.width / 2)) for stroke in ink.strokes]
    inside = [
        (stroke, box)
        for stroke, box in inked
        if area.x <= box.x
        and area.y <= box.y
        and box.right <= area.right
        and box.bottom <= area.bottom
    ]
    own = Ink(tuple(stroke for stroke, _ in inside))
    cell = cell_of_ink(own)
    # If strokes were cut, the complete ones do not fit the box, or give another cell.
    if cell is None or not np.allclose(cell / 255.0, glyph.cell, atol=0.01):
        return None, _cell(glyph)
    return own, cell


def _cell(glyph: Glyph) -> Grey:
    return np.rint(glyph.cell * 255).astype(np.uint8)

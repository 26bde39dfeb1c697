"""Ink or page in, Reading out: one path for canvas, file, clipboard, folder and command line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from app.core import segment
from app.core.geometry import Box
from app.core.ink import Ink
from app.core.layout import Layout, one_line
from app.core.parts import InkParts, PageParts, Parts
from app.core.reading import Cells, Glyph, Guess, Reading, Stage

if TYPE_CHECKING:
    from app.core.image import Page

#: Doubt is counted no farther than this probability: a sure error costs no more.
_LEAST_PROBABILITY = 1e-4
#: Stages are kept for show no larger than this, px.
_SHOWN_SIDE = 160


class Classifier(Protocol):
    """Whatever tells the classes of cells apart."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        ...

    @property
    def rejection_threshold(self) -> float | None:
        """A glyph whose best class is less probable is none of them; None: not known."""
        ...

    @property
    def is_calibrated(self) -> bool:
        """Whether its probabilities are meant to be true frequencies."""
        ...

    def probabilities(self, cells: Cells) -> Cells:
        """(n, 1, 28, 28) float32 cells in 0..1 -> (n, k) float32, each row adding up to 1."""
        ...


def read_ink(ink: Ink, classifier: Classifier, layout: Layout = Layout.AUTO) -> Reading:
    """Read strokes.

    Parameters
    ----------
    ink : Ink
        Anything drawn; may be empty.
    classifier : Classifier
        Tells the glyphs apart.
    layout : Layout
        Whether it is one sign, one line or several; AUTO: as it looks.

    Returns
    -------
    Reading
        Boxes in canvas px, around the lines with their width; empty if nothing is written.
    """
    return _read(InkParts.of(ink), classifier, layout)


def read_page(page: Page, classifier: Classifier, layout: Layout = Layout.AUTO) -> Reading:
    """Read a picture.

    Parameters
    ----------
    page : Page
        As decoded; dark on light or light on dark.
    classifier : Classifier
        Tells the glyphs apart.
    layout : Layout
        Whether it is one sign, one line or several; AUTO: as it looks.

    Returns
    -------
    Reading
        Boxes in px of the picture's file; empty if nothing is written.
    """
    return _read(PageParts.of(page), classifier, layout)


def _read(parts: Parts, classifier: Classifier, layout: Layout) -> Reading:
    return Reading(tuple(_glyphs(parts, classifier, layout)), classifier.is_calibrated)


def _glyphs(parts: Parts, classifier: Classifier, layout: Layout) -> list[Glyph]:
    if not parts.boxes:
        return []
    groups = _join_stacked(
        segment.group_sure(parts.boxes, parts.distance, parts.dots), parts, classifier
    )
    if not groups:
        return []
    if layout is Layout.DIGIT:
        groups = [tuple(part for group in groups for part in group)]
    outlines = segment.outlines(groups, parts.boxes)
    height = segment.typical_height(outlines)
    glyphs: list[Glyph] = []
    rows = [one_line(outlines)] if layout is Layout.LINE else segment.lines_of(outlines)
    for number, members in enumerate(rows):
        line = [groups[i] for i in members]
        choices = list(segment.candidates(line, parts.boxes, parts.distance, height))
        glyphs += _read_line(choices, number, parts, classifier)
    return glyphs


def _join_stacked(
    groups: list[segment.Group], parts: Parts, classifier: Classifier
) -> list[segment.Group]:
    """Join groups above one another that read better as one."""
    for i, j, odds in segment.stacked(segment.outlines(groups, parts.boxes)):
        choices = (groups[i] + groups[j], groups[i], groups[j])
        cells = np.stack([parts.cell(choice)[0] for choice in choices])[:, np.newaxis]
        whole, upper, lower = _doubts(classifier.probabilities(cells))
        if whole - odds < upper + lower:
            rest = [group for k, group in enumerate(groups) if k not in (i, j)]
            return _join_stacked([*rest, choices[0]], parts, classifier)
    return groups


def _doubts(probabilities: Cells) -> list[float]:
    """Minus the logarithm of each row's best probability."""
    return [-math.log(max(_LEAST_PROBABILITY, float(row.max()))) for row in probabilities]


def _read_line(
    choices: Sequence[segment.Candidate], number: int, parts: Parts, classifier: Classifier
) -> list[Glyph]:
    made = [parts.cell(choice.parts) for choice in choices]
    cells = np.stack([cell for cell, _ in made])[:, np.newaxis]
    probabilities = classifier.probabilities(cells)
    doubts = _doubts(probabilities)
    costs = [choice.price + doubt for choice, doubt in zip(choices, doubts, strict=True)]
    return [
        glyph_of(
            parts.outline(choices[i].parts),
            number,
            probabilities[i],
            classifier,
            *made[i],
        )
        for i in segment.best_path(choices, costs)
    ]


def glyph_of(
    box: Box,
    line: int,
    probabilities: Cells,
    classifier: Classifier,
    cell: Cells,
    stages: tuple[Stage, ...],
) -> Glyph:
    """What a classifier's answer says.

    Parameters
    ----------
    box : Box
        Where the glyph stands, px of the canvas or file.
    line : int
        Number of its line.
    probabilities : (k,) array of float32
        The classifier's, one for each of its labels.
    classifier : Classifier
        Whose labels and threshold count.
    cell : (28, 28) array of float32
        What it was shown.
    stages : tuple of Stage
        How the cell came about; reduced copies of them are kept.
    """
    order = np.argsort(-probabilities, kind="stable")
    guesses = tuple(Guess(classifier.labels[i], float(probabilities[i])) for i in order)
    threshold = classifier.rejection_threshold
    rejected = threshold is not None and guesses[0].probability < threshold
    return Glyph(box, line, guesses, cell, tuple(map(_kept, stages)), rejected)


def _kept(stage: Stage) -> Stage:
    """A copy for keeping, no larger than a person needs to see."""
    scale = min(1.0, _SHOWN_SIDE / max(stage.image.shape))
    height, width = (max(1, round(side * scale)) for side in stage.image.shape)
    image = cv2.resize(stage.image, (width, height), interpolation=cv2.INTER_AREA)
    return Stage(stage.name, np.asarray(image, np.uint8))

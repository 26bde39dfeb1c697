"""Ink or page in, Reading out: one path for canvas, file, clipboard, folder and command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.geometry import Box, left_to_right
from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.page.pipeline import clean
from inkread.core.reading import Cells, Glyph, Guess, Reading, Stage
from inkread.core.recognition.large_pages import SmallWriting, read_halved
from inkread.core.recognition.orientation import read_upright
from inkread.core.recognition.reject_print import doubted
from inkread.core.segmentation import grouping
from inkread.core.segmentation.decode_line import MOST_CUT, Budget, doubt, read_line
from inkread.core.segmentation.ink_primitives import InkParts
from inkread.core.segmentation.marks import Mark, find_marks, parted, without
from inkread.core.segmentation.page_primitives import PageParts
from inkread.core.segmentation.primitives import Parts
from inkread.core.segmentation.text_lines import lines_of
from inkread.core.segmentation.word_spaces import with_spaces

if TYPE_CHECKING:
    from inkread.core.picture.page import Page

#: No more pairs of parts above one another are looked at: the work is bounded.
_MOST_STACKED = 100
#: Stages are kept for show no larger than this, px.
_SHOWN_SIDE = 160


def read_ink(
    ink: Ink,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
) -> Reading:
    """Read strokes.

    Parameters
    ----------
    ink : Ink
        Anything drawn; may be empty.
    classifier : Classifier
        Tells the glyphs apart.
    layout : Layout
        Whether it is one sign, one line or several; AUTO: as it looks.
    with_stages : bool
        Whether the glyphs keep how their cells came about; false where nobody will look at it.

    Returns
    -------
    Reading
        Boxes in canvas px, around the lines with their width; empty if nothing is written.
    """
    return _read(InkParts.of(ink), classifier, layout, with_stages)


def read_page(
    page: Page,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
) -> Reading:
    """Read a picture.

    Parameters
    ----------
    page : Page
        As decoded; dark on light or light on dark.
    classifier : Classifier
        Tells the glyphs apart.
    layout : Layout
        Whether it is one sign, one line or several; AUTO: as it looks.
    with_stages : bool
        Whether the glyphs keep how their cells came about; false where nobody will look at it.

    Returns
    -------
    Reading
        Boxes in px of the picture's file; empty if nothing is written.
    """

    def read(seen: Page, least: float) -> Reading:
        parts = PageParts.of(clean(seen, rectify=False))
        if least and parts.boxes and grouping.typical_height(parts.boxes) < least:
            raise SmallWriting
        return _read(parts, classifier, layout, with_stages)

    return read_halved(
        page, lambda sized, least: read_upright(sized, lambda seen: read(seen, least))
    )


def _read(parts: Parts, classifier: Classifier, layout: Layout, with_stages: bool) -> Reading:
    glyphs = doubted(_glyphs(parts, classifier, layout))
    return Reading(tuple(_settled(g, with_stages) for g in glyphs), classifier.is_calibrated)


def _settled(glyph: Glyph, with_stages: bool) -> Glyph:
    """A glyph that holds no part of its page: small copies of its stages at most."""
    return replace(glyph, stages=tuple(map(_kept, glyph.stages)) if with_stages else ())


def _glyphs(parts: Parts, classifier: Classifier, layout: Layout) -> list[Glyph]:
    if not parts.boxes:
        return []
    groups = grouping.group_sure(parts.boxes, parts.distance, parts.dots)
    marks = [] if layout is Layout.DIGIT else find_marks(groups, parts.boxes, parts.distance)
    groups = _join_stacked(without(groups, marks), parts, classifier)
    if not groups:
        return []
    if layout is Layout.DIGIT:
        groups = [tuple(part for group in groups for part in group)]
    outlines = grouping.outlines(groups, parts.boxes)
    height = grouping.typical_height(outlines)
    glyphs: list[Glyph] = []
    budget = Budget(0 if layout is Layout.DIGIT else MOST_CUT)
    rows = [left_to_right(outlines)] if layout is Layout.LINE else lines_of(outlines)
    for number, members in enumerate(rows):
        line = [groups[i] for i in members]
        row: list[Glyph] = []
        for mark, run in parted(line, marks):
            if mark is not None:
                row.append(_mark_glyph(mark, number, parts))
            row += [
                _glyph(sign.box, number, sign.probabilities, classifier, sign.cell, sign.stages)
                for sign in read_line(run, parts, height, classifier.probabilities, budget)
            ]
        glyphs += with_spaces(_believable(row))
    return glyphs


def _believable(line: list[Glyph]) -> list[Glyph]:
    """A line without its marks if most of what they stand beside is no digit."""
    digits = [glyph for glyph in line if not glyph.is_mark]
    rejected = sum(glyph.rejected for glyph in digits)
    return digits if 2 * rejected > len(digits) else line


def _mark_glyph(mark: Mark, line: int, parts: Parts) -> Glyph:
    cell, stages = parts.cell([mark.part])
    guesses = tuple(Guess(sign, probability) for sign, probability in mark.guesses)
    box = parts.outline([mark.part])
    return Glyph(box, line, guesses, cell, stages, is_mark=True)


def _join_stacked(
    groups: list[grouping.Group], parts: Parts, classifier: Classifier
) -> list[grouping.Group]:
    """Join groups above one another that read better as one."""

    def distance(first: int, second: int) -> float:
        return min(parts.distance(i, j) for i in groups[first] for j in groups[second])

    pairs = grouping.stacked(grouping.outlines(groups, parts.boxes), distance)
    if len(pairs) > _MOST_STACKED:
        return groups  # specks, or print: nothing is won, and each pair costs a reading
    for i, j, odds in pairs:
        choices = (groups[i] + groups[j], groups[i], groups[j])
        cells = np.stack([parts.cell(choice)[0] for choice in choices])[:, np.newaxis]
        whole, upper, lower = (doubt(float(row.max())) for row in classifier.probabilities(cells))
        if whole - odds < upper + lower:
            rest = [group for k, group in enumerate(groups) if k not in (i, j)]
            return _join_stacked([*rest, choices[0]], parts, classifier)
    return groups


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
    return _settled(_glyph(box, line, probabilities, classifier, cell, stages), True)


def _glyph(
    box: Box,
    line: int,
    probabilities: Cells,
    classifier: Classifier,
    cell: Cells,
    stages: tuple[Stage, ...],
) -> Glyph:
    order = np.argsort(-probabilities, kind="stable")
    guesses = tuple(Guess(classifier.labels[i], float(probabilities[i])) for i in order)
    threshold = classifier.rejection_threshold
    rejected = threshold is not None and guesses[0].probability < threshold
    return Glyph(box, line, guesses, cell, stages, rejected)


def _kept(stage: Stage) -> Stage:
    """A copy for keeping, no larger than a person needs to see."""
    image = stage.image
    scale = min(1.0, _SHOWN_SIDE / max(image.shape))
    height, width = (max(1, round(side * scale)) for side in image.shape)
    while min(image.shape) >= 2 and max(image.shape) >= 2 * _SHOWN_SIDE:
        # By halves, which takes a fifth of the time.
        rows, columns = (side // 2 for side in image.shape)
        even = image[: 2 * rows, : 2 * columns]
        image = np.asarray(
            cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8
        )
    image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return Stage(stage.name, image)

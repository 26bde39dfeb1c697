from __future__ import annotations

import numpy as np

from inkread.core.correction.reread_ink import read_strokes, split_strokes, strokes_in
from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, Stroke
from inkread.core.reading import Cells
from inkread.core.recognition.recognise import read_ink
from tests.core.templates import Templates
from tests.written import write

TEMPLATES = Templates()


def test_strokes_in_boxes_are_one_glyph() -> None:
    ink = write("47", height=100)
    boxes = [glyph.box for glyph in read_ink(ink, TEMPLATES).glyphs]
    assert strokes_in(ink, boxes[:1]) == [0, 1]
    assert strokes_in(ink, boxes[1:]) == [2]
    four, both = read_strokes(ink, boxes[:1], TEMPLATES), read_strokes(ink, boxes, TEMPLATES)
    assert four is not None and both is not None
    assert four.label == "4"
    assert four.box == boxes[0]
    assert both.box == union(boxes)
    assert read_strokes(ink, [Box(900, 900, 9, 9)], TEMPLATES) is None
    assert read_strokes(Ink(), boxes, TEMPLATES) is None


def test_strokes_of_two_digits_are_parted() -> None:
    ink = write("47", height=100)
    whole = union(glyph.box for glyph in read_ink(ink, TEMPLATES).glyphs)
    parts = split_strokes(ink, whole, TEMPLATES)
    assert parts is not None
    assert [glyph.label for glyph in parts] == ["4", "7"]
    assert [glyph.box for glyph in parts] == [g.box for g in read_ink(ink, TEMPLATES).glyphs]


def test_a_stroke_that_draws_two_digits_is_cut() -> None:
    one, two = (write(digit, height=100).strokes[0].points for digit in "27")
    both = Stroke.of(np.concatenate([one, two + (one[-1] - two[0])]))
    parts = split_strokes(Ink((both,)), both.bounds.grown(both.width / 2), TEMPLATES)
    assert parts is not None
    assert [glyph.label for glyph in parts] == ["2", "7"]


def test_very_many_strokes_are_split_at_some_places() -> None:
    asked: list[int] = []

    class Counting:
        labels, is_calibrated, rejection_threshold = TEMPLATES.labels, True, None

        def probabilities(self, cells: Cells) -> Cells:
            asked.append(len(cells))
            return TEMPLATES.probabilities(cells)

    strokes = [Stroke.of([(i, 0), (i, 100)], 1) for i in range(300)]
    assert split_strokes(Ink(tuple(strokes)), Box(-9, -9, 999, 999), Counting()) is not None
    assert sum(asked) <= 2 * 31


def test_a_dot_and_nothing_cannot_be_split() -> None:
    dot = Stroke.of([(50, 50)], 8)
    assert split_strokes(Ink((dot,)), Box(0, 0, 100, 100), TEMPLATES) is None
    assert split_strokes(Ink(), Box(0, 0, 100, 100), TEMPLATES) is None

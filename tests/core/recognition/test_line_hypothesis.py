from __future__ import annotations

import numpy as np

from inkread.core.geometry import Box
from inkread.core.recognition.line_hypothesis import GlyphRegion, LineHypothesis


def test_a_region_holds_what_lies_between_its_seams_row_by_row() -> None:
    region = GlyphRegion(
        Box(0, 0, 1, 1), np.array([10.0, 12.0]), np.array([20.0, 22.0]), top=100.0, row_height=2.0
    )
    y = np.array([100.0, 101.9, 102.1, 103.0, 102.1])
    x = np.array([10.0, 20.0, 11.0, 21.0, 22.5])
    assert region.holds(x, y).tolist() == [True, False, False, True, False]


def test_rows_above_and_below_the_picture_are_as_the_outermost() -> None:
    region = GlyphRegion(
        Box(0, 0, 1, 1), np.array([10.0, 12.0]), np.array([20.0, 22.0]), top=100.0, row_height=2.0
    )
    assert region.holds(np.array([11.0, 11.0]), np.array([0.0, 500.0])).tolist() == [True, False]


def test_boxes_are_those_of_the_regions() -> None:
    box, seam = Box(1, 2, 3, 4), np.zeros(32)
    assert LineHypothesis("1", 0.0, (), (GlyphRegion(box, seam, seam, 0.0, 1.0),)).boxes == (box,)
    assert LineHypothesis("1", 0.0, ()).boxes == ()

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import Ink, Stroke
from inkread.core.line_picture import ink_line_picture
from inkread.ml.synthesis.lines.drawing import canvas_picture, page_ink
from inkread.ml.synthesis.lines.layout import Written

RNG = np.random.default_rng


def _written() -> Written:
    bars = [[(x, 0.0), (x + 0.1, 1.0)] for x in (0.0, 0.7, 1.4)]
    return Written([np.array(bar, np.float32) for bar in bars], [], [1, 1, 1], 1.5)


def test_canvas_ink_looks_as_reading_draws_it_but_for_place_and_size() -> None:
    read = ink_line_picture(Ink(tuple(Stroke(points) for points in _written().strokes))).image
    widths, heights, middles = [], [], []
    for seed in range(60):
        image = canvas_picture(_written(), RNG(seed))
        assert image.shape[0] == 32
        assert image.shape[1] % 4 == 0
        rows = np.flatnonzero(image.max(axis=1) > 127)
        heights.append(np.ptp(rows) + 1)
        middles.append(rows.mean())
        widths.append(image[16].sum() / 255 / 3)
    own = np.flatnonzero(read.max(axis=1) > 127)
    assert np.mean(widths) == pytest.approx(read[16].sum() / 255 / 3, rel=0.08)
    assert min(heights) < 0.85 * (np.ptp(own) + 1)
    assert max(heights) > 1.2 * (np.ptp(own) + 1)
    assert np.mean(middles) == pytest.approx(own.mean(), abs=1)


def test_ink_of_a_page_has_the_asked_height_margins_and_pen() -> None:
    drawn = page_ink(_written(), 40, 4, (10, 12, 14, 16), RNG(0))
    rows, columns = np.nonzero(drawn.image > 127)
    assert (drawn.top, drawn.bottom) == (12, 52)
    assert rows.min() == pytest.approx(12, abs=1.5)
    assert rows.max() + 1 == pytest.approx(52, abs=1.5)
    assert columns.min() == pytest.approx(drawn.left, abs=1.5)
    assert columns.max() + 1 == pytest.approx(drawn.right, abs=1.5)
    assert drawn.image.shape == (68, np.ceil(drawn.right + 14))
    assert drawn.image[32].sum() / 255 / 3 == pytest.approx(4, rel=0.2)


def test_pictures_are_put_into_their_boxes() -> None:
    picture = np.full((20, 10), 200, np.uint8)
    corners = np.array([[0, 0], [0.5, 1]], np.float32)
    drawn = page_ink(Written([], [(picture, corners)], [0], 0.5), 30, 2, (5, 6, 7, 8), RNG(0))
    rows, columns = np.nonzero(drawn.image)
    assert rows.min() == pytest.approx(7, abs=1)
    assert np.ptp(rows) + 1 == pytest.approx(28, abs=1)
    assert np.ptp(columns) + 1 == pytest.approx(14, abs=1)
    assert drawn.image.max() == 200

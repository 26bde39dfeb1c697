from __future__ import annotations

import numpy as np
import pytest

from inkread.core.segmentation.slant import slant_of, upright_box

LEANING = np.array([[30, 0], [0, 100]], np.float32)


def test_slant_is_run_over_rise() -> None:
    assert slant_of([LEANING]) == pytest.approx(0.3)
    assert slant_of([LEANING[::-1]]) == pytest.approx(0.3)
    assert slant_of([LEANING * np.array([-1, 1], np.float32)]) == pytest.approx(-0.3)


def test_flat_lines_and_dots_have_no_slant() -> None:
    assert slant_of([np.array([[0, 0], [100, 20]], np.float32)]) == 0
    assert slant_of([np.array([[3, 3]], np.float32)]) == 0


def test_slant_is_bounded() -> None:
    assert slant_of([np.array([[0, 100], [99, 0]], np.float32)]) == 0.6


def test_upright_boxes_of_leaning_neighbours_do_not_overlap() -> None:
    beside = LEANING + np.array([20, 0], np.float32)
    slant = slant_of([LEANING, beside])
    first, second = (upright_box(trace, slant) for trace in (LEANING, beside))
    assert first.width == pytest.approx(0, abs=1e-4)
    assert first.overlap_x(second) == pytest.approx(-20, abs=1e-4)
    assert first.height == 100

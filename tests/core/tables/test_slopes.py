from __future__ import annotations

import numpy as np
import pytest

from inkread.core.tables.chains import Chain
from inkread.core.tables.slopes import slope_field


def bowed(level: float, start: int, length: int) -> Chain:
    along = np.arange(start, start + length)
    return Chain(start, np.asarray(level + 12 * (1 - ((along - 300) / 300) ** 2), np.float64), 2.0)


def test_lines_on_bent_paper_are_carried_along_their_bend() -> None:
    field = slope_field([bowed(y, 0, 600) for y in (50, 150, 250)], (300, 150), 300)
    far = field.carried(np.array([20.0]), np.array([bowed(200, 20, 1).across[0]]), 580.0)
    assert far[0] == pytest.approx(bowed(200, 580, 1).across[0], abs=1.0)


def test_lines_in_perspective_have_slopes_of_their_own() -> None:
    along = np.arange(400)
    chains = [
        Chain(0, np.asarray(y + (y - 200) / 4000 * along, np.float64), 2.0)
        for y in (20.0, 200.0, 380.0)
    ]
    field = slope_field(chains, (200, 200), 200)
    carried = field.carried(np.array([0.0, 0.0]), np.array([20.0, 380.0]), 399.0)
    assert carried == pytest.approx([2.0, 398.0], abs=2)


def test_strokes_of_digits_do_not_turn_the_field() -> None:
    lines = [Chain(0, np.full(500, y), 2.0) for y in (50.0, 150.0, 250.0)]
    strokes = [
        Chain(30 * i, np.asarray(100 + np.arange(25) * 0.4, np.float64), 2.0) for i in range(12)
    ]
    field = slope_field([*lines, *strokes], (250, 150), 250)
    assert field.at(np.array([250.0]), np.array([150.0]))[0] == pytest.approx(0, abs=0.01)

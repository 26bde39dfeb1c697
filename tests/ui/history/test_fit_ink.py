from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import Ink, Stroke
from inkread.ui.history.fit_ink import fitted


def test_ink_in_sight_stays_as_it_is() -> None:
    ink = Ink((Stroke.of([(0, 0), (100, 80)]),))
    assert fitted(ink, 200, 100) is ink


def test_no_ink_stays_no_ink() -> None:
    assert fitted(Ink(), 200, 100).is_empty


@pytest.mark.parametrize("points", [[(500, 0), (600, 50)], [(-50, -50), (10, 10)], [(900, 900)]])
def test_ink_out_of_sight_is_moved_to_the_middle_in_its_own_size(
    points: list[tuple[float, float]],
) -> None:
    stroke = Stroke.of(points, 7.0, [0.5] * len(points))
    after = fitted(Ink((stroke,)), 400, 300)
    assert after.bounds.centre == pytest.approx((200, 150), abs=0.01)
    moved = after.strokes[0]
    assert np.diff(moved.points, axis=0) == pytest.approx(np.diff(stroke.points, axis=0))
    assert moved.width == 7.0 and moved.pressures is not None


def test_ink_too_large_is_reduced_without_bending_it() -> None:
    after = fitted(Ink((Stroke.of([(0, 0), (4000, 1000)]), Stroke.of([(0, 9)]))), 400, 300)
    assert [stroke.width for stroke in after.strokes] == pytest.approx([12 * 0.088] * 2)
    box = after.bounds
    assert box.x >= 0 and box.right <= 400 and box.y >= 0 and box.bottom <= 300
    assert box.width / box.height == pytest.approx(4, rel=1e-3)

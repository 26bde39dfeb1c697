from __future__ import annotations

import pytest

from inkread.ml.training.progress import Progress
from inkread.ui.training.smoothing import RecentFigures


def report(step: int, loss: float, accuracy: float) -> Progress:
    return Progress(1, 9, step, 10, loss, accuracy, 0.1, 1.0, 1.0)


def test_the_latest_steps_are_distinguished_from_the_mean() -> None:
    recent = RecentFigures()
    assert recent.add(report(2, 4.0, 0.5)) == (4.0, 0.5)
    # Two more steps bring the mean of all four to 3: these two had a loss of 2, all right.
    loss, accuracy = recent.add(report(4, 3.0, 0.75))
    assert loss == pytest.approx(4 + 0.2 * (2 - 4))
    assert accuracy == pytest.approx(0.5 + 0.2 * (1 - 0.5))


def test_a_new_pass_begins_its_mean_anew() -> None:
    recent = RecentFigures()
    recent.add(report(10, 4.0, 0.5))
    assert recent.add(report(1, 4.0, 0.5)) == pytest.approx((4.0, 0.5))

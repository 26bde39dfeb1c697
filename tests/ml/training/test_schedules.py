from __future__ import annotations

import math

import pytest

from inkread.ml.training.schedules import Constant, Cosine, OneCycle, Schedule, StepDecay


@pytest.mark.parametrize(
    ("schedule", "course"),
    [
        (Constant(), {0: 1, 0.5: 1, 1: 1}),
        (StepDecay(drops=2, by=0.1), {0: 1, 0.32: 1, 0.34: 0.1, 0.66: 0.1, 0.67: 0.01, 1: 0.01}),
        (Cosine(), {0: 1, 0.25: (1 + math.sqrt(0.5)) / 2, 0.5: 0.5, 1: 0}),
        (Cosine(end=0.2), {0: 1, 0.5: 0.6, 1: 0.2}),
        (Cosine(warm_up=0.2), {0: 0, 0.1: 0.5, 0.2: 1, 0.6: 0.5, 1: 0}),
        (OneCycle(0.1, 0.0, 0.25), {0: 0.1, 0.125: 0.55, 0.25: 1, 0.625: 0.5, 1: 0}),
    ],
    ids=str,
)
def test_course(schedule: Schedule, course: dict[float, float]) -> None:
    for progress, factor in course.items():
        assert schedule.factor(progress) == pytest.approx(factor, abs=1e-12)


@pytest.mark.parametrize("schedule", [Cosine(warm_up=1.0), OneCycle(peak=0.99)], ids=str)
def test_extreme_settings_stay_in_bounds(schedule: Schedule) -> None:
    assert all(0 <= schedule.factor(i / 100) <= 1 for i in range(101))

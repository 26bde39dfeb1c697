from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.segmentation.primitives import Group, nearest, probes_of
from tests.core.segmentation.test_grouping import apart

BOXES = [Box(0, 0, 10, 20), Box(15, 5, 10, 5), Box(40, 0, 10, 20)]


def test_a_group_has_the_box_around_its_members() -> None:
    assert Group.of([0, 1], BOXES) == Group((0, 1), Box(0, 0, 25, 20))


def test_groups_are_joined_in_order() -> None:
    both = Group.of([2], BOXES).joined(Group.of([0], BOXES))
    assert both == Group((2, 0), Box(0, 0, 50, 20))


def test_groups_are_as_far_apart_as_their_nearest_primitives() -> None:
    distance = apart(BOXES)
    assert Group.of([0, 1], BOXES).distance(Group.of([2], BOXES), distance) == 15
    assert Group.of([0], BOXES).distance(Group.of([1, 2], BOXES), distance) == 5


def test_the_nearest_points_of_two_sets_count() -> None:
    a, b = np.array([[0, 0], [10, 0]], np.float32), np.array([[13, 4], [50, 50]], np.float32)
    assert nearest(a, b) == nearest(b, a) == 5


def test_probes_are_evenly_spread_over_a_stroke() -> None:
    probes = probes_of(np.array([[0, 0], [30, 40], [30, 41]], np.float32))
    assert len(probes) == 48
    assert probes[0].tolist() == [0, 0]
    assert probes[-1].tolist() == [30, 41]
    steps = np.hypot(*np.diff(probes, axis=0).T)
    assert steps == pytest.approx(np.full(47, 51 / 47), rel=0.02)


def test_a_dot_is_its_own_probe() -> None:
    dot = np.array([[3, 4]], np.float32)
    assert probes_of(dot) is dot

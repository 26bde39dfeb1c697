from __future__ import annotations

import numpy as np

from inkread.core.geometry import Box, union
from inkread.core.segmentation.grouping import group_sure
from inkread.core.segmentation.grouping import stacked as stacked_of
from inkread.core.segmentation.primitives import Distance
from inkread.core.segmentation.text_lines import BoxLayout


def apart(boxes: list[Box]) -> Distance:
    def distance(i: int, j: int) -> float:
        a, b = boxes[i], boxes[j]
        return float(np.hypot(max(0, -a.overlap_x(b)), max(0, -a.overlap_y(b))))

    return distance


def sure(boxes: list[Box], distance: Distance) -> list[tuple[int, ...]]:
    """Members of the groups that are surely one glyph; each has the box around them."""
    groups = group_sure(BoxLayout.of(boxes), distance)
    assert [group.box for group in groups] == [union(boxes[i] for i in g.members) for g in groups]
    return [group.members for group in groups]


def stacked(boxes: list[Box], distance: Distance) -> list[tuple[int, int, float]]:
    return stacked_of(BoxLayout.of(boxes), distance)


def test_the_bar_of_a_five_belongs_to_it() -> None:
    boxes = [Box(0, 20, 60, 80), Box(40, 0, 60, 8), Box(150, 0, 60, 100)]
    assert sure(boxes, apart(boxes)) == [(0, 1), (2,)]


def test_strokes_across_one_another_are_one() -> None:
    boxes = [Box(0, 0, 60, 100), Box(10, 5, 45, 90), Box(100, 0, 50, 100)]
    assert sure(boxes, apart(boxes)) == [(0, 1), (2,)]


def test_neighbours_are_not_surely_one() -> None:
    boxes = [Box(0, 0, 50, 100), Box(45, 0, 50, 100)]
    assert sure(boxes, apart(boxes)) == [(0,), (1,)]


def never(first: int, second: int) -> float:
    """The distance of what does not touch."""
    return 100.0


def touching(first: int, second: int) -> float:
    return 0.0


def test_a_far_speck_is_dropped_and_a_sole_dot_is_not() -> None:
    boxes = [Box(0, 0, 60, 100), Box(400, 300, 4, 4)]
    assert sure(boxes, apart(boxes)) == [(0,)]
    assert sure(boxes[1:], apart(boxes[1:])) == [(0,)]


def test_groups_above_one_another_are_asked_about_only_when_near() -> None:
    upper, near, far = Box(0, 0, 50, 48), Box(5, 50, 50, 50), Box(5, 80, 50, 50)
    ((first, second, bonus),) = stacked([upper, near], never)
    assert (first, second) == (0, 1)
    assert bonus > 0
    assert stacked([upper, far], never) == []
    assert stacked([upper], never) == []


def test_digits_of_two_lines_are_never_one_above_the_other() -> None:
    upper = [Box(70 * i, 0, 50, 100) for i in range(3)]
    lower = [Box(70 * i + 10, 104, 50, 100) for i in range(3)]
    assert stacked([upper[0], lower[0]], never) != []
    assert stacked([*upper, *lower], never) == []


def test_rings_beside_another_digit_may_still_be_an_eight() -> None:
    rings = [Box(0, 0, 50, 50), Box(0, 52, 50, 50)]
    assert [pair[:2] for pair in stacked([*rings, Box(80, 0, 50, 102)], never)] == [(0, 1)]


def test_loops_that_lean_are_asked_about_only_where_they_touch() -> None:
    loops = [Box(0, 0, 60, 80), Box(50, 60, 60, 90)]
    assert stacked(loops, never) == []
    assert [pair[:2] for pair in stacked(loops, touching)] == [(0, 1)]
    for beside in (Box(61, 60, 60, 90), Box(50, 20, 60, 90)):
        assert stacked([loops[0], beside], touching) == []


def test_an_eight_of_two_rings_is_asked_about_though_its_halves_fall_into_two_lines() -> None:
    rings = [Box(96, 20, 31, 18), Box(97, 50, 26, 26)]
    others = [Box(21, 21, 43, 37), Box(157, 33, 31, 50), Box(233, 40, 36, 48)]
    assert [pair[:2] for pair in stacked(rings + others, never)] == [(0, 1)]


def test_digits_of_two_lines_are_never_asked_about_together() -> None:
    boxes = [Box(60 * i, 100 * k, 40, 90) for k in (0, 1) for i in range(3)]
    assert stacked(boxes, touching) == []


def test_half_of_an_eight_is_no_fragment_of_what_stands_far_beside_it() -> None:
    ring, nine = Box(96, 20, 31, 18), Box(157, 33, 31, 50)
    assert len(sure([ring, nine], never)) == 2
    assert len(sure([Box(130, 20, 31, 18), nine], touching)) == 1


def test_small_digits_under_large_ones_stay_a_line_of_their_own() -> None:
    large = [Box(100 * i, 0, 70, 180) for i in range(4)]
    small = [Box(100 * i, 210, 45, 60) for i in range(3)] + [Box(300, 232, 35, 45)]
    boxes = large + small
    assert sure(boxes, apart(boxes)) == [(i,) for i in range(8)]


def test_a_bar_stays_with_what_it_crosses() -> None:
    three, stem, bar = Box(0, 0, 140, 150), Box(110, 210, 20, 66), Box(90, 200, 74, 42)
    boxes = [three, stem, bar]
    assert sure(boxes, apart(boxes)) == [(0,), (1, 2)]

from __future__ import annotations

import numpy as np
import pytest

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


#: A digit without anything beside it.
HOME = Box(0, 0, 60, 100)


def joins(*boxes: Box) -> bool:
    """Whether the last box is one glyph with the first."""
    return any({0, len(boxes) - 1} <= set(group) for group in sure(list(boxes), apart([*boxes])))


@pytest.mark.parametrize(
    ("fragment", "joined"),
    [
        (Box(61, 30, 50, 39), True),
        (Box(61, 30, 50, 40), False),  # not flat
        (Box(61, 30, 60, 44), True),
        (Box(61, 30, 60, 45), False),  # not low
        (Box(61, 30, 239, 10), True),
        (Box(61, 30, 240, 10), False),  # too wide
        (Box(61, 30, 34, 34), True),
        (Box(61, 30, 35, 35), False),  # not tiny
        (Box(61, 30, 5, 34), True),
        (Box(85, 30, 50, 10), True),
        (Box(86, 30, 50, 10), False),  # too far to the side
        (Box(0, -75, 50, 10), True),
        (Box(0, -76, 50, 10), False),  # too far above
        (Box(0, 165, 50, 10), True),
        (Box(0, 166, 50, 10), False),
    ],
)
def test_a_fragment_is_flat_and_low_or_tiny_and_near(fragment: Box, joined: bool) -> None:
    assert joins(HOME, fragment) is joined


def test_a_fragment_joins_the_nearest_of_two_to_their_height() -> None:
    bar, far, near = Box(70, 50, 20, 10), Box(0, 0, 60, 100), Box(95, 0, 60, 100)
    assert sure([far, near, bar], apart([far, near, bar])) == [(0,), (1, 2)]


@pytest.mark.parametrize(
    ("other", "joined"),
    [
        (Box(24, 0, 50, 100), True),
        (Box(25, 0, 50, 100), False),  # 35 px of 50 in common
        (Box(0, 69, 60, 100), True),
        (Box(0, 70, 60, 100), False),  # 30 px of 100 in common
    ],
)
def test_strokes_across_one_another_share_width_and_height(other: Box, joined: bool) -> None:
    assert joins(HOME, other) is joined


@pytest.mark.parametrize(("x", "joined"), [(2, True), (3, False)])
def test_upright_lines_share_width_to_their_height(x: float, joined: bool) -> None:
    assert joins(Box(0, 0, 10, 100), Box(x, 0, 10, 100)) is joined


@pytest.mark.parametrize(("side", "kept"), [(25, False), (26, True)])
def test_a_speck_is_small_to_the_typical_glyph(side: float, kept: bool) -> None:
    boxes = [HOME, Box(80, 0, 60, 100), Box(160, 0, 60, 100), Box(500, 0, 2, side)]
    assert ((3,) in sure(boxes, apart(boxes))) is kept


@pytest.mark.parametrize(("side", "kept"), [(22.4, False), (22.6, True)])
@pytest.mark.parametrize("count", [2, 3])
def test_on_a_line_of_small_glyphs_smaller_ones_are_no_specks(
    side: float, kept: bool, count: int
) -> None:
    large = [Box(400 * i, 0, 300, 200) for i in range(9)]
    small = [Box(400 * i, 1000, 20, 50.0001) for i in range(count)]
    boxes = [*large, *small, Box(1600, 1000, 2, side)]
    assert ((len(boxes) - 1,) in sure(boxes, apart(boxes))) is (kept and count == 3)


def test_dots_alone_are_no_group() -> None:
    boxes = [HOME, Box(200, 0, 60, 100), Box(250, 20, 30, 30)]
    layout = BoxLayout.of(boxes)
    assert [g.members for g in group_sure(layout, never, frozenset({0}))] == [(1,), (2,)]
    assert group_sure(layout, never, frozenset({0, 1, 2})) == []


def bonus_of(upper: Box, lower: Box, distance: Distance = never) -> float:
    """For joining two boxes; 0: they are no candidates."""
    return next((bonus for _, _, bonus in stacked([upper, lower], distance)), 0.0)


@pytest.mark.parametrize(
    ("lower", "bonus"),
    [
        (Box(0, 100, 60, 100), 4.5),
        (Box(0, 115, 60, 100), 4.5 * (1 - 15 / 215 / 0.15)),
        (Box(41, 100, 60, 100), 4.5),
        (Box(42, 100, 60, 100), 0.0),  # 18 px of 60 in common
        (Box(0, 71, 60, 100), 4.5),
        (Box(0, 160, 60, 100), 0.0),
    ],
)
def test_what_stands_right_above_is_likely_one_with_it(lower: Box, bonus: float) -> None:
    assert bonus_of(HOME, lower) == pytest.approx(bonus)


@pytest.mark.parametrize(
    ("lower", "distance", "bonus"),
    [
        (Box(50, 41, 60, 100), 14.9, 1.5),
        (Box(50, 41, 60, 100), 15.0, 0.0),  # too far apart
        (Box(50, 40, 60, 100), 0.0, 0.0),  # 60 px of 100 in common
        (Box(60, 41, 60, 100), 0.0, 0.0),  # no width in common
    ],
)
def test_what_leans_over_the_other_may_be_one_with_it_where_they_touch(
    lower: Box, distance: float, bonus: float
) -> None:
    assert bonus_of(HOME, lower, lambda *_: distance) == bonus


@pytest.mark.parametrize(
    ("upper", "lower", "near"),
    [
        (Box(0, 0, 50, 40), Box(0, 53, 50, 40), True),  # 93 px of 40 each
        (Box(0, 0, 50, 40), Box(0, 72, 50, 40), False),
    ],
)
def test_a_small_gap_is_distinguished_from_a_large_one(upper: Box, lower: Box, near: bool) -> None:
    assert bool(bonus_of(upper, lower) > 0) is near


@pytest.mark.parametrize(("height", "near"), [(100, False), (160, True)])
def test_low_ones_may_be_farther_apart(height: float, near: bool) -> None:
    halves = [Box(0, 0, 90, 80), Box(0, 115, 90, 80)]
    others = [Box(300 + 200 * i, 0, 90, height) for i in range(6)]
    found = stacked([*halves, *others], never)
    assert ([pair[:2] for pair in found] == [(0, 1)]) is near


@pytest.mark.parametrize(("side", "near"), [(54, True), (56, False)])
def test_a_small_one_may_be_farther_off(side: float, near: bool) -> None:
    others = [Box(300 + 200 * i, 0, 90, 100) for i in range(6)]
    pair = [Box(0, 0, side, side), Box(0, side + 30, 60, 100)]
    assert bool(stacked([*pair, *others], never)) is near


@pytest.mark.parametrize(
    ("to_home", "to_other", "joined"),
    [(10, 2.1, True), (10, 2, False), (5, 2, True), (65, 2.1, True), (66, 2.1, False)],
)
def test_a_bar_that_touches_what_it_is_across_joins_nothing_that_it_does_not_touch(
    to_home: float, to_other: float, joined: bool
) -> None:
    boxes = [HOME, Box(90, 40, 60, 40), Box(70, 50, 40, 20)]
    distances = {(0, 2): to_home, (1, 2): to_other, (0, 1): 30.0}
    found = sure(boxes, lambda i, j: distances[min(i, j), max(i, j)])
    assert ((0, 2) in found) is joined


@pytest.mark.parametrize(
    ("gap", "side", "is_digit"), [(8, 30, True), (6, 30, False), (8, 21, False)]
)
def test_small_digits_beside_a_tall_one_are_no_fragments_of_it(
    gap: float, side: float, is_digit: bool
) -> None:
    tall, first = Box(0, 0, 60, 100), Box(60 + gap, 60, 20, side)
    boxes = [tall, first, Box(first.right + 40, 60, 20, side), Box(200, 0, 60, 100)]
    assert ((0,) in sure(boxes, apart(boxes))) is is_digit
    assert (0,) not in sure([tall, first, boxes[3]], apart([tall, first, boxes[3]]))

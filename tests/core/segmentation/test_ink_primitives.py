from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.ink import Ink, Stroke
from inkread.core.segmentation.ink_primitives import InkPrimitives

BAR = Stroke.of([(0, 0), (0, 20)], 4)
DOT = Stroke.of([(50, 10), (52, 10)], 4)


def test_strokes_are_primitives_and_slips_of_the_pen_are_dots() -> None:
    found = InkPrimitives.of(Ink((BAR, DOT)))
    assert found.layout.boxes == (Box(0, 0, 0, 20), Box(50, 10, 2, 0))
    assert found.dots == {1}
    assert found.distance(0, 1) == pytest.approx(50, abs=0.01)


@pytest.mark.parametrize(
    ("length", "width", "is_dot"),
    [(9.9, 4, True), (10, 4, False), (19.9, 50, True), (20, 50, False)],
)
def test_a_dot_is_short_on_the_canvas_or_to_the_pen(
    length: float, width: float, is_dot: bool
) -> None:
    ink = Ink((Stroke.of([(0, 0), (length, 0)], width), Stroke.of([(0, 0), (0, 99)], 4)))
    assert InkPrimitives.of(ink).dots == ({0} if is_dot else set())


def test_ink_of_dots_alone_has_no_primitives() -> None:
    assert InkPrimitives.of(Ink((DOT, DOT))).layout.boxes == ()
    assert InkPrimitives.of(Ink()).layout.boxes == ()


def test_of_very_many_strokes_the_first_are_read() -> None:
    found = InkPrimitives.of(Ink((BAR,) * 1999 + (DOT,) * 10_000))
    assert len(found.layout.boxes) == 2000
    assert found.dots == {1999}


def test_of_very_many_points_few_are_looked_at_and_no_box_changes() -> None:
    rng = np.random.default_rng(0)
    strokes = [Stroke.of(rng.uniform(0, 90, (n, 2)), 4) for n in (120, 90_000, 60_000)]
    found = InkPrimitives.of(Ink(tuple(strokes)))
    counts = [len(stroke.points) for stroke in found.strokes]
    assert counts[0] == 120
    assert max(counts) <= 10_004
    assert [found.outline([i]) for i in range(3)] == [stroke.outline for stroke in strokes]


def test_many_strokes_of_many_points_have_fewer_each() -> None:
    strokes = tuple(Stroke.of([(i % 50, i // 50) for i in range(2000)], 4) for _ in range(200))
    found = InkPrimitives.of(Ink(strokes))
    assert sum(len(stroke.points) for stroke in found.strokes) <= 101_000


def test_a_person_sees_strokes_with_their_width() -> None:
    assert InkPrimitives.of(Ink((BAR, DOT))).outline([0]) == Box(-2, -2, 4, 24)


def test_strokes_of_a_group_are_cut_and_those_too_short_stay_whole() -> None:
    before = InkPrimitives.of(
        Ink((Stroke.of([(0, 0), (0, 9)], 4), Stroke.of([(5, 0), (5, 64)], 3)))
    )
    after, segments = before.oversegment((1, 0), 32)
    assert [(s.members, s.price) for s in segments] == [((0,), 0.4), ((2,), 0.9), ((3,), 0.4)]
    assert after.layout.boxes == (*before.layout.boxes, Box(5, 0, 0, 32), Box(5, 32, 0, 32))
    assert [stroke.width for stroke in after.strokes] == [4, 3, 3, 3]
    assert after.distance(2, 3) == 0
    assert after.distance(0, 3) == pytest.approx(np.hypot(5, 23), abs=0.5)
    assert after.dots == before.dots


def test_boxes_are_those_of_the_upright_hand() -> None:
    leaning = [(30.0, 0.0), (0.0, 100.0)]
    found = InkPrimitives.of(Ink((Stroke.of(leaning, 4), Stroke.of(np.add(leaning, (40, 0)), 4))))
    assert found.slant == pytest.approx(0.3)
    assert found.layout.boxes[0].width == pytest.approx(0, abs=1e-4)


def test_segments_of_several_strokes_have_indexes_of_their_own() -> None:
    strokes = tuple(Stroke.of([(x, 0), (x, 64)], 3) for x in (0, 30))
    after, segments = InkPrimitives.of(Ink(strokes)).oversegment((0, 1), 32)
    assert [s.members for s in segments] == [(2,), (3,), (4,), (5,)]
    assert [after.layout.boxes[i].x for i in range(2, 6)] == [0, 0, 30, 30]

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box, bounds, left_to_right, mapped, overlaps, union


def test_union_holds_every_box() -> None:
    assert union([Box(0, 0, 2, 3), Box(5, -1, 1, 1)]) == Box(0, -1, 6, 4)


def test_union_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no boxes"):
        union([])


def test_overlap_is_the_shared_length_and_negative_is_the_gap() -> None:
    a = Box(0, 0, 10, 10)
    assert a.overlap_x(Box(6, 0, 10, 1)) == 4
    assert a.overlap_x(Box(13, 0, 1, 1)) == -3
    assert a.overlap_y(Box(0, 9, 1, 5)) == 1


def test_right_and_bottom_edges_are_outside() -> None:
    box = Box(1, 1, 2, 2)
    assert box.contains(1, 1)
    assert not box.contains(3, 1)
    assert not box.contains(1, 3)


def test_growing_by_a_negative_margin_stops_at_nothing() -> None:
    assert Box(0, 0, 4, 10).grown(-3) == Box(2, 3, 0, 4)


def test_bounds_of_one_point_has_no_size() -> None:
    assert bounds(np.array([[3, 4]], np.float32)) == Box(3, 4, 0, 0)


def test_scaled_moves_and_sizes() -> None:
    assert Box(1, 2, 3, 4).scaled(2) == Box(2, 4, 6, 8)


def test_left_to_right_goes_by_the_middles() -> None:
    wide, narrow = Box(0, 0, 100, 10), Box(20, 0, 10, 10)
    assert left_to_right([wide, narrow]) == [1, 0]
    assert left_to_right([]) == []


def test_overlaps_are_negative_where_there_is_a_gap() -> None:
    along_x, along_y = overlaps([Box(0, 0, 10, 20), Box(15, 5, 10, 5)])
    assert along_x.tolist() == [[10, -5], [-5, 10]]
    assert along_y.tolist() == [[20, 5], [5, 5]]


def test_boxes_share_an_area_and_are_alike_by_their_share_of_the_union() -> None:
    box = Box(0, 0, 10, 20)
    assert box.area == 200
    assert box.shared_area(Box(5, 10, 10, 20)) == 50
    assert box.shared_area(Box(10, 0, 10, 20)) == box.shared_area(Box(30, 40, 5, 5)) == 0
    assert box.likeness(Box(5, 10, 10, 20)) == 50 / 350
    assert box.likeness(box) == 1
    assert Box(0, 0, 0, 0).likeness(Box(0, 0, 0, 0)) == 0


def test_a_box_encloses_what_reaches_no_farther_than_itself() -> None:
    box = Box(0, 0, 10, 20)
    assert box.encloses(box)
    assert box.encloses(Box(2, 3, 4, 5))
    for other in (Box(-1, 0, 5, 5), Box(6, 0, 5, 5), Box(0, -1, 5, 5), Box(0, 16, 5, 5)):
        assert not box.encloses(other)


def test_boxes_are_seen_through_a_homography() -> None:
    turned = np.array([[0, -1, 100], [1, 0, 0], [0, 0, 1]], np.float64)
    boxes = [Box(0, 0, 10, 20), Box(30, 5, 1, 2)]
    assert mapped(turned, boxes) == [Box(80, 0, 20, 10), Box(93, 30, 2, 1)]
    tilted = np.array([[1, 0, 0], [0, 1, 0], [0, 0.01, 1]], np.float64)
    assert mapped(tilted, [Box(10, 0, 10, 100)]) == [Box(5, 0, 15, 50)]
    assert mapped(turned, []) == []

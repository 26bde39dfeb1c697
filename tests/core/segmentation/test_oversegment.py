from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from inkread.core.ink import Points, rasterise_page
from inkread.core.reading import Grey
from inkread.core.segmentation.oversegment import cut_candidates, oversegment_stroke
from tests.written import write


def _circle(x: float, y: float, radius: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 60)
    return np.stack([x + radius * np.sin(angle), y - radius * np.cos(angle)], 1).astype(np.float32)


def _bar_between_rings(thick: int = 4) -> Grey:
    """Two rings of 40 px, joined by a bar from column 40 to 60."""
    y, x = np.mgrid[:40, :100]
    mask = np.zeros((40, 100), np.uint8)
    for middle in (20, 80):
        away = np.hypot(x - middle, y - 20)
        mask[(away < 20) & (away > 20 - thick)] = 1
    mask[18 : 18 + thick, 38:62] = 1
    return mask


def test_segments_of_a_stroke_follow_one_another_from_its_start_to_its_end() -> None:
    trace = np.concatenate([_circle(20, 20, 20), _circle(60, 20, 20)])
    segments = oversegment_stroke(trace, 40)
    assert 4 <= len(segments) <= 14
    for before, after in pairwise(segments):
        np.testing.assert_array_equal(before[-1], after[0])
    np.testing.assert_allclose(segments[0][0], trace[0])
    np.testing.assert_allclose(segments[-1][-1], trace[-1])


def test_a_stroke_is_cut_where_one_ring_ends_and_the_next_begins() -> None:
    trace = np.concatenate([_circle(20, 20, 20), _circle(70, 20, 20)])
    joints = np.array([segment[-1] for segment in oversegment_stroke(trace, 40)[:-1]])
    assert np.hypot(*(joints - (45, 0)).T).min() < 26  # on the way from (20, 0) to (70, 0)
    assert np.hypot(*(joints - (20, 40)).T).min() < 2  # and at the bottom of the first


def test_tremor_is_no_place_to_cut() -> None:
    rng = np.random.default_rng(0)
    line = np.stack([np.linspace(0, 20, 40), np.zeros(40)], axis=1)
    shaky = (line + rng.normal(0, 0.3, line.shape)).astype(np.float32)
    assert len(oversegment_stroke(shaky, 40)) == 1


@pytest.mark.parametrize("points", [[(5, 5)], [(5, 5), (5, 5)], [(0, 0), (3, 0)]])
def test_what_is_too_short_stays_whole(points: list[tuple[int, int]]) -> None:
    trace = np.array(points, np.float32)
    (whole,) = oversegment_stroke(trace, 100)
    np.testing.assert_array_equal(whole, trace)


def test_an_endless_scribble_is_cut_into_few_segments() -> None:
    x = np.linspace(0, 4000, 5000)
    trace = np.stack([x, 50 * np.sin(x / 10)], axis=1).astype(np.float32)
    assert len(oversegment_stroke(trace, 100)) <= 14


def test_the_cheapest_cut_goes_through_the_bar_between_rings() -> None:
    cuts = cut_candidates(_bar_between_rings(), 4, 40)
    cheapest = min(cuts, key=lambda cut: cut.ink)
    assert cheapest.columns.min() >= 38
    assert cheapest.columns.max() <= 62
    assert cheapest.ink == pytest.approx(1, abs=0.35)


def test_cuts_stand_from_left_to_right_and_never_cross() -> None:
    page = rasterise_page(write("8030", height=90, width=9))
    cuts = cut_candidates(np.asarray(page < 128, np.uint8), 9, 90)
    columns = np.array([cut.columns for cut in cuts])
    assert 3 <= len(cuts) <= 12
    assert columns.shape[1] == page.shape[0]
    assert (np.diff(columns, axis=0) >= 0).all()
    assert (columns >= 0).all()
    assert (columns <= page.shape[1]).all()


def test_a_slanted_gap_is_found_without_crossing_ink() -> None:
    mask = np.zeros((60, 90), np.uint8)
    for row in range(60):
        mask[row, 20 + (60 - row) // 2 : 26 + (60 - row) // 2] = 1
        mask[row, 40 + (60 - row) // 2 : 46 + (60 - row) // 2] = 1
    assert min(cut.ink for cut in cut_candidates(mask, 6, 60)) < 0.1


def test_a_lone_bar_has_no_room_for_two() -> None:
    assert cut_candidates(np.ones((80, 12), np.uint8), 12, 80) == []

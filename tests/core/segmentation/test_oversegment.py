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


def _zigzag(*legs: int) -> Points:
    """A stroke that runs down and up in turns, each leg of the given px, with hardly any width."""
    y = np.cumsum([0, *(leg if i % 2 == 0 else -leg for i, leg in enumerate(legs))])
    x = np.linspace(0, 0.1, len(y))
    return np.stack([x, y], axis=1).astype(np.float32)


def _lengths(trace: Points) -> list[int]:
    """Lengths of a stroke's segments, px, in the hand of a glyph of 32 px: one step is 1 px."""
    return [len(segment) - 1 for segment in oversegment_stroke(trace, 32)]


@pytest.mark.parametrize(
    ("legs", "lengths"),
    [
        ((15, 20), [15, 20]),  # a turn
        ((20, 15), [20, 15]),
        ((20, 20, 20), [20, 20, 20]),
        ((64,), [32, 32]),  # no turn, but long
        ((27,), [13, 14]),
        ((25,), [25]),
        ((20, 1, 20), [20, 21]),  # back by no more than the pen trembles: half-way, not there
        ((15, 1, 9), [25]),
        ((15, 3, 9), [15, 12]),  # turns too near to one another
        ((5, 20), [5, 20]),  # turns too near to the start and to the end
        ((4, 20), [24]),
        ((20, 5), [20, 5]),
        ((20, 4), [24]),
    ],
)
def test_a_stroke_is_cut_at_turns_and_half_way(legs: tuple[int, ...], lengths: list[int]) -> None:
    assert _lengths(_zigzag(*legs)) == lengths


def test_turns_to_the_side_count_like_those_up_and_down() -> None:
    assert _lengths(np.ascontiguousarray(_zigzag(15, 20)[:, ::-1])) == [15, 20]
    assert _lengths(-_zigzag(15, 20)) == [15, 20]
    assert _lengths(-_zigzag(20, 20, 20)) == [20, 20, 20]


@pytest.mark.parametrize(("length", "count"), [(9, 2), (10, 11)])
def test_what_has_room_for_two_segments_is_looked_at_closely(length: int, count: int) -> None:
    (segment,) = oversegment_stroke(np.array([[0, 0], [length, 0]], np.float32), 32)
    assert len(segment) == count


def test_of_too_many_cuts_those_between_the_shortest_segments_go() -> None:
    legs = [10] * 16
    legs[4:6] = [7, 8]
    legs[9:11] = [6, 6]
    expected = [10] * 14
    expected[4] = 15
    expected[8] = 12
    assert _lengths(_zigzag(*legs)) == expected


def _bars(*columns: int, width: int, height: int = 48, thick: int = 4) -> Grey:
    mask = np.zeros((height, width), np.uint8)
    for column in columns:
        mask[:, column : column + thick] = 1
    return mask


def _straight(mask: Grey, line: float, height: float) -> list[tuple[int, float]]:
    """Column and ink of each cut, all of them upright."""
    cuts = cut_candidates(mask, line, height)
    for cut in cuts:
        assert len(cut.columns) == len(mask)
        assert len(set(cut.columns.tolist())) == 1
    return [(int(cut.columns[0]), cut.ink) for cut in cuts]


def test_cuts_stand_in_the_gaps_of_bars_no_nearer_than_an_eighth_of_a_height() -> None:
    mask = _bars(10, 30, width=44)
    assert _straight(mask, 4, 48) == [(6, 0), (14, 0), (20, 0), (26, 0), (34, 0)]
    assert [column for column, _ in _straight(mask, 4, 100)] == [14, 26]


def test_a_larger_picture_has_the_same_cuts_at_its_own_scale() -> None:
    mask = np.repeat(np.repeat(_bars(10, 30, width=44), 2, axis=0), 2, axis=1)
    assert _straight(mask, 8, 96) == [(13, 0), (29, 0), (41, 0), (53, 0), (69, 0)]


def test_a_wide_picture_is_cut_at_most_twelve_times_where_it_is_cheapest() -> None:
    assert _straight(_bars(width=480), 4, 48) == [(6 * i, 0) for i in range(1, 13)]


def test_a_component_narrower_than_two_lines_and_a_gap_is_not_cut() -> None:
    assert cut_candidates(_bars(width=40), 16, 48) != []
    assert cut_candidates(_bars(width=39), 16, 48) == []


def test_a_cut_crosses_at_most_four_lines_and_a_half() -> None:
    full = np.ones((48, 40), np.uint8)
    assert cut_candidates(full, 10, 48) == []
    assert [ink for _, ink in _straight(full, 32 / 3, 48)] == [4.5] * 5
    assert [ink for _, ink in _straight(full, 12, 48)] == pytest.approx([4.0] * 5)


def test_a_cut_follows_the_gap_between_ink_that_leans() -> None:
    mask = np.ones((48, 60), np.uint8)
    gap = 20 + np.arange(48) // 4
    mask[np.arange(48), gap] = 0
    cut = min(cut_candidates(mask, 4, 48), key=lambda cut: cut.ink)
    assert cut.columns.tolist() == np.rint(gap + 0.5).tolist()
    assert cut.ink == pytest.approx(11 * 0.02, abs=1e-5)


def test_ink_counts_in_line_widths() -> None:
    mask = _bars(width=40)
    mask[20:29] = 1
    assert [ink for _, ink in _straight(mask, 3, 48)] == pytest.approx([3.0] * 5)
    assert [ink for _, ink in _straight(mask, 9, 48)] == pytest.approx([1.0] * 5)

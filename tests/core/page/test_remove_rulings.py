from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.page.remove_rulings import remove_rulings, without_lines
from inkread.core.page.state import PageState, Reason, Strokes
from inkread.core.page.straight_lines import StraightLine
from inkread.core.reading import Grey

LEVEL = StraightLine(True, 100.5, 0.0)


def lined(thick: int = 2, contrast: int = 60, shape: tuple[int, int] = (200, 240)) -> Grey:
    """Ink with one level line from row 100 on."""
    ink = np.zeros(shape, np.uint8)
    ink[100 : 100 + thick] = contrast
    return ink


def test_a_line_goes_and_everything_else_stays() -> None:
    ink = lined()
    ink[20:90, 30:36] = 200
    ink[110:180, 60:66] = 61
    expected = ink.copy()
    expected[100:102] = 0
    assert np.array_equal(without_lines(ink, [LEVEL], 0.0), expected)


def test_ink_that_crosses_a_line_stays_whole() -> None:
    ink = lined()
    ink[60:140, 50:56] = 200  # darker than the line
    ink[60:140, 180:186] = 60  # as dark, but on both sides of it
    expected = ink.copy()
    expected[100:102, :50] = expected[100:102, 56:180] = expected[100:102, 186:] = 0
    assert np.array_equal(without_lines(ink, [LEVEL], 0.0), expected)


def test_ink_that_ends_on_a_line_stays_if_it_is_darker() -> None:
    ink = lined()
    ink[60:102, 50:56] = 200
    ink[60:100, 150:156] = 60
    found = without_lines(ink, [LEVEL], 0.0)
    assert (found[60:102, 50:56] == 200).all()
    assert not found[99:103, 150:156].any()  # the line, with its soft edge
    assert (found[60:99, 150:156] == 60).all()


@pytest.mark.parametrize(("contrast", "stays"), [(93, False), (94, True)])
def test_darker_is_half_as_much_again_and_a_little(contrast: int, stays: bool) -> None:
    ink = lined()
    ink[90:101, 50:56] = contrast  # 1.45 x 60 + 6 = 93
    assert (without_lines(ink, [LEVEL], 0.0)[100, 50:56] == contrast).all() == stays


@pytest.mark.parametrize(("contrast", "stays"), [(30, False), (31, True)])
def test_ink_on_both_sides_has_half_the_contrast_of_the_line(contrast: int, stays: bool) -> None:
    ink = lined()
    ink[90:99, 50:56] = ink[103:112, 50:56] = contrast
    assert without_lines(ink, [LEVEL], 0.0)[100, 50:56].any() == stays
    ink[103:112, 50:56] = 0
    assert not without_lines(ink, [LEVEL], 0.0)[100, 50:56].any()


@pytest.mark.parametrize(("contrast", "stays"), [(40, False), (41, True)])
def test_ink_on_both_sides_has_twice_the_noise_too(contrast: int, stays: bool) -> None:
    ink = lined()
    ink[90:99, 50:56] = ink[103:112, 50:56] = contrast
    assert without_lines(ink, [LEVEL], 20.0)[100, 50:56].any() == stays


def test_an_upright_line_goes_as_a_level_one_does() -> None:
    ink = lined()
    ink[60:140, 50:56] = 200
    ink[60:100, 150:156] = 60
    upright = StraightLine(False, 100.5, 0.0)
    turned = without_lines(np.ascontiguousarray(ink.T), [upright], 0.0)
    assert np.array_equal(turned.T, without_lines(ink, [LEVEL], 0.0))


def test_level_and_upright_lines_go_together() -> None:
    ink = lined()
    ink[:, 70:72] = 60
    found = without_lines(ink, [LEVEL, StraightLine(False, 70.5, 0.0)], 0.0)
    assert not found[:, :69].any()
    assert not found[:, 73:].any()
    assert np.count_nonzero(found) <= 16  # where they cross


@pytest.mark.parametrize(("thick", "goes"), [(1, True), (5, True), (8, False), (12, False)])
def test_a_line_too_wide_for_a_ruling_line_stays(thick: int, goes: bool) -> None:
    ink = lined(thick)
    line = StraightLine(True, 100 + (thick - 1) / 2, 0.0)
    assert (not without_lines(ink, [line], 0.0).any()) == goes


def test_a_line_found_a_little_off_or_bent_is_followed() -> None:
    ink = np.zeros((200, 240), np.uint8)
    rows = 100 + np.rint(2 * np.sin(np.arange(240) / 80)).astype(int)
    ink[rows, np.arange(240)] = ink[rows + 1, np.arange(240)] = 60
    assert np.count_nonzero(without_lines(ink, [LEVEL], 0.0)) < 10


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_soft_line_at_the_end_of_where_it_is_looked_for_goes(is_turned: bool) -> None:
    ink = np.zeros((200, 240), np.uint8)
    ink[97:101] = np.array([40, 60, 80, 100])[:, np.newaxis]  # of 97 to 109 around row 103
    ink[60:140, 50:56] = 100  # crosses it
    expected = ink.copy()
    expected[97:101, :50] = expected[97:101, 56:] = 0
    line = StraightLine(True, 103, 0.0)
    if is_turned:
        ink, expected = ink[::-1].copy(), expected[::-1]
        line = StraightLine(True, 199 - 103, 0.0)
    assert np.array_equal(without_lines(ink, [line], 0.0), expected)


def test_a_slanted_line_goes() -> None:
    ink = np.zeros((200, 240), np.uint8)
    rows = np.rint(80 + 0.1 * np.arange(240)).astype(int)
    ink[rows, np.arange(240)] = ink[rows + 1, np.arange(240)] = 60
    found = without_lines(ink, [StraightLine(True, 80.5, 0.1)], 0.0)
    assert np.count_nonzero(found) < 0.02 * np.count_nonzero(ink)


def test_where_there_is_no_line_nothing_is_removed() -> None:
    ink = np.zeros((200, 240), np.uint8)
    ink[60:140, 50:56] = 60
    assert np.array_equal(without_lines(ink, [LEVEL], 0.0), ink)


def test_a_line_near_the_border_goes() -> None:
    for row in (6, 193):
        ink = np.zeros((200, 240), np.uint8)
        ink[row] = 60
        assert not without_lines(ink, [StraightLine(True, row, 0.0)], 0.0).any()


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_line_along_the_border_goes_with_its_soft_edge(is_turned: bool) -> None:
    ink = np.zeros((200, 240), np.uint8)
    ink[1], ink[0] = 60, 40
    if is_turned:
        ink = ink[::-1].copy()
    line = StraightLine(True, 198 if is_turned else 1, 0.0)
    assert not without_lines(ink, [line], 0.0).any()


def test_a_line_weaker_than_the_noise_stays() -> None:
    ink = lined(contrast=12)
    assert np.array_equal(without_lines(ink, [LEVEL], 13.0), ink)
    assert not without_lines(ink, [LEVEL], 5.0).any()


def state_of(ink: Grey, **more: object) -> PageState:
    return replace(PageState.of(ink), ink=ink, level=60.0, **more)  # type: ignore[arg-type]


def ruled() -> Grey:
    ink = np.zeros((400, 300), np.uint8)
    ink[40:400:40] = ink[41:400:40] = 60
    ink[130:150, 100:106] = 200
    return ink


def test_the_stage_says_what_it_removed_and_measures_the_contrast_of_the_rest() -> None:
    state = state_of(ruled())
    found = remove_rulings(state)
    assert found.ink is not None
    assert np.count_nonzero(found.ink) == np.count_nonzero(found.ink == 200) == 120
    assert found.level == 200
    assert found.note == "9 ruling lines removed."
    assert [removed.reason for removed in found.removed] == [Reason.RULING] * 9
    tops = sorted(removed.box.y for removed in found.removed)
    assert tops == pytest.approx([40.5 + 40 * i for i in range(9)], abs=1)
    assert {(r.box.x, r.box.width, round(r.box.height)) for r in found.removed} == {(0, 300, 1)}


def test_boxes_of_upright_lines_stand_upright() -> None:
    ink = ruled()
    ink[:, 49:300:50] = ink[:, 50:300:50] = 60
    boxes = [removed.box for removed in remove_rulings(state_of(ink)).removed]
    upright = [box for box in boxes if box.height > box.width]
    assert len(upright) == 5
    assert all((box.y, box.height) == (0, 400) for box in upright)
    assert sorted(box.x for box in upright) == pytest.approx(
        [49.5, 99.5, 149.5, 199.5, 249.5], abs=1
    )


def test_bold_ink_and_pages_without_ink_or_lines_are_left_alone() -> None:
    for state in (
        state_of(ruled(), strokes=Strokes.BOLD),
        replace(state_of(ruled()), ink=None),
        replace(state_of(ruled()), level=None),
        state_of(np.zeros((400, 300), np.uint8)),
    ):
        assert remove_rulings(state) is state


@pytest.mark.parametrize(
    ("above", "below", "stays"), [(98, 104, True), (97, 104, False), (98, 105, False)]
)
def test_ink_that_crosses_comes_within_two_px_of_the_line(
    above: int, below: int, stays: bool
) -> None:
    ink = lined()  # with its soft edges the line has rows 99 to 102
    ink[60:above, 50:56] = ink[below:140, 50:56] = 60
    assert without_lines(ink, [LEVEL], 0.0)[100, 50:56].any() == stays

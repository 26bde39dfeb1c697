from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Reading
from inkread.core.segmentation.word_spaces import least_space, with_spaces
from tests.ui.readings import glyph

SMALL = ".,-"
MARKS = SMALL + "/:()+%"


def line(text: str, *gaps: float, width: float = 0.6, height: float = 100.0) -> list[Glyph]:
    """Glyphs of one line, with gaps in heights between them."""
    x, made = 0.0, []
    for sign, gap in zip(text, (*gaps, 0.0), strict=True):
        size = (0.1, 0.1) if sign in SMALL else (width, 1.0)
        box = Box(x, 0, size[0] * height, size[1] * height)
        made.append(replace(glyph(sign), box=box, is_mark=sign in MARKS))
        x = box.right + gap * height
    return made


def read(text: str, *gaps: float) -> str:
    return Reading(tuple(with_spaces(line(text, *gaps)))).text


@pytest.mark.parametrize("height", [12.0, 90.0, 2000.0])
def test_a_wide_gap_among_narrow_ones_is_a_space_at_any_size(height: float) -> None:
    found = with_spaces(line("1234", 0.2, 1.0, 0.3, height=height))
    assert Reading(tuple(found)).text == "12 34"


def test_gaps_that_are_all_alike_are_no_spaces() -> None:
    assert read("12345", 0.9, 0.8, 1.0, 0.85) == "12345"
    assert read("12345", 0.1, 0.05, 0.2, 0.1) == "12345"


def test_an_unsteady_hand_gets_no_space() -> None:
    assert read("12345", 0.21, 0.6, 0.85, 0.16) == "12345"


def test_numbers_far_apart_are_a_row_of_a_table() -> None:
    assert read("57", 2.5) == "5 7"
    assert read("1257", 0.2, 8.0, 0.3) == "12 57"
    assert read("125", 2.0, 3.0) == "1 2 5"


def test_a_hand_that_writes_wide_makes_no_spaces() -> None:
    assert read("20170708", 1.5, 1.7, 1.45, 1.3, 1.5, 1.6, 1.55) == "20170708"
    assert read("2017", 2.0, 2.2, 1.9) == "2017"
    assert read("20170", 1.5, 1.6, 1.5, 3.4) == "2017 0"


def test_the_only_gap_of_a_line_must_be_wide() -> None:
    assert read("11", 0.95) == "11"
    assert read("11", 1.2) == "1 1"


def test_no_small_gap_is_a_space_however_close_the_others() -> None:
    assert read("12345", -0.2, -0.2, 0.6, -0.2) == "12345"
    assert read("12345", 0.4, 0.4, 0.85, 0.4) == "12345"


def test_overlapping_glyphs_are_no_space_apart() -> None:
    assert read("1234", -0.3, -0.1, -0.2) == "1234"


def test_no_space_stands_beside_a_point_or_after_a_minus() -> None:
    assert read("12.5", 0.2, 1.6, 0.2) == "12.5"
    assert read("12,5", 0.2, 0.2, 1.6) == "12,5"
    assert read("-12", 1.6, 0.2) == "-12"
    assert read("1-2", 0.3, 0.3) == "1-2"


def test_a_minus_may_stand_after_a_space() -> None:
    assert read("3.2-5.4", 0.2, 0.2, 1.0, 0.2, 0.2, 0.2) == "3.2 -5.4"
    assert read("12-34", 0.2, 0.3, 0.3, 0.2) == "12-34"


@pytest.mark.parametrize(
    ("signs", "spaced"),
    [
        ("12(34)56", "12 (34) 56"),
        ("20%35", "20% 35"),
        ("20%(5)", "20% (5)"),
        ("17+49", "17 +49"),
        ("12:45", "12:45"),
        ("12/45", "12/45"),
        ("12).5", "12).5"),
    ],
)
def test_a_sign_stands_beside_the_number_that_it_belongs_to(signs: str, spaced: str) -> None:
    """The gaps beside the signs are wide, those inside are narrow."""
    wide = [not a.isdigit() or not b.isdigit() for a, b in pairwise(signs)]
    inside = {"(3", "4)", "5)", "0%", "(5"}
    gaps = [
        1.2 if is_wide and a + b not in inside else 0.2
        for is_wide, (a, b) in zip(wide, pairwise(signs), strict=True)
    ]
    assert read(signs, *gaps) == spaced


def test_a_line_of_signs_alone_is_measured_by_itself() -> None:
    assert read("--", 0.2) == "--"
    assert read("(-)", 0.2, 0.2) == "(-)"


def test_short_lines() -> None:
    assert with_spaces([]) == []
    (alone,) = with_spaces(line("7"))
    assert not alone.after_space


def test_glyphs_without_height_have_no_spaces_to_measure() -> None:
    flat = [replace(glyph("1"), box=Box(x, 0, 0, 0)) for x in (0.0, 0.5)]
    assert [each.after_space for each in with_spaces(flat)] == [False, False]


def test_the_least_space_never_falls_among_the_gaps_inside() -> None:
    assert 0.3 < least_space([0.1, 0.3, 0.2, 1.2]) <= 1.2
    assert least_space([0.1, 0.3, 0.2, 0.5]) > 0.5


@pytest.mark.parametrize(
    ("gaps", "least"),
    [
        ([0.3], 1.1),
        ([0.1, 0.1], 1.4),
        ([0.1, 0.1, 0.75], 0.75),
        ([0.1, 0.1, 0.74], 1.4),  # too narrow for any hand
        ([0.4, 0.4, 0.9], 0.9),
        ([0.4, 0.4, 0.89], 1.4),  # not clear of those inside
        ([0.0, 0.4, 0.8], 0.8),
        ([0.0, 0.4, 0.78], 1.4),  # within the spread of those inside
        ([0.9, 0.1, 0.1], 0.9),
        ([0.1, 0.1, 3.0], 1.4),
        ([0.2, 5.0], 1.4),
    ],
)
def test_the_least_space_stands_clear_of_the_gaps_inside(gaps: list[float], least: float) -> None:
    assert least_space(gaps) == pytest.approx(least)

"""What `tests.benchmarks.judging` counts as flagged, silent, found and in place."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess, Reading
from tests.benchmarks.judging import (
    Tally,
    digits_of,
    distance,
    is_flagged,
    line_outcomes,
    matched,
    save_tiles,
    tile,
)


def reading(*lines: str, doubtful: str = "") -> Reading:
    """A sure reading but for some labels."""
    cell = np.zeros((28, 28), np.float32)
    return Reading(
        tuple(
            Glyph(
                Box(0, 0, 9, 9),
                index,
                (Guess(label, 0.5 if label in doubtful else 0.99),),
                cell,
                (),
            )
            for index, line in enumerate(lines)
            for label in line
        )
    )


def test_what_is_wrong_and_not_flagged_is_a_silent_error() -> None:
    tally = Tally()
    for is_right, flagged in ((True, False), (True, True), (False, True), (False, False)):
        tally.add(is_right, flagged)
    tally.add(False, True)
    assert (tally.total, tally.right, tally.wrong, tally.silent) == (5, 2, 3, 1)
    assert (tally.flagged_wrong, tally.flagged_right) == (2, 1)
    assert str(tally) == (
        "flagged 66.67 % (2/3) of the wrong, 50.00 % (1/2) of the right; "
        "silent errors 20.00 % (1/5)"
    )


def test_tallies_add_up() -> None:
    assert Tally(10, 7, 2, 1) + Tally(4, 4, 0, 2) == Tally(14, 11, 2, 3)


def test_a_tally_of_nothing_has_no_share_and_does_not_fail() -> None:
    assert "silent errors 0.00 % (0/0)" in str(Tally())


@pytest.mark.parametrize(
    ("read", "flagged"),
    [
        (reading("12"), False),
        (reading("12", doubtful="2"), True),
        (Reading(), True),
        (Reading(reading("12").glyphs, is_partial=True), True),
    ],
)
def test_doubt_anywhere_and_reading_nothing_or_a_part_are_flags(
    read: Reading, flagged: bool
) -> None:
    assert is_flagged(read) is flagged


@pytest.mark.parametrize(
    ("read", "outcomes"),
    [
        (reading("12", "34"), [(True, False), (True, False)]),
        (reading("12", "34", doubtful="4"), [(True, False), (True, True)]),
        (reading("12", "35", doubtful="12"), [(True, True), (False, False)]),
        (reading("12", "35", doubtful="5"), [(True, False), (False, True)]),
        (reading("12"), [(True, False), (False, False)]),
        (reading("12", doubtful="1"), [(True, True), (False, False)]),
        (reading("12", "34", "7"), [(True, False), (True, False), (False, False)]),
        (reading("12", "34", "7", doubtful="7"), [(True, False), (True, False), (False, True)]),
        (Reading(), [(False, True), (False, True)]),
        (Reading(reading("12").glyphs, is_partial=True), [(True, True), (False, True)]),
    ],
)
def test_each_number_of_a_page_is_judged_by_the_lines_in_its_place(
    read: Reading, outcomes: list[tuple[bool, bool]]
) -> None:
    assert list(line_outcomes(["12", "34"], read)) == outcomes


def test_signs_spaces_and_lines_are_no_digits() -> None:
    assert digits_of("-1 2.5,\n(07)%") == "12507"


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "", 0),
        ("123", "123", 0),
        ("123", "13", 1),
        ("12", "21", 2),
        ("", "12", 2),
        ("9", "4", 1),
    ],
)
def test_the_distance_is_the_fewest_edits(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == distance(other, one) == edits


@pytest.mark.parametrize(
    ("wanted", "read", "kept"),
    [
        ("1:2", "1:2", [(0, 0), (1, 1), (2, 2)]),
        ("1:2", "12", [(0, 0), (2, 1)]),
        ("12", "1:2", [(0, 0), (1, 2)]),
        ("1:2", "1.2", [(0, 0), (2, 2)]),
        ("(7)", "17)", [(1, 1), (2, 2)]),
        ("7", "", []),
    ],
)
def test_signs_match_where_the_fewest_edits_leave_them(
    wanted: str, read: str, kept: list[tuple[int, int]]
) -> None:
    assert matched(wanted, read) == kept


def test_tiles_fill_the_rows_of_one_picture(tmp_path: Path) -> None:
    dark = np.zeros((30, 400), np.uint8)
    path = tmp_path / "wrong.png"
    save_tiles([tile(dark, "1 -> 7", 100)] * 3, path)
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert picture is not None and picture.shape == (240, 200)
    assert picture[:, :100].min() == 0 and picture[120:, 100:].min() == 255


def test_without_errors_there_is_no_picture(tmp_path: Path) -> None:
    save_tiles([], tmp_path / "wrong.png")
    assert not list(tmp_path.iterdir())

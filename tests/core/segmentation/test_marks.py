from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.layout import Layout
from inkread.core.picture.page import Page
from inkread.core.reading import Grey, Reading
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.core.segmentation.grouping import group_sure
from inkread.core.segmentation.marks import Mark, find_marks, runs, without
from inkread.core.segmentation.primitives import Group
from inkread.core.segmentation.text_lines import BoxLayout
from inkread.core.text_line import TextLine
from tests.core.segmentation.test_grouping import apart
from tests.core.templates import Templates
from tests.written import write

TEMPLATES = Templates()
HEIGHT = 100.0


def mark(sign: str, x: float, y: float = 0.0) -> Stroke:
    """A mark as a hand writes it, its middle at x, y px above where it should be."""
    corners = {
        ".": [(x, 98 - y)],
        "'": [(x, 96 - y), (x + 3, 99 - y), (x - 1, 100 - y)],
        ",": [(x + 5, 96 - y), (x + 3, 108 - y), (x - 5, 122 - y)],
        "-": [(x - 18, 53 - y), (x, 51 - y), (x + 18, 52 - y)],
    }[sign]
    return Stroke.of(corners, 8)


def number(text: str, raised: float = 0.0) -> Ink:
    """Digits and marks, `raised` px too high; ' is a point that is a short stroke."""
    x, strokes = 0.0, list[Stroke]()
    for sign in text:
        if sign.isdigit():
            digit = write(sign, height=HEIGHT, width=8, at=(x, 0), seed=1)
            strokes += digit.strokes
            x = digit.bounds.right + 25
        else:
            room = 18 if sign == "-" else 5
            strokes.append(mark(sign, x + room, raised))
            x += 2 * room + 20
    return Ink(tuple(strokes))


def page_of(ink: Ink, scale: float = 1.0) -> Page:
    grey = rasterise_page(ink)
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, scale)


def both(ink: Ink) -> tuple[Reading, Reading]:
    return read_ink(ink, TEMPLATES), read_page(page_of(ink), TEMPLATES)


@pytest.mark.parametrize("text", ["3.64", "2,5", "-7", "38-34", "-2,5", "8.0", "20.47", "6-3.8"])
def test_marks_between_and_before_digits(text: str) -> None:
    for reading in both(number(text)):
        assert reading.text == text
        assert [glyph.is_mark for glyph in reading.glyphs] == [not s.isdigit() for s in text]


def test_a_short_stroke_is_a_point_too() -> None:
    assert [reading.text for reading in both(number("2'5"))] == ["2.5", "2.5"]


def test_a_mark_has_a_box_and_a_cell_and_no_verdict_of_the_network() -> None:
    for reading in both(number("5.2")):
        first, point, last = reading.glyphs
        assert first.box.right <= point.box.x < point.box.right <= last.box.x
        assert not point.rejected
        assert point.cell.shape == (28, 28)
        assert point.cell.max() == 1
        assert [guess.label for guess in point.guesses] == [".", ","]


def test_no_marks_stand_among_what_is_no_digits() -> None:
    strict = Templates()
    strict.rejection_threshold = 1.0
    for reading in (read_ink(number("2.5"), strict), read_page(page_of(number("2.5")), strict)):
        assert [glyph.is_mark for glyph in reading.glyphs] == [False, False]
        assert all(glyph.rejected for glyph in reading.glyphs)


def test_a_mark_does_not_count_for_the_confidence_unless_it_is_doubtful() -> None:
    reading = read_ink(number("2.5"), TEMPLATES)
    digits = [glyph.probability for glyph in reading.glyphs if not glyph.is_mark]
    assert reading.confidence == min(digits)


@pytest.mark.parametrize(("sign", "raised"), [(".", 60), (".", -45), ("-", 45), ("-", -70)])
def test_dirt_above_and_below_is_no_mark(sign: str, raised: float) -> None:
    ink = number(f"2{sign}5", raised)
    for reading in both(ink):
        assert not any(glyph.is_mark for glyph in reading.glyphs)


@pytest.mark.parametrize("text", [".5", ".25", "5.", "25.", "25,"])
def test_a_point_may_stand_before_a_number_and_a_point_or_comma_behind_one(text: str) -> None:
    for reading in both(number(text)):
        assert reading.text == text
        assert [glyph.is_mark for glyph in reading.glyphs] == [not s.isdigit() for s in text]


def test_a_dash_behind_a_number_and_dashes_alone_are_no_marks() -> None:
    for reading in both(number("25-")):
        assert not any(glyph.is_mark for glyph in reading.glyphs)
    assert read_ink(number("--"), TEMPLATES).text != "--"


def test_points_on_a_page_of_specks_are_dirt() -> None:
    ink = number("2.5")
    rng = np.random.default_rng(0)
    specks = [Stroke.of([(x, y)], 8) for x, y in rng.uniform((-300, 250), (600, 600), (9, 2))]
    dirty = Ink((*ink.strokes, *specks))
    assert read_page(page_of(ink), TEMPLATES).text == "2.5"
    assert not any(glyph.is_mark for glyph in read_page(page_of(dirty), TEMPLATES).glyphs)


def halved(ink: Ink) -> Grey:
    return np.asarray(cv2.resize(page_of(ink).grey, None, fx=0.5, fy=0.5), np.uint8)


def coloured(grey: Grey) -> Page:
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, 0.5)


def test_points_of_small_print_are_read_and_the_grain_of_a_page_is_not() -> None:
    assert read_page(coloured(halved(number("2.5"))), TEMPLATES).text == "2.5"
    grainy = halved(number("25"))
    for row in range(3):
        grainy[row::9, ::9] = 20
    assert not any(glyph.is_mark for glyph in read_page(coloured(grainy), TEMPLATES).glyphs)


def test_the_bar_of_a_five_and_a_crossed_seven_are_no_minus() -> None:
    crossed = write("7", height=HEIGHT, at=(200, 0)).with_stroke(Stroke.of([(215, 55), (255, 52)]))
    five = write("5", height=HEIGHT, at=(300, 0))
    ink = Ink((*write("15", height=HEIGHT).strokes, *crossed.strokes, *five.strokes))
    for reading in both(ink):
        assert not any(glyph.is_mark for glyph in reading.glyphs)


def test_one_digit_has_no_marks() -> None:
    (glyph,) = read_ink(number("2.5"), TEMPLATES, Layout.DIGIT).glyphs
    assert not glyph.is_mark


def test_marks_stay_in_their_line() -> None:
    upper, lower = number("2.5"), number("-34")
    below = tuple(
        Stroke.of(s.points + np.array([0, 200], np.float32), s.width) for s in lower.strokes
    )
    for reading in both(Ink((*upper.strokes, *below))):
        assert reading.text == "2.5\n-34"


def test_of_two_between_the_same_digits_the_better_one_is_the_mark() -> None:
    boxes = [Box(0, 0, 50, 100), Box(60, 96, 4, 4), Box(68, 82, 5, 5), Box(80, 0, 50, 100)]
    groups = group_sure(BoxLayout.of(boxes), apart(boxes))
    (found,) = find_marks(groups, boxes, apart(boxes))
    assert (found.primitive, found.sign, found.follower) == (1, ".", 3)


def test_marks_leave_their_groups_and_part_the_line() -> None:
    boxes = [Box(0, 0, 50, 100), Box(60, 96, 4, 4), Box(80, 0, 50, 100)]
    groups = group_sure(BoxLayout.of(boxes), apart(boxes))
    marks = find_marks(groups, boxes, apart(boxes))
    left = without(groups, marks, boxes)
    assert [group.members for group in left] == [(0,), (2,)]
    line, first, second = (TextLine(tuple(own)) for own in (left, left[:1], left[1:]))
    assert list(runs(line, marks)) == [(None, first), (marks[0], second)]
    assert list(runs(line, [])) == [(None, line)]


def test_what_touches_a_digit_is_a_fragment_of_it() -> None:
    boxes = [Box(0, 0, 50, 100), Box(52, 96, 4, 4), Box(80, 0, 50, 100)]
    assert find_marks(group_sure(BoxLayout.of(boxes), apart(boxes)), boxes, apart(boxes)) == []


def test_no_primitives_no_marks() -> None:
    assert find_marks([], [], apart([])) == []


LEFT, RIGHT = Box(0, 0, 50, 100), Box(80, 0, 50, 100)
DOT, DASH = Box(62, 95, 6, 6), Box(-30, 48, 20, 4)


def found(*boxes: Box, groups: int = 2) -> list[tuple[int, str]]:
    """Marks among boxes, the first of which are groups: index and sign."""
    own = [Group.of([i], boxes) for i in range(groups)]
    return [(mark.primitive, mark.sign) for mark in find_marks(own, boxes, apart([*boxes]))]


def test_a_point_between_two_digits_and_a_minus_before_one_are_marks() -> None:
    assert found(LEFT, RIGHT, DOT) == [(2, ".")]
    assert found(LEFT, RIGHT, DASH) == [(2, "-")]
    assert found(LEFT, RIGHT, DASH, DOT) == [(2, "-"), (3, ".")]


@pytest.mark.parametrize(("gap", "follower"), [(90, 1), (91, None)])
def test_a_point_belongs_to_the_digits_that_are_near(gap: float, follower: int | None) -> None:
    boxes = [LEFT, Box(68 + gap, 0, 50, 100), DOT]
    (mark,) = find_marks([Group.of([i], boxes) for i in range(2)], boxes, apart(boxes))
    assert (mark.leader, mark.follower, mark.is_end) == (0, follower, follower is None)


@pytest.mark.parametrize(("gap", "leader"), [(90, 0), (91, None)])
def test_a_point_may_be_too_far_from_the_digit_before(gap: float, leader: int | None) -> None:
    boxes = [Box(12 - gap, 0, 50, 100), RIGHT, DOT]
    (mark,) = find_marks([Group.of([i], boxes) for i in range(2)], boxes, apart(boxes))
    assert (mark.leader, mark.follower) == (leader, 1)


@pytest.mark.parametrize(("gap", "signs"), [(64, [(1, ".")]), (66, [])])
def test_a_point_beside_one_digit_is_close_to_it(gap: float, signs: list[tuple[int, str]]) -> None:
    assert found(LEFT, Box(50 + gap, 95, 6, 6), groups=1) == signs
    assert found(RIGHT, Box(80 - gap - 6, 95, 6, 6), groups=1) == signs


def test_a_point_beside_one_digit_is_none_where_something_stands_beyond_it_or_dirt_is_about() -> (
    None
):
    assert found(LEFT, DOT, groups=1) == [(1, ".")]
    assert found(LEFT, DOT, Box(80, 48, 30, 4), groups=1) == []
    assert found(LEFT, DOT, Box(20, -60, 6, 6), groups=1) == []
    assert found(RIGHT, DOT, Box(20, 95, 6, 6), groups=1) == []


def test_a_comma_does_not_begin_a_number() -> None:
    comma = Box(62, 90, 10, 30)
    assert found(LEFT, comma, groups=1) == [(1, ",")]
    assert found(RIGHT, comma, groups=1) == []


@pytest.mark.parametrize(("gap", "signs"), [(6, [(2, ".")]), (5.9, [])])
def test_what_touches_a_digit_is_no_mark(gap: float, signs: list[tuple[int, str]]) -> None:
    assert found(LEFT, Box(68 + gap, 0, 50, 100), DOT) == signs
    assert found(Box(12 - gap, 0, 50, 100), RIGHT, DOT) == signs


@pytest.mark.parametrize(("height", "signs"), [(50, [(3, "-")]), (49, [])])
def test_marks_stand_beside_what_is_half_as_high_as_a_digit(
    height: float, signs: list[tuple[int, str]]
) -> None:
    low = Box(400, 100 - height, 40, height)
    dash = Box(375, 100 - height / 2 - 1, 16, 2)
    assert found(LEFT, RIGHT, low, dash, groups=3) == signs


@pytest.mark.parametrize(("width", "signs"), [(89, [(2, "-")]), (91, [])])
def test_a_minus_is_no_longer_than_a_digit_is_high(
    width: float, signs: list[tuple[int, str]]
) -> None:
    assert found(LEFT, RIGHT, Box(-15 - width, 49, width, 2)) == signs


@pytest.mark.parametrize(
    ("strays", "signs"),
    [(0, [(2, "."), (3, "-")]), (2, [(2, "."), (3, "-")]), (3, [(3, "-")])],
)
def test_a_point_among_many_specks_is_dirt(strays: int, signs: list[tuple[int, str]]) -> None:
    specks = [Box(300 + 30 * i, 400, 4, 4) for i in range(strays)]
    assert found(LEFT, RIGHT, DOT, DASH, *specks) == signs
    points = [(2, ".")] if (2, ".") in signs else []
    assert found(LEFT, RIGHT, DOT, *specks) == points


@pytest.mark.parametrize(("side", "signs"), [(23.9, []), (24, [(2, ".")])])
def test_larger_specks_are_no_dirt(side: float, signs: list[tuple[int, str]]) -> None:
    specks = [Box(300 + 50 * i, 400, side, 4) for i in range(3)]
    assert found(LEFT, RIGHT, DOT, *specks) == signs


def test_a_mark_says_what_else_it_may_be() -> None:
    assert Mark(0, ".", 0.75, 1).guesses == ((".", 0.75), (",", 0.25))
    assert Mark(0, ",", 0.75, 1).guesses == ((",", 0.75), (".", 0.25))
    assert Mark(0, "-", 0.75, 1).guesses == (("-", 0.75),)


@pytest.mark.parametrize(
    ("dot", "probability"),
    [(Box(62, 95, 6, 6), 0.99), (Box(56, 95, 20, 4), 0.7 + 0.29 * 3 * (1 - 20 / 24))],
)
def test_a_mark_is_more_probable_the_better_it_keeps_to_its_place(
    dot: Box, probability: float
) -> None:
    boxes = [LEFT, Box(90, 0, 50, 100), dot]
    (mark,) = find_marks([Group.of([i], boxes) for i in range(2)], boxes, apart(boxes))
    assert mark.probability == pytest.approx(probability)

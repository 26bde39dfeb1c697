from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page import ruling_lines
from inkread.core.page.remove_rulings import without_lines
from inkread.core.page.ruling_lines import find_rulings
from inkread.core.page.straight_lines import StraightLine
from inkread.core.picture.page import page_of
from inkread.core.reading import Grey
from inkread.core.recognition.read_page import read_page
from tests.core.page.pages import drawn
from tests.core.templates import Templates
from tests.hostile import kinds
from tests.synthetic import of_level, photograph
from tests.written import write

TEXT = "2047\n6183"
INK = write(TEXT, height=90, width=9, at=(100, 40))
SHAPE = (480, 640)
LINE = 144.0


def ink_of(names: tuple[str, ...], level: str, seed: int = 0) -> Grey:
    """Ink and ruling lines on black."""
    sizes = of_level(level, names)
    photo = photograph(INK, SHAPE, sizes, np.random.default_rng(seed), LINE)
    grey = cv2.GaussianBlur(photo.page.grey, (3, 3), 0.6)
    return np.asarray(240 - np.minimum(grey, 240), np.uint8)


def bare_of(ink: Grey, noise: float = 0.0) -> Grey:
    return without_lines(ink, find_rulings(ink, noise), noise)


@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
def test_rulings_and_squares_are_counted(level: str) -> None:
    found = find_rulings(ink_of(("rulings",), level), 0.0)
    assert [line.is_level for line in found] == [True] * 3
    assert sorted(line.start for line in found) == pytest.approx([144, 288, 432], abs=2)
    squares = find_rulings(ink_of(("squares",), level), 0.0)
    assert 13 <= sum(rule.is_level for rule in squares) <= 16
    assert 18 <= sum(not rule.is_level for rule in squares) <= 21


@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
@pytest.mark.parametrize(
    "names", [("rulings",), ("squares",), ("squares", "turn"), ("rulings", "turn")]
)
def test_the_ink_stays_and_the_rulings_go(names: tuple[str, ...], level: str) -> None:
    ink = ink_of(names, level)
    bare = bare_of(ink, 0.0)
    written = ink_of(tuple(name for name in names if name == "turn"), level)
    core, clear = written > 0.8 * written.max(), cv2.dilate(written, np.ones((5, 5), np.uint8)) < 10
    assert (bare[core] > 60).mean() > 0.98
    assert (bare[clear] > 8).mean() < 0.002
    assert (ink[clear] > 8).mean() > 0.001  # there was something to take off


@pytest.mark.parametrize(
    "names",
    [
        ("rulings",),
        ("squares",),
        ("squares", "chalk"),
        ("squares", "turn", "shadow"),
        ("squares", "perspective"),
        ("rulings", "pencil"),
        ("squares", "dark", "noise"),
    ],
)
@pytest.mark.parametrize("seed", range(2))
def test_digits_on_rulings_and_squares_are_read(names: tuple[str, ...], seed: int) -> None:
    rng = np.random.default_rng(seed)
    photo = photograph(INK, SHAPE, of_level("medium", names), rng, LINE)
    assert read_page(photo.page, Templates()).text == TEXT


def test_rulings_as_dark_as_the_ink_leave_the_digits_whole() -> None:
    ink = drawn(INK, SHAPE)
    for y in range(30, 480, 50):
        ink[y : y + 2] = 255
    bare = bare_of(ink)
    page = page_of(np.asarray(255 - bare, np.uint8), "test")
    assert read_page(page, Templates()).text == TEXT


@pytest.mark.parametrize("blur", [1.8, 2.0, 2.2])
def test_squares_that_are_blurred_go_too(blur: float) -> None:
    ink = np.kron(drawn(INK, SHAPE), np.ones((2, 2), np.uint8))
    lines = np.zeros_like(ink)
    for at in range(20, 1280, 45):
        lines[at : at + 2] = lines[:, at : at + 2] = 70
    blurred = np.asarray(cv2.GaussianBlur(np.maximum(ink, lines), (0, 0), blur), np.uint8)
    bare = bare_of(blurred, 0.0)
    clear = cv2.dilate(ink, np.ones((15, 15), np.uint8)) == 0
    assert (blurred[clear] > 20).mean() > 0.05
    assert (bare[clear] > 20).mean() < 0.001
    assert (bare[ink > 200] > 100).mean() > 0.98


@pytest.mark.parametrize("text", [*"0123456789", "11", "171", "7\n7", "1\n1"])
@pytest.mark.parametrize("width", [2, 4, 14])
@pytest.mark.parametrize("margin", [0, 30])
def test_writing_is_no_rulings(text: str, width: int, margin: int) -> None:
    ink = np.asarray(255 - rasterise_page(write(text, height=200, width=width), margin))
    assert find_rulings(ink, 0.0) == []


@pytest.mark.parametrize(
    "lines",
    [
        [(0.5, 0, 0.5, 1)],
        [(0.3, 0, 0.3, 1), (0.7, 0, 0.7, 1)],
        [(0, 0.1, 1, 0.1), (0.9, 0.1, 0.5, 1)],
        [(0, 0.5, 1, 0.5), (0.5, 0, 0.5, 1)],
    ],
)
def test_ruler_straight_figures_are_no_rulings(lines: list[tuple[float, ...]]) -> None:
    """A 1, an 11, a 7 and a plus that fill their picture."""
    ink = np.zeros((300, 220), np.uint8)
    for x, y, u, v in lines:
        ends = [(round(219 * x), round(299 * y)), (round(219 * u), round(299 * v))]
        cv2.line(ink, ends[0], ends[1], 255, 4, cv2.LINE_AA)
    assert find_rulings(ink, 0.0) == []


@pytest.mark.parametrize("names", [("rulings",), ("squares",)])
def test_empty_ruled_paper_is_empty(names: tuple[str, ...]) -> None:
    sizes = of_level("medium", (*names, "slope", "noise"))
    photo = photograph(write(""), SHAPE, sizes, np.random.default_rng(0), 60.0)
    assert read_page(photo.page, Templates()).is_empty


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (101, 101), (100, 2000)])
def test_any_page_is_taken(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    for ink in (noise, np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)):
        assert bare_of(ink, 5.0).shape == shape


def lines_at(*rows: float, shape: tuple[int, int] = (400, 400), slope: float = 0.0) -> Grey:
    """Level lines of 2 px and contrast 60 from side to side, from these rows on."""
    ink = np.zeros(shape, np.uint8)
    x = np.arange(shape[1])
    for row in rows:
        for thick in (0, 1):
            y = np.rint(row + slope * x).astype(int) + thick
            inside = (y >= 0) & (y < shape[0])
            ink[y[inside], x[inside]] = 60
    return ink


MANY = tuple(range(40, 400, 60))


@pytest.mark.parametrize("slope", [0.0, 0.05, -0.1])
def test_lines_are_found_where_they_are_and_as_they_lie(slope: float) -> None:
    rows = range(60, 340, 55)
    found = find_rulings(lines_at(*rows, slope=slope), 0.0)
    assert sorted(line.start for line in found) == pytest.approx(
        [row + 0.5 for row in rows], abs=0.6
    )
    assert [line.slope for line in found] == pytest.approx([slope] * len(found), abs=0.004)
    assert all(line.is_level for line in found)


def test_lines_of_a_large_page_are_found_in_its_own_px() -> None:
    large = np.kron(lines_at(*MANY), np.ones((4, 4), np.uint8))
    found = find_rulings(large, 0.0)
    assert sorted(line.start for line in found) == pytest.approx(
        [4 * row + 3.5 for row in MANY], abs=2
    )


def test_upright_lines_are_found_beside_level_ones() -> None:
    ink = np.maximum(lines_at(*MANY), lines_at(*MANY, slope=0.03).T)
    found = find_rulings(ink, 0.0)
    upright = [line for line in found if not line.is_level]
    assert len(upright) == len(found) - len(upright) == len(MANY)
    assert [line.slope for line in upright] == pytest.approx([0.03] * len(upright), abs=0.004)


@pytest.mark.parametrize(("slope", "are_found"), [(0.19, True), (0.25, False)])
def test_lines_tilt_by_no_more_than_12_degrees(slope: float, are_found: bool) -> None:
    ink = lines_at(10, 70, 130, 190, 250, slope=slope)
    assert (len(find_rulings(ink, 0.0)) == 5) == are_found


@pytest.mark.parametrize(("side", "are_found"), [(100, True), (99, False)])
def test_a_page_without_room_has_no_ruling_lines(side: int, are_found: bool) -> None:
    ink = lines_at(10, 28, 46, 64, 82, shape=(side, 300))
    assert bool(find_rulings(ink, 0.0)) == are_found


@pytest.mark.parametrize(
    ("contrast", "noise", "are_found"),
    [(9, 0, True), (8, 0, False), (41, 10, True), (40, 10, False)],
)
def test_lines_stand_out_from_background_and_noise(
    contrast: int, noise: float, are_found: bool
) -> None:
    ink = np.asarray(lines_at(*MANY) // 60 * contrast, np.uint8)
    assert (len(find_rulings(ink, noise)) == len(MANY)) == are_found


@pytest.mark.parametrize(("share", "are_found"), [(0.55, True), (0.5, False)])
def test_a_line_is_marked_for_more_than_half_of_its_way(share: float, are_found: bool) -> None:
    ink = lines_at(*MANY)
    gaps = np.arange(400) % 20 >= round(20 * share)
    ink[:, gaps] = 0
    assert (len(find_rulings(ink, 0.0)) == len(MANY)) == are_found


@pytest.mark.parametrize(("count", "are_found"), [(5, True), (4, False)])
def test_five_level_lines_are_ruling_lines_without_any_text(count: int, are_found: bool) -> None:
    assert (len(find_rulings(lines_at(*MANY[:count]), 0.0)) == count) == are_found


def text_beside(ink: Grey, height: int, count: int = 6) -> Grey:
    for i in range(count):
        ink[14 : 14 + height, 40 + 50 * i : 46 + 50 * i] = 200
    return ink


def test_few_lines_are_ruling_lines_beside_text_that_is_much_lower() -> None:
    rows = (180, 320)
    assert len(find_rulings(text_beside(lines_at(*rows), 60), 0.0)) == 2
    assert len(find_rulings(text_beside(lines_at(*rows), 130), 0.0)) == 2
    assert find_rulings(text_beside(lines_at(*rows), 136), 0.0) == []  # more than a third
    assert find_rulings(text_beside(lines_at(*rows), 20, count=1), 0.0) == []  # too little


@pytest.mark.parametrize(("more", "are_found"), [(1, False), (2, True)])
def test_text_beside_level_lines_has_a_twelfth_of_their_area(more: int, are_found: bool) -> None:
    # 126 px and some more beside two lines of 800 px: 8 % of them are 128 px.
    ink = text_beside(lines_at(180, 320), 21, count=1)
    ink[35, 40 : 40 + more] = 200
    assert bool(find_rulings(ink, 0.0)) == are_found


@pytest.mark.parametrize(("height", "are_found"), [(8, False), (9, True)])
def test_what_is_eight_px_high_is_no_text_beside_lines(height: int, are_found: bool) -> None:
    ink = text_beside(lines_at(180, 320), height)  # an area of 288 px would be enough
    assert bool(find_rulings(ink, 0.0)) == are_found


@pytest.mark.parametrize(("more", "is_found"), [(23, False), (24, True)])
def test_text_beside_an_upright_line_has_more_area_than_it(more: int, is_found: bool) -> None:
    # 936 px and some more beside a line of 800 px: 120 % of it are 960 px.
    ink = text_beside(lines_at(380).T, 26)
    ink[40:44, 40:46].flat[:more] = 200
    assert bool(find_rulings(ink, 0.0)) == is_found


@pytest.mark.parametrize(("end", "is_found"), [(340, True), (300, False)])
def test_a_lone_line_is_marked_for_four_fifths_of_its_way(end: int, is_found: bool) -> None:
    ink = text_beside(lines_at(200), 60)
    ink[190:210, end:] = 0
    assert bool(find_rulings(ink, 0.0)) == is_found


def test_a_page_mostly_marked_has_no_ruling_lines() -> None:
    rows = tuple(range(20, 380, 12))
    assert find_rulings(lines_at(*rows), 0.0)
    ink = np.random.default_rng(0).integers(0, 2, (400, 400)).astype(np.uint8) * 60
    assert find_rulings(ink, 0.0) == []


def test_lines_of_a_thick_pen_are_none() -> None:
    ink = np.zeros((400, 400), np.uint8)
    for row in MANY:
        ink[row : row + 9] = 60
    assert find_rulings(ink, 0.0) == []


def test_beside_many_lines_those_that_a_corner_cuts_off_are_found() -> None:
    rows = (40, 100, 160, 220, 280)
    assert len(find_rulings(lines_at(*rows, 380, slope=0.15), 0.0)) == 6  # a third of its way
    assert len(find_rulings(lines_at(*rows, 395, slope=0.15), 0.0)) == 5
    assert find_rulings(lines_at(380, slope=0.15), 0.0) == []
    turned = np.maximum(lines_at(*rows), lines_at(380, slope=0.15))
    assert len(find_rulings(turned, 0.0)) == 5  # not parallel to the others


def test_a_line_marked_in_part_is_not_found() -> None:
    ink = lines_at(*MANY)
    ink[380:382, 300:] = 60
    assert len(find_rulings(ink, 0.0)) == len(MANY)


@pytest.mark.parametrize(("turn", "is_found"), [(0.05, True), (0.1, False)])
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_line_cut_off_by_a_corner_is_nearly_parallel_to_the_others(
    turn: float, is_found: bool, sign: int, mirrored: bool
) -> None:
    # The window is 0.02 rad to both sides, where so short a line still has votes for 0.06.
    slope = math.tan(math.atan(0.1) + sign * turn)
    short = lines_at(399 - 180 * slope, slope=slope)  # leaves the page at x = 180
    ink = np.maximum(lines_at(*range(40, 300, 60), slope=0.1), short)
    shown = np.ascontiguousarray(ink[::-1]) if mirrored else ink
    assert len(find_rulings(shown, 0.0)) == 5 + is_found


def test_a_page_of_digits_is_not_searched_long_for_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = list[object]()

    def counted(marked: Grey, line: StraightLine) -> StraightLine:
        tried.append(line)
        return fitted(marked, line)

    fitted = ruling_lines._fitted
    monkeypatch.setattr(ruling_lines, "_fitted", counted)
    digits = kinds()["digits of 32"]((1000, 1000), np.random.default_rng(0))
    assert find_rulings(np.asarray(235 - np.minimum(digits, 235), np.uint8), 0.0) == []
    assert 0 < len(tried) < 200  # 600 without a bound on those in vain


def test_the_lines_of_a_comb_are_no_rulings_nor_is_a_one_in_it() -> None:
    ink = np.zeros((130, 600), np.uint8)
    for x in range(15, 600, 95):
        cv2.line(ink, (x, 14), (x, 116), 200, 2)
    for y in (14, 116):
        cv2.line(ink, (15, y), (585, y), 200, 2)
    cv2.line(ink, (62, 30), (58, 100), 200, 5)
    for digit, x in (("5", 140), ("3", 240)):
        ink = np.maximum(ink, drawn(write(digit, height=65, width=5, at=(x, 30)), ink.shape))
    assert find_rulings(ink, 1.0) == []

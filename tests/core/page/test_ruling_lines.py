from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.remove_rulings import without_lines
from inkread.core.page.ruling_lines import find_rulings
from inkread.core.picture.page import page_of
from inkread.core.reading import Grey
from inkread.core.recognition.recognise import read_page
from tests.core.page.pages import drawn
from tests.core.templates import Templates
from tests.synthetic import of_level, photograph
from tests.written import write

TEXT = "2047\n6183"
INK = write(TEXT, height=90, width=9, at=(100, 40))
SHAPE = (480, 640)
LINE = 144.0


def ink_of(names: tuple[str, ...], level: str, seed: int = 0) -> Grey:
    """Ink and rules on black."""
    sizes = of_level(level, names)
    photo = photograph(INK, SHAPE, sizes, np.random.default_rng(seed), LINE)
    grey = cv2.GaussianBlur(photo.page.grey, (3, 3), 0.6)
    return np.asarray(240 - np.minimum(grey, 240), np.uint8)


def bare_of(ink: Grey, noise: float = 0.0) -> Grey:
    return without_lines(ink, find_rulings(ink, noise), noise)


@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
def test_rules_and_squares_are_counted(level: str) -> None:
    rules = find_rulings(ink_of(("rules",), level), 0.0)
    assert [rule.is_level for rule in rules] == [True] * 3
    assert sorted(rule.start for rule in rules) == pytest.approx([144, 288, 432], abs=2)
    squares = find_rulings(ink_of(("squares",), level), 0.0)
    assert 13 <= sum(rule.is_level for rule in squares) <= 16
    assert 18 <= sum(not rule.is_level for rule in squares) <= 21


@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
@pytest.mark.parametrize(
    "names", [("rules",), ("squares",), ("squares", "turn"), ("rules", "turn")]
)
def test_the_ink_stays_and_the_rules_go(names: tuple[str, ...], level: str) -> None:
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
        ("rules",),
        ("squares",),
        ("squares", "chalk"),
        ("squares", "turn", "shadow"),
        ("squares", "perspective"),
        ("rules", "pencil"),
        ("squares", "dark", "noise"),
    ],
)
@pytest.mark.parametrize("seed", range(2))
def test_digits_on_rules_and_squares_are_read(names: tuple[str, ...], seed: int) -> None:
    rng = np.random.default_rng(seed)
    photo = photograph(INK, SHAPE, of_level("medium", names), rng, LINE)
    assert read_page(photo.page, Templates()).text == TEXT


def test_rules_as_dark_as_the_ink_leave_the_digits_whole() -> None:
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
def test_writing_is_no_rules(text: str, width: int, margin: int) -> None:
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
def test_ruler_straight_figures_are_no_rules(lines: list[tuple[float, ...]]) -> None:
    """A 1, an 11, a 7 and a plus that fill their picture."""
    ink = np.zeros((300, 220), np.uint8)
    for x, y, u, v in lines:
        ends = [(round(219 * x), round(299 * y)), (round(219 * u), round(299 * v))]
        cv2.line(ink, ends[0], ends[1], 255, 4, cv2.LINE_AA)
    assert find_rulings(ink, 0.0) == []


@pytest.mark.parametrize("names", [("rules",), ("squares",)])
def test_empty_ruled_paper_is_empty(names: tuple[str, ...]) -> None:
    sizes = of_level("medium", (*names, "slope", "noise"))
    photo = photograph(write(""), SHAPE, sizes, np.random.default_rng(0), 60.0)
    assert read_page(photo.page, Templates()).is_empty


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (101, 101), (100, 2000)])
def test_any_page_is_taken(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    for ink in (noise, np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)):
        assert bare_of(ink, 5.0).shape == shape

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.ink import Ink, Points, Stroke, rasterise_page
from inkread.core.page.blob_shapes import is_dot, is_frame, is_surrounding
from inkread.core.picture.page import Page
from inkread.core.reading import Grey
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from tests.core.templates import Templates
from tests.written import write

HEIGHT, WIDTH = 480, 640
Y, X = np.mgrid[:HEIGHT, :WIDTH]
AWAY = np.hypot(X - WIDTH / 2, Y - HEIGHT / 2)


def blank() -> Grey:
    return np.full((HEIGHT, WIDTH), 240, np.uint8)


def frame(inset: int, width: int) -> Grey:
    page = blank()
    cv2.rectangle(page, (inset, inset), (WIDTH - 1 - inset, HEIGHT - 1 - inset), 20, width)
    return page


def square(side: int) -> Grey:
    page = blank()
    x, y = (WIDTH - side) // 2, (HEIGHT - side) // 2
    page[y : y + side, x : x + side] = 20
    return page


def dots(count: int, radius: int) -> Grey:
    page = blank()
    for i in range(count):
        cv2.circle(page, (150 + 5 * radius * i, 240), radius, 20, -1, cv2.LINE_AA)
    return page


def grain(seed: int = 0) -> Grey:
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH)).astype(np.uint8)


NOTHING: dict[str, Callable[[], Grey]] = {
    "gradient along x": lambda: (X / WIDTH * 255).astype(np.uint8),
    "gradient along y": lambda: (Y / HEIGHT * 255).astype(np.uint8),
    "vignette": lambda: (230 * (1 - 0.6 * (AWAY / AWAY.max()) ** 2)).astype(np.uint8),
    "strong vignette": lambda: (240 * (1 - 0.95 * (AWAY / AWAY.max()) ** 3)).astype(np.uint8),
    "smudge": lambda: (230 - 150 * np.exp(-((AWAY / 40) ** 2))).astype(np.uint8),
    "light smudge": lambda: (30 + 150 * np.exp(-((AWAY / 40) ** 2))).astype(np.uint8),
    "small square": lambda: square(60),
    "square": lambda: square(200),
    "large square": lambda: square(400),
    "disc": lambda: np.where(AWAY < 30, 20, 240).astype(np.uint8),
    "large disc": lambda: np.where(AWAY < 100, 20, 240).astype(np.uint8),
    "light disc": lambda: np.where(AWAY < 80, 240, 20).astype(np.uint8),
    "thin border": lambda: frame(1, 3),
    "border": lambda: frame(10, 20),
    "thin frame": lambda: frame(30, 4),
    "frame": lambda: frame(60, 14),
    "noise": grain,
    "black and white": lambda: np.where(X < WIDTH / 2, 20, 240).astype(np.uint8),
    "black over white": lambda: np.where(Y < HEIGHT / 2, 20, 240).astype(np.uint8),
    "a third in shadow": lambda: np.where(X < WIDTH / 3, 120, 220).astype(np.uint8),
    "dot": lambda: dots(1, 3),
    "blot": lambda: dots(1, 20),
    "dots": lambda: dots(4, 10),
    "dash": lambda: cv2.line(blank(), (316, 240), (324, 240), 20, 4, cv2.LINE_AA).astype(np.uint8),
}


def page_of(grey: Grey) -> Page:
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey)


@pytest.mark.parametrize("name", NOTHING)
def test_a_picture_without_writing_is_empty(name: str) -> None:
    assert read_page(page_of(NOTHING[name]()), Templates()).is_empty


@pytest.mark.parametrize("name", ["thin frame", "dots", "small square"])
def test_it_does_not_hide_what_is_written(name: str) -> None:
    ink = write("3", height=110, width=8, at=(430, 300))
    # 640 x 480 as the pictures above: a 3 in the corner that they leave free
    page = 255 - rasterise_page(ink.with_stroke(Stroke.of([[0, 0]], width=1)), margin=0)
    digit = np.zeros((HEIGHT, WIDTH), np.uint8)
    digit[: page.shape[0], : page.shape[1]] = page[:HEIGHT, :WIDTH]
    together = np.asarray(cv2.subtract(NOTHING[name](), digit), np.uint8)
    assert read_page(page_of(together), Templates()).text == "3"


@pytest.mark.parametrize("width", [4, 20, 40])
def test_dots_and_slips_of_the_pen_are_no_digits_and_a_small_1_is(width: float) -> None:
    dot = Stroke.of([[100, 100], [102, 103], [103, 102]], width=width)
    row = [Stroke.of([[60 + 70 * i, 100], [61 + 70 * i, 102]], width=width) for i in range(5)]
    dash = Stroke.of([[100, 100], [108, 100]], width=width)
    short = Stroke.of([[100, 100], [100, 108]], width=width)
    for strokes in ([dot], row, [dash], [short]):
        assert read_ink(Ink(tuple(strokes)), Templates()).is_empty
    assert read_ink(Ink((Stroke.of([[100, 100], [100, 125]], width=width),)), Templates()).text


def test_dots_beside_a_digit_are_not_read_with_it() -> None:
    ink = write("3", height=150)
    for i in range(6):
        ink = ink.with_stroke(Stroke.of([[400 + 60 * i, 60], [402 + 60 * i, 61]]))
    assert read_ink(ink, Templates()).text == "3"


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("width", [2, 12, 40])
def test_no_digit_is_a_dot_whatever_the_pen(digit: str, width: float) -> None:
    page = 255 - rasterise_page(write(digit, height=150, width=width), margin=0)
    assert not is_dot((page > 127).astype(np.uint8))


def test_a_closed_8_is_a_full_blob_and_no_dot() -> None:
    eight = np.zeros((34, 22), np.uint8)
    cv2.circle(eight, (10, 9), 8, 1, -1)
    cv2.circle(eight, (11, 23), 9, 1, -1)
    assert not is_dot(eight)


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("margin", [0, 16, 40])
def test_thick_pens_are_still_read(digit: str, margin: int) -> None:
    page = rasterise_page(write(digit, height=230, width=40), margin=margin)
    assert len(read_page(page_of(page), Templates()).glyphs) == 1


def outline(x: float, y: float, width: float, height: float) -> Points:
    """A closed rectangle through the middles of the outer pixels of a box."""
    right, bottom = x + width - 1, y + height - 1
    return np.array([[x, y], [right, y], [right, bottom], [x, bottom], [x, y]], np.float32)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(0, 0, 100, 20), True),  # 99 + 19 + 19 of 236 px
        (Box(0, 80, 100, 20), True),
        (Box(0, 0, 20, 100), True),
        (Box(80, 0, 20, 100), True),
        (Box(0, 0, 30, 30), False),  # a half, in a corner
        (Box(0, 40, 100, 20), False),  # both ends alone
        (Box(0, 20, 20, 60), False),
        (Box(1, 1, 98, 20), False),
        (Box(30, 30, 40, 40), False),
    ],
)
def test_a_blob_most_of_which_lies_on_the_border_is_outside_the_page(
    box: Box, expected: bool
) -> None:
    found = is_surrounding(outline(box.x, box.y, box.width, box.height), box, (100, 100))
    assert found is expected


def test_near_the_border_of_a_large_page_is_on_it() -> None:
    box = Box(4, 4, 992, 200)
    assert is_surrounding(outline(4, 4, 992, 200), box, (1000, 1000))
    assert not is_surrounding(outline(6, 6, 988, 200), Box(6, 6, 988, 200), (1000, 1000))


@pytest.mark.parametrize(
    ("box", "area", "expected"),
    [
        (Box(10, 10, 80, 80), 1000.0, True),
        (Box(10, 10, 70, 70), 1000.0, True),
        (Box(10, 10, 69, 80), 1000.0, False),
        (Box(10, 10, 80, 69), 1000.0, False),
        (Box(10, 10, 80, 80), 2100.0, True),
        (Box(10, 10, 80, 80), 2250.0, False),  # 0.35 of 79 x 79
    ],
)
def test_a_thin_rectangle_around_most_of_the_page_is_a_frame(
    box: Box, area: float, expected: bool
) -> None:
    assert is_frame(outline(box.x, box.y, box.width, box.height), area, box, (100, 100)) is expected


def test_a_large_ring_is_no_frame() -> None:
    angles = np.linspace(0, 2 * np.pi, 60)
    around = np.stack([50 + 42 * np.cos(angles), 50 + 42 * np.sin(angles)], 1).astype(np.float32)
    assert not is_frame(around, 500.0, Box(8, 8, 85, 85), (100, 100))


def full(height: int, width: int) -> Grey:
    return np.ones((height, width), np.uint8)


@pytest.mark.parametrize(
    ("blob", "expected"),
    [
        (full(10, 18), True),  # a dash
        (full(10, 17), False),
        (full(17, 10), False),
        (full(18, 10), False),  # a short 1
        (full(10, 13), True),  # a dot
        (full(13, 10), True),
        (full(14, 10), False),
        (full(30, 30), True),
        (full(1, 1), True),
        (np.eye(12, 40, dtype=np.uint8), False),
        (np.eye(30, dtype=np.uint8), False),
    ],
)
def test_dots_are_short_and_dashes_are_low_and_wide(blob: Grey, expected: bool) -> None:
    assert is_dot(blob) is expected


@pytest.mark.parametrize(("rows", "expected"), [(12, True), (11, False)])
def test_a_dash_is_full_for_three_fifths(rows: int, expected: bool) -> None:
    blob = np.zeros((20, 60), np.uint8)
    blob[:rows] = 1
    blob[19, 0] = 1
    assert is_dot(blob) is expected

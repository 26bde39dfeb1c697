from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.page.blob_shapes import is_dot
from inkread.core.picture.page import Page
from inkread.core.reading import Grey
from inkread.core.recognition.recognise import read_ink, read_page
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

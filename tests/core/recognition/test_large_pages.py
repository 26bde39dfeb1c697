from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.ink import rasterise_page
from inkread.core.picture.page import Page
from inkread.core.reading import Glyph, Guess, Reading
from inkread.core.recognition.large_pages import half_sizes, is_large, is_small
from inkread.core.recognition.read_page import read_page
from inkread.core.segmentation.text_lines import BoxLayout
from tests.core.templates import Templates
from tests.written import write

SHAPE = (2201, 2801)


def page(height: float, shape: tuple[int, int] = SHAPE, scale: float = 1.0) -> Page:
    """Two lines of digits so high on white paper."""
    ink = write("31\n4", height=height, width=height / 12, at=(200, 200))
    grey = np.full(shape, 255, np.uint8)
    drawn = rasterise_page(ink)
    grey[300 : 300 + drawn.shape[0], 500 : 500 + drawn.shape[1]] = drawn
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, scale)


def read(page: Page) -> Reading:
    return read_page(page, Templates())


def is_half(reading: Reading) -> bool:
    """Whether it was read at half its size."""
    assert reading.seen is not None
    return reading.seen.half_size


def test_a_page_of_usual_size_is_read_as_it_is() -> None:
    reading = read(page(90, (800, 900)))
    assert reading.text == "31\n4"
    assert not is_half(reading)


def test_large_writing_on_a_large_page_is_read_at_half_its_size() -> None:
    reading = read(page(300))
    assert reading.text == "31\n4"
    assert is_half(reading)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_boxes_are_those_of_the_file(scale: float) -> None:
    large = page(300, scale=scale)
    usual = Page(large.colour[:2000], large.grey[:2000], scale)
    found, known = (read_page(p, Templates()).glyphs for p in (large, usual))
    assert len(found) == len(known) == 3
    for a, b in zip(found, known, strict=True):
        for side in ("x", "y", "width", "height"):
            assert getattr(a.box, side) == pytest.approx(getattr(b.box, side), abs=6 / scale)


def test_small_writing_on_a_large_page_is_read_as_it_is() -> None:
    reading = read(page(70))
    assert reading.text == "31\n4"
    assert not is_half(reading)


def test_a_page_with_some_small_writing_is_read_as_it_is() -> None:
    mixed = page(120)
    grey = mixed.grey.copy()
    small = rasterise_page(write("58", height=84, width=7), margin=0)
    grey[1800 : 1800 + small.shape[0], 1500 : 1500 + small.shape[1]] = small
    reading = read(Page(mixed.colour, grey))
    assert reading.text.split("\n")[-1] == "58"
    assert not is_half(reading)


def test_the_network_is_not_asked_about_small_writing_at_half_its_size() -> None:
    large, once, twice = page(70), Templates(), Templates()
    usual = Page(large.colour[:2000], large.grey[:2000])
    assert read_page(usual, once).text == read_page(large, twice).text == "31\n4"
    assert once.batches == twice.batches


def test_a_large_page_with_nothing_on_it_is_looked_at_closely() -> None:
    grey = np.full(SHAPE, 255, np.uint8)
    reading = read(Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey))
    assert reading.is_empty
    assert not is_half(reading)


@pytest.mark.parametrize(("heights", "large"), [((48, 48), True), ((47, 47), False), ((), False)])
def test_digits_of_a_page_at_half_its_size_must_be_high_enough(
    heights: tuple[int, ...], large: bool
) -> None:
    reading = of_heights(*(2 * height for height in heights))
    assert is_large(reading, 0.5) is large


def test_a_quarter_of_the_digits_may_be_lower_and_marks_do_not_count() -> None:
    assert is_large(of_heights(40, 50, 50, 50, 50), 1)
    assert not is_large(of_heights(40, 40, 50, 50), 1)
    marks = tuple(replace(glyph, is_mark=True) for glyph in of_heights(5, 5, 5).glyphs)
    assert is_large(Reading(of_heights(50).glyphs + marks), 1)


def of_heights(*heights: float) -> Reading:
    cell = np.zeros((28, 28), np.float32)
    return Reading(tuple(Glyph(Box(0, 0, 30, h), 0, (Guess("1", 1.0),), cell, ()) for h in heights))


def test_primitives_are_small_by_their_typical_height() -> None:
    assert is_small(BoxLayout.of([Box(0, 0, 30, 47), Box(40, 0, 30, 47)]))
    assert not is_small(BoxLayout.of([Box(0, 0, 30, 48), Box(40, 0, 30, 48)]))
    assert not is_small(BoxLayout.of([]))


def test_only_large_pages_are_tried_at_half_their_size() -> None:
    grey = np.zeros((2000, 3000), np.uint8)
    assert half_sizes(Page(grey, grey)) == (True, False)
    assert half_sizes(Page(grey, grey[:-1])) == (False,)

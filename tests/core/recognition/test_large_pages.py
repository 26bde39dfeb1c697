from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.picture.page import Page
from inkread.core.reading import Reading
from inkread.core.recognition.large_pages import SmallWriting, halved, read_halved
from inkread.core.recognition.recognise import read_page
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


class Read:
    """Reads a page, and remembers which."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.least: list[float] = []

    def __call__(self, page: Page, least: float) -> Reading:
        self.pages.append(page)
        self.least.append(least)
        return read_page(page, Templates())


def test_a_page_of_usual_size_is_read_as_it_is() -> None:
    read, usual = Read(), page(90, (800, 900))
    assert read_halved(usual, read).text == "31\n4"
    assert (read.pages, read.least) == ([usual], [0])


def test_large_writing_on_a_large_page_is_read_at_half_its_size() -> None:
    read, large = Read(), page(300)
    reading = read_halved(large, read)
    assert [seen.grey.shape for seen in read.pages] == [(1100, 1400)]
    assert read.least[0] > 40
    assert reading.text == "31\n4"


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
    read, large = Read(), page(70)
    assert read_halved(large, read).text == "31\n4"
    assert read.pages[-1] is large
    assert read.least[-1] == 0


def test_the_network_is_not_asked_about_small_writing_at_half_its_size() -> None:
    large, once, twice = page(70), Templates(), Templates()
    usual = Page(large.colour[:2000], large.grey[:2000])
    assert read_page(usual, once).text == read_page(large, twice).text == "31\n4"
    assert once.batches == twice.batches


def test_a_large_page_with_nothing_on_it_is_looked_at_closely() -> None:
    read, grey = Read(), np.full(SHAPE, 255, np.uint8)
    blank = Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey)
    assert read_halved(blank, read).is_empty
    assert read.pages[-1] is blank


def test_half_a_page_is_the_mean_of_four_pixels_each() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (7, 9), dtype=np.uint8)
    half = halved(Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, 0.8))
    assert half.grey.shape == (3, 4)
    assert half.scale == pytest.approx(0.4)
    mean = grey[:6, :8].reshape(3, 2, 4, 2).mean(axis=(1, 3))
    assert np.abs(half.grey - mean).max() <= 0.5


def test_a_page_too_small_to_be_read_at_half_its_size_is_read_once_as_it_is() -> None:
    large, seen = page(70), list[Page]()

    def read(page: Page, least: float) -> Reading:
        seen.append(page)
        if least:
            raise SmallWriting
        return read_page(page, Templates())

    assert read_halved(large, read).text == "31\n4"
    assert len(seen) == 2
    assert seen[-1] is large

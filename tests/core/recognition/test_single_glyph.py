from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.picture.page import Page
from inkread.core.reading import Cells, Grey
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.core.recognition.single_glyph import cell_of_ink, cell_of_page
from tests.written import write


class Blind:
    """A classifier that is equally sure of everything."""

    labels = ("a", "b")
    rejection_threshold = None
    is_calibrated = False

    def probabilities(self, cells: Cells) -> Cells:
        return np.full((len(cells), 2), 0.5, np.float32)


def page(grey: Grey) -> Page:
    return Page(np.dstack([grey] * 3), grey)


@pytest.mark.parametrize("text", "0123456789")
def test_the_cells_are_those_of_reading(text: str) -> None:
    ink = write(text)
    picture = page(rasterise_page(ink))
    (drawn,), (shown,) = read_ink(ink, Blind()).glyphs, read_page(picture, Blind()).glyphs
    of_ink, of_page = cell_of_ink(ink), cell_of_page(picture)
    assert of_ink is not None
    assert of_page is not None
    np.testing.assert_array_equal(of_ink, np.rint(drawn.cell * 255))
    np.testing.assert_array_equal(of_page, np.rint(shown.cell * 255))


def test_separate_parts_stay_one_glyph() -> None:
    left, right = write("1"), write("1", at=(90, 0))
    both = Ink((*left.strokes, *right.strokes))
    cell, picture = cell_of_ink(both), cell_of_page(page(rasterise_page(both)))
    assert cell is not None
    assert picture is not None
    for found in (cell, picture):
        assert (found[14, :10] > 128).any()
        assert (found[14, 18:] > 128).any()


def test_specks_are_left_out() -> None:
    grey = rasterise_page(write("7"), margin=60)
    clean = cell_of_page(page(grey))
    dirty = grey.copy()
    dirty[4:14, 4:14] = 0
    assert clean is not None
    np.testing.assert_array_equal(cell_of_page(page(dirty)), clean)


def test_light_on_dark_is_the_same() -> None:
    grey = rasterise_page(write("3"))
    np.testing.assert_array_equal(cell_of_page(page(255 - grey)), cell_of_page(page(grey)))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_page_has_no_cell(level: int) -> None:
    assert cell_of_page(page(np.full((40, 40), level, np.uint8))) is None


@pytest.mark.parametrize("ink", [Ink(), Ink((Stroke.of([(5, 5)]),))])
def test_no_ink_and_a_slip_of_the_pen_have_no_cell(ink: Ink) -> None:
    assert cell_of_ink(ink) is None

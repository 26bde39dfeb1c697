"""From ink, pictures, cells and read glyphs to samples."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.errors import SampleBlank, SampleTooLarge
from inkread.core.ink import Ink, Stroke
from inkread.core.picture.page import page_of
from inkread.core.reading import Grey
from inkread.core.recognition.single_glyph import cell_of_ink, cell_of_page
from inkread.data.samples.limits import MAX_INK_BYTES, MAX_PICTURE_BYTES
from inkread.data.samples.sample import (
    Kind,
    Origin,
    Sample,
    sample_from_cell,
    sample_from_ink,
    sample_from_page,
)
from tests.data.stores import cell, decoded, picture
from tests.written import write

BLANK = np.full((40, 40), 255, np.uint8)


class TestTexts:
    def test_all_texts_of_a_sample_are_utf_8(self) -> None:
        made = Sample(label="1", cell=cell(), source="\udcff.png", model="\udcff", guess="\udcff")
        for text in (made.source, made.model, made.guess or ""):
            assert text.encode()


class TestCells:
    def test_a_cell_is_guarded_and_ones_own(self) -> None:
        array = cell()
        made = Sample(label="1", cell=array)
        array[:] = 0
        assert made.cell.any()
        with pytest.raises(ValueError, match="read-only"):
            made.cell[0, 0] = 1

    @pytest.mark.parametrize("array", [np.zeros((28, 27), np.uint8), np.zeros((28, 28))])
    def test_what_is_no_cell_is_refused(self, array: Grey) -> None:
        with pytest.raises(ValueError, match="a cell of shape"):
            Sample(label="1", cell=array)

    def test_ink_or_a_picture_without_end_is_refused(self) -> None:
        points = np.zeros((MAX_INK_BYTES // 8, 2), np.float32)
        with pytest.raises(SampleTooLarge, match="more than 8 MB"):
            Sample(label="1", cell=cell(), ink=Ink((Stroke.of(points),)))
        with pytest.raises(SampleTooLarge, match="more than 4 MB"):
            Sample(label="1", cell=cell(), picture=bytes(MAX_PICTURE_BYTES + 1))

    def test_a_probability_is_one(self) -> None:
        with pytest.raises(ValueError, match="probability"):
            Sample(label="1", cell=cell(), probability=1.5)

    def test_of_28_pixels_it_stays(self) -> None:
        made = sample_from_cell("1", cell(), "x.npz")
        np.testing.assert_array_equal(made.cell, cell())
        assert (made.kind, made.source) == (Kind.PAGE, "x.npz")

    def test_of_another_size_it_is_fitted(self) -> None:
        small = np.zeros((8, 8), np.uint8)
        small[1:7, 3:5] = 200
        made = sample_from_cell("1", small, "x.npz")
        rows, columns = np.nonzero(made.cell > 60)
        assert np.ptp(rows) + 1 == pytest.approx(20, abs=2)
        assert made.cell.max() == 255
        assert abs(rows.mean() - 13.5) < 1
        assert abs(columns.mean() - 13.5) < 1

    def test_a_blank_one_is_none(self) -> None:
        with pytest.raises(SampleBlank, match=r"x\.npz: nothing is written there"):
            sample_from_cell("1", np.zeros((28, 28), np.uint8), "x.npz")


def test_a_drawing_goes_the_way_of_reading() -> None:
    made = sample_from_ink("3", write("3"))
    np.testing.assert_array_equal(made.cell, cell_of_ink(write("3")))
    assert (made.label, made.kind, made.origin) == ("3", Kind.INK, Origin.TAUGHT)
    assert made.picture is None


def test_a_picture_goes_the_way_of_reading() -> None:
    made = sample_from_page("3", picture("3"), "a.png")
    np.testing.assert_array_equal(made.cell, cell_of_page(picture("3")))
    assert made.kind is Kind.PAGE
    crop = decoded(made.picture)
    whole = picture("3").grey
    assert crop.shape < whole.shape
    assert crop.min() < 50 < 200 < crop[0, 0]  # dark on light, as it was


def test_the_crop_of_a_large_picture_is_reduced() -> None:
    grey = picture("8").grey
    large = page_of(grey.repeat(9, axis=0).repeat(9, axis=1), "a.png")
    assert max(decoded(sample_from_page("8", large, "a.png").picture).shape) == 256


def test_where_nothing_is_written_there_is_no_sample() -> None:
    with pytest.raises(SampleBlank):
        sample_from_ink("1", Ink())
    with pytest.raises(SampleBlank):
        sample_from_page("1", page_of(BLANK, "a.png"), "a.png")

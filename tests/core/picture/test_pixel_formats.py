"""Pixels of every depth and mode become 8 bit samples."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from inkread.core.picture.page import open_page
from tests.core.pictures import FIGURE, encoded


class TestDepth:
    @pytest.mark.parametrize(("bits", "shift"), [(16, 257), (12, 16), (10, 4)])
    def test_the_bits_in_use_are_spread(self, bits: int, shift: int) -> None:
        levels = np.arange(256, dtype=np.uint16).reshape(16, 16) * np.uint16(shift)
        page = open_page(encoded(Image.fromarray(levels), "PNG"), "a")
        expected = levels.astype(np.float64) * 255 / (2**bits - 1)
        assert np.abs(page.grey - expected).max() <= 0.5 + 1e-6

    def test_signed_samples_go_from_black_to_white(self) -> None:
        values = np.array([[-30, -10, 10]], np.int32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert page.grey.tolist() == [[0, 128, 255]]

    def test_floats_may_be_anything(self) -> None:
        values = np.array([[np.nan, np.inf, -np.inf, 0, 0.5, 1]], np.float32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert page.grey.tolist() == [[0, 255, 0, 0, 128, 255]]

    @pytest.mark.parametrize("value", [np.nan, 0, -3e38, 3e38, 1e-40])
    def test_one_value_everywhere(self, value: float) -> None:
        values = np.full((3, 4), value, np.float32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert len(np.unique(page.grey)) == 1

    def test_the_whole_range_of_floats(self) -> None:
        values = np.array([[-3.4e38, 3.4e38]], np.float32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert page.grey.tolist() == [[0, 255]]

    def test_a_transparent_level_of_sixteen_bits(self) -> None:
        deep = np.where(FIGURE < 128, 300, 65535).astype(np.uint16)
        data = encoded(Image.fromarray(deep), "PNG", transparency=65535)
        assert ((open_page(data, "a").grey < 128) == (FIGURE < 128)).all()

"""Transparent pictures are shown on a background that their ink stands out from."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from inkread.core.picture.page import open_page
from inkread.core.picture.transparency import background_level, flatten
from tests.core.pictures import FIGURE, dark_on_clear, encoded


class TestTransparency:
    def test_paper_is_what_pillow_lays_below(self) -> None:
        clear = dark_on_clear(FIGURE, 60)
        below = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
        page = open_page(encoded(clear, "PNG"), "a")
        assert cv2.absdiff(page.colour, np.asarray(below.convert("RGB"))).max() <= 1

    @pytest.mark.parametrize(
        ("ink", "paper"),
        [
            ((0, 0, 0), 255),
            ((200, 0, 0), 255),
            ((0, 0, 255), 255),
            ((255, 255, 255), 0),
            ((255, 230, 0), 0),
            ((170, 170, 170), 0),
        ],
    )
    def test_the_paper_differs_from_the_ink(self, ink: tuple[int, int, int], paper: int) -> None:
        rgba = np.dstack([*(np.full_like(FIGURE, level) for level in ink), 255 - FIGURE])
        page = open_page(encoded(Image.fromarray(rgba), "PNG"), "a")
        assert page.grey[0, 0] == paper

    def test_colours_that_cannot_be_seen_do_not_count(self) -> None:
        rgba = np.full((50, 50, 4), (255, 255, 255, 0), np.uint8)
        rgba[20:30, 20:30] = (0, 0, 0, 255)
        assert open_page(encoded(Image.fromarray(rgba), "PNG"), "a").grey[0, 0] == 255

    def test_nothing_to_be_seen_is_a_blank_page(self) -> None:
        page = open_page(encoded(Image.new("RGBA", (9, 7), (0, 0, 0, 0)), "PNG"), "a")
        assert (page.colour == 255).all()

    def test_ink_that_fills_its_frame_still_stands_out(self) -> None:
        rgba = np.zeros((100, 20, 4), np.uint8)
        rgba[3:97, 2:18, 3] = 255
        page = open_page(encoded(Image.fromarray(rgba), "PNG"), "a")
        assert (page.grey[0, 0], page.grey[50, 10]) == (255, 0)

    @pytest.mark.parametrize("paper", [245, 30])
    def test_a_page_with_round_corners_keeps_its_paper(self, paper: int) -> None:
        rgba = np.full((200, 200, 4), (paper, paper, paper, 255), np.uint8)
        rgba[90:110, 50:150, :3] = 255 - paper
        rgba[:5, :5, 3] = 0
        page = open_page(encoded(Image.fromarray(rgba), "PNG"), "a")
        assert page.grey[0, 0] == paper


@pytest.mark.parametrize("ink", [0, 255])
def test_every_grey_and_alpha_is_mixed_to_the_nearest_level(ink: int) -> None:
    grey, alpha = (v.astype(np.uint8) for v in np.indices((256, 256)))
    page = np.full((600, 256, 4), ink, np.uint8)  # its ink decides about the background
    page[:256] = np.stack([grey, grey, grey, alpha], axis=-1)
    background = background_level(page)
    wanted = np.rint((grey * 1.0 * alpha + background * (255.0 - alpha)) / 255)
    assert np.array_equal(flatten(page)[:256, :, 0], wanted)

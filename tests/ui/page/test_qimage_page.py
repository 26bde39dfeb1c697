"""A picture on the clipboard is no file: its pixels are taken as they are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QGuiApplication, QImage

from inkread.core.errors import PictureEmpty, PictureTooLarge
from inkread.core.picture.page import WORKING_PIXELS
from inkread.ui.page.qimage_page import page_of_image
from tests.ui.window_driver import Window

Format = QImage.Format


def coloured(width: int, height: int) -> tuple[QImage, NDArray[np.uint8]]:
    """An opaque picture, and what its pixels are."""
    rgb = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    image = QImage(width, height, Format.Format_RGB32)
    for y in range(height):
        for x in range(width):
            image.setPixelColor(x, y, QColor(*rgb[y, x].tolist()))
    return image, rgb


def test_an_opaque_picture_keeps_every_pixel() -> None:
    image, rgb = coloured(7, 5)
    page = page_of_image(image, "clip")
    np.testing.assert_array_equal(page.colour, rgb)
    assert page.scale == 1.0
    assert not page.colour.flags.writeable and not page.grey.flags.writeable


@pytest.mark.parametrize("kind", [Format.Format_RGB888, Format.Format_BGR888])
def test_rows_that_are_padded_come_out_straight(kind: QImage.Format) -> None:
    image, rgb = coloured(5, 4)
    np.testing.assert_array_equal(page_of_image(image.convertToFormat(kind), "clip").colour, rgb)


def test_a_bitmap_is_black_and_white() -> None:
    image = QImage(9, 2, Format.Format_Mono)
    image.fill(0)
    image.setPixel(8, 1, 1)
    expected = np.zeros((2, 9), np.uint8)
    expected[1, 8] = 255
    np.testing.assert_array_equal(page_of_image(image, "clip").grey, expected)


@pytest.mark.parametrize(
    "kind", [Format.Format_ARGB32, Format.Format_ARGB32_Premultiplied, Format.Format_RGBA8888]
)
def test_what_is_transparent_is_laid_on_paper(kind: QImage.Format) -> None:
    image = QImage(20, 10, kind)
    image.fill(QColor(0, 0, 0, 0))
    image.setPixelColor(3, 4, QColor(0, 0, 0, 255))
    grey = page_of_image(image, "clip").grey
    assert grey[4, 3] == 0
    assert (grey == 255).sum() == grey.size - 1


def test_a_large_picture_is_reduced_and_says_by_how_much() -> None:
    image = QImage(8000, 4000, Format.Format_Mono)
    image.fill(1)
    page = page_of_image(image, "clip")
    assert page.grey.size == pytest.approx(WORKING_PIXELS, rel=0.01)
    assert page.scale == pytest.approx(page.grey.shape[1] / 8000)
    assert (page.grey == 255).all()


def test_it_is_refused_by_its_size_before_a_pixel_is_touched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def touched(_: QImage) -> NDArray[np.uint8]:
        raise AssertionError("its pixels were converted")

    monkeypatch.setattr("inkread.ui.page.qimage_page._pixels", touched)
    with pytest.raises(PictureTooLarge, match=r"^clip: .* 9000 x 9000 .* 64 million"):
        page_of_image(QImage(9000, 9000, Format.Format_Mono), "clip")
    with pytest.raises(PictureEmpty):
        page_of_image(QImage(), "clip")


def test_a_pasted_picture_of_81_megapixels_is_refused_as_a_file_is(window: Window) -> None:
    image = QImage(9000, 9000, Format.Format_Mono)
    image.fill(1)
    QGuiApplication.clipboard().setImage(image)
    window.commands.paste.trigger()
    assert window.wait_for_message() == (
        "The clipboard: the picture claims 9000 x 9000 pixels, more than the limit of 64 million; "
        "make it smaller first."
    )
    QGuiApplication.clipboard().clear()

"""Pictures that Qt holds, such as those on the clipboard, as pages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from inkread.core.picture.page import Page, check_size, page_of

_STRIP_PIXELS = 1 << 18


def page_of_image(image: QImage, name: str) -> Page:
    """The page of an image; for workers. Errors use `name`.

    Raises
    ------
    PictureEmpty, PictureTooLarge
        By its size, before a pixel of it is touched.
    """
    check_size(image.width(), image.height(), name)
    return page_of(_pixels(image), name)


def _pixels(image: QImage) -> NDArray[np.uint8]:
    """(h, w, 4) RGBA, or (h, w, 3) RGB if nothing is transparent.

    Strip by strip: Qt converts without letting Python, and so the window, go on.
    """
    formats = QImage.Format
    has_alpha = image.hasAlphaChannel()
    wanted = formats.Format_RGBA8888 if has_alpha else formats.Format_RGBX8888
    width, height = image.width(), image.height()
    pixels = np.empty((height, width, 4 if has_alpha else 3), np.uint8)
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        strip = image.copy(0, top, width, min(rows, height - top)).convertToFormat(wanted)
        samples = np.frombuffer(strip.constBits(), np.uint8).reshape(-1, width, 4)
        pixels[top : top + rows] = samples[:, :, : pixels.shape[2]]
    return pixels

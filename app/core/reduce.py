"""Large pages reduced quickly."""

from __future__ import annotations

import cv2
import numpy as np

from app.core.reading import Grey


def reduced(grey: Grey, size: tuple[int, int]) -> Grey:
    """A page averaged down, first by halves: of 12 megapixels that takes a tenth of the time.

    Parameters
    ----------
    grey : (h, w) array of uint8
        A last odd row or column may be left out.
    size : (int, int)
        Width and height wanted, px; at most those of the page.
    """
    while grey.shape[1] >= 4 * size[0] and grey.shape[0] >= 4 * size[1]:
        width, height = grey.shape[1] // 2, grey.shape[0] // 2
        even = grey[: 2 * height, : 2 * width]
        grey = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)

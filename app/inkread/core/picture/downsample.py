"""Fast reduction of large pages."""

from __future__ import annotations

import cv2
import numpy as np

from inkread.core.reading import Grey

#: Pages with at least this side lose a few px at their ends, px; chosen: 7 of 1000 are the margin.
_LARGE = 1000


def fitted(grey: Grey, side: int) -> Grey:
    """A page reduced so that its longer side is `side` px; the page itself if it is smaller."""
    scale = side / max(grey.shape)
    if scale >= 1:
        return grey
    return reduced(
        grey, (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    )


def reduced(grey: Grey, size: tuple[int, int]) -> Grey:
    """A page averaged down, first by halves, which takes a tenth of the time for 12 megapixels.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Of large pages up to 7 rows and columns at the end are dropped, so that they halve evenly.
    size : (int, int)
        Width and height of the result, px; at most those of the page.
    """
    height, width = grey.shape
    if width >= _LARGE and height >= _LARGE:
        grey = grey[: height // 8 * 8, : width // 8 * 8]
    while _is_even(grey) and grey.shape[1] >= 4 * size[0] and grey.shape[0] >= 4 * size[1]:
        half = grey.shape[1] // 2, grey.shape[0] // 2
        grey = np.asarray(cv2.resize(grey, half, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def half_of(grey: Grey) -> Grey:
    """A page at half its size, without an odd last row or column."""
    rows, columns = (side // 2 for side in grey.shape)
    even = grey[: 2 * rows, : 2 * columns]
    return np.asarray(cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _is_even(grey: Grey) -> bool:
    return all(side % 2 == 0 for side in grey.shape)

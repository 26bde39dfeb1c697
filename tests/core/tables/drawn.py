"""Grids of straight lines on plain paper, for the tests of their finding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def drawn_grid(
    x: list[int], y: list[int], shape: tuple[int, int] = (300, 400), width: int = 2
) -> Picture:
    """Lines at some x and y, from the first to the last of them."""
    page = np.full(shape, 230, np.uint8)
    for at in x:
        page[y[0] : y[-1] + width, at : at + width] = 40
    for at in y:
        page[at : at + width, x[0] : x[-1] + width] = 40
    return page

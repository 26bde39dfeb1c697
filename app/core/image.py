"""Bytes of a picture file -> page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.reading import Grey


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A decoded picture, upright and opaque.

    Attributes
    ----------
    colour : (h, w, 3) array of uint8, RGB, read-only
        For show.
    grey : (h, w) array of uint8, read-only
        What is read. Not yet inverted: dark on light or light on dark.
    scale : float
        Page px for one px of the (upright) file; below 1 if a large file was reduced.
    """

    colour: NDArray[np.uint8]
    grey: Grey
    scale: float = 1.0


def open_page(data: bytes, name: str) -> Page:
    """Decode the bytes of a picture file; `name` is what error sentences call it."""
    raise NotImplementedError

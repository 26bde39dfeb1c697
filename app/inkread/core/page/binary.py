"""A page told apart into ink and background."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """A page told apart into ink and background.

    Attributes
    ----------
    mask : (h, w) array of uint8
        255 where there is ink, else 0.
    soft : (h, w) array of uint8
        Contrast of the ink, 0 (background) to 255, illumination evened out; the mask with its
        soft edges.
    light_on_dark : bool
        Whether the ink was brighter than its background.
    """

    mask: Grey
    soft: Grey
    light_on_dark: bool

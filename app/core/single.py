"""Pictures and drawings that show one glyph: the cells that training learns from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core import segment
from app.core.ink import Ink
from app.core.parts import InkParts, PageParts, Parts
from app.core.reading import Grey

if TYPE_CHECKING:
    from app.core.image import Page


def cell_of_page(page: Page) -> Grey | None:
    """The cell of a picture that shows one glyph, by the way that reading goes.

    Parameters
    ----------
    page : Page
        As decoded; dark on light or light on dark.

    Returns
    -------
    (28, 28) array of uint8 or None
        0 (paper) to 255 (ink), specks left out; None if nothing is written.
    """
    return _cell(PageParts.of(page))


def cell_of_ink(ink: Ink) -> Grey | None:
    """The cell of a drawing of one glyph; as `cell_of_page`."""
    return _cell(InkParts.of(ink))


def _cell(parts: Parts) -> Grey | None:
    if not parts.boxes:
        return None
    groups = segment.group_sure(parts.boxes, parts.distance, parts.dots)
    if not groups:
        return None
    _, stages = parts.cell([part for group in groups for part in group])
    return stages[-1].image

"""Pictures and drawings that show one glyph: the cells that training learns from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkread.core.ink import Ink
from inkread.core.page.pipeline import clean
from inkread.core.reading import Grey, Stage
from inkread.core.segmentation.grouping import group_sure
from inkread.core.segmentation.ink_primitives import InkPrimitives
from inkread.core.segmentation.page_primitives import PagePrimitives
from inkread.core.segmentation.primitives import Primitives

if TYPE_CHECKING:
    from inkread.core.picture.page import Page


def cell_of_page(page: Page) -> Grey | None:
    """The cell of a picture that shows one glyph, made as when it is read.

    Parameters
    ----------
    page : Page
        As decoded; dark on light or light on dark.

    Returns
    -------
    (28, 28) array of uint8 or None
        0 (background) to 255 (ink), specks left out; None if nothing is written.
    """
    return _last(stages_of_page(page))


def cell_of_ink(ink: Ink) -> Grey | None:
    """The cell of a drawing of one glyph; as `cell_of_page`."""
    return _last(stages_of_ink(ink))


def stages_of_page(page: Page) -> tuple[Stage, ...]:
    """How the cell of such a picture comes about, the cell last; empty if nothing is written."""
    return _stages(PagePrimitives.of(clean(page, rectify=False)))


def stages_of_ink(ink: Ink) -> tuple[Stage, ...]:
    """How the cell of a drawing of one glyph comes about; as `stages_of_page`."""
    return _stages(InkPrimitives.of(ink))


def _last(stages: tuple[Stage, ...]) -> Grey | None:
    return stages[-1].image if stages else None


def _stages(primitives: Primitives) -> tuple[Stage, ...]:
    if not primitives.layout.boxes:
        return ()
    groups = group_sure(primitives.layout, primitives.distance, primitives.dots)
    if not groups:
        return ()
    _, stages = primitives.cell([i for group in groups for i in group.members])
    return stages

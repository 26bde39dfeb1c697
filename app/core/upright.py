"""Brings a page into the position in which it is read, and its reading back to the file."""

from __future__ import annotations

from collections.abc import Callable

from app.core.image import Page
from app.core.reading import Reading
from app.core.sheet import flattened


def read_upright(page: Page, read: Callable[[Page], Reading]) -> Reading:
    """Read the sheet that a page shows, or all of the page if no sheet is seen.

    Parameters
    ----------
    page : Page
        As decoded.
    read : callable
        Reads a page; boxes in px of it.

    Returns
    -------
    Reading
        Boxes in px of the page's file.
    """
    view = flattened(page)
    reading = view.back_in_file(read(view.page))
    if reading.is_empty and view.back is not None:
        return read(page)  # an empty rectangle; what is written stands around it
    return reading

"""Brings a page into the position in which it is read, and its reading back to the file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inkread.core.page.rectified import View, flattened
from inkread.core.picture.page import Page
from inkread.core.reading import Reading

#: A page is turned for no fewer glyphs than these; one of more is not tried.
_LEAST_GLYPHS = 3
_MOST_GLYPHS = 60
#: A page must not lose more of its glyphs by turning: digits on their side run together, rather.
_KEPT = 0.5
#: Glyphs of a page that stands upright are read with more than this probability, on average.
_DOUBTFUL = 0.9
#: A turned page is read with at least this probability, and so much more than the one as it was.
_SURE = 0.93
_SURER = 0.1


def read_upright(page: Page, read: Callable[[Page], Reading]) -> Reading:
    """Read the sheet that a page shows, or all of the page if no sheet is seen.

    What reads badly is tried turned by quarters, and taken so if it then reads well.

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
    reading = read(view.page)
    if reading.is_empty and view.back is not None:
        view = View(page)  # an empty rectangle; what is written stands around it
        reading = read(page)
    if 0 < len(reading.glyphs) <= _MOST_GLYPHS and sureness(reading) < _DOUBTFUL:
        view, reading = _best_turn(view, reading, read)
    return view.back_in_file(reading)


def sureness(reading: Reading) -> float:
    """Mean probability of the glyphs, 0 to 1."""
    return float(np.mean([glyph.probability for glyph in reading.glyphs] or [0.0]))


def _best_turn(
    view: View, reading: Reading, read: Callable[[Page], Reading]
) -> tuple[View, Reading]:
    """The view that reads best, turned or not; turned only where that is plain."""
    turned = [view.turned(quarters) for quarters in (1, 2, 3)]
    readings = [read(other.page) for other in turned]
    least = max(_LEAST_GLYPHS, _KEPT * len(reading.glyphs))
    found = [sureness(r) if len(r.glyphs) >= least else 0.0 for r in readings]
    best = int(np.argmax(found))
    if found[best] < max(_SURE, sureness(reading) + _SURER):
        return view, reading
    return turned[best], readings[best]

"""Opened ink onto the canvas."""

from __future__ import annotations

import numpy as np

from inkread.core.ink import Ink, Stroke

_MARGIN = 24.0
#: Largest coordinate that can be drawn, px. *Chosen*: X11 has no larger windows, and beside one a
#: pen is followed as far.
_MAX_DRAWN = 32_767


def can_be_drawn(ink: Ink) -> bool:
    """Whether the ink lies where a canvas may have been."""
    if ink.is_empty:
        return True
    box = ink.bounds
    return max(-box.x, -box.y, box.right, box.bottom) <= _MAX_DRAWN


def fitted(ink: Ink, width: float, height: float) -> Ink:
    """The same ink if a canvas of that size shows it all; else moved, and reduced if need be.

    The pens are reduced with it: a wide one would hide what it has written.
    """
    if ink.is_empty:
        return ink
    box = ink.bounds
    if box.x >= 0 and box.y >= 0 and box.right <= width and box.bottom <= height:
        return ink
    room = max(1.0, width - 2 * _MARGIN), max(1.0, height - 2 * _MARGIN)
    scale = min(1.0, room[0] / max(box.width, 1.0), room[1] / max(box.height, 1.0))
    centre = np.array(box.centre, np.float32)
    middle = np.array([width / 2, height / 2], np.float32)

    def moved(stroke: Stroke) -> Stroke:
        points = (stroke.points - centre) * np.float32(scale) + middle
        return Stroke.of(points, stroke.width * scale, stroke.pressures)

    return Ink(tuple(moved(stroke) for stroke in ink.strokes))

"""What happens to the ink between pen down and pen up."""

from __future__ import annotations

from array import array
from typing import Protocol

import numpy as np

from app.core.hit_test import strokes_touched
from app.core.ink import Ink, Stroke
from app.ui.pen_input import PenPoint

ERASER_RADIUS = 7.0


class Gesture(Protocol):
    """One movement of the pen, from down to up."""

    @property
    def before(self) -> Ink: ...

    @property
    def ink(self) -> Ink:
        """The ink as it would be if the pen went up now."""
        ...

    def extend(self, point: PenPoint) -> bool:
        """Follow the pen; whether anything changed."""
        ...


class DrawGesture:
    """Adds one stroke, which keeps every point as the device told it."""

    def __init__(self, before: Ink, width: float, start: PenPoint) -> None:
        self.before = before
        self._width = width
        self._xy = array("f", (start.x, start.y))
        self._pressures = None if start.pressure is None else array("f", (start.pressure,))
        self.stroke = self._build()

    @property
    def ink(self) -> Ink:
        return self.before.with_stroke(self.stroke)

    def extend(self, point: PenPoint) -> bool:
        new = array("f", (point.x, point.y))
        if new == self._xy[-2:]:
            return False
        self._xy.extend(new)
        if self._pressures is not None:
            last = self._pressures[-1]
            self._pressures.append(last if point.pressure is None else point.pressure)
        self.stroke = self._build()
        return True

    def _build(self) -> Stroke:
        xy = np.array(self._xy, dtype=np.float32).reshape(-1, 2)
        return Stroke.of(xy, self._width, self._pressures)


class EraseGesture:
    """Takes away every whole stroke that it touches."""

    def __init__(self, before: Ink, start: PenPoint) -> None:
        self.before = before
        self.ink = before
        self._last = (start.x, start.y)

    def extend(self, point: PenPoint) -> bool:
        here = (point.x, point.y)
        touched = strokes_touched(self.ink, self._last, here, ERASER_RADIUS)
        self._last = here
        if touched:
            self.ink = self.ink.without(touched)
        return bool(touched)

"""Drawing and erasing between pen down and pen up."""

from __future__ import annotations

from array import array

import numpy as np

from inkread.core.ink import Ink, Stroke
from inkread.core.ink_hit_testing import strokes_touched
from inkread.ui.canvas.pen_input import PenPoint

ERASER_RADIUS = 7.0
Place = tuple[float, float]
Size = tuple[float, float]


class DrawGesture:
    """Adds a stroke where the pen is on the canvas, every point as the device reported it.

    Off the canvas nothing is drawn, as it would not be seen; a pen that comes back begins
    another stroke where it crosses the edge.
    """

    def __init__(self, before: Ink, width: float, start: PenPoint, canvas: Size) -> None:
        self.before = before
        self.settled = before
        self._width = width
        self._canvas = canvas
        self._last = (start.x, start.y)
        self._is_off = False
        self._begin(self._last, start.pressure)

    @property
    def ink(self) -> Ink:
        return self.settled.with_stroke(self.stroke)

    def extend(self, point: PenPoint) -> bool:
        before, here = self._last, (point.x, point.y)
        self._last = here
        seen = None if here == before else clipped(before, here, self._canvas)
        if seen is None:
            self._is_off = self._is_off or here != before
            return False
        if self._is_off:
            self.settled = self.settled.with_stroke(self.stroke)
            self._begin(seen[0], point.pressure)
        self._is_off = seen[1] != here
        self._add(seen[1], point.pressure)
        return True

    def _begin(self, start: Place, pressure: float | None) -> None:
        self._xy = array("f", start)
        self._pressures = None if pressure is None else array("f", (pressure,))
        self.stroke = self._build()

    def _add(self, place: Place, pressure: float | None) -> None:
        new = array("f", place)
        if new == self._xy[-2:]:
            return
        self._xy.extend(new)
        if self._pressures is not None:
            self._pressures.append(self._pressures[-1] if pressure is None else pressure)
        self.stroke = self._build()

    def _build(self) -> Stroke:
        xy = np.array(self._xy, dtype=np.float32).reshape(-1, 2)
        return Stroke.of(xy, self._width, self._pressures)


def clipped(start: Place, end: Place, canvas: Size) -> tuple[Place, Place] | None:
    """The part of a line segment inside the canvas (Liang and Barsky 1984), or None."""
    way = (end[0] - start[0], end[1] - start[1])
    first, last = 0.0, 1.0
    for axis in (0, 1):
        if way[axis] == 0:
            if not 0 <= start[axis] <= canvas[axis]:
                return None
            continue
        crossings = -start[axis] / way[axis], (canvas[axis] - start[axis]) / way[axis]
        first, last = max(first, min(crossings)), min(last, max(crossings))
    if first > last:
        return None

    def at(share: float) -> Place:
        return start[0] + share * way[0], start[1] + share * way[1]

    return start if first == 0 else at(first), end if last == 1 else at(last)


class EraseGesture:
    """Takes away every whole stroke that it touches."""

    def __init__(self, before: Ink, start: PenPoint) -> None:
        self.before = before
        self.ink = before
        self._last = (start.x, start.y)

    @property
    def settled(self) -> Ink:
        return self.ink

    def extend(self, point: PenPoint) -> bool:
        here = (point.x, point.y)
        touched = strokes_touched(self.ink, self._last, here, ERASER_RADIUS)
        self._last = here
        if touched:
            self.ink = self.ink.without(touched)
        return bool(touched)

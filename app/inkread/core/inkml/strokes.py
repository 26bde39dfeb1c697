"""Traces -> strokes: joins continued traces, gives pens without a width one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Drawn, Stroke, ink_of
from inkread.core.inkml.context import Context, Definitions
from inkread.core.inkml.drawing import BadInk

MAX_POINTS = 1_000_000
"""Maximum points in a file."""

MAX_TRACES = 200_000
"""Maximum traces in a file."""

_WIDTH = 12.0
_WIDTH_OF_EXTENT = 0.08


@dataclass(frozen=True, slots=True)
class _Part:
    points: NDArray[np.float64]
    pressures: NDArray[np.float64] | None
    width: float | None


class Strokes:
    """Collects the strokes of a document."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._parts: dict[Element, list[_Part]] = {}
        self._start: dict[Element, Element] = {}
        self._points = 0
        #: Whether every trace says that its unit is px.
        self.is_in_px = True

    def add(self, trace: Element, context: Context) -> None:
        """Add a <trace>, unless the pen was up or it is empty."""
        text = "".join(trace.itertext())
        if trace.get("type") == "penUp" or not text.strip():
            return
        self._points += text.count(",") + 1
        if self._points > MAX_POINTS or len(self._start) >= MAX_TRACES:
            raise BadInk(f"it has more than {MAX_POINTS} points or {MAX_TRACES} traces")
        points, pressures = context.format.points(text)
        if len(points):
            axis = context.format.x
            self.is_in_px &= axis is not None and axis.is_in_px
            self._start[trace] = start = self._start_of(trace)
            part = _Part(points, pressures, context.width)
            self._parts.setdefault(start, []).append(part)

    def finished(self) -> dict[Element, Stroke]:
        """The stroke of each trace; traces that continue one another share theirs."""
        width = _usual_width(part.points for parts in self._parts.values() for part in parts)
        ink = ink_of([_drawn(parts, width) for parts in self._parts.values()])
        made = dict(zip(self._parts, ink.strokes, strict=True))
        return {trace: made[start] for trace, start in self._start.items()}

    def _start_of(self, trace: Element) -> Element:
        """The first of the traces that `trace` continues, or itself."""
        if trace.get("continuation") not in ("middle", "end"):
            return trace
        before = self._definitions.find(trace.get("priorRef"))
        return trace if before is None else self._start.get(before, trace)


def _drawn(parts: list[_Part], usual_width: float) -> Drawn:
    pressures = [part.pressures for part in parts if part.pressures is not None]
    return (
        np.concatenate([part.points for part in parts]),
        parts[0].width or usual_width,
        np.concatenate(pressures) if len(pressures) == len(parts) else None,
    )


def _usual_width(traces: Iterable[NDArray[np.float64]]) -> float:
    """A pen width in proportion to the size of the writing, whatever its units."""
    extents = [float(np.ptp(points, axis=0).max()) for points in traces]
    written = [extent for extent in extents if extent > 0]
    width = _WIDTH_OF_EXTENT * float(np.median(written)) if written else _WIDTH
    return width or _WIDTH

"""Traces -> strokes: continued traces are joined, and pens without a width get one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Stroke
from inkread.core.inkml.context import Context, Definitions
from inkread.core.inkml.drawing import BadInk

MAX_POINTS = 1_000_000
"""Points in one file; more are refused."""

MAX_TRACES = 200_000
"""Traces in one file; more are refused."""

_WIDTH = 12.0
_WIDTH_OF_EXTENT = 0.08


@dataclass(frozen=True, slots=True)
class _Part:
    points: NDArray[np.float64]
    pressures: NDArray[np.float64] | None
    width: float | None


class Strokes:
    """The strokes of a document in the making."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._parts: dict[Element, list[_Part]] = {}
        self._start: dict[Element, Element] = {}
        self._points = 0

    def add(self, trace: Element, context: Context) -> None:
        """Take in a <trace>, unless the pen was up or nothing is in it."""
        text = "".join(trace.itertext())
        if trace.get("type") == "penUp" or not text.strip():
            return
        self._points += text.count(",") + 1
        if self._points > MAX_POINTS or len(self._start) >= MAX_TRACES:
            raise BadInk(f"it has more than {MAX_POINTS} points or {MAX_TRACES} traces")
        points, pressures = context.format.points(text)
        if len(points):
            self._start[trace] = start = self._start_of(trace)
            part = _Part(points, pressures, context.width)
            self._parts.setdefault(start, []).append(part)

    def finished(self) -> dict[Element, Stroke]:
        """The stroke of each trace; a trace that continues another shares its stroke."""
        width = _usual_width(part.points for parts in self._parts.values() for part in parts)
        made = {start: _stroke(parts, width) for start, parts in self._parts.items()}
        return {trace: made[start] for trace, start in self._start.items()}

    def _start_of(self, trace: Element) -> Element:
        """The trace that `trace` continues (the first of all), or itself."""
        if trace.get("continuation") not in ("middle", "end"):
            return trace
        before = self._definitions.find(trace.get("priorRef"))
        return trace if before is None else self._start.get(before, trace)


def _stroke(parts: list[_Part], usual_width: float) -> Stroke:
    pressures = [part.pressures for part in parts if part.pressures is not None]
    return Stroke.of(
        np.concatenate([part.points for part in parts]),
        parts[0].width or usual_width,
        np.concatenate(pressures) if len(pressures) == len(parts) else None,
    )


def _usual_width(traces: Iterable[NDArray[np.float64]]) -> float:
    """A pen that suits the size of the writing, whatever its units are."""
    extents = [float(np.ptp(points, axis=0).max()) for points in traces]
    written = [extent for extent in extents if extent > 0]
    return _WIDTH_OF_EXTENT * float(np.median(written)) if written else _WIDTH

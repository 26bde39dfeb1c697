"""The channels, units and pen width of a trace (InkML 1.0, sections 4 and 5)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from inkread.core.inkml.drawing import BadInk
from inkread.core.inkml.trace import MAX_NUMBER, parse_trace

# CSS px in each unit of length; all others (dev, em, none) count as px.
_UNITS = {
    "m": 96 / 0.0254,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "himetric": 96 / 2540,
    "in": 96.0,
    "pt": 96 / 72,
    "pc": 16.0,
}
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_MAX_REFERENCES = 20
_MAX_STEPS = 5_000_000


def local_name(element: Element) -> str:
    """The name without its namespace, which many files leave out."""
    return element.tag.rpartition("}")[2]


def identifier(element: Element) -> str | None:
    """``xml:id``, or the plain ``id`` that many files use instead."""
    return element.get(_XML_ID) or element.get("id")


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local_name(child) == name)


@dataclass(frozen=True, slots=True)
class Axis:
    """One channel: the index of its value in a point, and the size of one unit."""

    column: int
    factor: float = 1.0
    low: float = 0.0
    high: float | None = None
    is_in_px: bool = False


@dataclass(frozen=True, slots=True)
class TraceFormat:
    """The channels that are read. A trace without a format has X and Y."""

    x: Axis | None = Axis(0)
    y: Axis | None = Axis(1)
    force: Axis | None = None

    def points(self, text: str) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        """(n, 2) positions in px, and (n,) pressures 0 to 1 if the format has them.

        Raises
        ------
        BadInk
            If the text is no trace of this format.
        """
        if self.x is None or self.y is None:
            raise BadInk("its trace format has no X and Y")
        columns = [self.x.column, self.y.column, self.force.column if self.force else None]
        rows = parse_trace(text, columns)
        known = np.isfinite(rows[:, :2]).all(axis=1)
        if not known.all() and "?" not in text:
            raise BadInk("a point has no X and Y")
        rows = rows[known]
        with np.errstate(all="ignore"):
            positions = rows[:, :2] * [self.x.factor, self.y.factor]
            pressures = self._pressures(rows[:, 2]) if self.force else None
        if not (np.abs(positions) <= MAX_NUMBER).all():
            raise BadInk("a number is too large")
        return positions, pressures

    def _pressures(self, values: NDArray[np.float64]) -> NDArray[np.float64] | None:
        assert self.force is not None
        low, high = self.force.low, self.force.high
        known = values[np.isfinite(values)]
        if high is None and (not known.size or known.min() < 0 or known.max() > 1):
            return None  # the greatest pressure is not known
        span = (1.0 if high is None else high) - low
        return np.clip(np.nan_to_num((values - low) / (span or 1.0), nan=0.5), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a trace: its format, and the width of the pen in px if it is known."""

    format: TraceFormat = TraceFormat()
    width: float | None = None


class Definitions:
    """The elements of a file that others refer to, resolved to contexts.

    Parameters
    ----------
    elements : mapping of str to Element
        By id.
    """

    def __init__(self, elements: Mapping[str, Element]) -> None:
        self._elements = elements
        self._formats: dict[Element, TraceFormat] = {}
        self._steps = 0

    def find(self, reference: str | None) -> Element | None:
        """The element that ``#name`` refers to, or ``name``, as many files write."""
        return self._elements.get(reference.strip().removeprefix("#")) if reference else None

    def context(self, element: Element, base: Context, depth: int = 0) -> Context:
        """`base`, changed by the references of `element` and by its content.

        `element` may be a trace, a group, a context, an ink source, a format or a brush.
        """
        self._steps += 1 + len(element)
        if depth > _MAX_REFERENCES or self._steps > _MAX_STEPS:
            raise BadInk("its definitions refer to one another without end")
        for attribute in ("contextRef", "inkSourceRef", "traceFormatRef", "brushRef"):
            referred = self.find(element.get(attribute))
            if referred is not None:
                base = self.context(referred, base, depth + 1)
        match local_name(element):
            case "traceFormat":
                return replace(base, format=self._format(element, {}))
            case "brush":
                return replace(base, width=_width(element, base.width))
            case "inkSource":
                resolutions = _resolutions(element)
                for part in children(element, "traceFormat"):
                    base = replace(base, format=self._format(part, resolutions))
            case "context":
                for part in element:
                    if local_name(part) in ("traceFormat", "inkSource", "brush"):
                        base = self.context(part, base, depth + 1)
        return base

    def _format(self, element: Element, resolutions: Mapping[str, float]) -> TraceFormat:
        if element not in self._formats:
            self._formats[element] = _trace_format(element, resolutions)
        return self._formats[element]


def _trace_format(element: Element, resolutions: Mapping[str, float]) -> TraceFormat:
    named: dict[str, Axis] = {}
    channels = [
        *children(element, "channel"),
        *(
            channel
            for group in element
            if local_name(group) in ("regularChannels", "intermittentChannels")
            for channel in children(group, "channel")
        ),
    ]
    for column, channel in enumerate(channels):
        name = channel.get("name", "")
        named.setdefault(name, _axis(channel, column, resolutions.get(name)))
    return TraceFormat(named.get("X"), named.get("Y"), named.get("F"))


def _axis(channel: Element, column: int, resolution: float | None) -> Axis:
    factor = _UNITS.get(channel.get("units", ""), 1.0)
    if resolution is not None and channel.get("type") == "integer":
        factor = resolution
    if channel.get("orientation") == "-ve":
        factor = -factor
    low, high = _number(channel.get("min")), _number(channel.get("max"))
    return Axis(column, factor, low or 0.0, high, channel.get("units") == "px")


def _resolutions(source: Element) -> dict[str, float]:
    """Px in one unit of each channel whose resolution is known (1000 with ``1/cm``)."""
    found = {}
    for group in children(source, "channelProperties"):
        for item in children(group, "channelProperty"):
            unit = _UNITS.get(item.get("units", "").removeprefix("1/"))
            counts = _number(item.get("value"))
            if item.get("name") == "resolution" and unit and counts and counts > 0:
                found[item.get("channel", "")] = unit / counts
    return found


def _width(brush: Element, otherwise: float | None) -> float | None:
    for item in children(brush, "brushProperty"):
        value = _number(item.get("value"))
        if item.get("name") == "width" and value is not None:
            width = value * _UNITS.get(item.get("units", ""), 1.0)
            return width if 0 < width <= MAX_NUMBER else otherwise
    return otherwise


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is None or math.isfinite(value) else None

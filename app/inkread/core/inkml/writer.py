"""Drawings -> bytes of an InkML file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from inkread.core.ink import Ink, Stroke
from inkread.core.inkml.drawing import NAMESPACE, Drawing

# Characters that XML 1.0 cannot express.
_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def write_inkml(drawings: Iterable[Drawing]) -> bytes:
    """Write drawings as InkML 1.0.

    Each drawing is a group with its label as ``truth``; each stroke is a trace of X, Y and, if
    it has pressures, F, in px and with its pen's width. `read_inkml` restores all numbers bit by
    bit.

    Parameters
    ----------
    drawings : iterable of Drawing
        A drawing without a label has no annotation; among several drawings, an empty one.

    Returns
    -------
    bytes
        UTF-8.
    """
    kept = list(drawings)
    root = Element("ink", xmlns=NAMESPACE)
    brushes = _define(root, [drawing.ink for drawing in kept])
    for drawing in kept:
        group = SubElement(root, "traceGroup")
        if drawing.label is not None or len(kept) > 1:
            annotation = SubElement(group, "annotation", type="truth")
            annotation.text = _FORBIDDEN.sub("", drawing.label or "")
        for stroke in drawing.ink.strokes:
            SubElement(group, "trace", _references(stroke, brushes)).text = _points(stroke)
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _define(root: Element, inks: Sequence[Ink]) -> dict[float, str]:
    """Write the trace formats and brushes; returns the brush id of each width."""
    definitions = SubElement(root, "definitions")
    for name, channels in (("ctxXY", "XY"), ("ctxXYF", "XYF")):
        context = SubElement(definitions, "context", {"xml:id": name})
        trace_format = SubElement(context, "traceFormat")
        for channel in channels:
            extent = {"min": "0", "max": "1"} if channel == "F" else {"units": "px"}
            SubElement(trace_format, "channel", {"name": channel, "type": "decimal", **extent})
    widths = sorted({stroke.width for ink in inks for stroke in ink.strokes})
    brushes = {width: f"brush{index}" for index, width in enumerate(widths)}
    for width, name in brushes.items():
        brush = SubElement(definitions, "brush", {"xml:id": name})
        values = {"name": "width", "value": _decimal(width), "units": "px"}
        SubElement(brush, "brushProperty", values)
    return brushes


def _references(stroke: Stroke, brushes: dict[float, str]) -> dict[str, str]:
    context = "#ctxXY" if stroke.pressures is None else "#ctxXYF"
    return {"contextRef": context, "brushRef": f"#{brushes[stroke.width]}"}


def _points(stroke: Stroke) -> str:
    columns = [stroke.points[:, 0], stroke.points[:, 1]]
    if stroke.pressures is not None:
        columns.append(stroke.pressures)
    return ", ".join(" ".join(map(_decimal, row)) for row in zip(*columns, strict=True))


def _decimal(number: float | np.float32) -> str:
    """The shortest decimal, without an exponent, that reads back as this number."""
    return np.format_float_positional(number, trim="-")

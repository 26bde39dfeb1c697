"""InkML around the part that a test is about."""

from __future__ import annotations

import pytest

from inkread.core.errors import InkDamaged
from inkread.core.ink import Stroke
from inkread.core.inkml import read_inkml

NAMESPACE = "{http://www.w3.org/2003/InkML}"


TWO_POINTS = [[1.0, 2.0], [3.0, 4.0]]


def ink_xml(body: str, attributes: str = 'xmlns="http://www.w3.org/2003/InkML"') -> bytes:
    return f'<?xml version="1.0"?><ink {attributes}>{body}</ink>'.encode()


def only_strokes(body: str) -> tuple[Stroke, ...]:
    (drawing,) = read_inkml(ink_xml(body), "a.inkml")
    return drawing.ink.strokes


def only_points(body: str) -> list[list[float]]:
    (stroke,) = only_strokes(body)
    points: list[list[float]] = stroke.points.tolist()
    return points


def labels(body: str) -> list[tuple[str | None, int]]:
    """Label and number of strokes of each drawing."""
    return [(d.label, len(d.ink.strokes)) for d in read_inkml(ink_xml(body), "a.inkml")]


def check_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InkDamaged, match=r"^a\.inkml: .*" + reason):
        read_inkml(data, "a.inkml")

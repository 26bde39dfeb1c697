"""Ink -> picture files."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Ink, Stroke, rasterise_page

MARGIN = 16.0
"""Margin around the ink, px."""


def ink_to_png(ink: Ink) -> bytes:
    """Ink as a grey PNG, black on white; blank if it is empty.

    One px is one canvas px, unless the ink exceeds the size limit of `rasterise_page`.
    """
    _, data = cv2.imencode(".png", rasterise_page(ink, MARGIN))
    return data.tobytes()


def ink_to_svg(ink: Ink) -> bytes:
    """Ink as an SVG: smooth black lines of their own widths, no background.

    The lines are drawn as on the canvas: quadratic Bezier curves through the midpoints between the
    points, which are their control points.
    """
    frame = ink.frame(MARGIN)
    x, y, width, height = map(_number, (frame.x, frame.y, frame.width, frame.height))
    strokes = "".join(map(_element, ink.strokes))
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{x} {y} {width} {height}">\n'
        '<g fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round">\n'
        f"{strokes}</g>\n</svg>\n"
    )
    return text.encode("ascii")


def _element(stroke: Stroke) -> str:
    points = stroke.points.astype(np.float64)
    if not np.ptp(points, axis=0).any():  # some viewers do not draw a line without length
        centre = f'cx="{_number(points[0, 0])}" cy="{_number(points[0, 1])}"'
        radius = _number(stroke.width / 2)
        return f'<circle {centre} r="{radius}" fill="#000" stroke="none"/>\n'
    return f'<path stroke-width="{_number(stroke.width)}" d="{_path(points)}"/>\n'


def _path(points: NDArray[np.float64]) -> str:
    bends = points[1:-1]
    ends = (bends + points[2:]) / 2
    curves = [f"Q{_pair(bend)} {_pair(end)}" for bend, end in zip(bends, ends, strict=True)]
    return " ".join([f"M{_pair(points[0])}", *curves, f"L{_pair(points[-1])}"])


def _pair(point: NDArray[np.float64]) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Rounded to hundredths of a px, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

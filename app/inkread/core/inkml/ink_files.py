"""Files of ink, of either kind, as they are read: InkML, and drawings that were saved as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkread.core.geometry import union
from inkread.core.ink import Ink, Stroke, ink_of
from inkread.core.inkml.drawing import Drawing
from inkread.core.inkml.reader import is_inkml, read_inkml
from inkread.core.quantiles import quantile
from inkread.core.svg_ink import is_svg, read_svg


@dataclass(frozen=True, slots=True)
class Params:
    """When ink is enlarged to be read."""

    #: Share of the strokes that may be longer than those that the size is taken from; chosen: half
    #: the strokes of some digits are short bars.
    longer: float = 0.25
    #: Px, longer side of a stroke; chosen: a bar of a digit of that height is no slip of the pen.
    min_side: float = 40.0
    #: Px, the same of what was enlarged; chosen: writing on the canvas is as large.
    side: float = 80.0
    #: Px, longer side of all that was enlarged; chosen: far within the range of ink.
    max_extent: float = 1e6
    #: Share of that side that a pen is wide at most; chosen: a wider one is in another unit.
    max_width: float = 0.5
    #: Share of that side that a pen without a sensible width gets; chosen: a common pen.
    width: float = 0.08


PARAMS = Params()


def is_ink(data: bytes) -> bool:
    """Whether the bytes begin like InkML or SVG."""
    return is_inkml(data) or is_svg(data)


def read_ink_file(data: bytes, name: str) -> tuple[Drawing, ...]:
    """The drawings in a file of ink, large enough to be read.

    Parameters
    ----------
    data : bytes
        InkML, or an SVG that the window saved.
    name : str
        What errors call the file.

    Raises
    ------
    InkDamaged, SvgUnusable
        If it cannot be read.
    """
    if is_svg(data):
        return (Drawing(None, read_svg(data, name), is_in_px=True),)
    return at_reading_size(read_inkml(data, name))


def at_reading_size(drawings: tuple[Drawing, ...]) -> tuple[Drawing, ...]:
    """Drawings whose unit is not px, enlarged as a whole if they are small.

    Ink from 0 to 1, or in mm, would be slips of the pen on the canvas. A pen that is as wide as the
    writing is large is in another unit, and gets a common width.
    """
    strokes = [stroke for drawing in drawings for stroke in drawing.ink.strokes]
    sides = [side for stroke in strokes if (side := stroke.bounds.longest_side) > 0]
    if not sides or any(drawing.is_in_px for drawing in drawings):
        return drawings
    side = quantile(sides, 1 - PARAMS.longer)
    is_large = side >= PARAMS.min_side
    if is_large and all(stroke.width <= PARAMS.max_width * side for stroke in strokes):
        return drawings
    bounds = union(stroke.bounds for stroke in strokes)
    most = max(1.0, PARAMS.max_extent / bounds.longest_side)
    factor = 1.0 if is_large else min(PARAMS.side / side, most)
    corner = np.array([bounds.x, bounds.y])
    return tuple(replace(d, ink=_enlarged(d.ink.strokes, corner, factor, side)) for d in drawings)


def _enlarged(
    strokes: Sequence[Stroke],
    corner: np.ndarray[tuple[int], np.dtype[np.float64]],
    factor: float,
    side: float,
) -> Ink:
    def width(stroke: Stroke) -> float:
        known = stroke.width <= PARAMS.max_width * side
        return factor * (stroke.width if known else PARAMS.width * side)

    def forces(stroke: Stroke) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
        return None if stroke.pressures is None else stroke.pressures.astype(np.float64)

    return ink_of(
        [((s.points.astype(np.float64) - corner) * factor, width(s), forces(s)) for s in strokes]
    )

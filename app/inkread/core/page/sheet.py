"""Finds the sheet of paper in a photo, and makes it flat.

A sheet is a quadrilateral whose four sides are seen: straight edges (Hough transform of the
gradient, Duda and Hart 1972) along which the brightness steps up, or down, from the table to the
sheet, on all four in the same sense. An edge with another one close behind it is that of a drawn
line, no side of a sheet. Where several quadrilaterals fit, such as the part of the sheet that a
shadow leaves, the largest is taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.page.state import PageState
from inkread.core.picture.downsample import reduced
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the search; lengths are px of the reduced page."""

    # Longer side of the reduced page, px; chosen: sides of a sheet remain, writing vanishes.
    side: int = 256
    # px of the page; chosen: a smaller one shows a glyph or two, no sheet.
    min_side: int = 160
    # Window of the median, px; chosen: ink thinner than half of it vanishes.
    median: int = 5
    # Least brightness range, grey levels; chosen: noise of a dark photo is not stretched.
    min_range: float = 24.0
    # Gradient that continues an edge, of 255; chosen: a sheet on a table of nearly its colour.
    canny_low: int = 30
    # Gradient that starts an edge, of 255; chosen: above texture.
    canny_high: int = 80
    # Hough votes, share of the shorter side; chosen: a third of a side may be seen.
    votes: float = 0.3
    # Degrees off the axes; chosen: beyond, the page is better turned by a person.
    max_tilt: float = 25
    # Edges of each direction; chosen: bounds the work to 441 quadrilaterals.
    max_edges: int = 7
    # Hough lines looked at; chosen: bounds the work.
    max_lines: int = 400
    # px between edges that are two; chosen: the two flanks of a blurred edge are closer.
    same: float = 4.0
    # Radians between edges that are two; chosen: 4 degrees, four bins of the transform.
    same_turn: float = 0.07
    # px inside the edge where brightness is compared; chosen: beyond the median's blur.
    inside: float = 3.0
    # px outside of it; chosen: as inside.
    outside: float = 3.0
    # px outside of it; chosen: beyond the far edge of a drawn line.
    far_outside: float = 7.0
    # Step of the brightness, of 255, half of it far outside; chosen: above texture.
    step: float = 10.0
    # Share of a side along which the step is seen; chosen: a hand may cover half of one.
    min_seen: float = 0.5
    # The same, mean of all sides; chosen: three quarters of the outline.
    min_all_seen: float = 0.75
    # The same where the picture's border cuts the sheet off; chosen: less evidence, so clearer.
    min_cut_off_seen: float = 0.94
    # Factor on the support of a sheet cut off; chosen: a table's edge makes it a little larger.
    cut_off: float = 0.7
    # Samples over the side that a side has at least; chosen: a fifth of the page.
    min_samples: float = 0.2
    # Share of the page that a sheet covers; chosen: smaller ones are notes on it.
    min_area: float = 0.25
    # Share of the side by which corners may lie outside; chosen: a corner just cut off.
    corner_room: float = 0.03
    # Share of the sheet's shorter side that is cut off at its edges; chosen: edges bend.
    rim: float = 0.008


PARAMS = Params()

#: The corner after each.
_NEXT = np.array([1, 2, 3, 0])

Points = NDArray[np.float64]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Edge:
    """A line x cos + y sin = rho, its normal to the right or down.

    The border of the picture may cut off one side of a sheet.
    `brighter[k]` and `darker[k]`: at which of the points the side of the normal (k = 0), or the
    other (k = 1), is brighter or darker than the opposite one; `place`: how far along the line
    the points are.
    """

    normal: Points
    rho: float
    place: Points
    brighter: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    darker: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    is_border: bool = False

    def seen(self, start: Points, stop: Points, side: int) -> tuple[float, float]:
        """Shares of the line between two points where the inside, `side`, is brighter, darker."""
        along = np.array([-self.normal[1], self.normal[0]])
        low, high = sorted((float(start @ along), float(stop @ along)))
        first, last = np.searchsorted(self.place, (low, high))
        if last - first < PARAMS.side * PARAMS.min_samples:
            return 0.0, 0.0
        of = slice(int(first), int(last))
        return float(self.brighter[side][of].mean()), float(self.darker[side][of].mean())


def rectify_sheet(state: PageState) -> PageState:
    """Make the sheet that a photo shows flat, without its table."""
    corners = find_sheet(state.grey)
    if corners is None:
        return state
    top, right, bottom, left = (
        float(np.hypot(*(corners[(k + 1) % 4] - corners[k]))) for k in range(4)
    )
    width, height = round((top + bottom) / 2), round((left + right) / 2)
    rim = PARAMS.rim * min(width, height)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - rim
    onto = cv2.getPerspectiveTransform(corners.astype(np.float32), flat.astype(np.float32))
    size = (max(1, round(width - 2 * rim)), max(1, round(height - 2 * rim)))
    warped = cv2.warpPerspective(
        state.grey, onto, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    grey = np.asarray(warped, np.uint8)
    back = np.asarray(state.to_file @ np.linalg.inv(onto), np.float64)
    note = f"A sheet was found and flattened: {size[0]} x {size[1]} px."
    return replace(state.with_grey(grey, note), seen=grey, to_file=back, is_rectified=True)


def find_sheet(grey: Grey) -> Points | None:
    """Corners of the sheet that lies in a photo.

    Parameters
    ----------
    grey : (h, w) array of uint8
        The photo.

    Returns
    -------
    (4, 2) array of float64 or None
        Clockwise from the upper left, px of the page; None if not all four sides are seen.
    """
    if min(grey.shape) < PARAMS.min_side:
        return None
    scale = PARAMS.side / max(grey.shape)
    small = _without_ink(grey, scale)
    across, upright = _edges(small)
    if min(len(across), len(upright)) < 1 or len(across) + len(upright) < 3:
        return None
    best, corners = 0.0, None
    borders = _borders(small.shape)
    for quad, found in _quads([*across, *borders[0]], [*upright, *borders[1]], small.shape):
        if (value := _area(found) * _support(quad, found)) > best:
            best, corners = value, found
    return None if corners is None else (corners + 0.5) / scale - 0.5


def _without_ink(grey: Grey, scale: float) -> Grey:
    """The page reduced, thin lines gone, its brightness stretched to 0..255."""
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.medianBlur(reduced(grey, size), PARAMS.median)
    low, high = np.percentile(small, (1, 99))
    gain = 255 / max(PARAMS.min_range, float(high - low))
    return np.asarray(np.clip((small.astype(np.float32) - low) * gain, 0, 255), np.uint8)


def _edges(small: Grey) -> tuple[list[_Edge], list[_Edge]]:
    """The strongest straight edges: those that run across, and those that run up."""
    drawn = cv2.Canny(small, PARAMS.canny_low, PARAMS.canny_high)
    votes = round(PARAMS.votes * min(small.shape))
    found = cv2.HoughLines(drawn, 1, np.pi / 180, votes)
    kept: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    if found is None:
        return [], []
    middle = (np.array(small.shape[::-1]) - 1) / 2
    for rho, theta in found[: PARAMS.max_lines, 0].astype(float):
        if theta > 0.75 * np.pi:
            rho, theta = -rho, theta - np.pi
        runs_up = abs(theta) < np.pi / 4
        off = abs(theta) if runs_up else abs(theta - np.pi / 2)
        own = kept[int(runs_up)]
        if np.degrees(off) <= PARAMS.max_tilt and len(own) < PARAMS.max_edges:
            away = rho - float(middle @ (np.cos(theta), np.sin(theta)))
            if not any(
                abs(a - away) < PARAMS.same and abs(t - theta) < PARAMS.same_turn for a, t in own
            ):
                own.append((away, theta))
    across, upright = ([_edge(small, a, t) for a, t in own] for own in kept)
    # The transform rounds a line along the border off the page.
    return [e for e in across if e.place.size], [e for e in upright if e.place.size]


def _edge(small: Grey, away: float, theta: float) -> _Edge:
    """The edge at a distance from the middle, and the steps of the brightness along it."""
    height, width = small.shape
    middle = np.array([width - 1, height - 1]) / 2
    normal = np.array([np.cos(theta), np.sin(theta)])
    along = np.array([-normal[1], normal[0]])
    reach = np.arange(-PARAMS.side, PARAMS.side + 1, dtype=np.float64)
    points = middle + away * normal + reach[:, np.newaxis] * along
    inside = ((points >= 0) & (points <= [width - 1, height - 1])).all(axis=1)
    points, place = points[inside], reach[inside] + float(middle @ along)

    def brightness(offset: float) -> Plane:
        if not points.size:
            return np.zeros(0, np.float32)
        x, y = (points + offset * normal).astype(np.float32).T[:, np.newaxis]
        seen = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, np.float32).ravel()

    outside = -PARAMS.outside, -PARAMS.far_outside
    steps = [
        [sign * (brightness(s * PARAMS.inside) - brightness(s * out)) for out in outside]
        for sign in (1, -1)
        for s in (1, -1)
    ]
    clear = [(near > PARAMS.step) & (far > PARAMS.step / 2) for near, far in steps]
    rho = float(middle @ normal) + away
    return _Edge(normal, rho, place, (clear[0], clear[1]), (clear[2], clear[3]))


def _borders(shape: tuple[int, ...]) -> tuple[list[_Edge], list[_Edge]]:
    """The borders of a picture as edges: upper and lower one, left and right one."""
    height, width = shape
    none = np.zeros(0, np.bool_)

    def border(normal: tuple[float, float], rho: float) -> _Edge:
        return _Edge(np.array(normal), rho, np.zeros(0), (none, none), (none, none), True)

    across = [border((0.0, 1.0), rho) for rho in (0.0, height - 1.0)]
    return across, [border((1.0, 0.0), rho) for rho in (0.0, width - 1.0)]


Quad = tuple[_Edge, _Edge, _Edge, _Edge]


def _quads(
    across: Sequence[_Edge], upright: Sequence[_Edge], shape: tuple[int, ...]
) -> Iterator[tuple[Quad, Points]]:
    """Top, right, bottom, left and the corners of every choice of edges that makes a sheet."""
    size = np.array(shape[::-1], np.float64)
    room = PARAMS.corner_room * size.max()
    crossing = cache(_crossing)
    for (one, two), (three, four) in itertools.product(
        itertools.combinations(across, 2), itertools.combinations(upright, 2)
    ):
        if sum(edge.is_border for edge in (one, two, three, four)) > 1:
            continue
        x, y = size / 2
        top, bottom = sorted((one, two), key=lambda e: (e.rho - e.normal[0] * x) / e.normal[1])
        left, right = sorted((three, four), key=lambda e: (e.rho - e.normal[1] * y) / e.normal[0])
        pairs = ((left, top), (top, right), (right, bottom), (bottom, left))
        corners = np.array([crossing(a, b) for a, b in pairs])
        fits = (corners >= -room).all() and (corners <= size + room).all()
        if fits and _area(corners) >= PARAMS.min_area * size.prod():
            yield (top, right, bottom, left), corners


def _crossing(a: _Edge, b: _Edge) -> Points:
    return np.linalg.solve(np.stack([a.normal, b.normal]), np.array([a.rho, b.rho]))


def _area(corners: Points) -> float:
    """Area of the quadrilateral; below 0 if it is turned inside out."""
    x, y = corners.T
    return float(x @ y[_NEXT] - y @ x[_NEXT]) / 2


def _support(quad: Quad, corners: Points) -> float:
    """How well the sides are seen, 0 to 1; 0 if they are not."""
    inner = (0, 1, 1, 0)
    seen = np.array(
        [
            edge.seen(corners[k], corners[(k + 1) % 4], inner[k])
            for k, edge in enumerate(quad)
            if not edge.is_border
        ]
    )
    if len(seen) < len(quad):
        bright = seen[:, 0]
        return (
            PARAMS.cut_off * float(bright.mean())
            if bright.min() >= PARAMS.min_cut_off_seen
            else 0.0
        )
    best = max((seen[:, k] for k in (0, 1)), key=lambda sides: float(sides.mean()))
    clear = best.min() >= PARAMS.min_seen and best.mean() >= PARAMS.min_all_seen
    return float(best.mean()) if clear else 0.0

"""Finds the sheet of paper on its table, and makes it flat.

A sheet is a quadrilateral whose four sides are seen: straight edges (Hough transform of the
gradient, Duda and Hart 1972) along which the light steps up, or down, from the table to the paper,
on all four in the same sense. What is as wide as a line on both sides is a frame, no sheet. Where
several fit, such as the part of the sheet that a shadow leaves, the largest is taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.page.rectified import View
from inkread.core.picture.downsample import reduced
from inkread.core.picture.page import Page
from inkread.core.reading import Grey

#: The edges are looked for on a page reduced to this side, all lengths below are px of it.
_SIDE = 256
#: Pages smaller than this are a glyph or two, no photo of a sheet.
_LEAST_SIDE = 160
#: Ink thinner than half of this vanishes.
_MEDIAN = 5
_CANNY = (30, 80)
#: Hough votes that make an edge, as a part of the shorter side; degrees off the axes; how many.
_VOTES = 0.3
_MOST_TILT = 25
_MOST_EDGES = 7
#: Edges nearer than this, or turned by less (radians), are one.
_SAME = 4.0
_SAME_TURN = 0.07
#: Light is compared so far inside, so far outside, and farther outside.
_INSIDE = 3.0
_OUTSIDE = (-3.0, -7.0)
#: A step of the light, of 255 between the page's darkest and brightest.
_STEP = 10.0
#: The part of each side, and of all, along which the step is seen.
_LEAST_SEEN = 0.5
_SEEN = 0.75
#: A sheet that the picture's border cuts off is brighter than its table, as all its other sides
#: show so well, and counts less: without the table beside it a sheet is a little smaller than with.
_CLEARLY_SEEN = 0.94
_CUT_OFF = 0.7
#: The least of a page that a sheet covers; corners may lie so far outside, part of the side.
_LEAST_AREA = 0.25
_CORNER_ROOM = 0.03
#: So much of the sheet's shorter side is cut off at its edges.
_RIM = 0.008

#: The corner after each.
_NEXT = np.array([1, 2, 3, 0])

Points = NDArray[np.float64]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Edge:
    """A line x cos + y sin = rho, its normal to the right or down.

    The border of the picture may cut off one side of a sheet.
    `brighter[k]` and `darker[k]` say at which of the points the side of the normal (k = 0), or
    the other (k = 1), is so as against the rest; `place` is how far along the line they are.
    """

    normal: Points
    rho: float
    place: Points
    brighter: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    darker: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    is_border: bool = False

    def seen(self, start: Points, stop: Points, side: int) -> tuple[float, float]:
        """Shares of the way between two points where the inside, on `side`, is brighter, darker."""
        along = np.array([-self.normal[1], self.normal[0]])
        low, high = sorted((float(start @ along), float(stop @ along)))
        first, last = np.searchsorted(self.place, (low, high))
        if last - first < _SIDE * 0.2:
            return 0.0, 0.0
        of = slice(int(first), int(last))
        return float(self.brighter[side][of].mean()), float(self.darker[side][of].mean())


def flattened(page: Page) -> View:
    """The sheet of a page, flat and without its table; all of the page if no sheet is seen.

    Parameters
    ----------
    page : Page
        As decoded.
    """
    corners = find_sheet(page.grey)
    if corners is None:
        return View(page)
    top, right, bottom, left = (
        float(np.hypot(*(corners[(k + 1) % 4] - corners[k]))) for k in range(4)
    )
    width, height = round((top + bottom) / 2), round((left + right) / 2)
    rim = _RIM * min(width, height)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - rim
    onto = cv2.getPerspectiveTransform(corners.astype(np.float32), flat.astype(np.float32))
    size = (max(1, round(width - 2 * rim)), max(1, round(height - 2 * rim)))
    grey = cv2.warpPerspective(
        page.grey, onto, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    to_file = np.diag([1 / page.scale, 1 / page.scale, 1.0])
    back = np.asarray(to_file @ np.linalg.inv(onto), np.float64)
    return View.seen(np.asarray(grey, np.uint8), back)


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
    if min(grey.shape) < _LEAST_SIDE:
        return None
    scale = _SIDE / max(grey.shape)
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
    """The page reduced, thin lines gone, its light stretched to 0..255."""
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.medianBlur(reduced(grey, size), _MEDIAN)
    low, high = np.percentile(small, (1, 99))
    gain = 255 / max(24.0, float(high - low))
    return np.asarray(np.clip((small.astype(np.float32) - low) * gain, 0, 255), np.uint8)


def _edges(small: Grey) -> tuple[list[_Edge], list[_Edge]]:
    """The strongest straight edges: those that run across, and those that run up."""
    drawn = cv2.Canny(small, *_CANNY)
    votes = round(_VOTES * min(small.shape))
    found = cv2.HoughLines(drawn, 1, np.pi / 180, votes)
    kept: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    if found is None:
        return [], []
    middle = (np.array(small.shape[::-1]) - 1) / 2
    for rho, theta in found[:400, 0].astype(float):
        if theta > 0.75 * np.pi:
            rho, theta = -rho, theta - np.pi
        runs_up = abs(theta) < np.pi / 4
        off = abs(theta) if runs_up else abs(theta - np.pi / 2)
        own = kept[int(runs_up)]
        if np.degrees(off) <= _MOST_TILT and len(own) < _MOST_EDGES:
            away = rho - float(middle @ (np.cos(theta), np.sin(theta)))
            if not any(abs(a - away) < _SAME and abs(t - theta) < _SAME_TURN for a, t in own):
                own.append((away, theta))
    across, upright = ([_edge(small, a, t) for a, t in own] for own in kept)
    return across, upright


def _edge(small: Grey, away: float, theta: float) -> _Edge:
    """The edge at a distance from the middle, and what the light does along it."""
    height, width = small.shape
    middle = np.array([width - 1, height - 1]) / 2
    normal = np.array([np.cos(theta), np.sin(theta)])
    along = np.array([-normal[1], normal[0]])
    reach = np.arange(-_SIDE, _SIDE + 1, dtype=np.float64)
    points = middle + away * normal + reach[:, np.newaxis] * along
    inside = ((points >= 0) & (points <= [width - 1, height - 1])).all(axis=1)
    points, place = points[inside], reach[inside] + float(middle @ along)

    def light(offset: float) -> Plane:
        x, y = (points + offset * normal).astype(np.float32).T[:, np.newaxis]
        seen = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, np.float32).ravel()

    steps = [
        [sign * (light(s * _INSIDE) - light(s * o)) for o in _OUTSIDE]
        for sign in (1, -1)
        for s in (1, -1)
    ]
    clear = [(near > _STEP) & (far > _STEP / 2) for near, far in steps]
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
    room = _CORNER_ROOM * size.max()
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
        if fits and _area(corners) >= _LEAST_AREA * size.prod():
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
        return _CUT_OFF * float(bright.mean()) if bright.min() >= _CLEARLY_SEEN else 0.0
    best = max((seen[:, k] for k in (0, 1)), key=lambda sides: float(sides.mean()))
    clear = best.min() >= _LEAST_SEEN and best.mean() >= _SEEN
    return float(best.mean()) if clear else 0.0

"""The picture of a line, held against distances computed for every pixel."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.ink import MAX_WIDTH, Stroke
from inkread.ui.canvas.ink_raster import (
    BLOCK,
    HEAVIEST,
    LIGHTEST,
    _curve,
    cover,
    line_widths,
    pieces,
    steady_pieces,
    stroke_area,
)

Points = NDArray[np.float64]


def painted(stroke: Stroke, scale: float = 1.0, side: int = 200) -> NDArray[np.uint8]:
    coverage = np.zeros((side, side), np.uint8)
    cover(coverage, stroke, scale, 0, pieces(stroke))
    return coverage


def curve(points: Points) -> Points:
    """Quadratic Bezier pieces from middle to middle, in 8 steps each."""
    if len(points) < 3:
        return points
    places = [points[0]]
    for i in range(1, len(points) - 1):
        end = (points[i] + points[i + 1]) / 2
        for t in np.arange(1, 9) / 8:
            start = points[0] if i == 1 else (points[i - 1] + points[i]) / 2
            places.append((1 - t) ** 2 * start + 2 * t * (1 - t) * points[i] + t**2 * end)
    return np.array([*places, points[-1]])


def distances(line: Points, side: int) -> Points:
    """From each pixel's centre to the nearest place of a polyline."""
    y, x = np.mgrid[0:side, 0:side] + 0.5
    nearest = np.full((side, side), np.inf)
    for a, b in pairwise(line):
        along = b - a
        length2 = max(float(along @ along), 1e-12)
        share = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / length2, 0, 1)
        gap = np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1])
        nearest = np.minimum(nearest, gap)
    return nearest


def scribble(seed: int, count: int = 24) -> Points:
    """A lively line with sharp turns, some of its points upon one another."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 14, (count, 2)) * (rng.random((count, 1)) > 0.1)
    return np.asarray(np.clip(100 + np.cumsum(steps, axis=0), 40, 160))


@pytest.mark.parametrize("width", [2, 7, 12, 40])
@pytest.mark.parametrize("seed", range(3))
def test_ink_is_where_the_line_is_near_without_holes(seed: int, width: float) -> None:
    points = scribble(seed)
    gap = distances(curve(points), 200)
    coverage = painted(Stroke.of(points, width))
    assert (coverage[gap < width / 2 - 1] == 255).all()
    assert (coverage[gap > width / 2 + 1] == 0).all()


def test_edges_are_smooth() -> None:
    """Along a slanted edge the coverage is on the average that of the area, and not just 0 or 1."""
    coverage = painted(Stroke.of([[30.0, 60.0], [170.0, 103.3]], 12))
    inner = coverage[:, 60:140].astype(float) / 255
    length = math.hypot(140, 43.3) / 140  # of the line for one column
    assert inner.sum(axis=0).mean() == pytest.approx(12 * length, abs=0.35)
    edge = inner[(inner > 0) & (inner < 1)]
    assert len(np.unique(edge)) > 8


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
def test_a_dot_is_a_disc(scale: float) -> None:
    coverage = painted(Stroke.of([[40.25, 50.5]], 12), scale, 200)
    assert coverage.sum() / 255 == pytest.approx(math.pi * (6 * scale) ** 2, rel=0.06)
    y, x = np.average(np.indices(coverage.shape), axis=(1, 2), weights=coverage[None].repeat(2, 0))
    assert (x + 0.5, y + 0.5) == pytest.approx((40.25 * scale, 50.5 * scale), abs=0.2)


@pytest.mark.parametrize("pressed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_growing_stroke_leaves_the_same_pixels_as_one_painted_at_once(
    seed: int, pressed: bool
) -> None:
    points = scribble(seed, 90)
    pressures = np.random.default_rng(seed).random(90) if pressed else None
    growing = np.zeros((200, 200), np.uint8)
    done = 0
    for n in range(1, 91):
        so_far = Stroke.of(points[:n], 9, None if pressures is None else pressures[:n])
        cover(growing, so_far, 1.25, done, steady_pieces(so_far))
        done = steady_pieces(so_far)
    cover(growing, so_far, 1.25, done, pieces(so_far))
    assert np.array_equal(growing, painted(Stroke.of(points, 9, pressures), 1.25))


def test_no_pieces_leave_nothing() -> None:
    coverage = np.zeros((200, 200), np.uint8)
    stroke = Stroke.of(scribble(2, 60), 11)
    for place in range(pieces(stroke) + 1):
        assert cover(coverage, stroke, 1.0, place, place) == []
    assert not coverage.any()


def test_painting_twice_changes_nothing() -> None:
    stroke = Stroke.of(scribble(1), 11)
    once = painted(stroke)
    twice = once.copy()
    cover(twice, stroke, 1.0, 0, pieces(stroke))
    assert np.array_equal(once, twice)


def test_spans_tell_every_pixel_that_changed() -> None:
    coverage = np.zeros((200, 200), np.uint8)
    stroke = Stroke.of(scribble(2, 60), 11)
    for span in cover(coverage, stroke, 1.0, 0, pieces(stroke)):
        coverage[span] = 0
    assert not coverage.any()


def test_pressure_widens_and_narrows_the_line() -> None:
    points = np.array([[20 + 4 * i, 100] for i in range(40)])
    coverage = painted(Stroke.of(points, 12, np.linspace(0, 1, 40)))
    heights = coverage.sum(axis=0) / 255
    assert heights[30] == pytest.approx(12 * LIGHTEST, abs=1.5)
    assert heights[165] == pytest.approx(12 * HEAVIEST, abs=1.5)
    assert (np.diff(heights[30:165]) > -0.6).all()


def test_widths_look_only_backwards_and_stay_in_range() -> None:
    pressures = np.array([0, 1, 0.2, 0.9, 3.0, -1.0, 0.5])
    points = np.arange(14).reshape(7, 2)
    whole = line_widths(Stroke.of(points, 10, pressures))
    for n in range(1, 8):
        part = line_widths(Stroke.of(points[:n], 10, pressures[:n]))
        assert part == pytest.approx(whole[:n])
    assert (whole >= 10 * LIGHTEST).all()
    assert (whole <= 10 * HEAVIEST).all()
    assert whole[1] == pytest.approx(10 * (LIGHTEST + (HEAVIEST - LIGHTEST) * 0.5))


@pytest.mark.parametrize("pressures", [None, [1.0] * 30])
def test_all_ink_is_in_the_strokes_area(pressures: list[float] | None) -> None:
    stroke = Stroke.of(scribble(3, 30), 25, pressures)
    coverage = painted(stroke)
    area = stroke_area(stroke)
    coverage[int(area.y) : math.ceil(area.bottom), int(area.x) : math.ceil(area.right)] = 0
    assert not coverage.any()


def test_what_a_new_point_bends_is_in_the_area_of_the_last_three() -> None:
    points = scribble(4, 40)
    whole = Stroke.of(points, 10)
    changed = painted(whole) != painted(Stroke.of(points[:-1], 10))
    box: Box = stroke_area(whole, last=3)
    changed[int(box.y) : math.ceil(box.bottom), int(box.x) : math.ceil(box.right)] = False
    assert not changed.any()


@pytest.mark.parametrize(
    "points",
    [
        [[-500, 100], [500, 100]],
        [[100, -1e6], [100, 1e6]],
        [[-1e7, 100], [1e7, 100]],
    ],
)
def test_lines_that_come_from_far_are_clipped(points: list[tuple[float, float]]) -> None:
    coverage = painted(Stroke.of(points, 12))
    assert (coverage[100, :] == 255).all() or (coverage[:, 100] == 255).all()
    assert coverage.sum() / 255 == pytest.approx(200 * 12, rel=0.05)


@pytest.mark.parametrize("points", [[[900, 900]], [[-50, 5], [-50, 90]], [[1e7, -1e7]]])
def test_lines_outside_leave_nothing(points: list[tuple[float, float]]) -> None:
    coverage = np.zeros((200, 200), np.uint8)
    stroke = Stroke.of(points, 12)
    assert cover(coverage, stroke, 1.0, 0, pieces(stroke)) == []
    assert not coverage.any()


@pytest.mark.parametrize("scale", [0.1, 1.0, 4.0])
def test_the_widest_pen_covers_the_picture(scale: float) -> None:
    coverage = np.zeros((50, 60), np.uint8)
    stroke = Stroke.of([[0, 0], [300, 20]], MAX_WIDTH, [1.0, 0.0])
    assert cover(coverage, stroke, scale, 0, pieces(stroke))
    assert (coverage == 255).all()


@pytest.mark.parametrize(("count", "total", "steady"), [(1, 1, 0), (2, 1, 0), (3, 2, 1), (9, 8, 7)])
def test_number_of_pieces(count: int, total: int, steady: int) -> None:
    stroke = Stroke.of(np.zeros((count, 2)))
    assert (pieces(stroke), steady_pieces(stroke)) == (total, steady)


def test_a_long_stroke_grows_as_fast_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def curve(rows: NDArray[np.float64], stop: int, is_start: bool) -> NDArray[np.float64]:
        looked_at.append(len(rows))
        return _curve(rows, stop, is_start)

    monkeypatch.setattr("inkread.ui.canvas.ink_raster._curve", curve)
    points = scribble(5, 3000)
    stroke = Stroke.of(points, 9, np.full(3000, 0.5))
    cover(np.zeros((200, 200), np.uint8), stroke, 1.0, pieces(stroke) - 2, pieces(stroke) - 1)
    assert 0 < sum(looked_at) <= BLOCK + 2


@pytest.mark.parametrize("pressed", [False, True])
def test_blocks_meet_without_a_seam(pressed: bool) -> None:
    """Where one block ends and the next begins nothing is missing and nothing is doubled."""
    points = scribble(6, 3 * BLOCK)
    pressures = np.random.default_rng(6).random(3 * BLOCK) if pressed else None
    stroke = Stroke.of(points, 9, pressures)
    whole = painted(stroke)
    alone = np.zeros_like(whole)
    for piece in range(pieces(stroke)):
        cover(alone, stroke, 1.0, piece, piece + 1)
    assert np.array_equal(whole, alone)
    middle = points[BLOCK : BLOCK + 2].mean(axis=0).round().astype(int)
    assert whole[middle[1], middle[0]] == 255

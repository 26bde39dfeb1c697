from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from inkread.core.ink import (
    MAX_COORDINATE,
    MAX_WIDTH,
    Ink,
    Stroke,
    draw_strokes,
    ink_of,
    rasterise,
    rasterise_page,
    thinned,
)


def distance_to_polyline(
    shape: tuple[int, int], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distance of every pixel centre to a polyline: the oracle for what a pen covers."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(float)
    best = np.full(shape, np.inf)
    for (ax, ay), (bx, by) in pairwise(points):
        length = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-12)
        t = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1)
        best = np.minimum(best, np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
    return best


def test_a_stroke_copies_and_freezes_its_points() -> None:
    points = np.array([[0, 0], [1, 1]], np.float32)
    stroke = Stroke.of(points)
    points[0, 0] = 9
    assert stroke.points[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        stroke.points[0, 0] = 5


@pytest.mark.parametrize(
    "bad", [np.zeros((0, 2)), [[1]], [[1, 2, 3]], [[np.nan, 0]], [[np.inf, 0]], [1, 2]]
)
def test_a_stroke_of_no_points_or_wild_numbers_is_an_error(bad: ArrayLike) -> None:
    with pytest.raises(ValueError, match="finite"):
        Stroke.of(bad)


@pytest.mark.parametrize("number", [1.001e7, -1.001e7, 1e12, -3.4e38, 1e39, 1e308])
def test_a_point_beyond_the_range_is_an_error(number: float) -> None:
    assert Stroke.of([[MAX_COORDINATE, -MAX_COORDINATE]]).bounds.longest_side == 0
    with pytest.raises(ValueError, match="finite numbers up to 1e"):
        Stroke.of([(0.0, 0.0), (5.0, number)])


@pytest.mark.parametrize("width", [0.0, -1.0, float("nan"), float("inf"), 1.001e6])
def test_a_pen_beyond_the_range_is_an_error(width: float) -> None:
    with pytest.raises(ValueError, match="px wide"):
        Stroke.of([[0, 0]], width)


@pytest.mark.parametrize("pressure", [float("nan"), float("inf"), 1e39])
def test_a_pressure_is_finite(pressure: float) -> None:
    with pytest.raises(ValueError, match="pressure"):
        Stroke.of([[0, 0]], pressures=[pressure])


def drawn(points: ArrayLike, width: float = 12.0) -> tuple[NDArray[np.float64], float, None]:
    return np.array(points, np.float64), width, None


def test_ink_within_the_range_keeps_its_numbers() -> None:
    ink = ink_of([drawn([[-1e7, 0.1], [1e7, 5]], 3.5), drawn([[1, 2]])])
    assert ink.strokes[0].points.tolist() == np.array([[-1e7, 0.1], [1e7, 5]], np.float32).tolist()
    assert [stroke.width for stroke in ink.strokes] == [3.5, 12.0]


@pytest.mark.parametrize("unit", [1e3, 1e9, 1e30, 1e300])
@pytest.mark.parametrize("away", [0.0, 1e3, -1e5])
def test_ink_of_any_unit_keeps_its_shape(unit: float, away: float) -> None:
    shape = np.array([[0, 0], [3e4, 4e4], [0, 2e4]])
    ink = ink_of([drawn((shape + away) * unit, unit), drawn((shape[:1] + away) * unit, unit)])
    box = ink.bounds
    assert max(abs(box.x), abs(box.y), box.right, box.bottom) <= MAX_COORDINATE
    assert box.width / box.height == pytest.approx(0.75, rel=1e-5)
    assert ink.strokes[0].width == pytest.approx(box.height / 4e4, rel=1e-5)


def test_ink_far_away_is_moved_and_not_reduced() -> None:
    ink = ink_of([drawn([[1e12, -1e12], [1e12 + 30, -1e12 + 40]])])
    assert ink.strokes[0].points.tolist() == [[0, 0], [30, 40]]
    assert ink.strokes[0].width == 12


def test_a_pen_too_wide_is_as_wide_as_may_be() -> None:
    assert ink_of([drawn([[0, 0]], 1e300)]).strokes[0].width == MAX_WIDTH


@pytest.mark.parametrize(
    "strokes",
    [
        [drawn([[0, np.nan]])],
        [drawn([[0, 0]]), drawn([[np.inf, 0]])],
        [drawn(np.zeros((0, 2)))],
        [drawn([[0, 0]], 0.0)],
        [drawn([[0, 0]], np.nan)],
        [drawn([[0, 0]], np.inf)],
    ],
)
def test_ink_of_wild_numbers_is_an_error(
    strokes: list[tuple[NDArray[np.float64], float, None]],
) -> None:
    with pytest.raises(ValueError, match=r"finite|pen"):
        ink_of(strokes)


def test_no_ink_is_in_range() -> None:
    assert ink_of([]).is_empty


def test_ink_of_too_many_strokes_or_points_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.core.ink.MAX_STROKES", 2)
    monkeypatch.setattr("inkread.core.ink.MAX_POINTS", 5)
    assert len(ink_of([drawn([[0, 0], [1, 1]])] * 2).strokes) == 2
    for strokes in ([drawn([[0, 0]])] * 3, [drawn([[0, 0]] * 3)] * 2):
        with pytest.raises(ValueError, match="more than 2 strokes or 5 points"):
            ink_of(strokes)


def test_a_stroke_is_thinned_evenly_and_keeps_its_bounds() -> None:
    points = np.stack([np.arange(1000), np.zeros(1000)], axis=1).astype(np.float32)
    points[123, 1], points[456, 1] = 7, -7
    few = thinned(points, 11)
    assert 11 <= len(few) <= 15
    assert Stroke(few).bounds == Stroke(points).bounds
    assert np.diff(few[:, 0]).max() <= 101
    assert thinned(points, 1000) is points


def test_a_stroke_has_one_pressure_for_each_point() -> None:
    with pytest.raises(ValueError, match="pressure"):
        Stroke.of([[0, 0], [1, 1]], pressures=[0.5])


def test_without_goes_by_identity() -> None:
    first, twin = Stroke.of([[0, 0]]), Stroke.of([[0, 0]])
    ink = Ink().with_stroke(first).with_stroke(twin)
    assert ink.without([twin]).strokes == (first,)
    assert len(ink.strokes) == 2


def test_rasterise_covers_what_a_round_pen_covers() -> None:
    points = np.array([[0, 0], [60, 20], [30, 90]], float)
    image = rasterise([Stroke.of(points)], 100, 10)
    # 90 px of ink height become 100 - 10; the box is centred.
    height, width = image.shape
    inked = (points - [30, 45]) * (90 / 90) + [(width - 1) / 2, (height - 1) / 2]
    away = distance_to_polyline((height, width), inked)
    assert image[away < 4.0].min() == 255
    assert image[away > 7.0].max() == 0
    assert (image > 127).sum() == pytest.approx((away < 5).sum(), rel=0.06)


@pytest.mark.parametrize("width", [1.5, 2, 2.6, 5, 8, 14, 20, 33])
@pytest.mark.parametrize("angle", [0, 20, 45, 90])
def test_lines_are_as_wide_as_asked_for(width: float, angle: float) -> None:
    turn = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * 100
    ends = np.stack([150 - turn, 150 + turn]).astype(np.float32)
    covered = draw_strokes((300, 300), [ends], [width]).sum() / 255
    # A round-ended line of length n and width w covers n w + pi w^2 / 4.
    assert covered == pytest.approx(200 * width + np.pi * width**2 / 4, abs=200 * 0.55)


@pytest.mark.parametrize("scale", [0.01, 1.0, 7.0])
@pytest.mark.parametrize("pen", [1.0, 40.0])
def test_size_place_and_pen_of_the_canvas_do_not_matter(scale: float, pen: float) -> None:
    points = np.array([[0, 0], [50, 100], [80, 20]], float)
    plain = rasterise([Stroke.of(points)], 80, 10)
    other = rasterise([Stroke.of(points * scale + 300, width=pen)], 80, 10)
    assert plain.shape == other.shape
    assert np.abs(plain.astype(int) - other).mean() < 1.5


def test_longer_side_is_the_side_asked_for() -> None:
    assert max(rasterise([Stroke.of([[0, 0], [10, 300]])], 80, 8).shape) == 80


def test_a_dot_is_a_dot() -> None:
    image = rasterise([Stroke.of([[5, 5]])], 80, 10)
    assert image.shape == (10, 10)
    assert image[4:6, 4:6].min() == 255


def test_the_page_is_dark_on_light_with_true_pen_widths() -> None:
    page = rasterise_page(Ink((Stroke.of([[0, 50], [100, 50]], width=12),)), margin=10)
    assert page[0, 0] == 255
    assert page.min() == 0
    assert (page[:, page.shape[1] // 2] < 128).sum() == pytest.approx(12, abs=1)


def test_the_page_of_no_ink_is_blank() -> None:
    assert (rasterise_page(Ink()) == 255).all()


@pytest.mark.parametrize("extent", [1e-45, 1e-38, 1e-30, 1e-7])
def test_strokes_of_hardly_any_extent_make_a_dot(extent: float) -> None:
    image = rasterise([Stroke.of([(0.0, 0.0), (extent, 0.0)])], 80, 10)
    assert image.shape == (10, 10)
    assert image[4:6, 4:6].min() == 255


def test_a_page_that_is_filled_over_and_over_is_reduced() -> None:
    zigzag = [(0, 1000 * (i % 2)) for i in range(101)]
    assert max(rasterise_page(Ink((Stroke.of(zigzag, 100),))).shape) == 1132
    many = [(0, 1000 * (i % 2)) for i in range(100_001)]
    page = rasterise_page(Ink((Stroke.of(many, 100),)))
    # 1e5 lines of 1200 x 100 px fill 1.2e10 px, of which 5e8 may be: each side times 0.2.
    assert max(page.shape) == pytest.approx(1132 * (5e8 / 1.2e10) ** 0.5, abs=3)


def test_the_widest_pen_and_the_largest_ink_make_a_page() -> None:
    far = Stroke.of([[-MAX_COORDINATE, 0], [MAX_COORDINATE, MAX_COORDINATE]], MAX_WIDTH)
    page = rasterise_page(Ink((far,)))
    assert 100 < max(page.shape) <= 7901
    assert page.min() == 0


def test_the_page_of_far_away_points_stays_bounded() -> None:
    page = rasterise_page(Ink((Stroke.of([[0.0, 0.0], [1e7, 1e7]]),)))
    assert max(page.shape) <= 7901
    assert (page < 128).any()

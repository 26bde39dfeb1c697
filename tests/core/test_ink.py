from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from inkread.core.ink import Ink, Stroke, draw_strokes, rasterise, rasterise_page


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


def test_the_page_of_far_away_points_stays_bounded() -> None:
    page = rasterise_page(Ink((Stroke.of([[0.0, 0.0], [1e7, 1e7]]),)))
    assert max(page.shape) <= 7901
    assert (page < 128).any()

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.synthetic import LEVELS, STRENGTHS, mixture, of_level, photograph
from tests.written import write

INK = write("207\n46", height=120, width=10, at=(120, 80))
SHAPE = (480, 640)
RNG = np.random.default_rng


def test_without_disturbances_the_sheet_fills_the_photo() -> None:
    photo = photograph(INK, SHAPE, {}, RNG(0))
    assert photo.colour.shape == (*SHAPE, 3)
    assert np.allclose(photo.corners, [[0, 0], [640, 0], [640, 480], [0, 480]], atol=0.01)
    assert (photo.colour == 240).mean() > 0.8


@pytest.mark.parametrize("name", STRENGTHS)
def test_each_disturbance_grows_with_its_strength(name: str) -> None:
    plain = photograph(INK, SHAPE, {}, RNG(1)).colour.astype(int)
    off = []
    for level in LEVELS:
        photo = photograph(INK, SHAPE, of_level(level, (name,)), RNG(1))
        off.append(float(np.abs(photo.colour - plain).mean()))
    if name == "chalk":  # the stronger, the less light ink stands out from its board
        assert off[0] > off[1] > off[2] > 0
    else:
        assert 0 < off[0] < off[1] < off[2]


def test_chance_comes_from_the_seed_alone() -> None:
    sizes = mixture("medium", RNG(3))
    assert sizes == mixture("medium", RNG(3))
    first, again, other = (photograph(INK, SHAPE, sizes, RNG(seed)).colour for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_corners_and_homography_tell_where_the_sheet_lies() -> None:
    sizes = of_level("strong", ("table", "perspective", "turn"))
    photo = photograph(INK, SHAPE, sizes, RNG(5))
    assert photo.corners.min() > 0
    assert (photo.corners < [640, 480]).all()
    inside = np.zeros(SHAPE, np.uint8)
    cv2.fillConvexPoly(inside, np.rint(photo.corners).astype(np.int32), 255)
    within = cv2.erode(inside, np.ones((5, 5), np.uint8)) > 0
    red = photo.colour[..., 0]
    assert np.median(red[within]) == 240
    assert np.median(red[~within]) < 160

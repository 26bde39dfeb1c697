from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.ink import Points
from inkread.ml.synthesis.lines.layout import Written
from inkread.ml.synthesis.lines.pages import finished_picture, jpeg, page_line
from inkread.ml.synthesis.lines.textures import make_textures

RNG = np.random.default_rng
TEXTURES = make_textures(RNG(0))


def _bars(count: int) -> Written:
    bars: list[Points] = [np.array([(x, 0), (x + 0.1, 1)], np.float32) for x in range(count)]
    return Written(bars, [], [1] * count, count - 0.9)


def test_ink_stays_visible_whatever_happens_to_the_page() -> None:
    lost = 0
    for seed in range(200):
        image = page_line(_bars(3), 0.12, TEXTURES, RNG(seed))
        assert image.shape[0] == 32
        assert image.dtype == np.uint8
        ink = np.quantile(image, 0.98)
        lost += not (ink > 120 and ink > np.median(image) + 40)
    assert lost <= 2  # in a shadow, in two levels


def test_rows_are_jittered_by_up_to_4_px_and_a_third() -> None:
    grey = np.full((80, 120), 230, np.uint8)
    grey[30:50, 40:46] = 20
    heights, middles = [], []
    for seed in range(200):
        rows = np.flatnonzero(finished_picture(grey, 30, 50, RNG(seed)).max(axis=1) > 127)
        heights.append(np.ptp(rows) + 1)
        middles.append(rows.mean() + 0.5)
    assert 14 <= min(heights) < 17
    assert 24 < max(heights) <= 27
    assert np.abs(np.array(middles) - 16).max() == pytest.approx(4, abs=1)


def test_jpeg_changes_little_at_high_quality() -> None:
    grey = cv2.GaussianBlur(RNG(0).integers(0, 255, (40, 60), np.uint8), (0, 0), 4)
    found = jpeg(np.asarray(grey, np.uint8), 90)
    assert np.abs(found.astype(int) - grey).mean() < 2

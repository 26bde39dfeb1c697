from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.picture.downsample import reduced


@pytest.mark.parametrize("shape", [(64, 48), (401, 303), (1001, 1503), (1, 700), (700, 3)])
@pytest.mark.parametrize("size", [(1, 1), (3, 1), (40, 30), (48, 64)])
def test_it_averages_as_one_step_does(shape: tuple[int, int], size: tuple[int, int]) -> None:
    y, x = np.mgrid[: shape[0], : shape[1]]
    grey = (127 + 60 * np.sin(x / 90) + 60 * np.cos(y / 70)).astype(np.uint8)
    size = min(size[0], shape[1]), min(size[1], shape[0])
    once = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    small = reduced(grey, size)
    assert small.shape == size[::-1]
    assert np.abs(small.astype(int) - once).max() <= 8


def test_a_page_of_nearly_the_size_is_reduced_in_one_step() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (90, 90), dtype=np.uint8)
    once = cv2.resize(grey, (30, 30), interpolation=cv2.INTER_AREA)
    assert np.array_equal(reduced(grey, (30, 30)), once)

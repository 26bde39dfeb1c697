from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.contrast import ink_level, noise_of
from tests.written import write


def test_the_contrast_of_ink_does_not_depend_on_how_much_of_a_large_page_is_counted() -> None:
    drawn = np.asarray(
        255 - rasterise_page(write("2046", height=110, width=9), margin=30), np.uint8
    )
    faint = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 2) // 3, np.uint8)
    large = np.kron(faint, np.ones((8, 8), np.uint8))
    assert large.size > 4 << 20
    one, other = (ink_level(page, noise_of(page)) for page in (faint, large))
    assert one is not None
    assert one == pytest.approx(other, abs=2)

"""Grey pictures for Qt."""

from __future__ import annotations

import numpy as np

from inkread.ui.widgets.grey_image import grey_image


def test_rows_of_any_width_are_copied() -> None:
    picture = np.arange(15, dtype=np.uint8).reshape(3, 5)
    image = grey_image(picture)
    assert [image.pixelColor(x, 2).red() for x in range(5)] == [10, 11, 12, 13, 14]

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.stroke_width import line_width


@pytest.mark.parametrize("width", [1, 3, 8, 21])
def test_line_width_of_a_bar_is_its_width(width: int) -> None:
    glyph = np.zeros((60, 300), np.uint8)
    glyph[10 : 10 + width, 10:290] = 255
    assert line_width(glyph) == pytest.approx(width, rel=0.12, abs=0.25)

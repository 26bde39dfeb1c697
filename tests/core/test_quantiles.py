from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inkread.core.quantiles import median, quantile

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


@given(numbers, st.floats(0, 1))
def test_they_are_numpys(values: list[float], share: float) -> None:
    assert quantile(values, share) == pytest.approx(np.quantile(values, share), abs=1e-6)
    assert median(values) == pytest.approx(np.median(values), abs=1e-6)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.float32])
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 9), (8, 6)])
@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_pictures_of_any_kind(kind: type, shape: tuple[int, int], share: float) -> None:
    picture: NDArray[Any] = np.random.default_rng(1).integers(0, 255, shape).astype(kind)
    before = picture.copy()
    assert quantile(picture, share) == pytest.approx(np.quantile(picture, share))
    assert np.array_equal(picture, before)

from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.adaptation.examples import Example, variants
from tests.ml.adaptation.hands import box


@pytest.mark.parametrize("has_strokes", [True, False])
def test_the_first_is_the_sample_and_the_others_are_not(has_strokes: bool) -> None:
    sample = box("tick", 0)
    if not has_strokes:
        sample = Example(sample.label, sample.cell)
    made = variants(sample, 4, np.random.default_rng(0))
    assert made.shape == (5, 28, 28) and made.dtype == np.uint8
    assert (made[0] == sample.cell).all()
    assert len({cell.tobytes() for cell in made}) == 5
    assert all(cell.max() > 128 for cell in made)


@pytest.mark.parametrize("has_strokes", [True, False])
def test_none_is_the_sample_alone(has_strokes: bool) -> None:
    sample = box("tick", 0)
    given = sample if has_strokes else Example(sample.label, sample.cell)
    assert variants(given, 0, np.random.default_rng(0)).shape == (1, 28, 28)

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from inkread.ml.architecture.initialise import INITIALISERS, Initialiser, initial_weights


def _draw(kind: str, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return initial_weights(cast(Initialiser, kind), (50, 40, 5, 5), 1000, 1250, rng)


@pytest.mark.parametrize(
    ("kind", "deviation"),
    [
        ("he", np.sqrt(2 / 1000)),
        ("xavier", np.sqrt(2 / 2250)),  # of a uniform distribution: limit / sqrt(3)
        ("normal", 0.1 * 0.8796),  # of a normal one cut off at two deviations
    ],
)
def test_spread(kind: str, deviation: float) -> None:
    drawn = _draw(kind)
    assert drawn.dtype == np.float32
    assert drawn.shape == (50, 40, 5, 5)
    assert drawn.std() == pytest.approx(deviation, rel=0.02)
    assert drawn.mean() == pytest.approx(0, abs=0.02 * deviation)


def test_bounded_kinds_keep_their_bounds() -> None:
    assert np.abs(_draw("normal")).max() <= 0.2
    assert np.abs(_draw("xavier")).max() <= np.sqrt(6 / 2250)


@pytest.mark.parametrize("kind", INITIALISERS)
def test_the_seed_decides(kind: str) -> None:
    np.testing.assert_array_equal(_draw(kind, 3), _draw(kind, 3))
    assert (_draw(kind, 3) != _draw(kind, 4)).any()


def test_unknown_kind() -> None:
    with pytest.raises(ValueError, match="ones"):
        _draw("ones")

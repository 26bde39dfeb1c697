from __future__ import annotations

import numpy as np

from inkread.ml.synthesis.lines.textures import make_textures

RNG = np.random.default_rng
TEXTURES = make_textures(RNG(0), [np.full((40, 100), 128, np.uint8)])


def test_prints_are_of_any_size_and_between_0_and_1() -> None:
    for seed, shape in enumerate([(20, 30), (96, 1536), (150, 40), (60, 4000)] * 5):
        found = TEXTURES.print(shape, RNG(seed))
        assert found.shape == shape
        assert found.dtype == np.float32
        assert found.min() >= 0
        assert found.max() <= 1


def test_real_backgrounds_are_among_them() -> None:
    (real,) = TEXTURES.only(1).prints
    assert np.unique(real).size == 1


def test_grain_is_white_and_waves_are_smooth() -> None:
    grain, wave = TEXTURES.noise((100, 900), RNG(1)), TEXTURES.wave((100, 900), RNG(1))
    assert abs(float(grain.std()) - 1) < 0.05
    for field, least, most in ((grain, 1.3, 1.5), (wave, 0.0, 0.2)):
        step = float(np.diff(field, axis=1).std())
        assert least < step < most


def test_fields_larger_than_theirs_are_repeated() -> None:
    assert TEXTURES.noise((300, 5000), RNG(2)).shape == (300, 5000)


def test_the_same_seed_gives_the_same_part() -> None:
    again = make_textures(RNG(0), [np.full((40, 100), 128, np.uint8)])
    assert np.array_equal(TEXTURES.print((9, 99), RNG(5)), again.print((9, 99), RNG(5)))

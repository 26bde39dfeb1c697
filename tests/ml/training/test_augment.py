from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from inkread.core.cell import cell_from_ink
from inkread.ml.training import augment as module
from inkread.ml.training.augment import Augmentation, augment
from tests.written import write

NONE = Augmentation.none()
STRENGTHS = tuple(field.name for field in fields(Augmentation))
ANY = [st.floats(0, 50)] * 5
Cells = NDArray[np.uint8]


def cells(count: int = 40) -> Cells:
    """Cells of written digits."""
    made = [cell_from_ink(write(str(i % 10), seed=i).strokes)[1][-1].image for i in range(count)]
    return np.stack(made)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def only(**strengths: float) -> Augmentation:
    """Nothing but these strengths."""
    return Augmentation(**(dict.fromkeys(STRENGTHS, 0.0) | strengths))


class TestAugmentation:
    @pytest.mark.parametrize("name", STRENGTHS)
    @pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
    def test_strengths_that_cannot_be(self, name: str, value: float) -> None:
        with pytest.raises(ValueError, match=name):
            Augmentation(**{name: value})

    def test_too_thick(self) -> None:
        with pytest.raises(ValueError, match="thickness"):
            Augmentation(thickness=1.01)

    def test_elastic_without_smoothness(self) -> None:
        with pytest.raises(ValueError, match="smoothness"):
            Augmentation(smoothness=0)

    def test_it_can_be_called(self) -> None:
        strong = Augmentation(noise=20)
        np.testing.assert_array_equal(strong(cells(), rng()), augment(cells(), strong, rng()))


class TestIdentity:
    def test_no_strength_at_all(self) -> None:
        np.testing.assert_array_equal(augment(cells(), NONE, rng()), cells())

    @pytest.mark.parametrize("name", STRENGTHS)
    def test_so_little_that_it_rounds_away(self, name: str) -> None:
        """The whole way is gone, and nothing comes of it."""
        weak = only(**({"smoothness": 5.0} | {name: 1e-6 if name != "smoothness" else 5.0}))
        np.testing.assert_array_equal(augment(cells(), weak, rng()), cells())

    @pytest.mark.parametrize("name", sorted(set(STRENGTHS) - {"smoothness"}))
    def test_every_strength_does_something(self, name: str) -> None:
        strong = only(**({"smoothness": 5.0} | {name: 20.0 if name == "noise" else 1.0}))
        changed = (augment(cells(), strong, rng()) != cells()).any(axis=(1, 2))
        assert changed.mean() > 0.9


class TestChance:
    def test_equal_generators_change_equally(self) -> None:
        strong = Augmentation(noise=20)
        np.testing.assert_array_equal(
            augment(cells(), strong, rng(3)), augment(cells(), strong, rng(3))
        )

    def test_other_generators_change_otherwise(self) -> None:
        weak = Augmentation()
        assert (augment(cells(), weak, rng(3)) != augment(cells(), weak, rng(4))).any()

    @pytest.mark.parametrize("name", sorted(set(STRENGTHS) - {"smoothness"}))
    def test_each_cell_is_changed_in_its_own_way(self, name: str) -> None:
        same = np.repeat(cells(4)[3:], 8, axis=0)
        strong = only(**({"smoothness": 5.0} | {name: 1.0}))
        assert len({cell.tobytes() for cell in augment(same, strong, rng())}) > 5


class TestDegenerate:
    STRONG = Augmentation(30, 0.5, 0.5, 5, 3, 4, 1, 40)

    @pytest.mark.parametrize("shape", [(0, 28, 28), (3, 0, 28), (3, 28, 0)])
    def test_nothing(self, shape: tuple[int, int, int]) -> None:
        found = augment(np.zeros(shape, np.uint8), self.STRONG, rng())
        assert found.shape == shape
        assert found.dtype == np.uint8

    @pytest.mark.parametrize("shape", [(1, 28, 28), (5, 1, 1), (5, 2, 3), (3, 32, 20), (2, 90, 9)])
    def test_any_size(self, shape: tuple[int, int, int]) -> None:
        given_cells = rng().integers(0, 256, shape).astype(np.uint8)
        found = augment(given_cells, self.STRONG, rng())
        assert found.shape == shape
        assert found.dtype == np.uint8

    def test_larger_than_opencv_takes_at_once(self) -> None:
        wide = np.full((40, 1000, 2), 200, np.uint8)
        assert augment(wide, only(shift=1), rng()).shape == wide.shape

    def test_blank_cells_stay_blank(self) -> None:
        blank = np.zeros((20, 28, 28), np.uint8)
        clean = Augmentation(30, 0.5, 0.5, 5, 3, 4, 1, 0)
        assert not augment(blank, clean, rng()).any()

    def test_cells_that_may_not_be_written(self) -> None:
        guarded = cells()
        guarded.setflags(write=False)
        before = guarded.copy()
        for strong in (self.STRONG, NONE):
            found = augment(guarded, strong, rng())
            assert found.flags.writeable
            assert not np.shares_memory(found, guarded)
        np.testing.assert_array_equal(guarded, before)

    def test_every_other_cell_of_a_larger_array(self) -> None:
        some = cells()[::2, :, ::-1]
        assert not some.flags.c_contiguous
        np.testing.assert_array_equal(
            augment(some, self.STRONG, rng()),
            augment(np.ascontiguousarray(some), self.STRONG, rng()),
        )

    @given(
        count=st.integers(0, 5),
        height=st.integers(1, 40),
        width=st.integers(1, 40),
        strengths=st.tuples(*ANY, st.floats(0.01, 50), st.floats(0, 1)),
        noise=st.floats(0, 255),
        seed=st.integers(0, 1000),
    )
    def test_any_strength(
        self,
        count: int,
        height: int,
        width: int,
        strengths: tuple[float, float, float, float, float, float, float],
        noise: float,
        seed: int,
    ) -> None:
        given_cells = rng(seed).integers(0, 256, (count, height, width)).astype(np.uint8)
        found = augment(given_cells, Augmentation(*strengths, noise), rng(seed))
        assert found.shape == given_cells.shape
        assert found.dtype == np.uint8


class TestMaps:
    """Where pixels are taken from, held against what the words of the strengths mean."""

    SIDE = 21
    MIDDLE = (SIDE - 1) / 2

    def maps(self, augmentation: Augmentation) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Offsets of the source from the middle, (300, 21, 21)."""
        x, y = module._affine(300, self.SIDE, self.SIDE, augmentation, rng())
        return x.astype(np.float64) - self.MIDDLE, y.astype(np.float64) - self.MIDDLE

    @property
    def offsets(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        line = np.arange(self.SIDE) - self.MIDDLE
        x, y = np.meshgrid(line, line)
        return x, y

    def test_a_rotation_keeps_distances_and_the_middle(self) -> None:
        x, y = self.maps(only(rotation=15))
        u, v = self.offsets
        np.testing.assert_allclose(
            np.hypot(x, y), np.broadcast_to(np.hypot(u, v), x.shape), atol=1e-4
        )
        angles = np.degrees(np.arctan2(y[:, 10, -1], x[:, 10, -1]))
        assert 14 < np.abs(angles).max() <= 15.001
        assert (angles > 0).any()
        assert (angles < 0).any()

    def test_a_shear_moves_sideways_by_the_height(self) -> None:
        x, y = self.maps(only(shear=0.3))
        u, v = self.offsets
        np.testing.assert_allclose(y, np.broadcast_to(v, y.shape), atol=1e-4)
        slope = (x[:, -1, 10] - x[:, 0, 10]) / (self.SIDE - 1)
        np.testing.assert_allclose(x, u + slope[:, None, None] * v, atol=1e-4)
        assert 0.28 < np.abs(slope).max() <= 0.3001

    def test_a_scale_stretches_each_side_by_itself(self) -> None:
        x, y = self.maps(only(scale=0.25))
        u, v = self.offsets
        for found, given_offsets in ((x, u), (y, v)):
            factor = found[:, -1, -1] / self.MIDDLE
            np.testing.assert_allclose(found, factor[:, None, None] * given_offsets, atol=1e-4)
            assert 1.2 < factor.max() <= 1.2501
            assert 0.7999 <= factor.min() < 0.83
        assert (x[:, -1, -1] != y[:, -1, -1]).all()

    def test_a_shift_moves_all_alike(self) -> None:
        x, y = self.maps(only(shift=2))
        u, v = self.offsets
        for found, given_offsets in ((x, u), (y, v)):
            moved = found - given_offsets
            np.testing.assert_allclose(
                moved, np.broadcast_to(moved[:, :1, :1], moved.shape), atol=1e-4
            )
            assert 1.9 < np.abs(moved).max() <= 2.0001

    def test_together_they_are_a_turn_then_a_shear_then_a_stretch(self) -> None:
        x, y = self.maps(only(rotation=20, shear=0.3, scale=0.3))
        u, v = self.offsets
        columns = np.stack([x, y], axis=-1)[:, [10, 20], [20, 10]] / self.MIDDLE
        for i in range(300):
            matrix = columns[i].T
            np.testing.assert_allclose(
                np.stack([x[i], y[i]]),
                np.einsum("ij,jhw->ihw", matrix, np.stack([u, v])),
                atol=1e-3,
            )
            # The rows of stretch * shear * turn: the lower one shows the turn alone.
            turn = np.degrees(np.arctan2(matrix[1, 0], matrix[1, 1]))
            assert abs(turn) <= 20.001
            assert 1 / 1.3001 <= np.linalg.norm(matrix[1]) <= 1.3001

    def test_an_elastic_field_is_equally_strong_everywhere_and_smooth(self) -> None:
        strong = only(elastic=2, smoothness=4)
        field = module._elastic(4000, 28, 20, strong, rng())
        np.testing.assert_allclose(field.std(axis=0), 2, rtol=0.08)
        np.testing.assert_allclose(field.mean(axis=0), 0, atol=0.15)
        assert np.corrcoef(field[:, 14, 10], field[:, 14, 11])[0, 1] > 0.9
        assert abs(np.corrcoef(field[:, 2, 10], field[:, 24, 10])[0, 1]) < 0.1

    def test_pixels_are_taken_from_where_the_maps_say(self) -> None:
        """SciPy, cell by cell, as the oracle for OpenCV on all cells in one picture."""
        strong = only(rotation=25, scale=0.3, shear=0.3, shift=6, elastic=1.5, smoothness=4)
        given_cells = cells(30)
        found = module._warped(given_cells, strong, rng(5))
        chance = rng(5)
        x, y = module._affine(30, 28, 28, strong, chance)
        x += module._elastic(30, 28, 28, strong, chance)
        y += module._elastic(30, 28, 28, strong, chance)
        for i, cell in enumerate(given_cells):
            expected = ndimage.map_coordinates(
                np.pad(cell, 40).astype(np.float64), [y[i] + 40, x[i] + 40], order=1
            )
            assert np.abs(found[i] - expected).max() < 12  # OpenCV's maps go by 1/32 px
            assert np.abs(found[i] - expected).mean() < 1


class TestThickness:
    def test_lines_get_wider_and_narrower_about_where_they_were(self) -> None:
        bar = np.zeros((400, 28, 28), np.uint8)
        bar[:, 4:24, 12:16] = 255
        found = augment(bar, only(thickness=1), rng())
        profile = found[:, 14] / 255
        assert 5.8 < profile.sum(axis=1).max() <= 6
        assert 2 <= profile.sum(axis=1).min() < 2.2
        np.testing.assert_allclose(profile @ np.arange(28) / profile.sum(axis=1), 13.5, atol=0.02)

    def test_ink_at_the_border_does_not_reach_the_neighbours(self) -> None:
        pair = np.zeros((2, 8, 8), np.uint8)
        pair[0] = 255
        for seed in range(20):
            assert not augment(pair, only(thickness=1), rng(seed))[1].any()

    def test_ink_outside_of_a_cell_does_not_reach_the_neighbours(self) -> None:
        three = np.zeros((3, 8, 8), np.uint8)
        three[1] = 255
        strong = only(rotation=90, scale=2, shear=2, shift=8, elastic=5, smoothness=3)
        for seed in range(20):
            assert not augment(three, strong, rng(seed))[[0, 2]].any()


class TestNoise:
    def test_its_grain_is_as_strong_as_said_at_most(self) -> None:
        grey = np.full((500, 28, 28), 128, np.uint8)
        strength = augment(grey, only(noise=20), rng()).std(axis=(1, 2))
        assert 19 < strength.max() < 21.5
        assert strength.min() < 1
        np.testing.assert_allclose(strength.mean(), 10, rtol=0.1)

    def test_it_neither_wraps_nor_biases(self) -> None:
        found = augment(np.full((50, 28, 28), 250, np.uint8), only(noise=30), rng())
        assert found.min() > 60
        assert found.max() == 255


def test_the_brightest_ink_stays_as_bright() -> None:
    strong = Augmentation(thickness=0.9)
    found = augment(cells(200), strong, rng())
    np.testing.assert_allclose(found.max(axis=(1, 2)), cells(200).max(axis=(1, 2)), atol=1)


def test_what_nearly_vanished_is_not_blown_up() -> None:
    dots = np.zeros((50, 9, 9), np.uint8)
    dots[:, 4, 4] = 255
    found = augment(dots, only(shift=0.999), rng())
    assert found.sum(axis=(1, 2)).max() <= 2.1 * 255


def test_digits_stay_where_and_what_they_are() -> None:
    """At the default strengths, nearly all ink stays in the cell."""
    found = augment(cells(400), Augmentation(thickness=0), rng())
    assert not found[:, 0].any(axis=1).mean() > 0.1
    ratio = found.sum(axis=(1, 2), dtype=float) / cells(400).sum(axis=(1, 2), dtype=float)
    assert 0.7 < ratio.min() <= ratio.max() < 1.5

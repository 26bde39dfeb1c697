from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.tables.line_maps import line_maps, lines_are_light
from tests.core.tables.drawn import drawn_grid

GRID = drawn_grid([50, 150, 250, 350], [40, 120, 200, 280])


def test_level_lines_are_in_one_map_and_upright_ones_in_the_other() -> None:
    maps = line_maps(GRID)
    assert maps.level_mask[121, 60:140].all()
    assert not maps.level_mask[50:110, 151].any()
    assert maps.upright_mask[50:110, 151].all()
    assert not maps.upright_mask[121, 70:130].any()


def test_light_lines_on_dark_are_seen_as_well() -> None:
    light = np.asarray(255 - GRID, np.uint8)
    assert lines_are_light(light)
    assert not lines_are_light(GRID)
    assert np.array_equal(line_maps(light).level_mask, line_maps(GRID).level_mask)


@pytest.mark.parametrize("degrees", [-14, -5, 7, 15])
def test_a_turned_picture_is_turned_back_and_the_matrix_knows_the_way(degrees: float) -> None:
    turn = cv2.getRotationMatrix2D((200, 150), degrees, 0.8)
    turned = np.asarray(cv2.warpAffine(GRID, turn, (400, 300), borderValue=230), np.uint8)
    maps = line_maps(turned)
    assert maps.level_mask.sum(axis=1).max() > 200  # a level line from side to side
    crossing = turn @ np.array([151.0, 121.0, 1.0])
    there = np.linalg.inv(maps.matrix) @ np.array([*crossing, 1.0])
    x, y = np.rint(there[:2] / there[2]).astype(int)
    assert maps.ink[y - 2 : y + 3, x - 2 : x + 3].max() > 60


def test_a_large_picture_is_looked_at_smaller() -> None:
    large = np.asarray(cv2.resize(GRID, None, fx=8, fy=8), np.uint8)
    maps = line_maps(large)
    assert max(maps.ink.shape) == 1280
    assert maps.matrix[0, 0] == pytest.approx(2.5)


def test_the_noise_of_plain_paper_makes_hardly_a_piece_of_a_line() -> None:
    rng = np.random.default_rng(0)
    noisy = np.clip(200 + rng.normal(0, 6, (300, 400)), 0, 255).astype(np.uint8)
    maps = line_maps(noisy)
    assert maps.level_mask.mean() < 0.003
    assert maps.upright_mask.mean() < 0.003

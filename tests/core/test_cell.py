from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core import cell as module
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.reading import Cells, Grey, StageName

SEVEN = np.array([[0, 0], [60, 0], [20, 100]], float)


def centre_of_mass(cell: Cells) -> tuple[float, float]:
    y, x = np.mgrid[:28, :28]
    return float((x * cell).sum() / cell.sum()), float((y * cell).sum() / cell.sum())


def glyph_of(points: NDArray[np.float64], width: float) -> Grey:
    return 255 - rasterise_page(Ink((Stroke.of(points, width),)))


def test_an_ink_cell_is_mnists_recipe() -> None:
    cell, stages = module.cell_from_ink([Stroke.of(SEVEN)])
    assert cell.shape == (28, 28)
    assert cell.dtype == np.float32
    assert cell.min() == 0
    assert cell.max() == 1
    assert centre_of_mass(cell) == pytest.approx((13.5, 13.5), abs=0.15)
    rows = np.flatnonzero(cell.max(axis=1) > 0.3)
    assert rows[-1] - rows[0] + 1 == pytest.approx(20, abs=1)
    assert [stage.name for stage in stages] == [StageName.INK, StageName.CENTRE, StageName.CELL]
    assert np.array_equal(stages[-1].image, np.rint(cell * 255))


@pytest.mark.parametrize("width", [2, 6, 12])
@pytest.mark.parametrize("size", [0.25, 1, 3])
def test_a_picture_of_ink_makes_nearly_the_cell_of_the_ink(width: float, size: float) -> None:
    pen = max(1, width * size)
    in_cell = 20 * pen / (100 * size + pen)
    drawn, _ = module.cell_from_ink([Stroke.of(SEVEN)], line_width=max(2.0, in_cell))
    seen, stages = module.cell_from_glyph(glyph_of(SEVEN * size, pen))
    assert np.corrcoef(drawn.ravel(), seen.ravel())[0, 1] > 0.9
    assert [stage.name for stage in stages] == [StageName.CROP, StageName.CENTRE, StageName.CELL]


def test_hair_lines_do_not_fade() -> None:
    cell, _ = module.cell_from_glyph(glyph_of(SEVEN * 8, 2))
    assert (cell > 0.7).sum() > 40


def test_no_ink_makes_an_empty_cell() -> None:
    cell, _ = module.cell_from_glyph(np.zeros((40, 30), np.uint8))
    assert not cell.any()


def test_one_pixel_and_one_dot_are_cells_too() -> None:
    dot, _ = module.cell_from_ink([Stroke.of([[3, 3]])])
    pixel, _ = module.cell_from_glyph(np.full((1, 1), 255, np.uint8))
    for cell in (dot, pixel):
        assert np.isfinite(cell).all()
        assert cell.max() == 1


def test_centre_clips_what_leans_out_of_the_field() -> None:
    lopsided = np.zeros((80, 80), np.uint8)
    lopsided[:6] = 255
    lopsided[:, :1] = 40
    field = module.centre(lopsided)
    assert field.shape == (112, 112)
    assert field.any()


def test_an_mnist_like_cell_survives_the_picture_pipeline() -> None:
    cell, _ = module.cell_from_ink([Stroke.of(SEVEN)])
    again, _ = module.cell_from_glyph(np.rint(cell * 255).astype(np.uint8))
    assert np.corrcoef(cell.ravel(), again.ravel())[0, 1] > 0.97


def test_fit_keeps_the_aspect() -> None:
    assert module.fit(np.zeros((50, 100), np.uint8), 80).shape == (40, 80)
    assert module.fit(np.zeros((1, 900), np.uint8), 80).shape == (1, 80)


def test_thicken_leaves_bold_lines_alone() -> None:
    ring = np.zeros((200, 200), np.uint8)
    cv2.circle(ring, (100, 100), 70, 255, 30)
    bold = module.crop(ring)
    assert np.array_equal(module.thicken(bold), bold)

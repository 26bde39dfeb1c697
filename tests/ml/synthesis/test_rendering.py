from __future__ import annotations

import numpy as np
import pytest

from inkread.core.cell import cell_from_ink
from inkread.core.ink import Stroke
from inkread.ml.datasets.strokes import Traces
from inkread.ml.synthesis.rendering import ink_cell, page_cell
from tests.written import write


def _traces(text: str) -> Traces:
    return tuple(stroke.points for stroke in write(text).strokes)


def _usual(text: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return cell_from_ink([Stroke(trace) for trace in _traces(text)])[1][-1].image


def test_ink_is_drawn_as_reading_draws_it_and_with_other_lines() -> None:
    rng = np.random.default_rng(0)
    cells = [ink_cell(_traces("3"), rng) for _ in range(60)]
    same = sum(np.array_equal(cell, _usual("3")) for cell in cells)
    assert 12 <= same <= 36
    amounts = [int(cell.sum()) for cell in cells]
    assert min(amounts) < 0.8 * _usual("3").sum() < 1.2 * _usual("3").sum() < max(amounts)


@pytest.mark.parametrize("text", list("0123456789"))
def test_a_picture_shows_the_same_digit(text: str) -> None:
    rng = np.random.default_rng(int(text))
    cells = [page_cell(_traces(text), rng) for _ in range(20)]
    found = [cell for cell in cells if cell is not None]
    assert len(found) >= 17
    usual = _usual(text).astype(np.float64).ravel()
    likeness = [np.corrcoef(usual, cell.astype(np.float64).ravel())[0, 1] for cell in found]
    assert np.median(likeness) > 0.8
    assert min(likeness) > 0.4


def test_the_same_seed_takes_the_same_picture() -> None:
    first, second = (page_cell(_traces("5"), np.random.default_rng(4)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.tolist() == second.tolist()

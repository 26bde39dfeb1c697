from __future__ import annotations

import numpy as np
import pytest

from inkread.core.tables.chains import traced


def test_a_piece_is_traced_along_its_middle() -> None:
    mask = np.zeros((40, 100), np.uint8)
    for x in range(10, 90):
        mask[15 + x // 20 : 18 + x // 20, x] = 1
    found = traced(mask, np.full((40, 100), 50, np.uint8), is_level=True, min_length=11)
    (chain,) = found.chains
    assert (chain.start, chain.end, chain.width) == (10, 90, 3)
    assert chain.across[[0, -1]] == pytest.approx([16, 20])
    x, y = found.places[0]
    assert mask[y, x]


def test_upright_pieces_run_along_y() -> None:
    mask = np.zeros((100, 40), np.uint8)
    mask[20:80, 12:14] = 1
    found = traced(mask, mask * np.uint8(60), is_level=False, min_length=11)
    (chain,) = found.chains
    assert (chain.start, chain.length) == (20, 60)
    assert np.allclose(chain.across, 12.5)
    assert found.places[0][0] in {12, 13}


def test_short_pieces_are_left_out() -> None:
    mask = np.zeros((40, 100), np.uint8)
    mask[10, 10:20] = 1
    mask[30, 10:40] = 1
    found = traced(mask, mask, is_level=True, min_length=11)
    assert [chain.length for chain in found.chains] == [30]
    assert traced(mask, mask, is_level=True, min_length=50).chains == ()

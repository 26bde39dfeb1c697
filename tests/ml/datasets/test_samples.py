from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.core.errors import DataEmpty
from inkread.data.samples.export import export
from inkread.ml.datasets import load
from inkread.ml.datasets.dataset import Purpose
from inkread.ml.datasets.samples import dataset_of
from tests.data.stores import cell, sample, store_in


def test_kept_samples_are_a_data_set(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.add_many(sample(label, i) for i, label in enumerate(["7", "a", "10", "7"]))
    found = dataset_of(store.samples(), "mine")
    assert found.labels == ("7", "10", "a")
    assert found.targets.tolist() == [0, 2, 1, 0]
    assert found.sources == ("mine",)
    for number in range(4):
        np.testing.assert_array_equal(found.cells[number], cell(number))


def test_without_any_it_is_told() -> None:
    with pytest.raises(DataEmpty, match="nothing was taught yet"):
        dataset_of([])


def test_an_export_is_the_same_data_set(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.add_many(sample(label, i) for i, label in enumerate("371"))
    export(store.samples(), tmp_path / "a.npz")
    direct, loaded = dataset_of(store.samples()), load([str(tmp_path / "a.npz")])
    assert direct.labels == loaded.labels
    np.testing.assert_array_equal(direct.targets, loaded.targets)
    np.testing.assert_array_equal(direct.cells, loaded.cells)
    assert len(load([str(tmp_path / "a.npz")], purpose=Purpose.EVALUATION)) == 3

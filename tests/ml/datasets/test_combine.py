"""Several data sets as one."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.core import errors
from inkread.ml.datasets.combine import combined
from inkread.ml.datasets.dataset import Dataset, Skipped
from tests.ml.datasets.data_files import dataset, digits, pictures


class TestCombined:
    def test_equal_labels_are_one_class(self) -> None:
        found = combined([dataset(("1", "2")), dataset(("10", "2", "A"), name="b")])
        assert found.labels == ("1", "2", "10", "A")
        assert found.counts.tolist() == [6, 6 + 4, 4, 4]
        assert found.sources == ("a", "b")
        texts = [found.labels[i] for i in found.targets]
        assert texts == ["1", "2"] * 6 + ["10", "2", "A"] * 4
        np.testing.assert_array_equal(found.cells[:12], found.cells[12:])

    def test_one_alone_stays_what_it_is(self) -> None:
        alone = dataset()
        assert combined([alone]) is alone

    def test_what_was_skipped_is_kept(self) -> None:
        one = Dataset(pictures(2), digits(2), ("0", "1"), ("a",), (Skipped("x", "y"),))
        assert combined([one, one]).skipped == (Skipped("x", "y"),) * 2
        assert combined([one, one]).sources == ("a",)

    def test_sizes_that_differ_are_refused(self) -> None:
        with pytest.raises(errors.SizesDiffer) as caught:
            combined([dataset(), dataset(side=32, name="b")])
        assert str(caught.value) == (
            "b: its samples are 32 x 32 pixels, those of a are 28 x 28; use data of one size."
        )

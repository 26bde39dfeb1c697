"""Which kind of data set a path is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkread.core import errors
from inkread.core.errors import InkreadError
from inkread.ml.datasets.load import load, loading
from tests.ml.datasets.data_files import csv_text, digits, npz, pictures


class TestOther:
    @pytest.mark.parametrize(
        "content", [b"\x89PNG\r\n\x1a\n" + bytes(40), b"some prose", b"\0" * 50, b"\n\n"]
    )
    def test_what_is_no_data_set(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_bytes(content)
        with pytest.raises(errors.DataUnknown, match="a: this is not a data set"):
            load([str(path)])

    def test_an_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.npz"
        path.write_bytes(b"")
        with pytest.raises(errors.DataEmpty, match="the file is empty"):
            load([str(path)])

    @pytest.mark.parametrize("name", ["none.npz", "none/none", "nul\0", "x" * 5000])
    def test_a_file_that_is_not_there(self, name: str, tmp_path: Path) -> None:
        with pytest.raises((errors.FileMissing, errors.FileUnusable)):
            load([str(tmp_path / name)])

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
    @given(
        head=st.sampled_from(
            [b"", b"PK\x03\x04", b"\0\0\x08\x03", b"\x1f\x8b\x08", b"<ink>", b"1,2,3,4,5\n", b"a;"]
        ),
        rest=st.binary(max_size=200),
    )
    def test_any_bytes_are_read_or_refused(self, head: bytes, rest: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_bytes(head + rest)
        try:
            load([str(path)])
        except InkreadError as error:
            assert "\n" not in str(error)

    def test_several_sources_of_several_kinds(self, tmp_path: Path) -> None:
        table = tmp_path / "a.csv"
        table.write_text(csv_text(pictures(), ["0", "1", "A"] * 4))
        path = npz(tmp_path / "b.npz", x=pictures(4, seed=1), y=np.array([1, 2] * 2))
        found = load([str(table), path])
        assert found.labels == ("0", "1", "2", "A")
        assert found.counts.tolist() == [4, 6, 2, 4]
        assert found.sources == ("a.csv", "b.npz")

    def test_a_class_may_come_from_another_source(self, tmp_path: Path) -> None:
        zeros = npz(tmp_path / "a.npz", x=pictures(2), y=np.array([0, 0]))
        ones = npz(tmp_path / "b.npz", x=pictures(2), y=np.array([1, 1]))
        assert load([zeros, ones]).counts.tolist() == [2, 2]

    def test_sources_of_different_sizes(self, tmp_path: Path) -> None:
        small = npz(tmp_path / "a.npz", x=pictures(side=28), y=digits())
        large = npz(tmp_path / "b.npz", x=pictures(side=32), y=digits())
        with pytest.raises(errors.SizesDiffer, match=r"b\.npz: .* 32 x 32 .* a\.npz are 28 x 28"):
            load([small, large])

    def test_no_sources_are_a_mistake_of_ours(self) -> None:
        with pytest.raises(ValueError, match="no sources"):
            load([])

    def test_stopping_closes_the_file(self, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=pictures(), y=digits())
        steps = loading([path])
        next(steps)
        steps.close()  # a file left open would be a ResourceWarning, which fails the test
        Path(path).unlink()

"""IDX files, as MNIST comes."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from inkread.core import errors
from inkread.ml.datasets.load import load
from tests.ml.datasets.data_files import EVALUATION, idx_bytes, pictures, texts, write_idx


class TestIdx:
    @pytest.mark.parametrize("gz", [False, True])
    def test_pictures_and_the_labels_beside_them(self, gz: bool, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [7, 8, 9] * 4, gz=gz)
        found = load([str(path)])
        np.testing.assert_array_equal(found.cells, pictures())
        assert texts(found) == ["7", "8", "9"] * 4
        assert found.sources == (path.name,)

    def test_the_file_of_labels_stands_for_its_pictures(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [7, 8, 9] * 4)
        labels = path.with_name("train-labels-idx1-ubyte")
        np.testing.assert_array_equal(load([str(labels)]).cells, pictures())

    def test_one_may_be_gzipped_and_the_other_not(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [7, 8, 9] * 4)
        packed = path.with_name(f"{path.name}.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
        assert len(load([str(packed)])) == 12

    def test_dots_for_dashes(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [7, 8, 9] * 4)
        dotted = path.rename(tmp_path / "train-images.idx3-ubyte")
        (tmp_path / "train-labels-idx1-ubyte").rename(tmp_path / "train-labels.idx1-ubyte")
        assert len(load([str(dotted)])) == 12

    def test_a_folder_with_both_parts(self, tmp_path: Path) -> None:
        write_idx(tmp_path, pictures(6), [1, 2] * 3, gz=True)
        write_idx(tmp_path, pictures(4, seed=1), [1, 2] * 2, "t10k", gz=True)
        assert len(load([str(tmp_path)])) == 6
        found = load([str(tmp_path)], purpose=EVALUATION)
        np.testing.assert_array_equal(found.cells, pictures(4, seed=1))

    def test_a_folder_with_one_part(self, tmp_path: Path) -> None:
        write_idx(tmp_path, pictures(4), [1, 2] * 2, "t10k")
        assert len(load([str(tmp_path)])) == 4

    def test_labels_that_are_not_there(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3] * 4)
        path.with_name("train-labels-idx1-ubyte").unlink()
        with pytest.raises(errors.LabelsMissing, match="no file of labels beside it"):
            load([str(path)])

    def test_labels_of_others(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3])
        with pytest.raises(errors.DataMisshapen, match="12 pictures, 3 labels"):
            load([str(path)])

    def test_labels_alone(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3] * 4)
        path.unlink()
        with pytest.raises(errors.DataEmpty, match="no file of pictures beside"):
            load([str(tmp_path / "train-labels-idx1-ubyte")])

    @pytest.mark.parametrize("gz", [False, True])
    @pytest.mark.parametrize("kind", ["images-idx3", "labels-idx1"])
    def test_cut_off(self, kind: str, gz: bool, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3] * 4, gz=gz)
        cut = next(tmp_path.glob(f"*{kind}*"))
        data = cut.read_bytes()
        cut.write_bytes(data[: len(data) // 2])
        with pytest.raises(errors.DataDamaged, match="cut off"):
            load([str(path)])

    def test_a_checksum_that_is_wrong(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3] * 4, gz=True)
        data = bytearray(path.read_bytes())
        data[-5] ^= 1
        path.write_bytes(data)
        with pytest.raises(errors.DataDamaged, match="CRC"):
            load([str(path)])

    def test_what_claims_too_much_is_refused_on_its_header(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3] * 4)
        path.write_bytes(struct.pack(">4I", 0x803, 2**32 - 1, 28, 28) + bytes(100))
        with pytest.raises(errors.DataTooLarge):
            load([str(path)])

    def test_a_gzip_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3] * 4, gz=True)
        path.write_bytes(gzip.compress(idx_bytes(pictures()) + bytes(50_000_000), 1))
        with pytest.raises(errors.DataDamaged, match="longer than its header says"):
            load([str(path)])

    def test_labels_in_the_file_of_pictures(self, tmp_path: Path) -> None:
        path = write_idx(tmp_path, pictures(), [1, 2, 3] * 4)
        path.with_name("train-labels-idx1-ubyte").write_bytes(path.read_bytes())
        with pytest.raises(errors.DataDamaged, match="no IDX file of labels"):
            load([str(path)])

"""Data sets in files: NPZ, IDX, CSV, InkML; good ones, bad ones, and malicious ones."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inkread.core import errors
from inkread.core.errors import InkreadError
from inkread.core.recognition.single_glyph import cell_of_ink
from inkread.ml.datasets import Dataset, Loading, Purpose, load, loading
from tests.ml.datasets.data_files import (
    csv_text,
    digits,
    idx_bytes,
    pictures,
    write_idx,
    write_inkml_file,
)
from tests.written import write

EVALUATION = Purpose.EVALUATION


def texts(found: Dataset) -> list[str]:
    return [found.labels[i] for i in found.targets]


def npz(path: Path, **arrays: Any) -> str:
    np.savez_compressed(path, **arrays)
    return str(path)


class TestNpz:
    @pytest.mark.parametrize(
        ("x", "y"), [("images", "labels"), ("x", "y"), ("X", "Y"), ("data", "target")]
    )
    def test_pictures_and_labels(self, x: str, y: str, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", **{x: pictures(), y: digits()})
        found = load([path])
        np.testing.assert_array_equal(found.cells, pictures())
        assert texts(found) == ["0", "1", "2"] * 4
        assert (found.labels, found.sources, found.skipped) == (("0", "1", "2"), ("a.npz",), ())

    def test_of_two_parts_the_purpose_takes_one(self, tmp_path: Path) -> None:
        path = npz(
            tmp_path / "a.npz",
            x_train=pictures(6),
            y_train=digits(6),
            x_test=pictures(3, seed=1),
            y_test=digits(3),
        )
        assert len(load([path])) == 6
        np.testing.assert_array_equal(load([path], purpose=EVALUATION).cells, pictures(3, seed=1))

    def test_of_one_part_it_takes_all(self, tmp_path: Path) -> None:
        only_test = npz(tmp_path / "a.npz", x_test=pictures(3), y_test=digits(3))
        only_training = npz(tmp_path / "b.npz", x_train=pictures(3), y_train=digits(3))
        assert len(load([only_test])) == len(load([only_training], purpose=EVALUATION)) == 3

    @pytest.mark.parametrize("side", [8, 28, 32])
    @pytest.mark.parametrize("form", ["flat", "channel first", "channel last"])
    def test_shapes(self, side: int, form: str, tmp_path: Path) -> None:
        cells = pictures(side=side)
        shape = {"flat": (12, -1), "channel first": (12, 1, side, side)}.get(
            form, (12, side, side, 1)
        )
        path = npz(tmp_path / "a.npz", x=cells.reshape(shape), y=digits())
        np.testing.assert_array_equal(load([path]).cells, cells)

    def test_pictures_need_not_be_square(self, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=pictures()[:, :20], y=digits())
        found = load([path])
        assert (found.height, found.width) == (20, 28)

    @pytest.mark.parametrize(
        "dtype", ["uint8", "int16", "int64", "float16", "float32", "float64", ">i4", ">f8"]
    )
    def test_values_up_to_255_stay(self, dtype: str, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=pictures().astype(dtype), y=digits())
        np.testing.assert_array_equal(load([path]).cells, pictures())

    @pytest.mark.parametrize("top", [1, 16])
    def test_values_up_to_1_or_16_are_stretched(self, top: int, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=pictures() / 255 * top, y=digits())
        np.testing.assert_array_equal(load([path]).cells, pictures())

    def test_values_of_1_bit_are_stretched(self, tmp_path: Path) -> None:
        bits = pictures() > 127
        path = npz(tmp_path / "a.npz", x=bits, y=digits())
        np.testing.assert_array_equal(load([path]).cells, bits * 255)

    def test_dark_on_light_is_inverted(self, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=255 - pictures(), y=digits())
        np.testing.assert_array_equal(load([path]).cells, pictures())

    def test_columns_first(self, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=np.asfortranarray(pictures() / 255), y=digits())
        np.testing.assert_array_equal(load([path]).cells, pictures())

    def test_more_than_is_read_at_a_time(self, tmp_path: Path) -> None:
        many = pictures(1500)
        path = npz(tmp_path / "a.npz", x=many / 255, y=digits(1500))
        steps = list(loading([path]))
        np.testing.assert_array_equal(load([path]).cells, many)
        assert len(steps) > 3
        assert steps[-1].done == steps[-1].total == 1500
        assert all(isinstance(step, Loading) and step.source == path for step in steps)

    def test_plain_and_lzma_archives(self, tmp_path: Path) -> None:
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_LZMA):
            with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as archive:
                for name, values in (("x", pictures()), ("y", digits())):
                    stream = io.BytesIO()
                    np.save(stream, values)
                    archive.writestr(f"{name}.npy", stream.getvalue())
            np.testing.assert_array_equal(load([str(tmp_path / "a.npz")]).cells, pictures())

    def test_letters_are_labels(self, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=pictures(3), y=np.array(["B", "ä", "B"]))
        assert texts(load([path])) == ["B", "ä", "B"]

    @pytest.mark.parametrize(
        ("arrays", "kind", "says"),
        [
            ({"x": pictures()}, errors.LabelsMissing, "there is x, but no y"),
            ({"y": digits()}, errors.DataMisshapen, "it holds y, not x and y"),
            ({}, errors.DataMisshapen, "it holds no arrays"),
            ({"x": pictures(), "y": digits(5)}, errors.DataMisshapen, r"\(12, 28, 28\)"),
            ({"x": pictures(), "y": np.array(3)}, errors.DataMisshapen, r"labels of \(\)"),
            ({"x": np.array(3), "y": digits()}, errors.DataMisshapen, r"shape \(\)"),
            ({"x": pictures()[:, :5, :5].reshape(12, 5, 5, 1)[:, :, :, [0, 0, 0]], "y": digits()},
             errors.DataMisshapen, r"\(12, 5, 5, 3\)"),
            ({"x": pictures().reshape(12, -1)[:, :783], "y": digits()},
             errors.DataMisshapen, r"\(12, 783\)"),
            ({"x": pictures()[:, :1], "y": digits()}, errors.DataMisshapen, "28 x 1 pixels"),
            ({"x": np.zeros((12, 2, 600), "u1"), "y": digits()}, errors.DataMisshapen, "600 x 2"),
            ({"x": pictures() - 1.0, "y": digits()}, errors.DataMisshapen, "from -1 to 254"),
            ({"x": pictures() * 257.0, "y": digits()}, errors.DataMisshapen, "to 65535"),
            ({"x": np.where(pictures() == 255, np.nan, 0), "y": digits()},
             errors.DataMisshapen, "nan"),
            ({"x": pictures() * 1j, "y": digits()}, errors.DataMisshapen, "complex128"),
            ({"x": pictures().astype("S3"), "y": digits()}, errors.DataMisshapen, "S3"),
            ({"x": pictures(0), "y": digits(0)}, errors.DataEmpty, "it has none"),
            ({"x": pictures() * 0, "y": digits()}, errors.DataBlank, "all samples are blank"),
            ({"x": pictures(), "y": digits() * 0}, errors.ClassSingle, "of the class 0"),
            ({"x": pictures(3), "y": np.eye(4)[:3]}, errors.ClassEmpty, "the class 3"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_used(
        self,
        arrays: dict[str, NDArray[np.generic]],
        kind: type[InkreadError],
        says: str,
        tmp_path: Path,
    ) -> None:
        path = npz(tmp_path / "a.npz", **arrays)
        with pytest.raises(kind, match=says) as caught:
            load([path])
        assert "a.npz: " in str(caught.value)
        assert str(caught.value).count("\n") == 0

    def test_one_class_is_enough_to_evaluate_on(self, tmp_path: Path) -> None:
        path = npz(tmp_path / "a.npz", x=pictures(), y=digits() * 0)
        assert len(load([path], purpose=EVALUATION)) == 12

    def test_nothing_is_unpickled(self, tmp_path: Path) -> None:
        class Trap:
            def __reduce__(self) -> tuple[object, ...]:
                return (pytest.fail, ("it was unpickled",))

        traps = np.array([Trap()] * 12, object)
        for arrays in ({"x": pictures(), "y": traps}, {"x": traps, "y": digits()}):
            np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
            with pytest.raises(errors.DataMisshapen, match="object"):
                load([str(tmp_path / "a.npz")])


def claiming(path: Path, shape: str, dtype: str = "|u1", data: bytes = bytes(4096)) -> str:
    """An archive whose x claims a shape that its few bytes do not bear out."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (117 - len(header)) + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data
    labels = io.BytesIO()
    np.save(labels, digits())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", array)
        archive.writestr("y.npy", labels.getvalue())
    return str(path)


class TestMaliciousNpz:
    def test_what_claims_too_much_is_refused_on_its_header(self, tmp_path: Path) -> None:
        path = claiming(tmp_path / "a.npz", "(12, 100000, 100000)")
        with pytest.raises(errors.DataTooLarge, match="1000 MB"):
            load([path])

    def test_lengths_beyond_64_bits_too(self, tmp_path: Path) -> None:
        path = claiming(tmp_path / "a.npz", f"(12, {2**63}, {2**63})")
        with pytest.raises(errors.DataTooLarge):
            load([path])

    def test_wide_labels_too(self, tmp_path: Path) -> None:
        path = tmp_path / "a.npz"
        claiming(tmp_path / "b.npz", "(12,)", f"<U{2**28}")
        with zipfile.ZipFile(tmp_path / "b.npz") as old, zipfile.ZipFile(path, "w") as new:
            new.writestr("y.npy", old.read("x.npy"))
            stream = io.BytesIO()
            np.save(stream, pictures())
            new.writestr("x.npy", stream.getvalue())
        with pytest.raises(errors.DataTooLarge):
            load([str(path)])

    def test_a_claim_that_is_not_borne_out_is_damage(self, tmp_path: Path) -> None:
        path = claiming(tmp_path / "a.npz", "(12, 28, 28)", data=bytes(100))
        with pytest.raises(errors.DataDamaged, match="cut off"):
            load([path])

    @pytest.mark.parametrize(
        "shape", ["(12, -28, -28)", "(12, 28)\\n", "'x'", "(12.0, 28)", "[12, 28, 28]", "(12"]
    )
    def test_nonsense_in_the_header(self, shape: str, tmp_path: Path) -> None:
        with pytest.raises((errors.DataDamaged, errors.DataMisshapen)):
            load([claiming(tmp_path / "a.npz", shape)])

    def test_a_header_without_end(self, tmp_path: Path) -> None:
        path = tmp_path / "a.npz"
        head = b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31) + b" " * 2_000_000
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x.npy", head)
            archive.writestr("y.npy", head)
        with pytest.raises(errors.DataDamaged):
            load([str(path)])

    @pytest.mark.parametrize("keep", [0.3, 0.7, 0.95])
    def test_cut_off(self, keep: float, tmp_path: Path) -> None:
        path = Path(npz(tmp_path / "a.npz", x=pictures(), y=digits()))
        data = path.read_bytes()
        path.write_bytes(data[: int(keep * len(data))])
        with pytest.raises(errors.DataDamaged, match=r"a\.npz: the data set is damaged"):
            load([str(path)])

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(data=st.data())
    def test_any_flipped_bytes_are_read_or_refused(
        self, data: st.DataObject, tmp_path: Path
    ) -> None:
        path = Path(npz(tmp_path / "a.npz", x=pictures(6, 8), y=digits(6)))
        content = bytearray(path.read_bytes())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
            content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        try:
            load([str(path)])
        except InkreadError as error:
            assert "a.npz" in str(error)


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


class TestCsv:
    @pytest.mark.parametrize("header", [True, False])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_the_label_first(self, header: bool, separator: str, tmp_path: Path) -> None:
        path = tmp_path / "train.csv"
        path.write_text(csv_text(pictures(), ["7", "8", "A"] * 4, header, separator))
        found = load([str(path)])
        np.testing.assert_array_equal(found.cells, pictures())
        assert texts(found) == ["7", "8", "A"] * 4

    @pytest.mark.parametrize("side", [2, 8, 28])
    def test_any_square(self, side: int, tmp_path: Path) -> None:
        window = slice(14 - side // 2, 14 + side // 2)
        cells = pictures(side=28)[:, window, window]
        path = tmp_path / "a.csv"
        path.write_text(csv_text(cells, [1, 2, 3] * 4, header=False))
        assert load([str(path)]).cells.shape == (12, side, side)

    @pytest.mark.parametrize("top", [1, 16])
    def test_values_up_to_1_or_16_are_stretched(self, top: int, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(csv_text(np.round(pictures() / 255 * top, 5), [1, 2, 3] * 4))
        np.testing.assert_array_equal(load([str(path)]).cells, pictures())

    def test_whole_labels_may_be_written_as_floats_or_in_quotes(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(csv_text(pictures(4), ["5.0", '"5"', "5", " 6 "]))
        assert texts(load([str(path)])) == ["5", "5", "5", "6"]

    def test_gzipped_with_a_byte_order_mark_and_empty_lines(self, tmp_path: Path) -> None:
        text = "\ufeff" + csv_text(pictures(), digits().tolist()).replace("\n", "\r\n\r\n")
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress(text.encode()))
        assert len(load([str(path)])) == 12

    def test_columns_that_are_named_by_numbers(self, tmp_path: Path) -> None:
        lines = csv_text(pictures(), digits().tolist(), header=False)
        path = tmp_path / "a.csv"
        path.write_text("label," + ",".join(map(str, range(784))) + "\n" + lines)
        assert load([str(path)]).labels == ("0", "1", "2")

    def test_bad_rows_among_good_ones_are_skipped_and_listed(self, tmp_path: Path) -> None:
        lines = csv_text(pictures(2000), digits(2000).tolist()).splitlines()
        lines[3] = lines[3].rpartition(",")[0]
        lines[5] = lines[5].replace(",0,0,", ",0,x,", 1)
        lines[1500] = lines[1500].replace(",0,", ",256,", 1)
        lines[1501] = lines[1501][1:]
        path = tmp_path / "a.csv"
        path.write_text("\n".join(lines))
        found = load([str(path)])
        assert len(found) == 1996
        assert found.skipped == (
            ("a.csv, row 4", "it has 783 values, not 784"),
            ("a.csv, row 6", "its values are no numbers"),
            ("a.csv, row 1501", "its values are not from 0 to 255"),
            ("a.csv, row 1502", "it has no label"),
        )
        good = np.delete(np.arange(2000), [2, 4, 1499, 1500])
        np.testing.assert_array_equal(found.cells, pictures(2000)[good])

    @pytest.mark.parametrize(
        ("text", "kind", "says"),
        [
            (csv_text(pictures(), ["x"] * 12).replace("label,", "", 1),
             errors.LabelsMissing, "28 x 28"),
            (csv_text(pictures(), ["x"] * 12).replace("label,pixel0", "pixel0,label", 1),
             errors.LabelsMissing, "the first column is not the label"),
            ("\n".join(",".join(["0"] * 784) for _ in range(3)), errors.LabelsMissing, "28 x 28"),
            ("a,b\n1,2\n", errors.DataMisshapen, "1 values after the label"),
            ("label," + ",".join(map(str, range(784))), errors.DataEmpty, "it has no rows"),
            ("1,2,3,4,x\n", errors.DataEmpty, "it has no rows"),
            ("\n\n,\n", errors.DataMisshapen, "1 values"),
            ("1," + "9" * 5_000_000, errors.DataMisshapen, "row 1 is too long"),
            ("1,1,0,1,1\n" * 2 + "2,0,1,1,900\n", errors.ClassSingle, "class 1"),
            ("1,1,0,1,1\n" * 1001 + "2,0,1,1,200\n", errors.DataMisshapen, "one of 200"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_used(
        self, text: str, kind: type[InkreadError], says: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.csv"
        path.write_text(text)
        with pytest.raises(kind, match=says):
            load([str(path)])

    def test_cut_off(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress(csv_text(pictures(), digits().tolist()).encode())[:-2000])
        with pytest.raises(errors.DataDamaged, match="cut off"):
            load([str(path)])


class TestInkml:
    def test_labelled_drawings(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", ["1", "3", "1"])
        found = load([str(path)])
        assert texts(found) == ["1", "3", "1"]
        for cell, (label, seed) in zip(found.cells, [("1", 0), ("3", 1), ("1", 2)], strict=True):
            expected = cell_of_ink(write(label, seed=seed))
            assert expected is not None
            difference = np.abs(cell.astype(int) - expected.astype(int))
            assert difference.mean() < 1  # InkML rounds the points

    def test_drawings_without_a_label_are_skipped(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", ["1", None, "3"])
        found = load([str(path)])
        assert texts(found) == ["1", "3"]
        assert [reason for _, reason in found.skipped] == ["it has no label"]

    def test_no_label_at_all(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", [None])
        with pytest.raises(errors.LabelsMissing, match="annotated"):
            load([str(path)])

    def test_damaged(self, tmp_path: Path) -> None:
        path = write_inkml_file(tmp_path / "a.inkml", ["1", "2"])
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(errors.InkDamaged, match=r"a\.inkml"):
            load([str(path)])


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

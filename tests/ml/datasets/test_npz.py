"""NPZ files: good ones, bad ones, and malicious ones."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inkread.core import errors
from inkread.core.errors import InkreadError
from inkread.ml.datasets.dataset import Loading
from inkread.ml.datasets.load import load, loading
from tests.ml.datasets.data_files import EVALUATION, digits, npz, pictures, texts


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

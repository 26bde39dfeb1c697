"""Data sets in folders: pictures by class, text bitmaps, InkML, training and test parts."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from inkread.core import errors
from inkread.core.folder_names import NOTE, folder_names, note_of
from inkread.core.picture.page import open_page
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.single_glyph import cell_of_ink, cell_of_page
from inkread.ml.datasets.dataset import Purpose, Unit
from inkread.ml.datasets.load import load, loading
from inkread.ml.inference.classifier import OnnxClassifier
from tests.ml.datasets.data_files import (
    bitmap_text,
    pictures,
    texts,
    write_class_folders,
    write_idx,
    write_inkml_file,
    write_picture,
)
from tests.template_model import template_model
from tests.written import write

EVALUATION = Purpose.EVALUATION


class TestPictures:
    def test_the_cells_are_those_of_reading(self, tmp_path: Path) -> None:
        found = load([str(write_class_folders(tmp_path / "set", "037", 2))])
        assert found.labels == ("0", "3", "7")
        assert found.counts.tolist() == [2, 2, 2]
        assert (found.sources, found.skipped) == (("set",), ())
        names = [f"{label}/{i}.png" for label in "037" for i in range(2)]
        classifier = OnnxClassifier(template_model(), "templates")
        for cell, name in zip(found.cells, names, strict=True):
            page = open_page((tmp_path / "set" / name).read_bytes(), name)
            np.testing.assert_array_equal(cell, cell_of_page(page))
            (glyph,) = read_page(page, classifier).glyphs
            np.testing.assert_array_equal(cell, np.rint(glyph.cell * 255))

    def test_labels_are_any_names(self, tmp_path: Path) -> None:
        for label in ("alpha", "ß", "12"):
            write_picture(tmp_path / label / "a.png", "1")
        assert load([str(tmp_path)]).labels == ("12", "alpha", "ß")

    def test_an_export_has_its_own_labels(self, tmp_path: Path) -> None:
        """Folder names are encoded where a label can be none, and a note says what is shortened."""
        labels = ["/", "A", "a", "con", "7", "train", "𝟘" * 64]
        names = folder_names(labels)
        for label, name in names.items():
            write_picture(tmp_path / name / "a.png", "1")
            assert (name == label) == (label in ("A", "7"))
        note = note_of(names)
        assert note is not None
        (tmp_path / NOTE).write_bytes(note)
        found = load([str(tmp_path)])
        assert sorted(found.labels) == sorted(labels)
        assert found.counts.tolist() == [1] * len(labels)

    def test_ink_among_the_pictures(self, tmp_path: Path) -> None:
        write_class_folders(tmp_path, "03", 1)
        write_inkml_file(tmp_path / "3" / "b.inkml", [None])
        write_inkml_file(tmp_path / "3" / "c.inkml", ["1", "2"])
        found = load([str(tmp_path)])
        assert found.counts.tolist() == [1, 2]
        assert found.skipped == ((str(Path("3/c.inkml")), "it holds several drawings"),)

    def test_what_cannot_be_read_is_counted_and_listed(self, tmp_path: Path) -> None:
        write_class_folders(tmp_path, "03", 3)
        (tmp_path / "0" / "1.png").write_bytes(b"")
        (tmp_path / "3" / "0.png").write_bytes((tmp_path / "3" / "1.png").read_bytes()[:150])
        (tmp_path / "3" / "notes.txt").write_text("what is this?")
        (tmp_path / "3" / "deeper").mkdir()
        (tmp_path / "3" / ".hidden").write_text("")
        write_picture(tmp_path / "3" / "blank.png", "")
        found = load([str(tmp_path)])
        assert found.counts.tolist() == [2, 2]
        listed = dict(found.skipped)
        assert set(listed) == {
            str(Path(name))
            for name in ("0/1.png", "3/0.png", "3/notes.txt", "3/deeper", "3/blank.png")
        }
        assert listed[str(Path("0/1.png"))] == "the file is empty; save the picture again"
        assert listed[str(Path("3/blank.png"))] == "nothing is written on it"
        assert listed[str(Path("3/deeper"))] == "it is no file"
        assert not any(str(tmp_path) in reason for reason in listed.values())

    def test_its_progress(self, tmp_path: Path) -> None:
        write_class_folders(tmp_path, "03", 2)
        steps = list(loading([str(tmp_path)]))
        assert [(step.done, step.total) for step in steps] == [(i, 4) for i in (1, 2, 3, 4)]
        assert steps[0].unit is Unit.FILES

    def test_a_class_without_pictures(self, tmp_path: Path) -> None:
        write_class_folders(tmp_path / "set", "03", 1)
        (tmp_path / "set" / "7").mkdir()
        with pytest.raises(errors.ClassEmpty, match="set: the class 7 has not one sample"):
            load([str(tmp_path / "set")])
        assert load([str(tmp_path / "set")], purpose=EVALUATION).counts.tolist() == [1, 1, 0]

    def test_one_class(self, tmp_path: Path) -> None:
        with pytest.raises(errors.ClassSingle):
            load([str(write_class_folders(tmp_path, "3"))])

    def test_all_blank(self, tmp_path: Path) -> None:
        for label in "ab":
            write_picture(tmp_path / label / "a.png", "")
        with pytest.raises(errors.DataBlank):
            load([str(tmp_path)])

    def test_nothing_that_can_be_read(self, tmp_path: Path) -> None:
        for label in "ab":
            write_picture(tmp_path / label / "a.png", "1").write_bytes(b"no picture")
        with pytest.raises(errors.DataEmpty, match=r"a.a\.png: this is not a picture"):
            load([str(tmp_path)])

    def test_nothing_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(errors.DataUnknown):
            load([str(tmp_path)])
        (tmp_path / "a").mkdir()
        with pytest.raises(errors.DataEmpty, match="there are no files"):
            load([str(tmp_path)])

    def test_pictures_without_folders(self, tmp_path: Path) -> None:
        write_picture(tmp_path / "a.png", "1")
        with pytest.raises(errors.DataUnknown, match="a folder of pictures for each class"):
            load([str(tmp_path)])


class TestParts:
    @pytest.mark.parametrize(
        ("training", "test"),
        [("train", "test"), ("training", "testing"), ("trainingDigits", "testDigits")],
    )
    def test_two_folders_of_folders(self, training: str, test: str, tmp_path: Path) -> None:
        write_class_folders(tmp_path / training, "03", 2)
        write_class_folders(tmp_path / test, "03", 1)
        write_class_folders(tmp_path / "validation", "03", 1)
        assert len(load([str(tmp_path)])) == 4
        assert len(load([str(tmp_path)], purpose=EVALUATION)) == 2

    def test_without_a_test_part_all_is_evaluated(self, tmp_path: Path) -> None:
        write_class_folders(tmp_path / "train", "03", 2)
        assert len(load([str(tmp_path)], purpose=EVALUATION)) == 4

    def test_a_class_that_is_called_test_is_a_class(self, tmp_path: Path) -> None:
        write_picture(tmp_path / "test" / "a.png", "1")
        write_picture(tmp_path / "other" / "a.png", "2")
        assert load([str(tmp_path)]).labels == ("other", "test")

    def test_parts_may_be_of_any_kind(self, tmp_path: Path) -> None:
        write_idx(tmp_path / "train", pictures(), [1, 2, 3] * 4)
        assert len(load([str(tmp_path)])) == 12


class TestBitmaps:
    def write(self, folder: Path, names: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        bits = pictures(len(names.split()), 32) > 127
        for name, cell in zip(names.split(), bits, strict=True):
            (folder / name).write_text(bitmap_text(cell))
        return bits

    def test_the_name_tells_the_class(self, tmp_path: Path) -> None:
        bits = self.write(tmp_path, "0_0.txt 0_13.txt 7_0.txt my_a_2.txt")
        found = load([str(tmp_path)])
        np.testing.assert_array_equal(found.cells, bits * np.uint8(255))
        assert [found.labels[i] for i in found.targets] == ["0", "0", "7", "my_a"]

    def test_ink_all_around_is_not_turned_to_paper(self, tmp_path: Path) -> None:
        ring = np.ones((2, 32, 32), np.bool_)
        ring[:, 4:-4, 4:-4] = False
        for i, cell in enumerate(ring):
            (tmp_path / f"{i}_0.txt").write_text(bitmap_text(cell))
        np.testing.assert_array_equal(load([str(tmp_path)]).cells, ring * np.uint8(255))

    def test_bad_ones_are_skipped_and_listed(self, tmp_path: Path) -> None:
        self.write(tmp_path, "0_0.txt 0_1.txt 0_2.txt 0_3.txt 0_4.txt 7_0.txt")
        good = (tmp_path / "0_0.txt").read_text()
        (tmp_path / "0_1.txt").write_text(good[:-40])
        (tmp_path / "0_2.txt").write_text(good.replace("1", "2", 1))
        (tmp_path / "0_3.txt").write_text("0" * 1024)
        (tmp_path / "0_4.txt").write_text(good.replace("1", "0"))
        (tmp_path / "readme.txt").write_text(good)
        found = load([str(tmp_path)])
        assert len(found) == 2
        shape = "it has not 32 lines of 32 times 0 or 1"
        assert dict(found.skipped) == {
            "0_1.txt": shape,
            "0_2.txt": shape,
            "0_3.txt": shape,
            "0_4.txt": "nothing is written on it",
            "readme.txt": "it is not named label_number.txt",
        }


class TestInk:
    def test_a_folder_of_inkml(self, tmp_path: Path) -> None:
        write_inkml_file(tmp_path / "a.inkml", ["1", "2"])
        write_inkml_file(tmp_path / "b.inkml", ["2", None])
        write_inkml_file(tmp_path / "c.inkml", [None])
        (tmp_path / "d.inkml").write_text("<ink")
        found = load([str(tmp_path)])
        assert found.counts.tolist() == [1, 2]
        assert [name for name, _ in found.skipped] == ["b.inkml, drawing 2", "c.inkml", "d.inkml"]
        assert not any(str(tmp_path) in reason for _, reason in found.skipped)

    def test_nothing_that_can_be_used(self, tmp_path: Path) -> None:
        write_inkml_file(tmp_path / "a.inkml", [None])
        with pytest.raises(errors.DataEmpty, match=r"a\.inkml: the labels are missing"):
            load([str(tmp_path)])


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)  # root may read everything
    with pytest.raises(errors.FileUnusable, match="Permission denied"):
        load([str(tmp_path)])


def test_one_source_of_pictures_and_one_of_bitmaps_do_not_fit(tmp_path: Path) -> None:
    write_class_folders(tmp_path / "a", "03", 1)
    (tmp_path / "b").mkdir()
    bits = pictures(1, 32)[0] > 127
    for name in ("0_0.txt", "1_0.txt"):
        (tmp_path / "b" / name).write_text(bitmap_text(bits))
    with pytest.raises(errors.SizesDiffer, match="b: its samples are 32 x 32 pixels"):
        load([str(tmp_path / "a"), str(tmp_path / "b")])
    shutil.rmtree(tmp_path / "a")
    assert len(load([str(tmp_path / "b")])) == 2


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

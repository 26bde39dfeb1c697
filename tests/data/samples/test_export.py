"""Samples out to files, and back in."""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inkread.core.errors import (
    DataEmpty,
    FileMissing,
    FormUnknown,
    InkDamaged,
    LabelsMissing,
    PictureUnknown,
    SampleBlank,
    SaveFailed,
)
from inkread.core.folder_names import folder_names
from inkread.core.generators import finished
from inkread.core.ink import Ink, rasterise_page
from inkread.core.inkml import Drawing, read_inkml, write_inkml
from inkread.core.picture.page import page_of
from inkread.core.recognition.recognise import read_ink
from inkread.data.ink_codec import ink_to_bytes
from inkread.data.samples.export import (
    ExportFormat,
    ExportResult,
    export,
    format_of,
    sample_png,
)
from inkread.data.samples.from_glyph import sample_from_glyph
from inkread.data.samples.importing import (
    ImportProgress,
    ImportResult,
    can_read,
    read_sample_file,
    read_samples,
    samples_from_cells,
)
from inkread.data.samples.sample import (
    Kind,
    Sample,
    StoredSample,
    sample_from_cell,
    sample_from_ink,
    sample_from_page,
)
from inkread.data.samples.store import LabelConflict, SampleStore
from inkread.ml.datasets.dataset import Purpose
from inkread.ml.datasets.detect import read_path
from tests.core.templates import Templates
from tests.data.stores import cell, store_in
from tests.written import write


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    """Ink 3, ink /, the picture of a 5, the cell of a 7."""
    store = store_in(tmp_path)
    cell_of_seven = sample_from_ink("7", write("7")).cell
    store.add_many(
        [
            sample_from_ink("3", write("3")),
            sample_from_ink("/", write("1")),
            sample_from_page("5", page_of(rasterise_page(write("5")), "five.png"), "five.png"),
            sample_from_cell("7", cell_of_seven, "x.npz"),
        ]
    )
    return store


def paper(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rasterise_page(write(text))).save(path)
    return path


def read(path: Path) -> ImportResult:
    steps: Generator[ImportProgress, None, ImportResult] = read_samples(path)
    return finished(steps)


class TestForms:
    @pytest.mark.parametrize(
        ("name", "form"),
        [
            ("a.npz", ExportFormat.NPZ),
            ("b/a.InkML", ExportFormat.INKML),
            ("a", ExportFormat.FOLDER),
            ("a/", ExportFormat.FOLDER),
        ],
    )
    def test_the_ending_tells(self, name: str, form: ExportFormat) -> None:
        assert format_of(name) is form

    def test_another_ending_is_refused(self, store: SampleStore, tmp_path: Path) -> None:
        with pytest.raises(FormUnknown, match=r"a\.zip: samples are written to"):
            export(store.samples(), tmp_path / "a.zip")
        assert export(store.samples(), tmp_path / "a.zip", ExportFormat.FOLDER).count == 4

    @pytest.mark.parametrize("name", ["a.npz", "a.inkml", "a"])
    def test_nothing_is_not_written(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(DataEmpty, match="nothing was taught yet"):
            export([], tmp_path / name)
        assert not list(tmp_path.iterdir())


class TestNpz:
    def test_it_holds_cells_and_labels(self, store: SampleStore, tmp_path: Path) -> None:
        assert export(store.samples(), tmp_path / "a.npz") == ExportResult(4)
        with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
            assert arrays["labels"].tolist() == ["3", "/", "5", "7"]
            cells = np.stack([one.cell for one in store.samples()])
            np.testing.assert_array_equal(arrays["images"], cells)

    def test_a_file_that_is_there_stays_if_it_fails(
        self, store: SampleStore, tmp_path: Path
    ) -> None:
        with pytest.raises(SaveFailed):
            export(store.samples(), tmp_path / "none" / "a.npz")
        assert not (tmp_path / "none").exists()


class TestInkml:
    def test_it_holds_the_ink_and_its_labels(self, store: SampleStore, tmp_path: Path) -> None:
        path = tmp_path / "a.inkml"
        assert export(store.samples(), path) == ExportResult(2, omitted=2)
        drawings = read_inkml(path.read_bytes(), "a.inkml")
        assert [drawing.label for drawing in drawings] == ["3", "/"]

    def test_without_ink_it_is_not_written(self, store: SampleStore, tmp_path: Path) -> None:
        with pytest.raises(DataEmpty, match="none of them is ink"):
            export(store.samples("5"), tmp_path / "a.inkml")

    def test_what_comes_back_is_there_already(self, store: SampleStore, tmp_path: Path) -> None:
        export(store.samples(), tmp_path / "a.inkml")
        found = read(tmp_path / "a.inkml")
        assert not found.errors
        assert store.add_new(found.samples).ids == ()


class TestFolder:
    def test_each_label_has_its_pictures(self, store: SampleStore, tmp_path: Path) -> None:
        assert export(store.samples(), tmp_path / "out") == ExportResult(4)
        files = {str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.png")}
        assert files == {"3/000001.png", "%2F/000002.png", "5/000003.png", "7/000004.png"}
        assert not list(tmp_path.glob(".inkread-*"))

    def test_they_come_back_as_they_were(self, store: SampleStore, tmp_path: Path) -> None:
        export(store.samples(), tmp_path / "out")
        found = read(tmp_path / "out")
        assert not found.errors
        back = {one.label: one for one in found.samples}
        assert set(back) == {"3", "/", "5", "7"}
        for sent in store.samples():
            got = back[sent.label]
            np.testing.assert_array_equal(got.cell, sent.cell)
            assert (got.kind, got.picture, got.source) == (sent.kind, sent.picture, sent.source)
            assert (got.time, got.origin) == (sent.time, sent.origin)
            assert inks([got]) == inks([sent])

    def test_without_their_notes_they_come_back_as_pictures(
        self, store: SampleStore, tmp_path: Path
    ) -> None:
        export(store.samples(), tmp_path / "out")
        for path in (tmp_path / "out").rglob("*.png"):
            with Image.open(path) as picture:
                pixels = np.asarray(picture).copy()
            pixels[0, 0] ^= 1
            Image.fromarray(pixels).save(path)
        back = {one.label: one for one in read(tmp_path / "out").samples}
        for sent in store.samples():
            assert back[sent.label].kind is Kind.PAGE
            likeness = np.corrcoef(back[sent.label].cell.ravel(), sent.cell.ravel())[0, 1]
            assert likeness > 0.8, sent.label

    def test_what_is_there_is_not_touched(self, store: SampleStore, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        folder.mkdir()
        export(store.samples("3"), folder)  # an empty one will do
        before = sorted(folder.rglob("*"))
        with pytest.raises(SaveFailed, match="there is something in this folder"):
            export(store.samples(), folder)
        assert sorted(folder.rglob("*")) == before
        with pytest.raises(SaveFailed):
            export(store.samples(), tmp_path / "none" / "out")
        assert not list(tmp_path.glob(".inkread-*"))

    def test_a_picture_that_is_damaged_costs_no_other(
        self, store: SampleStore, tmp_path: Path
    ) -> None:
        sent = Sample(label="x", cell=cell(5), picture=b"\x89PNG\r\n\x1a\ndamaged")
        store.add(sent)
        assert export(store.samples(), tmp_path / "out") == ExportResult(5)
        back = {one.label: one for one in read(tmp_path / "out").samples}
        assert len(back) == 5
        np.testing.assert_array_equal(back["x"].cell, sent.cell)

    def test_a_file_system_may_take_fewer_names(
        self, store: SampleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.add_many([Sample(label="é", cell=cell(1)), Sample(label="長い", cell=cell(2))])
        mkdir = Path.mkdir

        def limited(path: Path, *args: Any, **options: Any) -> None:
            path.name.encode("ascii")
            mkdir(path, *args, **options)

        monkeypatch.setattr(Path, "mkdir", limited)
        export(store.samples(), tmp_path / "out")
        monkeypatch.undo()
        assert all(path.name.isascii() for path in (tmp_path / "out").iterdir())
        back = {one.label for one in read(tmp_path / "out").samples}
        assert back == {"3", "/", "5", "7", "é", "長い"}

    def test_every_system_can_have_the_names(self) -> None:
        labels = ["a", "A", "/", "..", ".", "100%", "con", "nul.x", "é", "a b", "a.", 'a"', "?"]
        names = folder_names(labels)
        assert names["a b"] == "a b"
        assert names["é"] == "é"
        assert names["/"] == "%2F"
        assert names["100%"] == "100%25"
        assert names["."] == "%2E"
        assert names["con"] == "%63on"
        folded = [name.casefold() for name in names.values()]
        assert len(set(folded)) == len(labels)
        for name in names.values():
            assert not set(name) & set('<>:"/\\|?*')
            assert name[0] not in ". "
            assert name[-1] not in ". "

    def test_all_names_lead_back(self, tmp_path: Path) -> None:
        odd = ["a", "A", "/", "..", ".", "100%", "con", "%2F", "é", "a b", "a.", " x"]
        labels = [*odd, "test", "Training", "value"]
        for name in folder_names(labels).values():
            paper(tmp_path / name / "1.png", "3")
        assert can_read(tmp_path)
        assert sorted(one.label for one in read(tmp_path).samples) == sorted(
            label.strip() for label in labels
        )


class TestThereAndBack:
    """No way through the forms, and through another store, makes a second of any sample."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> SampleStore:
        """Also a picture whose crop was reduced, a read glyph, and labels of odd kinds."""
        store = store_in(tmp_path)
        drawn = rasterise_page(write("4")).repeat(8, axis=0).repeat(8, axis=1)
        ink = write("25")
        glyphs = read_ink(ink, Templates()).glyphs
        store.add_many(
            [
                sample_from_ink("3", write("3")),
                sample_from_ink("a  %2F", write("1")),
                sample_from_page("4", page_of(drawn, "large.png"), "large.png"),
                sample_from_page(
                    "007", page_of(255 - rasterise_page(write("7")), "dark.png"), "dark.png"
                ),
                sample_from_cell("8", cell(8), "x.npz"),
                *(sample_from_glyph("x", glyph, ink, model="m") for glyph in glyphs),
            ]
        )
        return store

    @pytest.mark.parametrize("way", list(product(("out", "a.npz", "a.inkml"), repeat=2)))
    def test_nothing_is_doubled(
        self, store: SampleStore, tmp_path: Path, way: tuple[str, str]
    ) -> None:
        sent = store.samples()
        other = store_in(tmp_path / "other")
        for number, (source, target, name) in enumerate(
            [(store, store, way[0]), (store, other, way[0]), (other, store, way[1])]
        ):
            path = tmp_path / str(number) / name
            path.parent.mkdir()
            form = format_of(path)
            if form is ExportFormat.INKML and all(one.ink is None for one in source.samples()):
                continue
            written = export(source.samples(), path)
            taken = target.add_new(sample for sample in brought(path))
            assert not taken.disagreements
            assert len(taken.ids) == (written.count if source is not target is other else 0)
        assert [one.id for one in store.samples()] == [one.id for one in sent]

    @pytest.mark.parametrize("name", ["out", "a.npz", "a.inkml"])
    def test_what_was_relabelled_keeps_its_new_label(
        self, store: SampleStore, tmp_path: Path, name: str
    ) -> None:
        export(store.samples(), tmp_path / name)
        (first, *_) = store.samples()
        store.relabel([first.id], "5")
        taken = store.add_new(brought(tmp_path / name))
        assert taken.ids == ()
        assert taken.disagreements == (LabelConflict(first.id, "5", "3"),)
        assert store.samples()[0].label == "5"


def brought(path: Path) -> Sequence[Sample]:
    """The result of the command line for a file."""
    if can_read(path):
        return read(path).samples
    data = finished(read_path(path, Purpose.TRAINING))
    return samples_from_cells(data.cells, (data.labels[i] for i in data.targets), path.name).samples


def inks(samples: Iterable[Sample]) -> list[bytes | None]:
    return [None if one.ink is None else ink_to_bytes(one.ink) for one in samples]


def test_a_picture_can_be_shown_of_each(store: SampleStore) -> None:
    kept: list[StoredSample] = store.samples()
    for one in kept:
        assert sample_png(one).startswith(b"\x89PNG")
    assert sample_png(kept[2]) == kept[2].picture


class TestOneFile:
    def test_a_picture_needs_a_label(self, tmp_path: Path) -> None:
        path = paper(tmp_path / "a.png", "3")
        with pytest.raises(LabelsMissing, match=r"a\.png: the labels are missing"):
            read_sample_file(path)
        (one,) = read_sample_file(path, "3").samples
        assert (one.label, one.kind, one.source) == ("3", Kind.PAGE, "a.png")

    def test_ink_tells_its_label_unless_another_is_given(self, tmp_path: Path) -> None:
        path = tmp_path / "a.inkml"
        path.write_bytes(write_inkml([Drawing("3", write("3")), Drawing("4", write("4"))]))
        assert [one.label for one in read_sample_file(path).samples] == ["3", "4"]
        assert [one.label for one in read_sample_file(path, "x").samples] == ["x", "x"]

    def test_what_is_not_labelled_or_blank_is_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "a.inkml"
        drawings = [Drawing("3", write("3")), Drawing(None, write("4")), Drawing("5", Ink())]
        path.write_bytes(write_inkml(drawings))
        found = read_sample_file(path)
        assert [one.label for one in found.samples] == ["3"]
        assert len(found.errors) == 2

    def test_no_ink_is_labelled(self, tmp_path: Path) -> None:
        path = tmp_path / "a.inkml"
        path.write_bytes(write_inkml([Drawing(None, write("3"))]))
        with pytest.raises(LabelsMissing, match="none of its drawings is annotated"):
            read_sample_file(path)

    @pytest.mark.parametrize(
        ("content", "error"),
        [(None, FileMissing), (b"text", PictureUnknown), (b"<ink><trace>", InkDamaged)],
    )
    def test_what_cannot_be_opened(
        self, tmp_path: Path, content: bytes | None, error: type[Exception]
    ) -> None:
        path = tmp_path / "a"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(error):
            read_sample_file(path, "1")

    def test_a_blank_picture(self, tmp_path: Path) -> None:
        Image.new("L", (30, 30), 255).save(tmp_path / "a.png")
        with pytest.raises(SampleBlank):
            read_sample_file(tmp_path / "a.png", "1")


class TestFolders:
    def test_one_bad_file_does_not_stop_the_others(self, tmp_path: Path) -> None:
        paper(tmp_path / "3" / "a.png", "3")
        (tmp_path / "3" / "b.png").write_bytes(b"no picture")
        (tmp_path / "3" / ".hidden").write_bytes(b"x")
        paper(tmp_path / "4" / "a.png", "4")
        found = read(tmp_path)
        assert [one.label for one in found.samples] == ["3", "4"]
        (error,) = found.errors
        assert "b.png: this is not a picture" in str(error)

    def test_ink_may_lie_in_it(self, tmp_path: Path) -> None:
        (tmp_path / "a.inkml").write_bytes(write_inkml([Drawing("3", write("3"))]))
        assert can_read(tmp_path)
        assert [one.label for one in read(tmp_path).samples] == ["3"]

    def test_of_bad_files_alone_the_first_is_reported(self, tmp_path: Path) -> None:
        (tmp_path / "3").mkdir()
        (tmp_path / "3" / "b.png").write_bytes(b"no picture")
        with pytest.raises(DataEmpty, match=r"b\.png: this is not a picture"):
            read(tmp_path)

    def test_progress_is_reported(self, tmp_path: Path) -> None:
        for text in "345":
            paper(tmp_path / text / "a.png", text)
        assert list(read_samples(tmp_path)) == [
            ImportProgress(0, 3),
            ImportProgress(1, 3),
            ImportProgress(2, 3),
        ]

    def test_what_is_for_the_data_sets_is_reported(self, tmp_path: Path) -> None:
        (tmp_path / "a.npz").write_bytes(b"PK")
        (tmp_path / "set" / "train" / "3").mkdir(parents=True)
        (tmp_path / "plain").mkdir()
        paper(tmp_path / "plain" / "a.png", "3")
        for name in ("a.npz", "set", "plain"):
            assert not can_read(tmp_path / name)
        with pytest.raises(FileMissing):
            can_read(tmp_path / "none")


def test_blank_cells_are_left_out() -> None:
    found = samples_from_cells([cell(), np.zeros((28, 28), np.uint8)], ["1", "2"], "x.npz")
    assert [one.label for one in found.samples] == ["1"]
    assert [str(error) for error in found.errors] == [
        "x.npz, sample 2: nothing is written there; choose something that shows one digit."
    ]


def test_an_export_is_no_pickle(store: SampleStore, tmp_path: Path) -> None:
    export(store.samples(), tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert sorted(archive.namelist()) == ["images.npy", "labels.npy"]

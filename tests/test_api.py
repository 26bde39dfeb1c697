"""The public interface: what it reads, what it refuses, and where it may be called."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import inkread
from inkread import api
from inkread.core import errors
from inkread.core.batch import process_pool, read_many, thread_pool
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.data.models.card import Card
from inkread.data.models.library import ModelLibrary
from inkread.data.paths import home
from inkread.ml.inference import trial
from inkread.ml.inference.classifier import OnnxClassifier
from tests.core.templates import Templates
from tests.template_model import template_model
from tests.written import write

TEXT = "2047"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that can read what `write` writes."""
    path = tmp_path_factory.mktemp("model") / "templates.onnx"
    path.write_bytes(template_model())
    return path


def pixels(text: str = TEXT) -> NDArray[np.uint8]:
    return rasterise_page(write(text))


def png(picture: NDArray[np.uint8], **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG", **options)
    return stream.getvalue()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a.png"
    path.write_bytes(png(pixels()))
    return path


def rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([picture] * 3)


SOURCES: dict[str, Callable[[NDArray[np.uint8]], Any]] = {
    "bytes of a picture": png,
    "bytearray": lambda picture: bytearray(png(picture)),
    "view of bytes": lambda picture: memoryview(png(picture)),
    "grey array": lambda picture: picture,
    "array upside down in memory": lambda picture: picture[::-1].copy()[::-1],
    "light on dark": lambda picture: 255 - picture,
    "RGB array": rgb,
    "RGBA array": lambda picture: np.dstack([rgb(picture), np.full_like(picture, 255)]),
    "double floats": lambda picture: picture / 255,
    "half floats": lambda picture: (picture / 255).astype(np.float16),
    "RGB floats": lambda picture: rgb(picture) / np.float32(255),
    "bool array": lambda picture: picture > 127,
    "Pillow image": Image.fromarray,
    "Pillow palette": lambda picture: Image.fromarray(picture).convert("P"),
    "premultiplied Pillow image": lambda p: Image.fromarray(p).convert("LA").convert("La"),
    "16-bit Pillow image": lambda picture: Image.fromarray(picture.astype(np.uint16) * 257),
    "lazily loaded Pillow image": lambda picture: Image.open(io.BytesIO(png(picture))),
    "ink": lambda _: write(TEXT),
    "bytes of InkML": lambda _: write_inkml([Drawing(None, write(TEXT))]),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_input_is_read(kind: str) -> None:
    reading: inkread.Reading = inkread.read(SOURCES[kind](pixels()), model=Templates())
    assert reading.text == TEXT


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_is_read(kind: type, picture: Path) -> None:
    assert inkread.read(kind(picture), model=Templates()).text == TEXT


def test_a_path_may_be_of_bytes(picture: Path) -> None:
    with os.scandir(os.fsencode(picture.parent)) as found:
        (entry,) = found
    path: Any = entry  # what reads a folder by bytes gives such paths
    assert inkread.read(path, model=Templates()).text == TEXT
    (result,) = inkread.read_many([path], model=Templates())
    assert result.path == str(picture)
    assert result.reading is not None
    assert result.reading.text == TEXT


def test_pixels_are_read_as_their_file_is(picture: Path) -> None:
    with Image.open(picture) as image:
        found = [inkread.read(each, model=Templates()) for each in (picture, pixels(), image)]
    assert len({pickle.dumps(reading) for reading in found}) == 1


def test_an_image_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = png(np.rot90(pixels()), exif=exif)
    with Image.open(io.BytesIO(turned)) as image:
        assert inkread.read(image, model=Templates()).text == TEXT


def test_a_reading_is_a_dict_for_json(picture: Path) -> None:
    found = json.loads(json.dumps(inkread.read(picture, model=Templates()).to_dict()))
    assert found["text"] == TEXT
    assert [glyph["label"] for glyph in found["glyphs"]] == list(TEXT)


def test_an_array_stays_its_callers() -> None:
    mine = pixels()
    inkread.read(mine, model=Templates())
    assert mine.flags.writeable
    assert np.array_equal(mine, pixels())


@pytest.mark.parametrize(("layout", "lines"), [("page", 2), (inkread.Layout.LINE, 1)])
def test_a_layout_is_a_word_or_a_layout(layout: str, lines: int) -> None:
    reading = inkread.read(write("3\n1"), layout=layout, model=Templates())
    assert len(reading.lines) == lines


def test_a_type_is_a_text_or_a_field_type() -> None:
    for kind in ("digits:2", inkread.FieldType.parse("digits:2")):
        reading = inkread.read(write("31"), field_type=kind, model=Templates())
        assert (reading.text, reading.fits) == ("31", True)
    reading = inkread.read(write("31"), field_type="time", model=Templates())
    assert (reading.text, reading.fits) == ("31", False)
    assert len(reading.doubtful) == 2


class TestRefused:
    @pytest.mark.parametrize(
        ("source", "kind"),
        [
            (np.zeros((3, 28, 28), np.uint8), errors.ArrayUnusable),
            (np.zeros((28, 28, 1), np.uint8), errors.ArrayUnusable),
            (np.zeros(28, np.uint8), errors.ArrayUnusable),
            (np.zeros((28, 28), np.int64), errors.ArrayUnusable),
            (np.zeros((28, 28), np.uint16), errors.ArrayUnusable),
            (np.zeros((28, 28), np.complex64), errors.ArrayUnusable),
            (np.zeros((28, 28), object), errors.ArrayUnusable),
            (np.full((28, 28), 255.0), errors.ArrayUnusable),
            (np.full((28, 28), -0.1), errors.ArrayUnusable),
            (np.full((28, 28), np.nan), errors.ArrayUnusable),
            (np.zeros((0, 28), np.float32), errors.PictureEmpty),
            (np.broadcast_to(np.uint8(0), (8001, 8000)), errors.PictureTooLarge),
            (Image.new("L", (8000, 8001)), errors.PictureTooLarge),
            (Image.open(io.BytesIO(png(np.zeros((99, 99), np.uint8))[:60])), errors.PictureDamaged),
            (b"", errors.PictureEmpty),
            (b"hello", errors.PictureUnknown),
            (b"<ink>", errors.InkDamaged),
            ("none.png", errors.FileMissing),
            ("", errors.FileMissing),
            (Path(), errors.FileIsFolder),
            ([[0, 0], [0, 0]], errors.InputUnusable),
            (None, errors.InputUnusable),
            (Ink((Stroke(np.full((3, 2), np.nan, np.float32)),)), errors.InkUnusable),
            (Ink((Stroke(np.full((3, 2), 1e30, np.float32)),)), errors.InkUnusable),
            (Ink((Stroke(np.zeros((0, 2), np.float32)),)), errors.InkUnusable),
            (Ink((Stroke(np.zeros((2, 2), np.float32), -1.0),)), errors.InkUnusable),
            (Ink(("stroke",)), errors.InkUnusable),  # type: ignore[arg-type]
        ],
    )
    def test_in_one_sentence(self, source: Any, kind: type[errors.InkreadError]) -> None:
        with pytest.raises(kind) as refused:
            inkread.read(source, model=Templates())
        assert issubclass(kind, inkread.InkreadError)
        assert str(refused.value).count("\n") == 0
        assert str(refused.value).endswith(".")
        if not isinstance(source, str | Path):
            with pytest.raises(kind, match=r"^my picture: "):
                inkread.read(source, model=Templates(), name="my picture")

    def test_an_unknown_layout(self) -> None:
        for call in (inkread.read, inkread.read_many):
            with pytest.raises(errors.LayoutUnknown, match=r"lines: .*auto, digit, line, page"):
                call("a.png", layout="lines", model=Templates())

    @pytest.mark.parametrize(
        ("kind", "error"), [("dat", errors.FieldTypeUnknown), ("AA-9", errors.LettersUnread)]
    )
    def test_an_unusable_type(self, kind: str, error: type[errors.InkreadError]) -> None:
        for call in (inkread.read, inkread.read_many):
            with pytest.raises(error, match=kind):
                call("a.png", field_type=kind, model=Templates())

    @pytest.mark.parametrize("wrong", [b"", b"hello", 7, "none.onnx"])
    def test_an_unusable_model(self, wrong: Any) -> None:
        for call in (inkread.read, inkread.read_many):
            with pytest.raises((errors.ModelUnusable, errors.FileMissing)):
                call("a.png", model=wrong)

    def test_a_bug_is_reported_in_a_sentence_too(self) -> None:
        class Faulty(Templates):
            def probabilities(self, cells: Any) -> Any:
                raise ZeroDivisionError("a bug")

        with pytest.raises(errors.ReadingFailed, match="ZeroDivisionError: a bug") as failed:
            inkread.read(pixels(), model=Faulty())
        assert isinstance(failed.value.__cause__, ZeroDivisionError)


class TestModel:
    @pytest.fixture(autouse=True)
    def _own_home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INKREAD_HOME", str(tmp_path / "home"))

    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Names of the models that are opened."""
        names = []
        original = OnnxClassifier.__init__

        def counted(self: OnnxClassifier, data: bytes, name: str, **settings: Any) -> None:
            names.append(name)
            sum(range(1_000_000))  # so that other threads come in between
            original(self, data, name, **settings)

        monkeypatch.setattr(OnnxClassifier, "__init__", counted)
        return names

    def test_it_may_be_a_file_its_bytes_or_a_classifier(self, model: Path) -> None:
        opened = api.with_lines(OnnxClassifier.open(model))  # an object reads as it is
        given: list[api.Model] = [model, str(model), model.read_bytes(), opened]
        found = [inkread.read(pixels(), model=each) for each in given]
        assert len({pickle.dumps(reading) for reading in found}) == 1

    def test_without_one_the_shipped_model_reads(self, model: Path) -> None:
        library = ModelLibrary.of(home())
        library.keep(model.read_bytes(), Card("mine", source="imported"))
        shipped = inkread.read(pixels())
        assert shipped.text == TEXT
        assert [glyph.guesses for glyph in shipped.glyphs] != [
            glyph.guesses for glyph in inkread.read(pixels(), model="current").glyphs
        ]

    def test_current_is_the_one_in_use_at_that_time(self, model: Path) -> None:
        def probability(model: api.Model) -> float:
            return inkread.read(write("3"), model=model).confidence

        library = ModelLibrary.of(home())
        assert probability("current") == probability(None)
        library.keep(model.read_bytes(), Card("mine", source="imported"))
        assert probability("current") == probability(model) != probability(None)

    def test_a_damaged_current_model_is_passed_over_with_a_warning(self, model: Path) -> None:
        library = ModelLibrary.of(home())
        kept = library.keep(model.read_bytes(), Card("mine", source="imported"))
        kept.path.write_bytes(b"broken")
        with pytest.warns(UserWarning, match="mine: this model cannot be used") as warned:
            assert inkread.read(pixels(), model="current").text == TEXT
        assert warned[0].filename == __file__

    def test_a_broken_network_for_lines_is_said_once_with_a_warning(
        self, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lines, path = tmp_path / "lines.onnx", tmp_path / "not opened yet.onnx"
        lines.write_bytes(b"broken")
        path.write_bytes(model.read_bytes())
        monkeypatch.setattr(api, "SHIPPED_LINES", str(lines))
        api._lines.cache_clear()
        try:
            with pytest.warns(UserWarning, match="lines are read digit by digit") as warned:
                assert inkread.read(pixels(), model=path).text == TEXT
            assert [each.filename for each in warned] == [__file__]
            assert inkread.read(pixels(), model=path).text == TEXT  # warnings are errors here
        finally:
            api._lines.cache_clear()

    def test_one_that_was_refused_is_not_tried_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        names: list[str] = []

        def trying(data: bytes, name: str) -> Generator[None, None, int]:
            names.append(name)
            yield
            raise errors.ModelUnusable(name=name, reason="it takes too long")

        monkeypatch.setattr(trial, "trying", trying)
        path = tmp_path / "foreign.onnx"
        path.write_bytes(b"a foreign model")
        for _ in range(2):
            with pytest.raises(errors.ModelUnusable, match="it takes too long"):
                inkread.read(pixels(), model=path)
        assert names == [str(path)]

    def test_threads_open_it_once(self, model: Path, opened: list[str]) -> None:
        path = model.with_name("threads.onnx")
        path.write_bytes(model.read_bytes())
        start = threading.Barrier(4)

        def text(_: int) -> str:
            start.wait()
            return inkread.read(write("3"), model=path).text

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(text, range(4))) == ["3"] * 4
        assert opened == [str(path)]

    def test_a_changed_file_is_opened_again(
        self, model: Path, tmp_path: Path, opened: list[str]
    ) -> None:
        path = tmp_path / "changing.onnx"
        path.write_bytes(model.read_bytes())
        for _ in range(2):
            inkread.read(write("3"), model=path)
        assert opened == [str(path)]
        path.write_bytes(b"no model")
        with pytest.raises(errors.ModelUnusable):
            inkread.read(write("3"), model=path)


class TestMany:
    def test_each_file_has_a_reading_or_an_error(self, picture: Path, tmp_path: Path) -> None:
        broken = tmp_path / "broken.png"
        broken.write_bytes(picture.read_bytes()[:60])
        results = list(inkread.read_many([tmp_path, "none.png"], model=Templates()))
        assert [result.path for result in results] == [str(picture), str(broken), "none.png"]
        good, *bad = results
        assert good.reading is not None
        assert (good.reading.text, good.error) == (TEXT, None)
        kinds = [(type(each.error), each.reading) for each in bad]
        assert kinds == [(errors.PictureDamaged, None), (errors.FileMissing, None)]
        assert isinstance(good, inkread.Result)
        with pytest.raises(AttributeError):
            good.path = "another"  # type: ignore[misc]

    def test_a_single_path_is_one_path(self, picture: Path) -> None:
        for path in (str(picture), picture, str(picture.parent)):
            (result,) = inkread.read_many(path, model=Templates())
            assert result.path == str(picture)

    def test_subfolders_only_if_asked(self, tmp_path: Path) -> None:
        inner = tmp_path / "inner"
        inner.mkdir()
        (inner / "b.png").write_bytes(png(pixels()))
        (empty,) = inkread.read_many(tmp_path, model=Templates())
        assert isinstance(empty.error, errors.FolderEmpty)
        (found,) = inkread.read_many(tmp_path, recursive=True, model=Templates())
        assert found.path == str(inner / "b.png")

    def test_the_layout_holds_for_all(self, picture: Path) -> None:
        picture.write_bytes(png(pixels("3\n1")))
        results = inkread.read_many([picture] * 3, layout="line", model=Templates())
        assert [len(r.reading.lines) for r in results if r.reading is not None] == [1, 1, 1]

    def test_the_type_holds_for_all(self, picture: Path) -> None:
        picture.write_bytes(png(pixels("3\n1")))
        for workers in (1, 2):
            results = inkread.read_many(
                [picture] * 3, field_type="9", model=Templates(), workers=workers
            )
            assert [r.reading.fits for r in results if r.reading is not None] == [True] * 3

    def test_workers_are_threads(self, picture: Path) -> None:
        threads = set()

        class Asked(Templates):
            def probabilities(self, cells: Any) -> Any:
                threads.add(threading.get_ident())
                return super().probabilities(cells)

        list(inkread.read_many([picture] * 3, workers=1, model=Asked()))
        assert threads == {threading.get_ident()}
        list(inkread.read_many([picture] * 3, workers=2, model=Asked()))
        assert len(threads) > 1

    def test_results_can_be_pickled(self, picture: Path) -> None:
        results = list(inkread.read_many([picture, "none.png"], model=Templates()))
        again = pickle.loads(pickle.dumps(results))  # noqa: S301
        assert [(r.path, str(r.error)) for r in again] == [(r.path, str(r.error)) for r in results]
        assert again[0].reading.text == TEXT


def run_script(text: str, folder: Path, *arguments: str | Path) -> list[str]:
    """The lines that a script of its own prints."""
    script = folder / "script.py"
    script.write_text(text)
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


class TestImport:
    def test_it_is_light(self, tmp_path: Path) -> None:
        script = (
            "import inkread, sys\nprint(*sorted(set(sys.modules) & {'numpy', 'typing', 'cv2'}))"
        )
        assert run_script(script, tmp_path) == [""]

    def test_reading_imports_neither_qt_nor_onnx(self, picture: Path, tmp_path: Path) -> None:
        script = (
            "import os, sys, inkread\n"
            "print(os.environ['ORT_DISABLE_TELEMETRY'], inkread.read(sys.argv[1]).text)\n"
            "print(*sorted({name.split('.')[0] for name in sys.modules}"
            " & {'PySide6', 'shiboken6', 'onnx', 'onnxruntime'}))"
        )
        assert run_script(script, tmp_path, picture) == [f"1 {TEXT}", "onnxruntime"]

    def test_it_names_the_public_interface_and_nothing_else(self) -> None:
        assert set(inkread.__all__) == {*api.__all__, "__version__"}
        assert set(inkread.__all__) <= set(dir(inkread))
        for name in api.__all__:
            assert getattr(inkread, name) is getattr(api, name)
        with pytest.raises(AttributeError, match="no attribute 'readd'"):
            inkread.readd  # type: ignore[attr-defined]  # noqa: B018

    def test_its_functions_can_be_pickled(self) -> None:
        for function in (inkread.read, inkread.read_many):
            assert pickle.loads(pickle.dumps(function)) is function  # noqa: S301


def many(path: Path, model: Path) -> tuple[list[str], int]:
    """Read files as if processes would pay; returns their texts and how many were started."""
    read_many.MIN_SECONDS = 0.0
    for module in (read_many, thread_pool, process_pool):
        module.cores = lambda: 2  # type: ignore[attr-defined]
    results = inkread.read_many([path] * 3, model=model)
    first = next(results)
    started = len(multiprocessing.active_children())
    return [each.reading.text for each in (first, *results) if each.reading is not None], started


def many_sent(pipe: Connection[Any, Any], path: Path, model: Path) -> None:
    pipe.send(many(path, model))


_FORKING = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
import inkread

picture, model = sys.argv[1:]
read = partial(inkread.read, model=model)
print(read(picture).text)  # the parent has the model open
with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
    for reading in pool.map(read, [picture] * 3):
        print(reading.text)
"""

_UNGUARDED = """
import multiprocessing, sys
import inkread
from inkread.core.batch import process_pool, read_many

print("begin")
picture, model = sys.argv[1:]
print(inkread.read(picture, model=model).text)
read_many.MIN_SECONDS = 0.0
read_many.cores = process_pool.cores = lambda: 2
results = inkread.read_many([picture] * 3, model=model)
print(next(results).reading.text)
print(len(multiprocessing.active_children()), "processes")
for result in results:
    print(result.reading.text)
"""


class TestElsewhere:
    """Where other people call it."""

    def test_a_pool_of_spawned_processes(self, picture: Path, model: Path) -> None:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, context) as pool:
            task = pool.submit(inkread.read, picture, model=model)
            failing = pool.submit(inkread.read, "none.png", model=model)
            several = pool.submit(many, picture, model)
        assert pickle.dumps(task.result()) == pickle.dumps(inkread.read(picture, model=model))
        assert isinstance(failing.exception(), errors.FileMissing)
        assert several.result() == ([TEXT] * 3, 0)

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")
    def test_a_pool_of_forked_processes(self, picture: Path, model: Path, tmp_path: Path) -> None:
        assert run_script(_FORKING, tmp_path, picture, model) == [TEXT] * 4

    def test_a_pool_of_threads(self, picture: Path, model: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            found = pool.map(lambda path: inkread.read(path, model=model).text, [picture] * 12)
            assert list(found) == [TEXT] * 12

    def test_a_daemonic_process_reads_many_without_children(
        self, picture: Path, model: Path
    ) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        child = context.Process(target=many_sent, args=(theirs, picture, model), daemon=True)
        child.start()
        theirs.close()
        assert ours.recv() == ([TEXT] * 3, 0)
        child.join()

    def test_a_script_without_a_guard_runs_once(
        self, picture: Path, model: Path, tmp_path: Path
    ) -> None:
        found = run_script(_UNGUARDED, tmp_path, picture, model)
        assert found == ["begin", TEXT, TEXT, "2 processes", TEXT, TEXT]

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication

from inkread.core.classifier import Classifier
from inkread.core.errors import FileMissing, ModelUnusable, PictureUnknown
from inkread.core.field_types.field_type import FieldType
from inkread.core.ink import Ink, rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, open_page
from inkread.core.reading import Cells, Reading
from inkread.services.reader import Reader
from inkread.services.recognition import Recognition
from tests.services.manual import ManualExecutor
from tests.written import write


class FakeClassifier:
    """Takes everything for its first label."""

    rejection_threshold = None
    is_calibrated = True

    def __init__(self, *labels: str) -> None:
        self.labels = labels

    def probabilities(self, cells: Cells) -> Cells:
        row = np.full(len(self.labels), 0.1, np.float32)
        row[0] = 1 - row[1:].sum()
        return np.tile(row, (len(cells), 1))


def fake(label: str) -> Callable[[], Classifier]:
    """Opens a fake model that gives that label."""
    return lambda: FakeClassifier(label, "other")


def bad() -> Classifier:
    raise ModelUnusable(name="m", reason="it is fake")


class Heard:
    """Everything that a Recognition emits, in order."""

    def __init__(self, recognition: Recognition) -> None:
        self.all: list[tuple[str, Any]] = []
        for name in ("reading_changed", "page_opened", "drawings_opened", "model_changed"):
            self._listen(recognition, name)
        for name in ("failed", "busy_changed"):
            self._listen(recognition, name)

    def _listen(self, recognition: Recognition, name: str) -> None:
        getattr(recognition, name).connect(lambda value: self.all.append((name, value)))

    def names(self) -> list[str]:
        return [name for name, _ in self.all]

    def of(self, name: str) -> list[Any]:
        return [value for heard, value in self.all if heard == name]

    @property
    def texts(self) -> list[str]:
        return [reading.text for reading in self.of("reading_changed")]


@pytest.fixture
def executor() -> ManualExecutor:
    return ManualExecutor()


@pytest.fixture
def recognition(qapp: QCoreApplication, executor: ManualExecutor) -> Iterator[Recognition]:
    yield Recognition(Reader(fake("a")), executor)
    executor.drain()


@pytest.fixture
def heard(recognition: Recognition) -> Heard:
    return Heard(recognition)


def png(ink: Ink) -> bytes:
    return bytes(cv2.imencode(".png", rasterise_page(ink))[1])


def test_ink_is_read_by_a_worker(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.read_ink(write("11"))
    assert heard.all == []
    executor.drain()
    assert heard.texts == ["aa"]


class Widths:
    """Takes what is wide for an 8 and the rest for a 1, so that groupings differ."""

    labels = ("1", "8")
    rejection_threshold = None
    is_calibrated = True

    def probabilities(self, cells: Cells) -> Cells:
        wide = np.array([np.ptp(np.nonzero(cell.max(axis=(0, 1)))[0]) > 12 for cell in cells])
        return np.where(wide[:, np.newaxis], [0.1, 0.9], [0.9, 0.1]).astype(np.float32)


@pytest.fixture
def by_width(qapp: QCoreApplication, executor: ManualExecutor) -> Iterator[Recognition]:
    yield Recognition(Reader(Widths), executor)
    executor.drain()


def test_another_layout_reads_what_is_shown_again(
    by_width: Recognition, executor: ManualExecutor
) -> None:
    heard = Heard(by_width)
    ink = write("1 1")
    by_width.read_ink(ink)
    executor.drain()
    by_width.set_layout(Layout.DIGIT)
    executor.drain()
    by_width.set_layout(Layout.DIGIT)
    executor.drain()
    assert heard.texts[1:] == ["8"]
    by_width.read_page(open_page(png(ink), "ink.png"))
    executor.drain()
    assert heard.texts[2:] == ["8"]
    by_width.set_layout(Layout.AUTO)
    executor.drain()
    assert "".join(heard.texts[-1].split()) == "11"


def test_no_answer_of_the_old_layout_comes_after_a_file_was_on_its_way(
    by_width: Recognition, executor: ManualExecutor
) -> None:
    heard = Heard(by_width)
    by_width.open_bytes(png(write("1 1")), "ink.png")
    by_width.set_layout(Layout.DIGIT)
    executor.drain()
    assert heard.texts == ["8"]
    assert not by_width.is_busy


def test_no_answer_of_the_old_layout_comes_after_a_picture_was_shown(
    by_width: Recognition, executor: ManualExecutor
) -> None:
    heard = Heard(by_width)
    by_width.page_opened.connect(lambda _: by_width.set_layout(Layout.DIGIT))
    by_width.open_bytes(png(write("1 1")), "ink.png")
    executor.drain()
    assert heard.texts == ["8"]
    assert not by_width.is_busy


def test_no_ink_is_nothing_written_at_once_whatever_is_in_flight(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.read_ink(write("1"))
    recognition.read_ink(Ink())
    assert heard.texts == [""]
    executor.drain()
    assert heard.texts == [""]


def test_the_model_is_opened_once_when_first_needed(
    qapp: QCoreApplication, executor: ManualExecutor
) -> None:
    opened: list[Classifier] = []

    def opening() -> Classifier:
        opened.append(FakeClassifier("a", "other"))
        return opened[-1]

    recognition = Recognition(Reader(opening), executor)
    assert opened == []
    for _ in range(3):
        recognition.read_ink(write("1"))
        executor.drain()
    assert len(opened) == 1


def test_warm_up_opens_the_model_and_reports_it(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.warm_up()
    executor.drain()
    assert [model.labels for model in heard.of("model_changed")] == [("a", "other")]


def test_a_model_that_cannot_be_opened_is_reported_and_may_be_there_next_time(
    qapp: QCoreApplication, executor: ManualExecutor
) -> None:
    recognition = Recognition(Reader(bad), executor)
    heard = Heard(recognition)
    recognition.read_ink(write("1"))
    executor.drain()
    assert [type(error) for error in heard.of("failed")] == [ModelUnusable]
    recognition.set_model(fake("b"))
    executor.drain()
    assert heard.texts == ["b"]


def test_another_model_reads_again_what_is_shown(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.read_ink(write("1"))
    executor.drain()
    recognition.set_model(fake("b"))
    executor.drain()
    assert heard.texts == ["a", "b"]
    recognition.open_bytes(png(write("11")), "picture")
    executor.drain()
    recognition.set_model(fake("c"))
    executor.drain()
    assert heard.texts == ["a", "b", "bb", "cc"]


class Failing(Reader):
    """Fails to read some ink, whatever the model."""

    ink: Ink | None = None

    def read_ink(
        self, ink: Ink, layout: Layout = Layout.AUTO, field_type: FieldType | None = None
    ) -> Reading:
        if ink is self.ink:
            raise ModelUnusable(name="old", reason="it is fake")
        return super().read_ink(ink, layout, field_type)


def test_no_failure_of_the_old_model_comes_after_there_is_another(
    qapp: QCoreApplication, executor: ManualExecutor
) -> None:
    reader = Failing(fake("a"))
    recognition = Recognition(reader, executor)
    heard = Heard(recognition)
    first, second, third = (write("1") for _ in range(3))
    recognition.read_ink(first)
    recognition.read_ink(second)
    executor.run_next()  # nobody waits for the first any more, but the second must be emitted
    reader.ink = second
    recognition.set_model(fake("b"))
    executor.queue.rotate()
    executor.run_next()  # the model is there while the second is still in flight
    recognition.read_ink(third)
    executor.drain()
    assert heard.names() == ["model_changed", "reading_changed"]
    assert heard.texts == ["b"]


def test_a_bad_model_leaves_the_old_one_in_use(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.read_ink(write("1"))
    recognition.set_model(bad)
    executor.drain()
    recognition.read_ink(write("11"))
    executor.drain()
    assert heard.texts == ["a", "aa"]
    assert [type(error) for error in heard.of("failed")] == [ModelUnusable]


def test_a_picture_is_shown_first_and_then_read(
    recognition: Recognition, executor: ManualExecutor, heard: Heard, tmp_path: Path
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(png(write("11")))
    recognition.open_file(path)
    assert recognition.is_busy
    executor.drain()
    assert not recognition.is_busy
    assert heard.names() == ["busy_changed", "page_opened", "reading_changed", "busy_changed"]
    assert heard.texts == ["aa"]
    assert isinstance(heard.of("page_opened")[0], Page)


def test_pages_of_the_shown_file(
    recognition: Recognition, executor: ManualExecutor, heard: Heard, tmp_path: Path
) -> None:
    pages = [Image.fromarray(rasterise_page(write("1" * count))) for count in (1, 2, 3)]
    path = tmp_path / "a.tiff"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    recognition.open_file(path, 1)
    executor.drain()
    for index in (2, 0, 9):
        recognition.turn_to(index)
        executor.drain()
    assert heard.texts == ["aa", "aaa", "a", "aaa"]
    assert [page.number for page in heard.of("page_opened")] == [2, 3, 1, 3]
    recognition.open_bytes(b"no picture", "it")
    executor.drain()
    recognition.turn_to(1)
    executor.drain()
    assert heard.of("page_opened")[-1].number == 2


def test_inkml_comes_as_drawings_whatever_the_file_is_called(
    recognition: Recognition, executor: ManualExecutor, heard: Heard, tmp_path: Path
) -> None:
    path = tmp_path / "ink.png"
    path.write_bytes(write_inkml([Drawing("1", write("1")), Drawing("2", write("2"))]))
    recognition.open_file(path)
    executor.drain()
    assert heard.names() == ["busy_changed", "drawings_opened", "busy_changed"]
    assert [drawing.label for drawing in heard.of("drawings_opened")[0]] == ["1", "2"]


def test_what_cannot_be_opened_is_reported(
    recognition: Recognition, executor: ManualExecutor, heard: Heard, tmp_path: Path
) -> None:
    recognition.open_file(tmp_path / "none.png")
    executor.drain()
    recognition.open_bytes(b"no picture", "it")
    executor.drain()
    assert [type(error) for error in heard.of("failed")] == [FileMissing, PictureUnknown]
    assert heard.of("busy_changed") == [True, False, True, False]


def test_cancelled_opening_emits_nothing_more(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.open_bytes(b"no picture", "it")
    recognition.cancel()
    executor.drain()
    assert heard.all == [("busy_changed", True), ("busy_changed", False)]


def test_a_picture_given_up_while_it_is_read_is_read_no_further(
    qapp: QCoreApplication, executor: ManualExecutor
) -> None:
    asked = list[int]()

    class Watching(FakeClassifier):
        def probabilities(self, cells: Cells) -> Cells:
            asked.append(len(cells))
            reading.cancel()
            return super().probabilities(cells)

    reading = Recognition(Reader(lambda: Watching("a", "other")), executor)
    heard = Heard(reading)
    reading.open_bytes(png(write("1\n1\n1\n1")), "picture")
    executor.drain()
    assert len(asked) == 1
    assert heard.texts == []


def test_only_the_file_opened_last_counts(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.open_bytes(b"no picture", "first")
    recognition.open_bytes(png(write("1")), "second")
    executor.drain()
    assert heard.texts == ["a"]
    assert heard.of("failed") == []


def test_ink_read_while_a_file_is_opened_does_not_come_after_the_picture(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.open_bytes(png(write("11")), "picture")
    recognition.read_ink(write("1"))
    executor.drain()
    assert heard.texts == ["aa"]


def test_going_back_to_ink_gives_up_the_picture(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.page_opened.connect(lambda _: recognition.read_ink(write("1")))
    recognition.open_bytes(png(write("11")), "picture")
    executor.drain()
    assert heard.texts == ["a"]
    assert not recognition.is_busy


def test_a_decoded_page_can_be_read(
    recognition: Recognition, executor: ManualExecutor, heard: Heard
) -> None:
    recognition.read_page(open_page(png(write("11")), "picture"))
    executor.drain()
    assert heard.texts == ["aa"]
    assert isinstance(heard.of("reading_changed")[0], Reading)


def test_another_type_of_field_reads_what_is_shown_again(
    by_width: Recognition, executor: ManualExecutor
) -> None:
    heard = list[bool | None]()
    by_width.reading_changed.connect(lambda reading: heard.append(reading.fits))
    by_width.read_ink(write("1 1"))
    executor.drain()
    by_width.set_field_type(FieldType.parse("digits:2"))
    executor.drain()
    by_width.set_field_type(FieldType.parse("digits:2"))
    executor.drain()
    by_width.read_page(open_page(png(write("1 1")), "ink.png"))
    executor.drain()
    by_width.set_field_type(FieldType.parse("time"))
    executor.drain()
    by_width.open_bytes(png(write("1 1")), "ink.png")
    by_width.set_field_type(None)
    executor.drain()
    assert heard[:4] == [None, True, True, False]
    assert set(heard[4:]) == {None}

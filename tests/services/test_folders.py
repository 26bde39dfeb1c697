from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication

from inkread.core.batch.folder_table import Row
from inkread.core.classifier import Classifier
from inkread.core.errors import FolderEmpty, ModelUnusable, SaveFailed
from inkread.core.ink import rasterise_page
from inkread.core.layout import Layout
from inkread.services.folders import FolderReading
from inkread.services.reader import Reader
from tests.core.templates import Templates
from tests.services.manual import ManualExecutor
from tests.written import write


class Heard:
    """The signals of a FolderReading."""

    def __init__(self, reading: FolderReading) -> None:
        self.all: list[str] = []
        self.rows: list[Row] = []
        self.errors: list[Any] = []
        reading.progressed.connect(lambda progress: self.rows.extend(progress.rows))
        for name in ("finished", "stopped"):
            getattr(reading, name).connect(lambda name=name: self.all.append(name))
        for name in ("failed", "export_failed"):
            getattr(reading, name).connect(self.errors.append)
        reading.exported.connect(self.all.append)


@pytest.fixture
def executor() -> ManualExecutor:
    return ManualExecutor()


@pytest.fixture
def reading(qapp: QCoreApplication, executor: ManualExecutor) -> Iterator[FolderReading]:
    yield FolderReading(Reader(Templates), executor)
    executor.drain()


@pytest.fixture
def heard(reading: FolderReading) -> Heard:
    return Heard(reading)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"a.png": "3\n1", "b.png": "20"}.items():
        Image.fromarray(rasterise_page(write(text))).save(tmp_path / name)
    return tmp_path


def test_a_folder_is_read_by_a_worker(
    reading: FolderReading, executor: ManualExecutor, heard: Heard, folder: Path
) -> None:
    reading.start(folder)
    assert reading.is_running
    assert heard.rows == []
    executor.drain()
    assert [row.text for row in heard.rows] == ["3\n1", "20"]
    assert heard.all == ["finished"]
    assert not reading.is_running


def test_several_files_are_read_like_a_folder(
    reading: FolderReading, executor: ManualExecutor, heard: Heard, folder: Path
) -> None:
    reading.start([folder / "b.png", folder / "none.png", folder])
    executor.drain()
    assert [row.text for row in heard.rows] == ["20", "", "3\n1", "20"]
    assert heard.all == ["finished"]


def test_the_layout_is_passed_on(
    reading: FolderReading, executor: ManualExecutor, heard: Heard, folder: Path
) -> None:
    reading.start(folder, Layout.LINE)
    executor.drain()
    assert "\n" not in heard.rows[0].text


def test_what_is_given_up_emits_nothing_more(
    reading: FolderReading, executor: ManualExecutor, heard: Heard, folder: Path
) -> None:
    reading.start(folder)
    reading.stop()
    assert not reading.is_running
    executor.drain()
    assert heard.all == ["stopped"]
    assert heard.rows == heard.errors == []
    reading.stop()
    assert heard.all == ["stopped"]


def test_another_folder_takes_the_place_of_the_first(
    reading: FolderReading, executor: ManualExecutor, heard: Heard, folder: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    reading.start(empty)
    reading.start(folder)
    executor.drain()
    assert heard.all == ["stopped", "finished"]
    assert heard.errors == []
    assert len(heard.rows) == 2


def test_an_empty_folder_and_a_bad_model_are_reported(
    qapp: QCoreApplication, executor: ManualExecutor, folder: Path, tmp_path: Path
) -> None:
    def no_model() -> Classifier:
        raise ModelUnusable(name="m", reason="it is fake")

    empty = tmp_path / "empty"
    empty.mkdir()
    for place, model, kind in ((empty, Templates, FolderEmpty), (folder, no_model, ModelUnusable)):
        reading = FolderReading(Reader(model), executor)
        heard = Heard(reading)
        reading.start(place)
        executor.drain()
        assert [type(error) for error in heard.errors] == [kind]
        assert not reading.is_running
        assert heard.all == []


def test_a_table_is_written(
    reading: FolderReading, executor: ManualExecutor, heard: Heard, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old")
    reading.export(path, [(Row("a.png", "31", 0.5, 2, 0, 1), "37")])
    executor.drain()
    assert heard.all == ["table.csv"]
    assert path.read_text().splitlines()[1] == "a.png,37,0.5,,0,2,1,,1"
    assert list(tmp_path.iterdir()) == [path]


def test_a_table_that_cannot_be_written_is_reported(
    reading: FolderReading, executor: ManualExecutor, heard: Heard, tmp_path: Path
) -> None:
    reading.export(tmp_path / "none" / "table.csv", [])
    executor.drain()
    assert [type(error) for error in heard.errors] == [SaveFailed]
    assert heard.all == []

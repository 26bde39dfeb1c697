from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from inkread.core.classifier import Classifier
from inkread.core.errors import LabelUnusable, ModelUnusable
from inkread.data.samples.sample import Origin
from inkread.data.samples.store import SampleStore
from inkread.services.reader import Reader
from inkread.services.teaching import Teaching
from tests.core.templates import Templates
from tests.data.stores import labels, store_in
from tests.services.manual import ManualExecutor
from tests.written import write


def no_model() -> Classifier:
    raise ModelUnusable(name="m.onnx", reason="it is not there")


class Lessons:
    """Teaching whose worker works when a test says so."""

    def __init__(self, folder: Path, reader: Reader) -> None:
        self._folder = folder
        self.executor = ManualExecutor()
        self.teaching = Teaching(lambda: store_in(folder), reader, self.executor)
        self.emitted: list[tuple[object, ...]] = []
        self.teaching.kept.connect(lambda place: self.emitted.append(("kept", place)))
        self.teaching.taken_back.connect(lambda place: self.emitted.append(("back", place)))
        self.teaching.failed.connect(lambda place, error: self.emitted.append((place, error)))

    @property
    def store(self) -> SampleStore:
        return store_in(self._folder)

    def keep(self, place: int, label: str, digit: str) -> None:
        self.teaching.keep(place, label, write(digit), "mine 0123")


@pytest.fixture
def lessons(qapp: QCoreApplication, tmp_path: Path) -> Lessons:
    return Lessons(tmp_path, Reader(Templates))


def test_a_sign_is_kept_with_ink_time_model_and_guess(lessons: Lessons) -> None:
    lessons.keep(0, "x", "6")
    assert lessons.emitted == []
    lessons.executor.drain()
    (sample,) = lessons.store.samples()
    assert lessons.emitted == [("kept", 0)]
    assert (sample.label, sample.guess, sample.origin) == ("x", "6", Origin.TAUGHT)
    assert (sample.model, sample.source) == ("mine 0123", "canvas")
    assert sample.ink is not None
    assert len(sample.ink.strokes) == len(write("6").strokes)
    assert sample.time


def test_what_is_taken_back_is_no_sample_any_more(lessons: Lessons) -> None:
    lessons.keep(0, "1", "1")
    lessons.keep(1, "2", "2")
    lessons.teaching.take_back(1)
    lessons.keep(1, "2", "3")
    lessons.executor.drain()
    assert lessons.emitted == [("kept", 0), ("kept", 1), ("back", 1), ("kept", 1)]
    assert [one.guess for one in lessons.store.samples()] == ["1", "3"]


def test_a_new_lesson_leaves_the_old_ones_samples_alone(lessons: Lessons) -> None:
    lessons.keep(0, "1", "1")
    lessons.teaching.begin()
    lessons.teaching.take_back(0)
    lessons.executor.drain()
    assert labels(lessons.store) == ["1"]


def test_what_somebody_else_deleted_is_taken_back_all_the_same(lessons: Lessons) -> None:
    lessons.keep(0, "1", "1")
    lessons.executor.drain()
    lessons.store.delete([1])
    lessons.teaching.take_back(0)
    lessons.executor.drain()
    assert lessons.emitted[-1] == ("back", 0)


def test_what_cannot_be_kept_is_reported_with_its_place(lessons: Lessons) -> None:
    lessons.keep(3, "x" * 65, "1")
    lessons.keep(4, "1", "1")
    lessons.executor.drain()
    (place, error), good = lessons.emitted
    assert (place, good) == (3, ("kept", 4))
    assert isinstance(error, LabelUnusable)


def test_without_a_model_one_can_teach_all_the_same(qapp: QCoreApplication, tmp_path: Path) -> None:
    lessons = Lessons(tmp_path, Reader(no_model))
    lessons.keep(0, "1", "1")
    lessons.executor.drain()
    (sample,) = lessons.store.samples()
    assert (sample.label, sample.guess, sample.origin) == ("1", None, Origin.TAUGHT)


def test_what_is_to_be_done_afterwards_finds_all_of_it(lessons: Lessons) -> None:
    found: list[list[str]] = []
    lessons.keep(0, "1", "1")
    lessons.teaching.queue.afterwards(lambda: found.append(labels(lessons.store)))
    assert found == []
    lessons.executor.drain()
    assert found == [["1"]]


def test_closing_loses_nothing(lessons: Lessons) -> None:
    lessons.keep(0, "1", "1")
    lessons.keep(1, "2", "2")
    lessons.executor.queue.clear()
    lessons.teaching.queue.finish()
    assert labels(lessons.store) == ["1", "2"]

"""Another process changes models and samples: services on the same folders notice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from inkread.data.models.library import Card, ModelLibrary
from inkread.data.models.watch import ModelNews
from inkread.data.samples.store import SampleStore
from inkread.data.samples.watch import OwnChanges, SampleNews
from inkread.services.models import Models
from inkread.services.other_windows import OtherWindows
from inkread.services.samples import Samples
from tests.data.stores import sample, store_in
from tests.services.manual import ManualExecutor
from tests.template_model import template_model


class Process:
    """The services of a window, whose worker works when a test says so."""

    def __init__(self, folder: Path) -> None:
        shipped = folder / "shipped.onnx"
        shipped.write_bytes(template_model())
        own = OwnChanges()
        self.executor = ManualExecutor()
        self.library = ModelLibrary(folder / "models", shipped)
        self.store = SampleStore.open(folder / "samples.db", own)
        self.models = Models(lambda: self.library, self.executor)
        self.samples = Samples(lambda: self.store, self.executor, own=own)
        self.heard: list[object] = []
        self.used: list[str] = []
        self.models.used.connect(lambda kept: self.used.append(kept.card.name))
        self.models.changed_elsewhere.connect(self.heard.append)
        self.samples.changed_elsewhere.connect(self.heard.append)
        self.models.failed.connect(self.heard.append)
        self.samples.failed.connect(self.heard.append)
        self.executor.submit(self.open)
        self.look()

    def open(self) -> None:
        self.models.open_current()

    def look(self) -> list[object]:
        """What is new."""
        self.heard.clear()
        self.models.look()
        self.samples.look()
        self.executor.drain()
        return self.heard


@pytest.fixture
def windows(qapp: QCoreApplication, tmp_path: Path) -> tuple[Process, Process]:
    return Process(tmp_path), Process(tmp_path)


def test_a_model_chosen_in_one_is_used_by_the_other(windows: tuple[Process, Process]) -> None:
    one, two = windows
    card = Card("Mine", "imported")
    one.models.keep(lambda library: library.keep(template_model(), card), lambda kept: kept)
    one.executor.drain()
    assert one.used == ["Mine"]
    assert one.look() == []
    (news,) = two.look()
    assert isinstance(news, ModelNews)
    assert (news.is_used, news.in_use.card.name) == (True, "Mine")
    assert two.used == ["Mine"]
    assert two.look() == []
    two.models.revert()
    assert two.look() == []
    (news,) = one.look()
    assert isinstance(news, ModelNews)
    assert (news.is_used, news.in_use.id) == (True, "shipped")


def test_the_model_in_use_is_used_anew_under_its_new_name(windows: tuple[Process, Process]) -> None:
    one, two = windows
    kept = one.library.keep(template_model(), Card("Mine", "imported"))
    two.look()
    one.models.rename(kept.id, "Ours")
    assert one.look() == []
    assert one.used == ["Ours"]
    two.look()
    assert two.used == ["Mine", "Ours"]


def test_a_damaged_choice_falls_back_and_is_no_news(windows: tuple[Process, Process]) -> None:
    """A model that was passed over at the start is not announced as another one's choice."""
    one, _ = windows
    one.library.keep(b"no network", Card("Bad", "imported"))
    passed: list[object] = []
    one.models.passed_over.connect(passed.append)
    one.executor.submit(one.open)
    one.executor.drain()
    assert len(passed) == 1
    assert one.look() == []


def test_samples_changed_in_one_are_news_in_the_other(windows: tuple[Process, Process]) -> None:
    one, two = windows
    one.store.add_many([sample("1", 1), sample("2", 2)])
    assert one.look() == []
    assert two.look() == [SampleNews(added=2)]
    two.samples.delete([1])
    assert two.look() == []
    assert one.look() == [SampleNews(deleted=1)]


def test_looks_do_not_pile_up_behind_long_work(windows: tuple[Process, Process]) -> None:
    one, two = windows
    two.store.add(sample("1"))
    one.samples.refresh()
    for _ in range(5):
        one.samples.look()
        one.models.look()
    assert len(one.executor.queue) == 2
    one.executor.drain()
    assert one.heard == [SampleNews(added=1)]


def test_a_store_that_cannot_be_read_is_left_to_those_who_need_it(
    qapp: QCoreApplication, tmp_path: Path
) -> None:
    window = Process(tmp_path)
    window.samples = Samples(lambda: store_in(tmp_path / "no folder" / "\0"), window.executor)
    (tmp_path / "samples.db").write_bytes(b"a file of another program, which is no database" * 9)
    assert window.look() == []


@pytest.fixture
def followed(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[OtherWindows, list[str]]]:
    """What is found in the files a and b."""
    found: list[str] = []
    windows = OtherWindows(
        [([tmp_path / name], lambda name=name: found.append(name)) for name in "ab"]  # type: ignore[misc]
    )
    yield windows, found
    windows.stop()


def test_it_looks_at_least_twice_a_second(followed: tuple[OtherWindows, list[str]]) -> None:
    windows, _ = followed
    assert 0.1 <= windows.interval <= 0.5


def test_only_who_reads_a_changed_file_is_called_in_the_gui_thread(
    followed: tuple[OtherWindows, list[str]], qtbot: QtBot, tmp_path: Path
) -> None:
    windows, found = followed
    windows.set_active(True)
    qtbot.waitUntil(lambda: {"a", "b"} <= set(found))
    (tmp_path / "b").write_text("new")
    count = found.count("b")
    qtbot.waitUntil(lambda: found.count("b") > count)


def test_paused_it_looks_no_more_and_then_at_once(
    followed: tuple[OtherWindows, list[str]], qtbot: QtBot
) -> None:
    windows, found = followed
    windows.set_active(False)
    assert (windows.is_active, found) == (False, [])
    windows.set_active(True)
    qtbot.waitUntil(lambda: "a" in found)
    windows.stop()
    windows.set_active(True)
    assert not windows.is_active
    assert "lookout" not in {thread.name for thread in threading.enumerate()}

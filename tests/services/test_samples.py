"""The sample store for the window: changes, lists, export, import; all by one worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from inkread.core.errors import InkreadError, NothingToUndo
from inkread.data.samples.export import export
from inkread.data.samples.sample import sample_from_ink
from inkread.data.samples.store import SampleStore
from inkread.services.samples import Samples
from tests.data.stores import labels, sample, store_in
from tests.services.manual import ManualExecutor
from tests.written import write


class Keeping:
    """Samples whose worker works when a test says so; `heard` is all that they emitted."""

    def __init__(self, folder: Path) -> None:
        self.executor = ManualExecutor()
        self.store = store_in(folder)
        self.store.add_many([sample("1", 1), sample("2", 2)])
        self.samples = Samples(lambda: store_in(folder), self.executor)
        self.heard: list[tuple[str, object]] = []
        self.samples.listed.connect(
            lambda listed: self.hear("listed", "".join(one.label for one in listed))
        )
        self.samples.undo_available.connect(lambda can_undo: self.hear("can undo", can_undo))
        self.samples.exported.connect(lambda written: self.hear("exported", written.count))
        self.samples.imported.connect(
            lambda taken, unusable: self.hear("imported", (len(taken.ids), unusable))
        )
        self.samples.failed.connect(lambda error: self.hear("failed", type(error)))

    def hear(self, what: str, value: object) -> None:
        self.heard.append((what, value))

    def work(self) -> list[tuple[str, object]]:
        self.heard.clear()
        self.executor.drain()
        return self.heard


@pytest.fixture
def keeping(qapp: QCoreApplication, tmp_path: Path) -> Keeping:
    return Keeping(tmp_path)


def test_every_change_is_followed_by_the_list(keeping: Keeping) -> None:
    keeping.samples.relabel([1], "7")
    keeping.samples.delete([2])
    keeping.samples.undo()
    keeping.samples.refresh()
    assert keeping.heard == []
    lists = [value for what, value in keeping.work() if what == "listed"]
    assert lists == ["27", "7", "27", "27"]  # by label
    assert labels(keeping.store) == ["7", "2"]


def test_with_the_list_comes_whether_there_is_something_to_undo(keeping: Keeping) -> None:
    keeping.samples.undo()
    assert keeping.work() == [("can undo", False), ("listed", "")]


def test_a_failure_is_followed_by_the_list_too(keeping: Keeping) -> None:
    for _ in range(2):
        keeping.samples.undo()
    assert keeping.work()[2:] == [
        ("failed", NothingToUndo),
        ("can undo", False),
        ("listed", ""),
    ]


def test_what_is_exported_can_be_imported(keeping: Keeping, tmp_path: Path) -> None:
    keeping.samples.export(tmp_path / "cells.npz")
    assert keeping.work()[0] == ("exported", 2)
    keeping.samples.delete([1, 2])
    keeping.samples.import_path(tmp_path / "cells.npz")
    assert keeping.work()[2:] == [("imported", (2, 0)), ("can undo", True), ("listed", "12")]


def test_an_import_that_is_stopped_takes_nothing_in(keeping: Keeping, tmp_path: Path) -> None:
    keeping.store.add(sample_from_ink("3", write("3")))
    export(keeping.store.samples()[2:], tmp_path / "ink.inkml")
    keeping.samples.delete([3])
    keeping.samples.import_path(tmp_path / "ink.inkml")
    keeping.samples.stop()
    assert [what for what, _ in keeping.work()] == ["can undo", "listed"] * 2
    assert labels(keeping.store) == ["1", "2"]


def test_a_damaged_store_that_was_set_aside_is_left_to_who_opens_it_to_report(
    keeping: Keeping, tmp_path: Path
) -> None:
    """Who opens the store reports it for all of its users, and once."""
    (tmp_path / "samples.db").write_bytes(b"SQLite format 3\0" + b"damaged" * 999)
    keeping.samples.refresh()
    assert keeping.work() == [("can undo", False), ("listed", "")]


def test_a_store_that_cannot_be_opened_fails_once_and_lists_nothing(
    qapp: QCoreApplication,
) -> None:
    def unreadable() -> SampleStore:
        raise InkreadError

    executor, heard = ManualExecutor(), list[object]()
    samples = Samples(unreadable, executor)
    samples.failed.connect(heard.append)
    samples.listed.connect(heard.append)
    samples.refresh()
    executor.drain()
    assert [type(one) for one in heard] == [InkreadError]

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from inkread.services.background.gc_in_gui_thread import GarbageCollector
from inkread.services.background.tasks import ThreadExecutor


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    was_enabled = gc.isenabled()
    gc.enable()
    collector = GarbageCollector()
    collector.start()
    yield collector
    collector.stop()
    if not was_enabled:
        gc.disable()


class Cycle(QObject):
    """Only the collector can free it, and it says in which thread that was."""

    def __init__(self, freed_in: list[QThread]) -> None:
        super().__init__()
        self._me = self
        self.freed_in = freed_in

    def __del__(self) -> None:
        self.freed_in.append(QThread.currentThread())


def test_what_a_worker_leaves_is_freed_in_the_gui_thread(
    collector: GarbageCollector, qtbot: QtBot
) -> None:
    freed_in: list[QThread] = []
    Cycle(freed_in)
    executor = ThreadExecutor()
    heaps: list[list[list[int]]] = []
    executor.submit(lambda: heaps.append([[] for _ in range(200_000)]))
    executor.wait()
    assert heaps
    assert freed_in == []
    qtbot.waitUntil(lambda: bool(freed_in))
    assert freed_in == [collector.thread()]


def test_python_collects_again_when_it_is_stopped(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inkread.services.background.import_ahead import Preloading
from tests.services.manual import ManualExecutor


def test_the_worker_loads(qtbot: QtBot) -> None:
    executor, loaded = ManualExecutor(), list[str]()
    preloading = Preloading(lambda: loaded.append("curves"), executor)
    preloading.start()
    assert not preloading.is_loaded
    assert loaded == []
    with qtbot.waitSignal(preloading.loaded):
        executor.drain()
    assert preloading.is_loaded
    assert loaded == ["curves"]


def test_what_cannot_be_imported_stops_nobody(qtbot: QtBot) -> None:
    def fail() -> None:
        raise ImportError("no such library")

    executor = ManualExecutor()
    preloading = Preloading(fail, executor)
    preloading.start()
    with qtbot.waitSignal(preloading.loaded):
        executor.drain()
    assert preloading.is_loaded

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inkread.services.background.import_ahead import ImportAhead
from tests.services.manual import ManualExecutor


def test_the_worker_loads(qtbot: QtBot) -> None:
    executor, loaded = ManualExecutor(), list[str]()
    ahead = ImportAhead(lambda: loaded.append("curves"), executor)
    ahead.start()
    assert not ahead.is_loaded
    assert loaded == []
    with qtbot.waitSignal(ahead.loaded):
        executor.drain()
    assert ahead.is_loaded
    assert loaded == ["curves"]


def test_what_cannot_be_imported_stops_nobody(qtbot: QtBot) -> None:
    def fail() -> None:
        raise ImportError("no such library")

    executor = ManualExecutor()
    ahead = ImportAhead(fail, executor)
    ahead.start()
    with qtbot.waitSignal(ahead.loaded):
        executor.drain()
    assert ahead.is_loaded

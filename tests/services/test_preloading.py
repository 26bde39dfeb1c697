from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.preloading import Preloading
from tests.services.manual import ManualExecutor


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two modules that can be imported, and one that cannot."""
    for name, text in (("slow_one", ""), ("slow_two", ""), ("slow_wrong", "raise OSError")):
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("modules")
def test_the_worker_imports(qtbot: QtBot) -> None:
    executor = ManualExecutor()
    preloading = Preloading(["slow_one", "slow_two"], executor)
    preloading.start()
    assert not preloading.is_loaded
    assert "slow_one" not in sys.modules
    with qtbot.waitSignal(preloading.loaded):
        executor.drain()
    assert preloading.is_loaded
    assert {"slow_one", "slow_two"} <= set(sys.modules)


@pytest.mark.usefixtures("modules")
def test_a_module_that_cannot_be_imported_stops_nobody(qtbot: QtBot) -> None:
    executor = ManualExecutor()
    preloading = Preloading(["slow_wrong"], executor)
    preloading.start()
    with qtbot.waitSignal(preloading.loaded):
        executor.drain()
    assert preloading.is_loaded

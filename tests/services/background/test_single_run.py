"""One run at a time: its end is emitted once."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from PySide6.QtCore import QCoreApplication, Signal

from inkread.services.background.single_run import SingleRun
from tests.services.manual import ManualExecutor


class Counting(SingleRun):
    """Counts to two."""

    progressed = Signal(object)

    def __init__(self, error: Exception | None = None) -> None:
        self.executor = ManualExecutor()
        super().__init__(self.executor)
        self.heard: list[object] = []
        self._error = error
        self.progressed.connect(self.heard.append)
        self.failed.connect(self.heard.append)
        self.stopped.connect(lambda: self.heard.append("stopped"))
        self._begin(self._work, self.progressed)

    def _work(self) -> Generator[int, None, str]:
        yield 1
        yield 2
        if self._error is not None:
            raise self._error
        return "result"

    def _finish(self, result: str) -> None:
        self.heard.append((result, self.is_running))


def test_the_result_comes_after_the_progress_and_when_nothing_runs_any_more(
    qapp: QCoreApplication,
) -> None:
    runs = Counting()
    assert runs.is_running
    runs.executor.drain()
    assert runs.heard == [1, 2, ("result", False)]


def test_an_error_is_reported_and_nothing_runs_any_more(qapp: QCoreApplication) -> None:
    error = ValueError("no")
    runs = Counting(error)
    runs.executor.drain()
    assert runs.heard == [1, 2, error]
    assert not runs.is_running


@pytest.mark.parametrize("error", [None, ValueError("no")])
def test_who_gives_up_hears_of_nothing_else(
    qapp: QCoreApplication, error: Exception | None
) -> None:
    runs = Counting(error)
    runs.stop()
    assert not runs.is_running
    runs.stop()
    runs.executor.drain()
    assert runs.heard == ["stopped"]

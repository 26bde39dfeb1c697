"""Jobs run one after the other, and their results come in the GUI thread."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from inkread.services.background.serial_queue import RepeatedJob, SerialQueue
from inkread.services.background.tasks import ThreadExecutor
from tests.services.manual import ManualExecutor


class Working:
    """A queue whose worker works when a test says so; `heard` is what came of the jobs."""

    def __init__(self) -> None:
        self.executor = ManualExecutor()
        self.heard: list[object] = []
        self.queue = SerialQueue(self.executor, self.heard.append)

    def fail(self, error: Exception) -> None:
        raise error


@pytest.fixture
def working(qapp: QCoreApplication) -> Working:
    return Working()


def test_jobs_run_in_order_by_one_worker(working: Working) -> None:
    ran: list[int] = []
    for i in range(3):
        working.queue.do(lambda i=i: ran.append(i), lambda _, i=i: working.heard.append(i))  # type: ignore[misc]
    assert len(working.executor.queue) == 1
    assert working.queue.is_busy
    assert ran == []
    working.executor.drain()
    assert ran == [0, 1, 2]
    assert working.heard == [0, 1, 2]
    assert not working.queue.is_busy


def test_a_job_that_fails_does_not_hold_up_the_next(working: Working) -> None:
    error, own = ValueError("no"), KeyError("own")
    own_heard: list[Exception] = []
    working.queue.do(lambda: working.fail(error))
    working.queue.do(lambda: working.fail(own), failed=own_heard.append)
    working.queue.do(lambda: 7, working.heard.append)
    working.executor.drain()
    assert working.heard == [error, 7]
    assert own_heard == [own]


def test_a_job_added_by_the_result_of_another_is_done_too(working: Working) -> None:
    working.queue.do(lambda: 1, lambda one: working.queue.do(lambda: one + 1, working.heard.append))
    working.executor.drain()
    assert working.heard == [2]
    assert not working.queue.is_busy


def test_what_comes_afterwards_waits_for_jobs_only(working: Working) -> None:
    working.queue.afterwards(lambda: working.heard.append("at once"))
    working.queue.do(lambda: "job", working.heard.append)
    working.queue.afterwards(lambda: working.heard.append("afterwards"))
    assert working.heard == ["at once"]
    working.executor.drain()
    assert working.heard == ["at once", "job", "afterwards"]


def test_at_the_end_what_is_left_is_done_once(working: Working) -> None:
    ran: list[str] = []
    working.queue.do(lambda: ran.append("left"))
    working.queue.finish()
    working.executor.drain()
    assert ran == ["left"]
    assert not working.queue.is_busy


def test_results_come_in_the_gui_thread_and_jobs_are_released_there(qtbot: QtBot) -> None:
    executor = ThreadExecutor()
    queue = SerialQueue(executor)
    worked: list[threading.Thread] = []
    heard: list[threading.Thread] = []
    released: list[threading.Thread] = []

    class Held:
        def work(self) -> None:
            worked.append(threading.current_thread())

        def __del__(self) -> None:
            released.append(threading.current_thread())

    for _ in range(50):
        queue.do(Held().work, lambda _: heard.append(threading.current_thread()))
    qtbot.waitUntil(lambda: len(released) == 50)
    assert threading.main_thread() not in worked
    assert set(heard) == set(released) == {threading.main_thread()}
    executor.wait()


def test_a_repeated_job_is_queued_once_at_a_time_and_again_after_a_failure(
    working: Working,
) -> None:
    error = ValueError("no")
    results: list[int | Exception] = [1, error, 2]

    def act() -> int:
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    job = RepeatedJob(working.queue, act, working.heard.append, working.heard.append)
    for _ in range(3):
        job.do()
        job.do()
        working.executor.drain()
    assert working.heard == [1, error, 2]

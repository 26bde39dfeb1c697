from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from inkread.services.background.tasks import (
    Delivery,
    Latest,
    Lookout,
    Task,
    ThreadExecutor,
    Work,
    in_one_step,
)
from tests.services.manual import ManualExecutor

Steps = Generator[object, None, object]
Endless = Generator[None, None, None]


def steps_to(result: object, *progress: object) -> Work:
    def work() -> Steps:
        yield from progress
        return result

    return work


def record(task: Task) -> list[tuple[str, object]]:
    """Everything that `task` will have emitted."""
    heard: list[tuple[str, object]] = []
    task.progressed.connect(lambda value: heard.append(("progressed", value)))
    task.succeeded.connect(lambda value: heard.append(("succeeded", value)))
    task.failed.connect(lambda error: heard.append(("failed", error)))
    task.cancelled.connect(lambda: heard.append(("cancelled", None)))
    task.finished.connect(lambda: heard.append(("finished", None)))
    return heard


def test_success_is_reported_after_all_progress(qapp: QCoreApplication) -> None:
    executor = ManualExecutor()
    task = Task(steps_to("done", 1, 2), executor)
    heard = record(task)
    task.start()
    assert heard == []
    executor.drain()
    assert heard == [
        ("progressed", 1),
        ("progressed", 2),
        ("succeeded", "done"),
        ("finished", None),
    ]


def test_a_plain_yield_is_no_progress_but_a_cancel_point(qapp: QCoreApplication) -> None:
    executor = ManualExecutor()
    task = Task(steps_to("done", None, 1, None), executor)
    heard = record(task)
    task.start()
    executor.drain()
    assert heard == [("progressed", 1), ("succeeded", "done"), ("finished", None)]


def test_an_exception_is_a_failure(qapp: QCoreApplication) -> None:
    def work() -> Steps:
        yield 1
        raise KeyError("missing")

    executor = ManualExecutor()
    task = Task(work, executor)
    heard = record(task)
    task.start()
    executor.drain()
    assert [what for what, _ in heard] == ["progressed", "failed", "finished"]
    assert isinstance(heard[1][1], KeyError)


def test_work_that_cannot_even_start_is_a_failure(qapp: QCoreApplication) -> None:
    def work() -> Steps:
        raise OSError("no generator")

    executor = ManualExecutor()
    task = Task(work, executor)
    heard = record(task)
    task.start()
    executor.drain()
    assert [what for what, _ in heard] == ["failed", "finished"]


def test_cancel_before_the_start_runs_nothing(qapp: QCoreApplication) -> None:
    begun: list[bool] = []

    def work() -> Endless:
        begun.append(True)
        yield

    executor = ManualExecutor()
    task = Task(work, executor)
    heard = record(task)
    task.start()
    task.cancel()
    executor.drain()
    assert [what for what, _ in heard] == ["cancelled", "finished"]
    assert begun == []


def test_cancel_at_a_yield_cleans_up_and_goes_no_further(qapp: QCoreApplication) -> None:
    trace: list[str] = []

    def work() -> Generator[int, None, None]:
        try:
            trace.append("first")
            yield 1
            trace.append("second")
            yield 2
        finally:
            trace.append("cleaned")

    executor = ManualExecutor()
    task = Task(work, executor)
    heard = record(task)
    task.progressed.connect(lambda _: task.cancel())
    task.start()
    executor.drain()
    assert trace == ["first", "cleaned"]
    assert [what for what, _ in heard] == ["progressed", "cancelled", "finished"]


def test_success_that_comes_after_cancel_counts_as_cancelled(qapp: QCoreApplication) -> None:
    executor = ManualExecutor()

    def work() -> Steps:
        task.cancel()
        return "too late"
        yield

    task = Task(work, executor)
    heard = record(task)
    task.start()
    executor.drain()
    assert [what for what, _ in heard] == ["cancelled", "finished"]


def test_a_task_nobody_holds_still_finishes(qapp: QCoreApplication) -> None:
    executor = ManualExecutor()
    results: list[object] = []

    def begin() -> None:
        task = Task(steps_to(7), executor)
        task.succeeded.connect(results.append)
        task.start()

    begin()
    executor.drain()
    assert results == [7]


def test_signals_come_in_the_thread_of_the_task(qtbot: QtBot) -> None:
    gui, seen = QThread.currentThread(), []
    executor = ThreadExecutor()

    def work() -> Steps:
        assert threading.current_thread() is not threading.main_thread()
        yield 1
        return 2

    task = Task(work, executor)
    task.progressed.connect(lambda _: seen.append(QThread.currentThread()))
    task.succeeded.connect(lambda _: seen.append(QThread.currentThread()))
    with qtbot.waitSignal(task.finished):
        task.start()
    assert seen == [gui, gui]
    executor.wait()


def test_cancel_and_wait_leave_no_worker(qtbot: QtBot) -> None:
    executor = ThreadExecutor()
    ended = threading.Event()

    def work() -> Steps:
        try:
            while True:
                yield "progress"
        finally:
            ended.set()

    task = Task(work, executor)
    with qtbot.waitSignal(task.progressed):
        task.start()
    with qtbot.waitSignal(task.cancelled):
        task.cancel()
    executor.wait()
    assert ended.is_set()


def test_a_function_is_work_in_one_step(qapp: QCoreApplication) -> None:
    executor = ManualExecutor()
    task = Task(in_one_step(lambda: 7), executor)
    heard = record(task)
    task.start()
    executor.drain()
    assert heard == [("succeeded", 7), ("finished", None)]


def test_what_a_worker_delivers_is_called_in_order_in_the_gui_thread(qtbot: QtBot) -> None:
    delivery, executor = Delivery(), ThreadExecutor()
    called: list[tuple[int, threading.Thread]] = []

    def call(i: int) -> None:
        called.append((i, threading.current_thread()))

    def work() -> None:
        for i in range(20):
            delivery.call(lambda i=i: call(i))  # type: ignore[misc]

    delivery.call(lambda: call(-1))
    assert called == [(-1, threading.main_thread())]
    executor.submit(work)
    executor.wait()
    qtbot.waitUntil(lambda: len(called) == 21)
    assert called == [(i, threading.main_thread()) for i in range(-1, 20)]


def ask(latest: Latest, *answers: object) -> None:
    for answer in answers:
        latest.request(lambda answer=answer: answer)  # type: ignore[misc]


@pytest.fixture
def heard() -> list[Any]:
    return []


@pytest.fixture
def executor() -> ManualExecutor:
    return ManualExecutor()


@pytest.fixture
def latest(qapp: QObject, executor: ManualExecutor, heard: list[Any]) -> Latest:
    latest = Latest(executor)
    latest.answered.connect(heard.append)
    latest.failed.connect(heard.append)
    return latest


def test_only_one_job_is_in_flight(latest: Latest, executor: ManualExecutor) -> None:
    ask(latest, 1, 2, 3)
    assert len(executor.queue) == 1
    executor.run_next()
    assert len(executor.queue) == 1


def test_a_newer_request_replaces_the_waiting_one_and_stale_answers_are_dropped(
    latest: Latest, executor: ManualExecutor, heard: list[Any]
) -> None:
    ran: list[int] = []
    for number in range(5):
        latest.request(lambda number=number: ran.append(number) or number)  # type: ignore[func-returns-value,misc]
    executor.drain()
    assert ran == [0, 4]
    assert heard == [4]


def test_who_asks_all_the_time_still_sees_answers(
    latest: Latest, executor: ManualExecutor, heard: list[Any]
) -> None:
    ask(latest, 0)
    for number in range(1, 7):
        ask(latest, number)
        executor.run_next()
    executor.drain()
    assert heard == [1, 3, 5, 6]


def test_forgotten_answers_never_come(
    latest: Latest, executor: ManualExecutor, heard: list[Any]
) -> None:
    ask(latest, 1, 2)
    latest.forget()
    executor.drain()
    assert heard == []
    ask(latest, 3)
    executor.drain()
    assert heard == [3]


def test_a_request_after_forget_is_answered(
    latest: Latest, executor: ManualExecutor, heard: list[Any]
) -> None:
    ask(latest, 1)
    latest.forget()
    ask(latest, 2)
    executor.drain()
    assert heard == [2]


def test_a_failure_is_reported_and_the_next_request_runs(
    latest: Latest, executor: ManualExecutor, heard: list[Any]
) -> None:
    def fail() -> object:
        raise ValueError("broken")

    latest.request(fail)
    executor.drain()
    ask(latest, 2)
    executor.drain()
    assert isinstance(heard[0], ValueError) and heard[1:] == [2]


def test_answers_come_from_worker_threads(qtbot: QtBot) -> None:
    executor = ThreadExecutor()
    latest = Latest(executor)
    main: Callable[[], bool] = lambda: threading.current_thread() is threading.main_thread()  # noqa: E731
    with qtbot.waitSignal(latest.answered) as answer:
        latest.request(main)
    assert answer.args == [False]
    executor.wait()


def test_work_is_let_go_of_in_the_thread_of_the_executor(qtbot: QtBot) -> None:
    """A QObject that only its work holds must not be deleted by a worker."""
    executor = ThreadExecutor()
    threads: list[threading.Thread] = []

    class Held:
        def __del__(self) -> None:
            threads.append(threading.current_thread())

        def work(self) -> None: ...

    for _ in range(50):
        executor.submit(Held().work)
    qtbot.waitUntil(lambda: len(threads) == 50)
    assert set(threads) == {threading.main_thread()}
    executor.wait()


def test_who_outlives_the_application_says_nothing(qapp: QCoreApplication) -> None:
    """It deletes all QObjects that have no parent, while workers may still be at work."""
    delivery, called = Delivery(), list[str]()
    delivery.call(lambda: called.append("before"))
    delete(delivery)
    delivery.call(lambda: called.append("after"))
    assert called == ["before"]


linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt sets the priority")


@linux
def test_background_threads_give_way_and_are_not_used_for_other_work(
    qapp: QCoreApplication,
) -> None:
    nice: list[int] = []

    def look() -> None:
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    for is_background in (True, False):
        executor = ThreadExecutor(is_background)
        executor.submit(look)
        executor.wait()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert nice[1] == own
    assert nice[0] > own or own == 19  # nothing can give way more


NICE = """
import os, threading
from PySide6.QtCore import QCoreApplication
from inkread.services.background.tasks import ThreadExecutor

application = QCoreApplication([])
for _ in range(2):
    executor = ThreadExecutor(is_background=True)
    thread = threading.get_native_id
    executor.submit(lambda: print(os.getpriority(os.PRIO_PROCESS, thread())))
    executor.wait()
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


@linux
@pytest.mark.parametrize("nicer", [0, 10, 17, 19])
def test_background_threads_give_way_to_a_window_that_is_nice_itself(nicer: int) -> None:
    command = ["nice", "-n", str(nicer), sys.executable, "-c", NICE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, second, own = map(int, done.stdout.split())
    assert first == second
    assert first > own or first == own == 19


@pytest.mark.parametrize("refusal", [PermissionError("EACCES"), OSError("not implemented")])
def test_work_is_done_where_the_system_refuses_another_priority(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, refusal: OSError
) -> None:
    def refuse(*_: int) -> None:
        raise refusal

    monkeypatch.setattr(os, "setpriority", refuse, raising=False)
    heard = ended_in_background(qtbot, steps_to(7))
    assert heard == [("succeeded", 7), ("finished", None)]


@linux
def test_work_ends_whatever_goes_wrong_before_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such an error is reported by the hooks for uncaught errors, not by the task."""

    def break_down(*_: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(os, "setpriority", break_down, raising=False)
    with capture_exceptions() as uncaught:
        heard = ended_in_background(qtbot, steps_to(7))
    assert heard == [("succeeded", 7), ("finished", None)]
    assert [kind for kind, *_ in uncaught] == [ZeroDivisionError]


def ended_in_background(qtbot: QtBot, work: Work) -> list[tuple[str, object]]:
    """Everything that a task in the background emits."""
    executor = ThreadExecutor(is_background=True)
    task = Task(work, executor)
    heard = record(task)
    with qtbot.waitSignal(task.finished):
        task.start()
    executor.wait()
    return heard


def test_a_lookout_looks_in_a_thread_and_calls_what_it_finds_in_the_gui_thread(
    qtbot: QtBot,
) -> None:
    threads: list[list[threading.Thread]] = [[], []]

    def look() -> list[Callable[[], object]]:
        threads[0].append(threading.current_thread())
        return [lambda: threads[1].append(threading.current_thread())]

    lookout = Lookout(look, interval=0)
    lookout.set_active(True)
    qtbot.waitUntil(lambda: len(threads[1]) > 2)
    lookout.stop()
    assert len(set(threads[0])) == 1
    assert threading.main_thread() not in threads[0]
    assert set(threads[1]) == {threading.main_thread()}
    called = len(threads[1])
    QCoreApplication.processEvents()
    assert len(threads[1]) == called


def test_a_look_that_hangs_keeps_neither_window_nor_end_waiting(qtbot: QtBot) -> None:
    hanging, gone = threading.Event(), threading.Event()

    def look() -> list[Callable[[], object]]:
        hanging.set()
        gone.wait()
        return []

    lookout = Lookout(look, interval=0)
    lookout.set_active(True)
    hanging.wait()
    qtbot.wait(1)  # the window's events go on
    lookout.stop()
    assert not gone.is_set()
    gone.set()


def test_a_paused_lookout_looks_no_more_until_it_goes_on(qtbot: QtBot) -> None:
    looks: list[bool] = []

    def look() -> list[Callable[[], object]]:
        looks.append(True)
        lookout.set_active(False)
        return []

    lookout = Lookout(look, interval=0)
    for count in (1, 2, 3):
        lookout.set_active(True)
        qtbot.waitUntil(lambda count=count: len(looks) == count)  # type: ignore[misc]
        assert not lookout.is_active
    lookout.stop()
    assert len(looks) == 3


def test_a_lookout_goes_on_after_failed_looks_and_reports_the_first(qtbot: QtBot) -> None:
    found: list[int] = []
    looks = iter(range(6))

    def look() -> Generator[Callable[[], object], None, None]:
        count = next(looks)
        yield lambda: found.append(count)
        if count in (1, 3):
            raise MemoryError(count)
        if count == 5:
            lookout.set_active(False)

    lookout = Lookout(look, interval=0)
    with capture_exceptions() as raised:
        lookout.set_active(True)
        qtbot.waitUntil(lambda: len(found) == 6)
    lookout.stop()
    assert [str(error) for _, error, _ in raised] == ["1"]

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkread.services.background.free_memory import FreeMemory, give_back, resident, unused
from tests.services.manual import ManualExecutor

MEGABYTE = 1 << 20


class Memory:
    """A process whose memory is said, and what is left of it after giving back."""

    def __init__(self, left: int) -> None:
        self.size = left * MEGABYTE
        self._left = self.size
        self.given_back = 0
        self.executor = ManualExecutor()
        self.watch = FreeMemory(self.executor, lambda: self.size, self._give_back)

    def _give_back(self) -> None:
        self.given_back += 1
        self.size = self._left

    def look(self, *sizes: int) -> None:
        for size in sizes:
            self.size = size * MEGABYTE
            self.watch.look()
            self.executor.drain()


@pytest.mark.parametrize(
    ("left", "looks", "given_back"),
    [
        pytest.param(100, (100, 100, 300, 300), 1, id="grown, stands still"),
        pytest.param(100, (100, 300, 300), 1, id="grown from the first moment on"),
        pytest.param(100, (100, 100, 300, 350, 320, 400), 0, id="in the middle of work"),
        pytest.param(100, (200, 200, 100, 100, 120, 120), 1, id="grown after it fell"),
        pytest.param(0, (0, 0, 0), 0, id="not known"),
    ],
)
def test_memory_that_has_grown_and_stands_still_is_given_back(
    qtbot: QtBot, left: int, looks: tuple[int, ...], given_back: int
) -> None:
    memory = Memory(left)
    memory.look(*looks)
    assert memory.given_back == given_back


def test_while_nobody_sees_the_window_looking_ends_when_nothing_is_left_to_give_back(
    qtbot: QtBot,
) -> None:
    memory = Memory(left=100)
    memory.watch.start()
    memory.look(100, 100, 300)
    memory.watch.set_seen(False)
    assert memory.watch.is_looking
    memory.look(300)
    assert (memory.given_back, memory.watch.is_looking) == (1, True)
    memory.look(100, 100)
    assert not memory.watch.is_looking
    memory.watch.set_seen(True)
    assert memory.watch.is_looking
    memory.watch.stop()
    memory.watch.set_seen(True)
    assert not memory.watch.is_looking


def test_what_cannot_be_given_back_is_not_tried_again_and_again(qtbot: QtBot) -> None:
    memory = Memory(left=250)
    memory.look(100, 100, 300, 300)
    memory.look(250, 250, 250, 250, 251)
    assert memory.given_back == 1
    memory.look(280, 280)
    assert memory.given_back == 2


def test_work_that_goes_on_after_it_is_growth_again(qtbot: QtBot) -> None:
    memory = Memory(left=100)
    memory.look(100, 100, 300, 300)
    memory.look(310, 310)
    assert memory.given_back == 2


def test_what_comes_after_the_end_is_dropped(qtbot: QtBot) -> None:
    memory = Memory(left=100)
    memory.look(100, 100, 300)
    memory.watch.look()
    memory.watch.stop()
    memory.executor.drain()
    assert memory.given_back == 0


def test_an_answer_on_its_way_may_outlive_the_watch(qtbot: QtBot) -> None:
    memory = Memory(left=100)
    memory.watch.look()
    memory.watch.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    memory.executor.drain()  # no slot raises


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such call")
def test_free_memory_between_things_that_live_is_the_systems_again() -> None:
    blocks = [np.ones(100_000, np.uint8) for _ in range(1000)]
    full = resident()
    alive = blocks[-1]
    del blocks
    give_back()
    assert alive.all()
    assert full - resident() > 50 * MEGABYTE


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such call")
def test_what_is_freed_is_unused_although_it_is_still_in_use() -> None:
    blocks = [np.ones(100_000, np.uint8) for _ in range(1000)]
    before = unused()
    del blocks[:-1]
    assert unused() - before > 50 * MEGABYTE


_WORKERS = """
import threading
import numpy as np
from inkread.services.background import free_memory

free_memory.share_one_heap()
free_memory.keep_large_blocks_apart()
step = threading.Barrier(4)

def work():
    blocks = [np.ones(1_000_000, np.uint8) for _ in range(32)]
    step.wait()  # all have their blocks
    step.wait()
    del blocks
    step.wait()  # so that none takes over the heap of another

workers = [threading.Thread(target=work) for _ in range(3)]
before = free_memory.resident()
for worker in workers:
    worker.start()
step.wait()
taken = free_memory.resident() - before
step.wait()
step.wait()
for worker in workers:
    worker.join()
free_memory.give_back()
print(taken, free_memory.resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such call")
def test_what_workers_have_freed_is_the_systems_again() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _WORKERS], check=True, stdout=subprocess.PIPE, text=True
    )
    taken, left = map(int, ran.stdout.split())
    assert taken > 90 * MEGABYTE
    assert left < 10 * MEGABYTE

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from inkread.core.batch import process_pool
from inkread.core.batch.process_pool import in_processes
from inkread.core.errors import PictureTooLarge

Work = Callable[[int], int]


def squares() -> Work:
    return _square


def _square(k: int) -> int:
    return k * k


def pids() -> Work:
    return lambda _: os.getpid()


def ending(at: int) -> Work:
    return partial(_end, at)


def _end(at: int, k: int) -> int:
    if k == at:
        os._exit(1)
    return k


def raising(at: int) -> Work:
    return partial(_raise, at)


def _raise(at: int, k: int) -> int:
    if k == at:
        raise ValueError("no such thing")
    return k


def only_here() -> Work:
    if multiprocessing.parent_process() is not None:
        raise RuntimeError("not in a process")
    return _square


def nowhere() -> Work:
    raise RuntimeError("not here either")


def refusing() -> Callable[[int], PictureTooLarge]:
    return _refuse


def _refuse(k: int) -> PictureTooLarge:
    return PictureTooLarge(name=f"{k}.png", width=k, height=1, limit=2)


def hearing() -> Callable[[int], bool]:
    return _hears


def _hears(_: int) -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def lost(k: int) -> int:
    return -k


@pytest.mark.parametrize("count", [0, 1, 60])
def test_everything_comes_once_and_in_order(count: int) -> None:
    found = in_processes(range(count), squares, lost, 2)
    assert list(found) == [k * k for k in range(count)]


def test_others_do_the_work() -> None:
    assert os.getpid() not in set(in_processes(range(9), pids, lost, 1))


def test_few_items_are_shared_out_to_all() -> None:
    assert len(set(in_processes(range(4), pids, lost, 2))) == 2


@pytest.mark.parametrize("finish", [True, False])
def test_no_process_outlives_the_generator(finish: bool) -> None:
    results = in_processes(range(50), squares, lost, 2)
    next(results)
    assert len(multiprocessing.active_children()) == 2
    if finish:
        list(results)
    results.close()
    assert multiprocessing.active_children() == []


def test_no_more_than_a_few_are_taken_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for k in range(10_000):
            taken.append(k)
            yield k

    results = in_processes(items(), squares, lost, 1)
    for k in range(1, 60):
        next(results)
        assert len(taken) <= k + 16
    results.close()


@pytest.mark.parametrize("maker", [ending, raising])
def test_what_ends_its_process_is_lost_alone(maker: Callable[[int], Work]) -> None:
    found = list(in_processes(range(40), partial(maker, 7), lost, 2))
    assert found == [-7 if k == 7 else k for k in range(40)]
    assert multiprocessing.active_children() == []


def test_without_a_process_that_works_the_caller_does() -> None:
    assert list(in_processes(range(30), only_here, lost, 2)) == [k * k for k in range(30)]


def test_work_that_nobody_can_do_is_reported() -> None:
    with pytest.raises(RuntimeError, match="not here either"):
        list(in_processes(range(3), nowhere, lost, 2))
    assert multiprocessing.active_children() == []


def test_an_expected_error_is_sent_whole() -> None:
    (error,) = in_processes([5], refusing, lambda _: PictureTooLarge(), 1)
    assert isinstance(error, PictureTooLarge)
    assert str(error) == str(_refuse(5))


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has no masks")
def test_processes_are_deaf_to_interrupts_and_the_caller_is_not() -> None:
    assert list(in_processes(range(3), hearing, bool, 1)) == [True] * 3
    assert not _hears(0)


def test_work_that_cannot_be_pickled_is_done_here() -> None:
    assert list(in_processes(range(3), lambda: _square, lost, 2)) == [0, 1, 4]


def test_threads_that_start_processes_do_not_disturb_one_another() -> None:
    start = threading.Barrier(4)

    def hide(_: int) -> None:
        start.wait()
        for _ in range(1000):
            with process_pool._main_script_hidden():
                sum(range(999))  # so that another thread comes in between
                assert not hasattr(sys.modules["__main__"], "__file__")

    main, interval = sys.modules["__main__"], sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(hide, range(4)))
        assert sys.modules["__main__"] is main
    finally:
        sys.setswitchinterval(interval)
        sys.modules["__main__"] = main

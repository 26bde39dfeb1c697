from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from inkread.core.batch.thread_pool import cores, in_order

PATIENCE = 30


@pytest.mark.parametrize("workers", [0, 1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 3, 100])
def test_everything_comes_once_and_in_order(workers: int, count: int) -> None:
    assert list(in_order(range(count), lambda k: k * k, workers)) == [k * k for k in range(count)]


def test_order_is_kept_although_the_first_takes_longest() -> None:
    last = threading.Event()

    def work(k: int) -> int:
        if k == 0:
            assert last.wait(PATIENCE), "the others did not go on meanwhile"
        if k == 3:
            last.set()
        return k

    assert list(in_order(range(20), work, 2)) == list(range(20))


def test_several_work_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=PATIENCE)
    assert len(list(in_order(range(2), lambda _: both.wait(), 2))) == 2


def test_one_worker_is_the_caller() -> None:
    assert set(in_order(range(3), lambda _: threading.get_ident(), 1)) == {threading.get_ident()}


def test_no_more_than_a_few_are_taken_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for k in range(1000):
            taken.append(k)
            yield k

    results = in_order(items(), lambda k: k, 2)
    for k in range(1, 50):
        next(results)
        assert len(taken) <= k + 2 * 4
    results.close()


def test_an_error_comes_where_its_result_would() -> None:
    def work(k: int) -> int:
        if k == 2:
            raise ValueError("no such thing")
        return k

    results = in_order(range(9), work, 2)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="no such thing"):
        next(results)
    assert list(results) == []


@pytest.mark.parametrize("finish", [True, False])
def test_no_thread_outlives_the_generator(finish: bool) -> None:
    before = set(threading.enumerate())
    done: list[int] = []
    results = in_order(range(500), done.append, 2)
    next(results)
    if finish:
        list(results)
    results.close()
    assert set(threading.enumerate()) <= before
    assert (len(done) == 500) == finish


def test_there_is_a_core() -> None:
    assert cores() >= 1

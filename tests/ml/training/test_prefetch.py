from __future__ import annotations

import threading

import pytest

from inkread.ml.training.prefetch import prefetch


def test_everything_comes_in_order_and_once() -> None:
    assert list(prefetch(5, lambda k: k * k)) == [0, 1, 4, 9, 16]
    assert list(prefetch(0, lambda k: k)) == []


def test_the_next_item_is_made_while_one_is_used() -> None:
    made = [threading.Event() for _ in range(3)]
    items = prefetch(3, lambda k: made[k].set())
    next(items)
    assert made[1].wait(10), "nobody made the next item"
    items.close()


def test_two_buffers_are_enough() -> None:
    # When item k is out, k + 1 may be made, and k + 2 must wait for the user.
    begun: list[int] = []
    items = prefetch(4, begun.append)
    for k in range(4):
        next(items)
        assert max(begun, default=0) <= k + 1


def test_an_error_comes_out_where_the_item_is_used() -> None:
    def make(k: int) -> int:
        if k == 2:
            raise ValueError("no such batch")
        return k

    items = prefetch(5, make)
    assert [next(items), next(items)] == [0, 1]
    with pytest.raises(ValueError, match="no such batch"):
        next(items)


def test_no_thread_outlives_the_generator() -> None:
    before = set(threading.enumerate())
    items = prefetch(100, lambda k: k)
    next(items)
    items.close()
    assert set(threading.enumerate()) <= before

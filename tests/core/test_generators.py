from __future__ import annotations

from collections.abc import Generator

import pytest

from inkread.core.generators import finished


def test_it_goes_all_the_way_and_returns_the_result() -> None:
    seen = []

    def steps() -> Generator[int, None, str]:
        for i in range(3):
            seen.append(i)
            yield i
        return "done"

    assert finished(steps()) == "done"
    assert seen == [0, 1, 2]


def test_errors_go_through() -> None:
    def steps() -> Generator[int, None, str]:
        yield 1
        raise KeyError("x")

    with pytest.raises(KeyError):
        finished(steps())

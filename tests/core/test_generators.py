from __future__ import annotations

import ast
from collections.abc import Generator
from pathlib import Path

import pytest

import inkread
from inkread.core.generators import finished, mapped


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


def counting(closed: list[bool]) -> Generator[int, None, str]:
    try:
        yield from range(5)
        return "done"
    finally:
        closed.append(True)


def test_each_step_is_reported() -> None:
    heard = list[int]()
    assert finished(counting([]), heard.append) == "done"
    assert heard == [0, 1, 2, 3, 4]


def test_cancelled_it_stops_before_the_next_step_and_is_closed() -> None:
    heard, closed = list[int](), list[bool]()
    found = finished(counting(closed), heard.append, is_cancelled=lambda: len(heard) == 2)
    assert found is None
    assert heard == [0, 1]
    assert closed == [True]


def test_cancelled_from_the_beginning_nothing_runs() -> None:
    closed = list[bool]()
    assert finished(counting(closed), is_cancelled=lambda: True) is None
    assert closed == []


def test_a_report_that_fails_closes_the_generator() -> None:
    closed = list[bool]()

    def report(_: int) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        finished(counting(closed), report)
    assert closed == [True]


def test_mapped_steps_have_the_same_result_and_none_is_left_out() -> None:
    steps = mapped(counting([]), lambda i: f"step {i}" if i % 2 else None)
    heard = list[str]()
    assert finished(steps, heard.append) == "done"
    assert heard == ["step 1", "step 3"]


def test_closing_mapped_steps_closes_the_generator() -> None:
    closed = list[bool]()
    steps = mapped(counting(closed), lambda i: i)
    assert next(steps) == 0
    steps.close()
    assert closed == [True]


def test_nobody_else_drives_a_generator_by_hand() -> None:
    """Whoever takes the result of a generator has to catch StopIteration, or use `yield from`."""
    package = Path(inkread.__file__).parent
    drivers = [
        path.relative_to(package).as_posix()
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "StopIteration"
    ]
    assert set(drivers) == {"core/generators.py"}

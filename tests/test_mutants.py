"""The changes that `tests.benchmarks.mutants` makes are the ones that it names, and real ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.benchmarks.mutants import CODE, TOP, Change, Places, drawn, nearest_first, possible

SOURCE = '''"""A text with an Ü, 1 < 2."""
LIMIT = 3

class Params:
    reach: float = 0.5

def f(a: "1 < 2", b=4):
    if a < 5 and not b:
        return a + b - (a
                        * 6)
    assert a == 7, f"{a + 8}"
    return {x for x in a if x}
'''
PATH = Path("app/inkread/core/x.py")


def changes() -> list[Change]:
    return Places(PATH, SOURCE).found


def as_text(kind: str) -> set[tuple[str, str]]:
    return {(change.old, change.new) for change in changes() if change.kind == kind}


def test_each_kind_of_change_is_found_where_it_is_possible() -> None:
    assert as_text("compare") == {("a < 5", "(a <= 5)")}
    assert as_text("number") == {("3", "(6)"), ("3", "(-3)"), ("0.5", "(1.0)"), ("0.5", "(-0.5)")}
    assert as_text("boundary") == {("4", "(5)"), ("5", "(6)"), ("6", "(7)")}
    assert ("a * 6", "(a / 6)") in as_text("arithmetic")
    assert as_text("logic") == {
        ("a < 5 and (not b)", "(a < 5 or not b)"),
        ("a < 5 and (not b)", "(not (a < 5 and (not b)))"),
        ("not b", "(b)"),
        ("x", "(not x)"),
    }


@pytest.mark.parametrize("change", changes(), ids=str)
def test_a_change_replaces_its_node_and_nothing_else(change: Change) -> None:
    changed = change.applied_to(SOURCE)
    assert ast.unparse(ast.parse(changed)) != ast.unparse(ast.parse(SOURCE))
    old = SOURCE.encode()
    assert changed.encode().startswith(old[: change.start] + change.new.encode())
    assert changed.encode().endswith(old[change.stop :])
    assert ast.unparse(ast.parse(b"(" + old[change.start : change.stop] + b")")) == change.old


def test_the_same_seed_draws_the_same_and_no_place_twice() -> None:
    first = drawn(changes(), 8, seed=1)
    assert first == drawn(changes(), 8, seed=1)
    assert first != drawn(changes(), 8, seed=2)
    assert len({(change.kind, change.start, change.stop) for change in first}) == 8


def test_no_more_is_drawn_than_there_is() -> None:
    places = {(change.kind, change.start, change.stop) for change in changes()}
    assert len(drawn(changes(), 1000, seed=1)) == len(places)


def test_changes_of_the_code_can_be_compiled() -> None:
    found = drawn(list(possible(TOP, "core/segmentation")), 60, seed=1)
    assert len(found) == 60
    for change in found:
        compile(change.applied_to((TOP / change.path).read_text("utf-8")), change.path, "exec")


def test_the_mirrored_test_file_runs_first_then_its_room_then_the_rest() -> None:
    change = next(possible(TOP, "core/page/sheet.py"))
    assert change.path == CODE / "core" / "page" / "sheet.py"
    file, room = "tests/core/page/test_sheet.py", "tests/core/page"
    assert nearest_first(change, ["tests/core"]) == [
        [file],
        [room, f"--ignore={file}"],
        ["tests/core", f"--ignore={file}", f"--ignore={room}"],
    ]


def test_no_other_tests_run_than_those_that_were_asked_for() -> None:
    change = next(possible(TOP, "core/page/sheet.py"))
    for tests in (["tests/core/page/test_sheet.py"], ["tests/data"]):
        assert nearest_first(change, tests) == [tests]

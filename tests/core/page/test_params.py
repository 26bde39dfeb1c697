"""Every number that steers the reading of pages says what it rests on."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
from pathlib import Path

import pytest

import inkread

PACKAGE = Path(inkread.__file__).parent
ROOMS = ("page", "segmentation", "recognition", "correction")
FILES = [path for room in ROOMS for path in sorted((PACKAGE / "core" / room).glob("*.py"))]
PAGE_FILES = [path for path in FILES if path.parent.name == "page"]
WORDS = ("measured", "chosen")


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def params_of(source: str) -> list[ast.ClassDef]:
    found = ast.walk(ast.parse(source))
    return [n for n in found if isinstance(n, ast.ClassDef) and n.name.endswith("Params")]


def comment_above(lines: list[str], line: int) -> str:
    """The comment lines right above a line of source (counted from 1), and the one in it."""
    found = [lines[line - 1].partition("#")[2]]
    at = line - 2
    while at >= 0 and lines[at].strip().startswith("#"):
        found.insert(0, lines[at].strip().lstrip("#: "))
        at -= 1
    return " ".join(found)


def unfounded(source: str) -> list[str]:
    """Fields of Params whose comment lacks a word, its reason, or the unit before it."""
    lines = source.splitlines()
    wrong = []
    for params in params_of(source):
        for field in params.body:
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                comment = comment_above(lines, field.lineno)
                said = re.findall(r"\b(measured|chosen)\b: +\w+", comment)
                unit = re.split(r"measured|chosen", comment)[0].strip()
                if len(said) != 1 or not unit:
                    wrong.append(field.target.id)
    return wrong


def loose_numbers(source: str) -> list[str]:
    """Names of constants of a module that are numbers, or tuples of numbers."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            if values and all(_is_number(value) for value in values):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                found.append(ast.unparse(target))
    return found


def _is_number(node: ast.expr) -> bool:
    """Whether an expression is made of numbers alone, such as ``1 << 20`` or ``-0.5``."""
    leaves = [n for n in ast.walk(node) if isinstance(n, ast.Constant | ast.Name | ast.Call)]
    return bool(leaves) and all(
        isinstance(leaf, ast.Constant)
        and isinstance(leaf.value, int | float)
        and not isinstance(leaf.value, bool)
        for leaf in leaves
    )


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_number_of_params_says_its_unit_and_what_it_rests_on(path: Path) -> None:
    assert unfounded(path.read_text()) == []


@pytest.mark.parametrize("path", PAGE_FILES, ids=named)
def test_the_page_has_no_numbers_outside_of_params(path: Path) -> None:
    assert loose_numbers(path.read_text()) == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_params_are_frozen_and_hold_numbers_alone(path: Path) -> None:
    module = importlib.import_module(f"inkread.core.{path.parent.name}.{path.stem}")
    for node in params_of(path.read_text()):
        params = getattr(module, node.name)
        fields = dataclasses.fields(params)
        assert fields
        for field in fields:
            assert isinstance(getattr(params(), field.name), int | float)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(params(), fields[0].name, 0)


def test_the_stages_have_params_at_all() -> None:
    assert sum(len(params_of(path.read_text())) for path in PAGE_FILES) >= 15


FOUNDED = """
class Params:
    # px; chosen: because.
    side: int = 3
    # Share of the page; measured: 3 of 4
    # pages (command).
    share: float = 0.5
    angle: float = 1.0  # degrees; chosen: safe.
"""


def test_a_founded_number_passes() -> None:
    assert unfounded(FOUNDED) == []


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "# px.",
        "# chosen: no unit.",
        "# px; chosen:",
        "# px; guessed: so.",
        "# px; chosen it is",
    ],
)
def test_a_number_without_a_word_its_reason_or_its_unit_is_found(comment: str) -> None:
    first = "class Params:\n    # px; chosen: other.\n    one: int = 1\n"
    source = f"{first}    {comment}\n    two: int = 2\n"
    assert unfounded(source) == ["two"]


@pytest.mark.parametrize("value", ["3", "-0.5", "1 << 20", "(1, 2.5)", "3 * 4"])
def test_a_loose_number_is_found(value: str) -> None:
    assert loose_numbers(f"_A = {value}\n_B: int = {value}\n") == ["_A", "_B"]


@pytest.mark.parametrize("value", ["Params()", "np.array([1, 2])", "'text'", "(f, g)", "True"])
def test_other_constants_are_none(value: str) -> None:
    assert loose_numbers(f"_A = {value}\n") == []

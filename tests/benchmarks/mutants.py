"""Which single changes to the code do the tests let pass?

    python3 -m tests.benchmarks.mutants --package core/page --count 30 --seed 1 [--workers 2]
        [--tests tests/core] [--kinds compare,logic] [--list]

How the changes are drawn: every file of the package is parsed, and each place where one of the
changes below is possible is collected, in the order of the files. With a random generator of the
seed, a kind is drawn first (all alike) and a place of it next (all alike), until there are `count`
different places; a kind with no place left is drawn no more. So a room full of numbers is not
judged by its numbers alone. The same code and seed give the same changes.

    compare     < and <=, > and >=, == and !=, `is` and `is not`, `in` and `not in` swapped
    arithmetic  + and -, * and /, & and | swapped, also in +=
    logic       `and` and `or` swapped; a condition or a `not` turned round
    number      a constant of a module or class (a field of `Params`) twice as large, or negated
    boundary    a whole number in a function one larger

Left out: annotations, docstrings, what stands under ``if TYPE_CHECKING:``, f-strings, decorators,
and what is raised or asserted.

Each change is made in a copy of the tree, one copy for each worker; the tree itself is not touched.
The mirrored test file runs first, then those of its room, then the rest of `--tests`, and the first
failure ends the run. Longer than ten times the unchanged run counts as caught: the change never
ends. What survives is either a gap in the tests or an equivalent change, one that nothing could
notice (``<=`` where equality cannot happen): the reader has to say which.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from random import Random
from typing import Any

TOP = Path(__file__).parents[2]
CODE = Path("app/inkread")
#: pytest's exit status where every test was left out.
NO_TESTS = 5
KINDS = ("compare", "arithmetic", "logic", "number", "boundary")

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    one: other
    for a, b in (
        (ast.Lt, ast.LtE),
        (ast.Gt, ast.GtE),
        (ast.Eq, ast.NotEq),
        (ast.Is, ast.IsNot),
        (ast.In, ast.NotIn),
        (ast.Add, ast.Sub),
        (ast.Mult, ast.Div),
        (ast.BitAnd, ast.BitOr),
        (ast.And, ast.Or),
    )
    for one, other in ((a, b), (b, a))
}


@dataclass(frozen=True)
class Change:
    """One node of a file and the text to put in its place.

    Attributes
    ----------
    path : Path
        The file, below the top of the tree.
    line : int
        Where the node begins, from 1.
    start, stop : int
        The node's bytes in the UTF-8 text of the file.
    old, new : str
        The node before and after, as `ast.unparse` writes it.
    kind : str
        One of `KINDS`.
    """

    path: Path
    line: int
    start: int
    stop: int
    old: str
    new: str
    kind: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.kind}: {self.old}  ->  {self.new}"

    def applied_to(self, source: str) -> str:
        data = source.encode()
        return (data[: self.start] + self.new.encode() + data[self.stop :]).decode()


class Places(ast.NodeVisitor):
    """Collects the possible changes of one file."""

    def __init__(self, path: Path, source: str) -> None:
        self._path = path
        self._starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._depth = 0  # of functions
        self.found: list[Change] = []
        self.visit(ast.parse(source))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._depth += 1
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self._depth -= 1

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pass  # Python 3.11 does not know where the parts of an f-string stand

    def visit_Raise(self, node: ast.Raise) -> None:
        pass

    def visit_Assert(self, node: ast.Assert) -> None:
        pass

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test).split(".")[-1] != "TYPE_CHECKING":
            self._turn_round(node.test)
            self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._turn_round(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._turn_round(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._turn_round(condition)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._add(node, node.operand, "logic")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self._add(node, ast.BoolOp(_swapped(node.op), node.values), "logic")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for index, operator in enumerate(node.ops):
            ops = [*node.ops[:index], _swapped(operator), *node.ops[index + 1 :]]
            self._add(node, ast.Compare(node.left, ops, node.comparators), "compare")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in SWAPS:
            self._add(node, ast.BinOp(node.left, _swapped(node.op), node.right), "arithmetic")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if type(node.op) in SWAPS:
            new = ast.AugAssign(node.target, _swapped(node.op), node.value)
            self._add(node, new, "arithmetic")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        if self._depth == 0:
            for new in (2 * value, -value) if value else (1,):
                self._add(node, ast.Constant(new), "number")
        elif isinstance(value, int):
            self._add(node, ast.Constant(value + 1), "boundary")

    def _turn_round(self, condition: ast.expr) -> None:
        if not (isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Not)):
            self._add(condition, ast.UnaryOp(ast.Not(), condition), "logic")

    def _add(self, node: ast.expr | ast.stmt, new: ast.AST, kind: str) -> None:
        assert node.end_lineno is not None and node.end_col_offset is not None
        text = ast.unparse(ast.fix_missing_locations(new))
        self.found.append(
            Change(
                self._path,
                node.lineno,
                self._starts[node.lineno - 1] + node.col_offset,
                self._starts[node.end_lineno - 1] + node.end_col_offset,
                ast.unparse(node),
                f"({text})" if isinstance(node, ast.expr) else text,
                kind,
            )
        )


def _swapped(operator: ast.AST) -> Any:
    return SWAPS[type(operator)]()


def possible(top: Path, package: str) -> Iterator[Change]:
    """All changes that can be made to a package (``core/page``) or file of it."""
    root = top / CODE / package
    for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
        yield from Places(path.relative_to(top), path.read_text("utf-8")).found


def drawn(changes: Sequence[Change], count: int, seed: int) -> list[Change]:
    """Of `changes`, `count` at different places, as the module's head says."""
    rng = Random(seed)
    places: dict[str, dict[tuple[Path, int, int], list[Change]]] = {}
    for change in changes:
        at = (change.path, change.start, change.stop)
        places.setdefault(change.kind, {}).setdefault(at, []).append(change)
    result: list[Change] = []
    while places and len(result) < count:
        kind = rng.choice(sorted(places))
        at = rng.choice(sorted(places[kind]))
        result.append(rng.choice(places[kind].pop(at)))
        if not places[kind]:
            del places[kind]
    return result


def copy_tree(target: Path) -> None:
    """A copy of the tree without git's and Python's own files; large folders are linked."""
    for name in ("app", "tests"):
        shutil.copytree(TOP / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("assets", "models"):
        (target / name).symlink_to(TOP / name, target_is_directory=True)
    for path in TOP.iterdir():
        if path.is_file() and path.name != ".git":
            shutil.copy(path, target / path.name)


def nearest_first(change: Change, tests: Sequence[str]) -> list[list[str]]:
    """Arguments of one pytest after the other: the mirrored test file, its folder, the rest.

    Each leaves out what ran before it; together they are `tests`.
    """
    below = change.path.relative_to(CODE)
    room = Path("tests") / below.parent
    nearest = [
        path
        for path in (room / f"test_{below.name}", room)
        if (TOP / path).exists() and any(path.is_relative_to(test) for test in tests)
    ]
    runs = [[path.as_posix()] for path in nearest if path.as_posix() not in tests]
    runs.append(list(tests))
    return [
        [*run, *(f"--ignore={before}" for (before, *_) in runs[:i])] for i, run in enumerate(runs)
    ]


def run_tests(tree: Path, arguments: Sequence[str], seconds: float | None) -> str:
    """The name of the first test that fails, "" if none does."""
    env = dict(os.environ) | {
        "PYTHONPATH": str(tree / "app"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTEST_ADDOPTS": "",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "--tb=no", "-rfE"]
    try:
        ended = subprocess.run(
            [*command, *arguments],
            cwd=tree,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "it never ends"
    if ended.returncode in (0, NO_TESTS):
        return ""
    failed = [line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" - ")[0].split(" ", 1)[1] if failed else "the tests cannot run"


class Trees:
    """Copies of the tree, each with one change in it at a time."""

    def __init__(self, folder: Path, count: int, tests: Sequence[str]) -> None:
        self._tests = tests
        self._free: SimpleQueue[Path] = SimpleQueue()
        for index in range(count):
            copy_tree(folder / str(index))
            self._free.put(folder / str(index))
        started = time.monotonic()
        failed = run_tests(folder / "0", tests, None)
        if failed:
            raise SystemExit(f"The tests fail without any change: {failed}")
        self.seconds = time.monotonic() - started

    def judge(self, change: Change) -> str:
        """Which test notices the change; "" if none does."""
        tree = self._free.get()
        path = tree / change.path
        before = path.read_text("utf-8")
        limit = 60 + 10 * self.seconds
        try:
            path.write_text(change.applied_to(before), "utf-8")
            runs = nearest_first(change, self._tests)
            return next(filter(None, (run_tests(tree, run, limit) for run in runs)), "")
        finally:
            path.write_text(before, "utf-8")
            self._free.put(tree)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", required=True, help="such as core/page, or a file in it")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tests", nargs="+", default=["tests/core"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--list", action="store_true", help="print the changes, run nothing")
    args = parser.parse_args()
    kinds = args.kinds.split(",")
    changes = [change for change in possible(TOP, args.package) if change.kind in kinds]
    chosen = drawn(changes, args.count, args.seed)
    if args.list:
        print(*chosen, sep="\n")
        return
    survived = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(args.workers) as pool:
        trees = Trees(Path(folder), args.workers, args.tests)
        print(f"{len(changes)} changes are possible; the tests take {trees.seconds:.0f} s")
        for change, caught in zip(chosen, pool.map(trees.judge, chosen), strict=True):
            print(f"{'caught  ' if caught else 'SURVIVED'}  {change}", flush=True)
            if caught:
                print(f"          by {caught}")
            else:
                survived.append(change)
    print(f"{len(chosen) - len(survived)} of {len(chosen)} caught; seed {args.seed}")
    for change in survived:
        print(f"survived: {change}")


if __name__ == "__main__":
    main()

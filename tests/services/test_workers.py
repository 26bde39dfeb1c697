"""Workers emit no signals: what they find travels through `Delivery`, held by reading the code.

What services hand to workers is found in their source: the functions given to `HANDED_OVER`, and
all functions of the same file that those use. None of them may emit.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import inkread

SERVICES = Path(inkread.__file__).parent / "services"
#: Function or method -> which of its arguments is run by a worker.
HANDED_OVER = {
    "Task": 0,
    "Lazy": 0,
    "in_one_step": 0,
    "submit": 0,
    "request": 0,
    "do": 0,
    "_do": 0,
    "_begin": 0,
    "_start": 0,
    "_adopt": 0,
    "open_from": 0,
    "keep": 0,
    "_write": 1,
}
#: A method that another file calls in workers.
FOR_WORKERS = "open_current"
#: What is given to this is called in the GUI thread.
DELIVERY = ("_delivery", "call")


def emissions(source: str) -> list[int]:
    """Lines of worker code that emit a signal."""
    tree = ast.parse(source)
    functions = _functions(tree)
    waiting = [*_handed_over(tree), *functions.get(f"self.{FOR_WORKERS}", ())]
    found, seen = set[int](), set[ast.AST]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for inner in _walk(node):
            if isinstance(inner, ast.Attribute) and inner.attr == "emit":
                found.add(inner.lineno)
            waiting += functions.get(_name(inner), ())
    return sorted(found)


def _handed_over(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if len(node.args) > HANDED_OVER.get(name, 99):
                yield node.args[HANDED_OVER[name]]


def _functions(tree: ast.AST) -> dict[str, list[ast.AST]]:
    """All functions of a file by how they are called: ``name``, or ``self.name`` of methods."""
    methods = {m for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for m in c.body}
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            name = f"self.{node.name}" if node in methods else node.name
            found.setdefault(name, []).append(node)
    return found


def _name(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below, but for what is delivered."""
    yield node
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if is_call and (getattr(node.func.value, "attr", ""), node.func.attr) == DELIVERY:  # type: ignore[attr-defined]
        return
    for inner in ast.iter_child_nodes(node):
        yield from _walk(inner)


@pytest.mark.parametrize("path", sorted(SERVICES.rglob("*.py")), ids=lambda path: path.stem)
def test_workers_emit_nothing(path: Path) -> None:
    # Delivery's own signal is the one that workers do emit.
    source = path.read_text("utf-8").replace("self._asked.emit(act)", "pass")
    assert not emissions(source), f"{path.name}: give it to Delivery, or to the job's `then`"


def test_there_is_worker_code_in_these_files() -> None:
    names = {
        path.stem
        for path in SERVICES.rglob("*.py")
        if any(True for _ in _handed_over(ast.parse(path.read_text("utf-8"))))
    }
    assert {"samples", "models", "learning", "training", "recognition", "saving"} <= names


@pytest.mark.parametrize(
    "work",
    [
        "Task(self._work, executor)",
        "self._queue.do(lambda: self.emitted.emit(1))",
        "self._queue.do(partial(self._work, 1), self.emitted.emit)",
        "self._queue.do(self._other)",
        "def write(): self.emitted.emit(1)\n        self._do(write)",
        "self._latest.request(lambda: self._work())",
    ],
)
def test_a_worker_that_emits_would_be_caught(work: str) -> None:
    methods = (
        "    def _work(self):\n        self.emitted.emit(1)\n"
        "    def _other(self):\n        return self._work()\n"
    )
    assert emissions(f"class Some:\n    def start(self):\n        {work}\n{methods}")


@pytest.mark.parametrize(
    "work",
    [
        "self._queue.do(lambda: 1, self.emitted.emit)",
        "self._queue.do(lambda: self._delivery.call(lambda: self.emitted.emit(1)))",
        "self.emitted.emit(1)",
    ],
)
def test_what_is_emitted_in_the_gui_thread_passes(work: str) -> None:
    assert emissions(f"class Some:\n    def start(self):\n        {work}\n") == []

"""The one rule of the house, held: ``ui -> services -> {ml, data} -> core``.

Every import statement in app/inkread/ is parsed. The rules stand in `LAYERS`, `QT`, `ONLY_IN` and
`THREADS`; a failure says which line breaks which of them, and what to do instead.

Files and rooms (packages, each with the files that stand directly in it) form no circle either.
Imports inside functions count: a file that imports another late still depends on it. Imports under
``if TYPE_CHECKING:`` are marked, and the graph is checked twice. Without them, because those are
the imports that run: a circle there breaks whichever file is imported first. With them, because a
file that names another's type cannot be understood or moved without it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import inkread

PACKAGE = Path(inkread.__file__).parent

#: Layer -> the layers that it may import.
LAYERS = {
    "core": {"core"},
    "ml": {"ml", "core"},
    "data": {"data", "core"},
    "services": {"services", "ml", "data", "core"},
    "ui": {"ui", "services", "ml", "data", "core"},
    "api": {"api", "ml", "data", "core"},
    "cli": {"cli", "api", "ml", "data", "core"},
    "bootstrap": {"bootstrap", "ui", "services", "ml", "data", "core"},
    "__main__": {"cli"},
    "__init__": {"api"},
}
#: Layer -> the parts of Qt that it may import; other layers none.
QT = {"services": ("PySide6.QtCore", "shiboken6"), "ui": ("PySide6",), "bootstrap": ("PySide6",)}
#: Library -> the only layers that may import it.
ONLY_IN = {"onnxruntime": ("ml", "bootstrap"), "onnx": ("ml",), "sqlite3": ("data",)}
#: Only this module touches threads; everything else asks it for a Task.
THREADS_MODULE = "inkread.services.background.tasks"
THREADS = (
    "threading",
    "_thread",
    "concurrent.futures",
    "multiprocessing",
    "asyncio",
    "PySide6.QtConcurrent",
)
QT_THREADS = {"QThread", "QThreadPool", "QRunnable"}
#: bootstrap reports errors of all threads; that starts none. api has a lock, so that threads that
#: ask for one model at the same time open it once. prefetch makes the next batch beside
#: a training step, and parallel and processes read many files on all cores, in the command line
#: too; their threads and processes end with their generators.
ALLOWED_THREADING = {
    "inkread.bootstrap": {"threading", "threading.excepthook", "threading.ExceptHookArgs"},
    "inkread.api": {"threading", "threading.Lock"},
    "inkread.core.batch.thread_pool": {
        "concurrent.futures.Future",
        "concurrent.futures.ThreadPoolExecutor",
    },
    "inkread.core.batch.process_pool": {
        "multiprocessing",
        "multiprocessing.get_context",
        "multiprocessing.resource_tracker",
        "multiprocessing.resource_tracker.ensure_running",
        "multiprocessing.connection.Connection",
        "multiprocessing.connection.wait",
        "threading",
        "threading.Lock",
    },
    "inkread.ml.training.prefetch": {"concurrent.futures.ThreadPoolExecutor"},
}
#: The command line opens the window here and nowhere else.
WINDOW_DOOR = ("inkread.cli", "_show_window", "inkread.bootstrap")


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file, of every module in app/inkread/."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("inkread", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def layer_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def is_part_of(name: str, *wholes: str) -> bool:
    return any(name == whole or name.startswith(f"{whole}.") for whole in wholes)


class Import(NamedTuple):
    line: int
    #: In full, with dots: ``inkread.core.ink.Ink``.
    name: str
    #: The function that it stands in, or "".
    function: str
    #: It stands under ``if TYPE_CHECKING:`` and never runs.
    for_types: bool


class Imports(ast.NodeVisitor):
    """Collects every import."""

    def __init__(self, module: str, is_package: bool) -> None:
        self._base = module.split(".") if is_package else module.split(".")[:-1]
        self._functions: list[str] = []
        self._for_types = False
        self.found: list[Import] = []

    def visit_If(self, node: ast.If) -> None:
        before = self._for_types
        self._for_types = before or ast.unparse(node.test).split(".")[-1] == "TYPE_CHECKING"
        for statement in node.body:
            self.visit(statement)
        self._for_types = before
        for part in (node.test, *node.orelse):
            self.visit(part)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._functions.append(node.name)
        self.generic_visit(node)
        self._functions.pop()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(node.lineno, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        above = self._base[: len(self._base) - node.level + 1] if node.level else []
        origin = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            self._add(node.lineno, f"{origin}.{alias.name}")

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in {"__import__", "import_module"}:
            self._add(node.lineno, "importlib.import_module")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = getattr(node.value, "id", "")
        if owner == "threading" or node.attr in QT_THREADS:
            self._add(node.lineno, f"{owner}.{node.attr}")
        self.generic_visit(node)

    def _add(self, line: int, name: str) -> None:
        function = self._functions[-1] if self._functions else ""
        self.found.append(Import(line, name, function, self._for_types))


def imports(module: str, source: str, is_package: bool = False) -> list[Import]:
    visitor = Imports(module, is_package)
    visitor.visit(ast.parse(source))
    return visitor.found


@cache
def all_imports() -> dict[str, list[Import]]:
    """Module -> what it imports, of every module in app/inkread/."""
    return {
        module: imports(module, path.read_text("utf-8"), path.name == "__init__.py")
        for module, path in modules().items()
    }


def violations(module: str, source: str, is_package: bool = False) -> list[str]:
    """The imports of `source`, as the module of that name, that break a rule."""
    return [
        f"{module}, line {line}: {sentence}"
        for line, name, function, _ in imports(module, source, is_package)
        for sentence in broken_rules(module, name, function)
    ]


def broken_rules(module: str, name: str, function: str) -> Iterator[str]:
    layer = layer_of(module)
    if is_part_of(name, "inkread") and (module, function, name) != WINDOW_DOOR:
        target = layer_of(name)
        if target in LAYERS and target != "__init__" and target not in LAYERS[layer]:
            yield (
                f"{layer} must not import {name}; it may import "
                f"{', '.join(sorted(LAYERS[layer])) or 'nothing'}. Facts go up as signals or "
                "return values, and what both sides need stands in core."
            )
    if is_part_of(name, "PySide6", "shiboken6") and not is_part_of(name, *QT.get(layer, ())):
        yield f"{layer} must not import {name}; Qt belongs to ui, QtCore to services too."
    for library, layers in ONLY_IN.items():
        if is_part_of(name, library) and layer not in layers:
            yield f"{layer} must not import {library}; only {' and '.join(layers)} may."
    if touches_threads(module, name):
        yield f"{name}: only {THREADS_MODULE} touches threads; ask it for a Task."
    if name == "importlib.import_module":
        yield "imports must be statements, so that this test can see them."


def touches_threads(module: str, name: str) -> bool:
    if module == THREADS_MODULE or name in ALLOWED_THREADING.get(module, ()):
        return False
    return is_part_of(name, *THREADS) or name.split(".")[-1] in QT_THREADS


#: Importing -> imported.
Graph = dict[str, set[str]]


def files_graph(with_types: bool) -> Graph:
    """Each module of app/inkread/ -> the modules that it imports."""
    graph: Graph = {}
    for module, seen in all_imports().items():
        names = {each.name for each in seen if with_types or not each.for_types}
        graph[module] = {file_of(name, modules()) for name in names} - {module, ""}
    return graph


def file_of(name: str, files: dict[str, Path]) -> str:
    """The module that an imported name lies in, or "" if it is none of ours."""
    while name and name not in files:
        name = name.rpartition(".")[0]
    return name


def rooms_graph(files: Graph) -> Graph:
    """Each package -> the packages that the files directly in it import from."""
    graph: Graph = {room_of(module): set() for module in files}
    for module, targets in files.items():
        graph[room_of(module)] |= {room_of(target) for target in targets} - {room_of(module)}
    return graph


def room_of(module: str) -> str:
    """Files at the top (``__main__``, ``bootstrap``) are layers of their own, and so rooms."""
    above = module.rpartition(".")[0]
    return module if is_room(module) or above == "inkread" else above


def is_room(module: str) -> bool:
    return PACKAGE.parent.joinpath(*module.split(".")).is_dir()


def circle(graph: Graph) -> list[str]:
    """The members of one circle, the first again as the last; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(reversed(found.args[1]))
    return []


@pytest.mark.parametrize("module", modules())
def test_imports_go_downwards_only(module: str) -> None:
    path = modules()[module]
    broken = violations(module, path.read_text("utf-8"), path.name == "__init__.py")
    assert not broken, "\n".join(broken)


def test_every_module_belongs_to_a_layer_that_has_a_rule() -> None:
    assert {layer_of(module) for module in modules()} <= set(LAYERS)


@pytest.mark.parametrize("with_types", [False, True])
def test_there_is_no_circle_between_files(with_types: bool) -> None:
    assert circle(files_graph(with_types)) == []


@pytest.mark.parametrize("with_types", [False, True])
def test_there_is_no_circle_between_rooms(with_types: bool) -> None:
    graph = rooms_graph(files_graph(with_types))
    assert {"inkread.core", "inkread.core.page", "inkread.ui.window"} <= set(graph)
    assert circle(graph) == []


def test_a_circle_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    found = circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})
    assert found in (["b", "c", "b"], ["c", "b", "c"])


def test_imports_for_types_are_distinguished_from_those_that_run() -> None:
    source = (
        "if TYPE_CHECKING:\n    from inkread.core import a\nelse:\n    from inkread.core import b\n"
        "if typing.TYPE_CHECKING:\n    from inkread.core import c\nfrom inkread.core import d"
    )
    assert [(each.name[-1], each.for_types) for each in imports("inkread.core.ink", source)] == [
        ("a", True),
        ("b", False),
        ("c", True),
        ("d", False),
    ]


def test_something_was_scanned() -> None:
    assert {
        "inkread",
        "inkread.core.reading",
        "inkread.ml.inference.classifier",
        "inkread.data.paths",
    } <= set(modules())
    seen = [each.name for found in all_imports().values() for each in found]
    assert "inkread.core.errors.InkreadError" in seen
    assert "onnxruntime" in seen
    assert "inkread.bootstrap" in seen  # inside a function


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("inkread.core.ink", "import inkread.ml.inference.classifier"),
        ("inkread.core.ink", "from inkread import data"),
        ("inkread.core.ink", "from ..services import tasks"),
        ("inkread.core.ink", "def f():\n    from inkread.ui import canvas"),
        ("inkread.core.ink", "async def f():\n    import inkread.ui"),
        ("inkread.core.ink", "if TYPE_CHECKING:\n    from inkread.ui.canvas.canvas import Canvas"),
        ("inkread.core.ink", "import PySide6"),
        ("inkread.core.ink", "import onnxruntime as ort"),
        ("inkread.core.ink", "from importlib import import_module; import_module('inkread.ui')"),
        ("inkread.core.ink", "__import__('inkread.ui')"),
        ("inkread.ml.inference.classifier", "from inkread.data.paths import bundled"),
        ("inkread.ml.inference.classifier", "from PySide6.QtCore import QObject"),
        ("inkread.data.paths", "from inkread.ml import metadata"),
        ("inkread.data.paths", "from shiboken6 import isValid"),
        ("inkread.services.training", "from inkread.ui import canvas"),
        ("inkread.services.training", "from PySide6 import QtWidgets"),
        ("inkread.services.training", "from PySide6.QtGui import QImage"),
        ("inkread.services.training", "import PySide6"),
        ("inkread.services.training", "from inkread.cli import main"),
        ("inkread.services.training", "import threading"),
        ("inkread.services.training", "from concurrent.futures import ThreadPoolExecutor"),
        ("inkread.services.training", "from PySide6.QtCore import QThreadPool"),
        ("inkread.services.training", "from PySide6 import QtCore\nQtCore.QThread()"),
        ("inkread.ui.canvas.canvas", "import inkread.bootstrap"),
        ("inkread.ui.canvas.canvas", "import sqlite3"),
        ("inkread.ui.canvas.canvas", "import multiprocessing.pool"),
        ("inkread.cli", "from inkread import bootstrap"),
        ("inkread.cli", "def main():\n    from inkread import bootstrap"),
        ("inkread.cli.read.run", "def _show_window():\n    from inkread import bootstrap"),
        ("inkread.cli.read.run", "from inkread.services import settings"),
        ("inkread.cli.read.run", "from PySide6.QtCore import QLocale"),
        ("inkread.bootstrap", "import threading\nthreading.Thread"),
        ("inkread.bootstrap", "from threading import Timer"),
        ("inkread.bootstrap", "from inkread.cli import main"),
        ("inkread", "from inkread.core import ink"),
    ],
)
def test_a_violation_would_be_caught(module: str, source: str) -> None:
    found = violations(module, source, is_package=module == "inkread")
    assert found
    assert all(text.startswith(f"{module}, line ") for text in found)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("inkread.core.ink", "import numpy, cv2\nfrom inkread.core.geometry import Box"),
        ("inkread.core.ink", "from .geometry import Box\nfrom inkread import __version__"),
        ("inkread.ml.inference.classifier", "import onnxruntime\nfrom inkread.core import errors"),
        (
            "inkread.services.background.tasks",
            "import threading\nfrom PySide6.QtCore import QThreadPool",
        ),
        (
            "inkread.services.training",
            "from PySide6.QtCore import QObject\nfrom inkread.ml import trainer",
        ),
        (
            "inkread.ui.canvas.canvas",
            "from PySide6.QtWidgets import QWidget\nfrom inkread.core.ink import Ink",
        ),
        ("inkread.bootstrap", "import threading\nthreading.excepthook = print"),
        ("inkread.bootstrap", "from inkread.ui import canvas\nfrom PySide6.QtGui import QIcon"),
        ("inkread.cli", "def _show_window():\n    from inkread import bootstrap"),
        ("inkread.__main__", "from inkread.cli import main"),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    assert violations(module, source) == []


_LOAD_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    qt = [loaded for loaded in sys.modules if loaded.startswith(("PySide6", "shiboken6"))]
    assert not qt, f"importing {name} loads {qt}; core, ml, data and the command line do not"
    print(name)
"""


def test_what_is_free_of_qt_does_not_load_it() -> None:
    names = [name for name in modules() if layer_of(name) not in QT]
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD_ALL, *names], capture_output=True, text=True, check=False
    )
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.split() == names
    assert len(names) > 10


def test_that_test_would_catch_qt() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD_ALL, "inkread.core.ink", "PySide6.QtCore"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 1
    assert "importing PySide6.QtCore loads" in loaded.stderr

"""The one rule of the house, held: ``ui -> services -> {ml, data} -> core``.

Every import statement in app/inkread/ is parsed. The rules stand in `LAYERS`, `QT`, `ONLY_IN` and
`THREADS`; a failure says which line breaks which of them, and what to do instead.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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
    "cli": {"cli", "ml", "data", "core"},
    "bootstrap": {"bootstrap", "ui", "services", "ml", "data", "core"},
    "__main__": {"cli"},
    "__init__": set(),
}
#: Layer -> the parts of Qt that it may import; other layers none.
QT = {"services": ("PySide6.QtCore",), "ui": ("PySide6",), "bootstrap": ("PySide6",)}
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
#: bootstrap reports errors of all threads; that starts none. prefetch makes the next batch beside
#: a training step, and parallel and processes read many files on all cores, in the command line
#: too; their threads and processes end with their generators.
ALLOWED_THREADING = {
    "inkread.bootstrap": {"threading", "threading.excepthook", "threading.ExceptHookArgs"},
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
    },
    "inkread.ml.training.prefetch": {"concurrent.futures.ThreadPoolExecutor"},
}
#: The command line opens the window here and nowhere else.
WINDOW_DOOR = ("inkread.cli", "_show_window", "inkread.bootstrap")


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


class Imports(ast.NodeVisitor):
    """Collects (line, full dotted name, enclosing function) of every import."""

    def __init__(self, module: str, is_package: bool) -> None:
        self._base = module.split(".") if is_package else module.split(".")[:-1]
        self._functions: list[str] = []
        self.found: list[tuple[int, str, str]] = []

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
        self.found.append((line, name, self._functions[-1] if self._functions else ""))


def imports(module: str, source: str, is_package: bool = False) -> list[tuple[int, str, str]]:
    visitor = Imports(module, is_package)
    visitor.visit(ast.parse(source))
    return visitor.found


def violations(module: str, source: str, is_package: bool = False) -> list[str]:
    """What `source`, as the module of that name, imports against the rules."""
    return [
        f"{module}, line {line}: {sentence}"
        for line, name, function in imports(module, source, is_package)
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


@pytest.mark.parametrize("module", modules())
def test_imports_go_downwards_only(module: str) -> None:
    path = modules()[module]
    broken = violations(module, path.read_text("utf-8"), path.name == "__init__.py")
    assert not broken, "\n".join(broken)


def test_every_module_belongs_to_a_layer_that_has_a_rule() -> None:
    assert {layer_of(module) for module in modules()} <= set(LAYERS)


def test_something_was_scanned() -> None:
    found = modules()
    assert {
        "inkread",
        "inkread.core.reading",
        "inkread.ml.inference.classifier",
        "inkread.data.paths",
    } <= set(found)
    seen = [
        name
        for module, path in found.items()
        for _, name, _ in imports(module, path.read_text("utf-8"), path.name == "__init__.py")
    ]
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

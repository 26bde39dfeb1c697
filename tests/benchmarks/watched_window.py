"""The real program with a heartbeat in its event loop and answers to questions about itself.

    python -m tests.benchmarks.watched_window

A question is a line of JSON on standard input, a list of a name and arguments; its answer is a
line of JSON on standard output. Nothing here acts: mouse and keys come from outside. Used by
`tests.benchmarks.endurance` and `tests.benchmarks.kills`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, cast

from PySide6.QtCore import QObject, QPoint, QRect, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget

from inkread import bootstrap, cli
from inkread.services.background import free_memory
from tests.benchmarks.screen import DISPLAY_PROCESS

_BEAT = 5  # ms
_LATE = 50.0  # ms after which a beat counts as a stall
_SAMPLE = 0.02  # s between two looks at the last beat, from another thread
_FRAMES = 6  # innermost functions of a stack that are reported

Rect = tuple[int, int, int, int]


class Heartbeat(QObject):
    """Records when the event loop did not come round, and what it did instead."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        #: Of each: end (s), length, time computing, time waiting for a core, the longest time that
        #: another thread or the display waited for one meanwhile (ms), stack.
        self.stalls: list[tuple[float, float, float, float, float, str]] = []
        self._others = _waits()
        self._scheduled = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._last, self._cpu, self._waited = time.monotonic(), *self._times()
        self._stack = ""
        self._thread = threading.get_ident()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.check)
        self._timer.start(_BEAT)
        threading.Thread(target=self._watch, daemon=True).start()

    def leave_out(self) -> None:
        """The time since the last beat was not the program's."""
        self._last, self._cpu, self._waited, self._stack = time.monotonic(), *self._times(), ""

    def check(self) -> None:
        """Record the time since the last beat if it was too long."""
        now, cpu, waited = time.monotonic(), *self._times()
        gap = 1000 * (now - self._last) - _BEAT
        if gap > _LATE:
            others = (wait - self._others.get(each, 0.0) for each, wait in _waits().items())
            times = gap, cpu - self._cpu, waited - self._waited, max(others, default=0.0)
            self.stalls.append((now, *times, self._stack))
        self._last, self._cpu, self._waited, self._stack = now, cpu, waited, ""

    def _times(self) -> tuple[float, float]:
        """For how long the thread has computed, and waited for a core, ms."""
        computed, waited, _ = self._scheduled.read_text().split()
        return int(computed) / 1e6, int(waited) / 1e6

    def _watch(self) -> None:
        while True:
            time.sleep(_SAMPLE)
            if 1000 * (time.monotonic() - self._last) <= _LATE:
                self._others = _waits()
            elif not self._stack:
                self._stack = _told(sys._current_frames().get(self._thread))


def _waits() -> dict[str, float]:
    """For how long each thread but the GUI's, and the display, have waited for a core, ms."""
    threads = [each for each in Path("/proc/self/task").iterdir() if each.name != str(os.getpid())]
    found: dict[str, float] = {}
    for each in (*threads, Path("/proc") / os.environ.get(DISPLAY_PROCESS, "none")):
        with suppress(OSError):  # it has ended
            found[each.name] = int((each / "schedstat").read_text().split()[1]) / 1e6
    return found


def _told(frame: FrameType | None) -> str:
    names: list[str] = []
    while frame is not None and len(names) < _FRAMES:
        names.append(f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(names)


class Answers(QObject):
    """Answers questions between two events."""

    def __init__(self, program: bootstrap.Program) -> None:
        super().__init__(program.window)
        self._program = program
        self._heartbeat = Heartbeat(self)
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.activated.connect(self._on_question)
        self._questions: dict[str, Callable[..., object]] = {
            "state": self.state,
            "stalls": self.stalls,
            "place": self.place,
            "entry": self.entry,
            "boxes": self.boxes,
            "rows": self.rows,
            "page": self.page,
            "value": self.value,
            "counts": self.counts,
            "python": self.python,
            "allocated": self.allocated,
            "copy": self.copy,
            "copied": self.copied,
            "picture": self.picture,
            "kept": self.kept,
        }
        print(json.dumps("ready"), flush=True)

    def _on_question(self) -> None:
        line = sys.stdin.readline()
        if not line:
            self._input.setEnabled(False)
            QApplication.quit()
            return
        name, *arguments = json.loads(line)
        self._heartbeat.check()  # what came before the question counts
        print(json.dumps(self._questions[name](*arguments)), flush=True)
        self._heartbeat.leave_out()

    def state(self) -> dict[str, object]:
        """What is seen, and whether anything is under way."""
        program, workspace = self._program, self._program.window.workspace
        banner = workspace.banner
        is_busy = (
            program.recognition.is_busy
            or program.training.is_running
            or program.learning.is_running
            or program.folders.is_running
        )
        active = QApplication.activeWindow()
        return {
            "text": workspace.text,
            "is_drawing": workspace.is_drawing,
            "name": workspace.name,
            "strokes": len(workspace.canvas.ink.strokes),
            "is_busy": is_busy,
            "banner": banner.text if banner.isVisible() else "",
            "status": program.window.statusBar().currentMessage(),
            "theme": program.settings.theme,
            "active": "" if active is None else active.objectName(),
            "windows": {each.objectName(): int(each.winId()) for each in _shown()},
        }

    def stalls(self) -> list[tuple[float, float, float, float, float, str]]:
        """Those since the last question."""
        found, self._heartbeat.stalls = self._heartbeat.stalls, []
        return found

    def place(self, window: str, path: str = "") -> Rect | None:
        """Where a part of a window is seen: px of the display; None: it is not."""
        part: Any = next((each for each in _shown() if each.objectName() == window), None)
        for name in filter(None, path.split(".")):
            part = getattr(part, name, None)
        if not isinstance(part, QWidget) or not part.isVisible() or not part.isEnabled():
            return None
        return _global(part, part.visibleRegion().boundingRect())

    def entry(self, menu_name: str, action_name: str, key: str = "") -> list[Rect | None]:
        """A menu's title, and where in the open menu an action is."""
        menus = self._program.window.menus
        menu = getattr(menus, menu_name)
        action = getattr(self._program.window.commands, action_name)
        action = action[key] if key else action
        assert isinstance(menu, QMenu) and isinstance(action, QAction)
        title = _global(menus, menus.actionGeometry(menu.menuAction()))
        inside = _global(menu, menu.actionGeometry(action)) if menu.isVisible() else None
        return [title, inside]

    def boxes(self) -> list[tuple[Rect, str]]:
        """The glyphs on show, with their labels."""
        view = self._program.window.workspace.view
        return [
            (_global(view, view.frame_of(glyph.box).toAlignedRect()), glyph.label)
            for glyph in view.reading.glyphs
        ]

    def rows(self, window: str, path: str) -> list[Rect]:
        """The rows of a list."""
        view: Any = next(each for each in _shown() if each.objectName() == window)
        for name in path.split("."):
            view = getattr(view, name)
        assert isinstance(view, QAbstractItemView)
        model = view.model()
        found = (view.visualRect(model.index(row, 0)) for row in range(model.rowCount()))
        return [_global(view.viewport(), rect) for rect in found]

    def page(self, window: str) -> str:
        """The class of the page that a dialog shows."""
        dialog: Any = next((each for each in _shown() if each.objectName() == window), None)
        return "" if dialog is None else type(dialog._pages.currentWidget()).__name__

    def value(self, window: str, path: str) -> str:
        """What a part of a window says: an attribute, or what it returns."""
        part: Any = next((each for each in _shown() if each.objectName() == window), None)
        for name in path.split("."):
            part = getattr(part, name, None)
        return str(part() if callable(part) else part)

    def counts(self) -> dict[str, int]:
        """Living objects of Qt by class, and all that Python's collector knows, by type."""
        gc.collect()
        found: Counter[str] = Counter()
        for widget in QApplication.allWidgets():
            found[f"widget {type(widget).__name__}"] += 1
        for each in self._program.window.findChildren(QObject):
            found[f"child {type(each).__name__}"] += 1
        for thing in gc.get_objects():
            kind = type(thing)
            found[f"{kind.__module__}.{kind.__qualname__}"] += 1
        return dict(found)

    def allocated(self) -> float:
        """Memory that the C library has given, without that of Python's small objects, MB."""
        return free_memory.allocated() / (1 << 20)

    def python(self, what: str) -> object:
        """The memory that Python's own objects take: "start", then the growth by line."""
        import tracemalloc

        if what == "start":
            tracemalloc.start(8)
            gc.collect()
            self._before = tracemalloc.take_snapshot()
            return None
        gc.collect()
        now = tracemalloc.take_snapshot()
        return [str(each) for each in now.compare_to(self._before, "lineno")[:25]]

    def copy(self, path: str) -> None:
        """A picture in the clipboard, as another program would have copied it; "": nothing."""
        if path:
            QGuiApplication.clipboard().setImage(QImage(path))
        else:
            QGuiApplication.clipboard().clear()

    def copied(self) -> str:
        """The text in the clipboard."""
        return QGuiApplication.clipboard().text()

    def picture(self, path: str) -> None:
        """Save what the display shows."""
        QGuiApplication.primaryScreen().grabWindow(0).save(path)

    def kept(self) -> dict[str, int]:
        """How much of the past the window keeps for undo."""
        documents = self._program.window.workspace.documents
        drawings = [drawing for each in documents._all for drawing in each.drawings]
        return {
            "documents": len(documents._all),
            "steps": sum(drawing.stack.count for drawing in drawings),
            "strokes": sum(len(drawing.ink.strokes) for drawing in drawings),
        }


def _shown() -> list[QWidget]:
    return [
        each
        for each in QApplication.topLevelWidgets()
        if each.isVisible() and each.windowType() in (Qt.WindowType.Window, Qt.WindowType.Dialog)
    ]


def _global(widget: QWidget, rect: QRect) -> Rect:
    corner = widget.mapToGlobal(QPoint(rect.x(), rect.y()))
    return corner.x(), corner.y(), rect.width(), rect.height()


class WatchedProgram(bootstrap.Program):
    """The program, which answers from its first turn of the event loop on."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        QTimer.singleShot(0, self._answer)

    def _answer(self) -> None:
        self.answers = Answers(self)


def main() -> int:
    cast(Any, bootstrap).Program = WatchedProgram
    return cli.main([])


if __name__ == "__main__":
    sys.exit(main())

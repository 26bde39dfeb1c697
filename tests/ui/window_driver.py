"""Drives the window as a person would: by mouse, keys and what can be seen."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from inkread.bootstrap import Program
from inkread.core.ink import Ink
from inkread.ui.canvas.canvas import Canvas
from inkread.ui.page.page_view import PageView
from inkread.ui.result.pipeline_strip import PipelineStrip
from inkread.ui.result.probability_panel import ProbabilityPanel
from tests.written import write

W = TypeVar("W", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton


class Window:
    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program = program
        self.main = program.window
        self.commands = program.window.commands
        self._qtbot = qtbot
        self._is_open = True

    def trigger(self, name: str) -> None:
        """Choose a menu's entry by its object name."""
        action = self.commands.findChild(QAction, name)
        assert isinstance(action, QAction), f"there is no {name}"
        action.trigger()

    def find(self, kind: type[W], name: str) -> W:
        found = self.main.findChild(kind, name)
        assert isinstance(found, kind), f"there is no {name}"
        return found

    @property
    def canvas(self) -> Canvas:
        return self.find(Canvas, "canvas")

    @property
    def page_view(self) -> PageView:
        return self.find(PageView, "page_view")

    @property
    def pipeline(self) -> PipelineStrip:
        return self.find(PipelineStrip, "pipeline")

    @property
    def prediction(self) -> str:
        return self.find(QLabel, "prediction").text()

    @property
    def reading(self) -> str:
        return self.find(QLabel, "reading").text()

    @property
    def probabilities(self) -> dict[str, float]:
        return self.find(ProbabilityPanel, "probabilities").values()

    @property
    def message(self) -> str:
        """The text of the banner."""
        banner = self.main.workspace.banner
        return banner.text if banner.isVisible() else ""

    def draw(self, ink: Ink, release: bool = True) -> None:
        """Draw strokes with the mouse."""
        for stroke in ink.strokes:
            points = [QPoint(round(x), round(y)) for x, y in stroke.points.tolist()]
            none = Qt.KeyboardModifier.NoModifier
            QTest.mousePress(self.canvas, LEFT, none, points[0])
            for point in points:
                QTest.mouseMove(self.canvas, point)
            if release:
                QTest.mouseRelease(self.canvas, LEFT, none, points[-1])

    def write(self, text: str) -> None:
        """Draw digits, and wait until they are read."""
        self.draw(write(text, at=(60, 60)))
        self.wait_for(text)

    def wait_for(self, text: str) -> None:
        self._qtbot.waitUntil(lambda: self.reading == text)

    def wait_for_message(self) -> str:
        self._qtbot.waitUntil(lambda: bool(self.message))
        return self.message

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Press a key where the keyboard's focus is."""
        widget = QApplication.focusWidget() or self.main
        QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)

    def open(self, path: object) -> None:
        """Drop a file onto the window."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        self.drop(mime)

    def drop(self, mime: QMimeData) -> bool:
        """Drop something in the middle of the window; whether the window took it."""
        middle, action = self.main.rect().center(), Qt.DropAction.CopyAction
        none = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(middle, action, mime, LEFT, none)
        enter.ignore()
        QApplication.sendEvent(self.main, enter)
        if enter.isAccepted():
            event = QDropEvent(QPointF(middle), action, mime, LEFT, none)
            QApplication.sendEvent(self.main, event)
        return enter.isAccepted()

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self.program.close()

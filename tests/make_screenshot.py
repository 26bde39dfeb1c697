"""Make the README's picture of the window: ``python3 -m tests.make_screenshot``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from inkread.bootstrap import Program, make_application
from inkread.data.paths import bundled, home
from tests.written import write

TEXT = "2047"
_PATIENCE = 10_000  # ms


def draw(canvas: QWidget, text: str) -> None:
    """Write `text` on the canvas with the mouse."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for stroke in write(text, height=150, at=(55, 110), seed=1).strokes:
        points = [QPoint(round(x), round(y)) for x, y in stroke.points.tolist()]
        QTest.mousePress(canvas, left, none, points[0])
        for point in points:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, left, none, points[-1])


def wait_until_read(label: QLabel, text: str) -> None:
    waited = QElapsedTimer()
    waited.start()
    while label.text() != text:
        if waited.hasExpired(_PATIENCE):
            raise SystemExit(f"the window reads {label.text()!r}, not {text!r}")
        QTest.qWait(20)


def make(path: Path) -> None:
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(application, home(folder))
        window = program.window
        window.resize(1000, 640)
        window.show()
        canvas, reading = window.findChild(QWidget, "canvas"), window.findChild(QLabel, "reading")
        assert isinstance(canvas, QWidget)
        assert isinstance(reading, QLabel)
        draw(canvas, TEXT)
        wait_until_read(reading, TEXT)
        QTest.qWait(200)  # the last repaint
        window.grab().save(str(path))
        program.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else bundled("assets/screenshot.png"))

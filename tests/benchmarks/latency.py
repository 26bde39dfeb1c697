"""How soon the answer is on the screen: from the last point of a stroke to the repainted panel.

    python -m tests.benchmarks.latency [--strokes 200] [--model FILE]

Digits are drawn with mouse events into the real window. The clock starts when the last move of
a stroke is delivered, and stops when the panel has been painted with the reading of that very
ink. The figure to reach: 16 ms for 95 of 100 strokes of a single digit.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from inkread.bootstrap import Program, make_application
from inkread.core.reading import Reading
from inkread.data.paths import home
from tests.written import write

PATIENCE = 5000  # ms
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Clock(QObject):
    """Ends a loop when the panel is painted after the reading that was waited for has come."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._loop = QEventLoop()
        self._patience = QTimer(singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._loop.quit)
        self._has_come = False
        self.painted = 0.0
        panel = program.window.workspace.panel
        self._target = panel.findChild(QWidget, "prediction")
        assert self._target is not None
        self._target.installEventFilter(self)
        program.recognition.reading_changed.connect(self._on_reading)

    def _on_reading(self, reading: Reading) -> None:
        self._has_come = not reading.is_empty
        assert self._target is not None
        self._target.update()  # also where the same digit is read again

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._has_come:
            QTimer.singleShot(0, self._stop)
        return False

    def _stop(self) -> None:
        self.painted = time.perf_counter()
        self._loop.quit()

    def time(self, start: float) -> float:
        """Wait for the painted answer; ms since `start`."""
        self._has_come = False
        self._patience.start()
        self._loop.exec()
        if not self._patience.isActive():
            raise SystemExit("no answer came")
        self._patience.stop()
        return 1000 * (self.painted - start)


def settle(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def measure(program: Program, digit: str, clock: Clock) -> float:
    """Draw the first stroke of a digit; ms from its last point to the painted answer."""
    canvas = program.window.workspace.canvas
    (stroke, *_) = write(digit, at=(120, 90)).strokes
    points = [QPoint(round(x), round(y)) for x, y in stroke.points.tolist()]
    QTest.mousePress(canvas, LEFT, NONE, points[0])
    for point in points[1:-1]:
        QTest.mouseMove(canvas, point)
    settle(30)  # what was asked for on the way has been answered
    start = time.perf_counter()
    QTest.mouseMove(canvas, points[-1] + QPoint(1, 0))
    taken = clock.time(start)
    QTest.mouseRelease(canvas, LEFT, NONE, points[-1])
    canvas.clear()
    settle(10)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=200)
    parser.add_argument("--model", type=Path, help="read with this model")
    args = parser.parse_args()
    gc.freeze()  # as inkread.cli does after the imports
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(application, home(folder), args.model)
        program.window.show()
        settle(500)
        clock = Clock(program)
        times = [measure(program, str(k % 10), clock) for k in range(args.strokes)]
        program.close()
    times.sort()
    p95 = times[round(0.95 * (len(times) - 1))]
    print(f"last point to painted answer: median {statistics.median(times):.1f} ms, ", end="")
    print(f"p95 {p95:.1f} ms, worst {times[-1]:.1f} ms; to reach: p95 16 ms")


if __name__ == "__main__":
    main()

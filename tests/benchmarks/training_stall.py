"""How long the window stands still while a network is being trained, and how soon Cancel works.

    python -m tests.benchmarks.training_stall [--seconds 30] [--network inkread] [--runs 3]

The real window with the shipped model. A timer that wants to fire every millisecond shows how
long the GUI thread was busy or kept waiting; meanwhile digits are drawn with the mouse and read.
The figures to reach, on a machine that does nothing else: no stall over 50 ms from the first step
on; cancelled within 200 ms, the worker's last step included.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inkread.bootstrap import Program, make_application
from inkread.data.paths import home
from inkread.ui.training.dialog import TrainingDialog
from tests.written import write

_PATIENCE = 300  # seconds


@dataclass
class Stalls(QObject):
    """Milliseconds between two moments when the event loop could do something else."""

    gaps: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._clock = QElapsedTimer()
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        self.gaps.clear()
        self._clock.start()
        self._timer.start()

    def stop(self) -> list[float]:
        self._timer.stop()
        return sorted(self.gaps)

    def _on_timeout(self) -> None:
        self.gaps.append(self._clock.nsecsElapsed() / 1e6)
        self._clock.start()


def wait(is_done: Callable[[], bool]) -> None:
    """Let events be handled until something holds."""
    end = time.monotonic() + _PATIENCE
    while not is_done():
        if time.monotonic() > end:
            raise SystemExit("it did not happen in time")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def go_on(seconds: float) -> None:
    """Let events be handled for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


class Writer(QObject):
    """Draws digits with the mouse, a point every few milliseconds, as a hand does."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._canvas = program.window.workspace.canvas
        self._points: list[tuple[QPoint, str]] = []
        self._count = 0
        self._timer = QTimer(self)
        self._timer.setInterval(8)
        self._timer.timeout.connect(self._draw)
        self._timer.start()

    def _draw(self) -> None:
        if not self._points:
            self._canvas.clear()
            self._plan()
        point, what = self._points.pop(0)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        if what == "press":
            QTest.mousePress(self._canvas, left, none, point)
        QTest.mouseMove(self._canvas, point)
        if what == "release":
            QTest.mouseRelease(self._canvas, left, none, point)

    def _plan(self) -> None:
        self._count += 1
        for stroke in write(str(self._count % 100), at=(60, 60), seed=self._count).strokes:
            points = [QPoint(round(x), round(y)) for x, y in stroke.points.tolist()]
            steps = ["press", *["move"] * (len(points) - 2), "release"]
            self._points += zip(points, steps, strict=True)


def measure(program: Program, dialog: TrainingDialog, seconds: float, stalls: Stalls) -> None:
    """One run that is cancelled."""
    progress = dialog.progress
    stalls.start()
    dialog.setup.start_button.click()
    wait(lambda: progress.title.text().startswith("Learning"))
    report("from Train to the first step", stalls.stop())
    stalls.start()
    go_on(seconds)
    report("while learning", stalls.stop())
    clock = QElapsedTimer()
    clock.start()
    progress.cancel_button.click()
    wait(dialog.setup.isVisible)
    shown = clock.nsecsElapsed() / 1e6
    program.background.wait()
    print(f"cancelled: {shown:.0f} ms to the form, {clock.nsecsElapsed() / 1e6:.0f} ms to the end")


def report(what: str, gaps: list[float]) -> None:
    middle = gaps[len(gaps) // 2]
    late = sum(gap > 50 for gap in gaps)
    print(
        f"{what}: worst stall {gaps[-1]:.0f} ms, {late} over 50 ms, "
        f"99.9 % within {gaps[int(0.999 * len(gaps))]:.0f} ms, median {middle:.1f} ms",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--network", default="inkread")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quiet", action="store_true", help="draw nothing meanwhile")
    args = parser.parse_args()
    application: QApplication = make_application()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(application, home(folder))
        program.window.show()
        program.window.commands.retrain.trigger()
        dialog = program.window.findChild(TrainingDialog, "training")
        assert isinstance(dialog, TrainingDialog)
        go_on(2)
        found = dialog.setup.network.findText(f"({args.network})", Qt.MatchFlag.MatchEndsWith)
        dialog.setup.network.setCurrentIndex(found)
        dialog.setup.epochs.setValue(1000)
        writer = None if args.quiet else Writer(program)
        stalls = Stalls()
        stalls.start()
        go_on(args.seconds)
        report("before, without training", stalls.stop())
        for _ in range(args.runs):
            measure(program, dialog, args.seconds, stalls)
        del writer
        program.close()


if __name__ == "__main__":
    main()

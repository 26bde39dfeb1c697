"""Whether the window freezes while a picture of 12 megapixels is opened and read.

    python -m tests.benchmarks.stall [--runs 5] [--model FILE]

A timer of the GUI's thread ticks every millisecond in the real window; the longest time between
two ticks is how long the window did not answer. The figure to reach: at most 50 ms.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from inkread.bootstrap import Program, make_application
from inkread.core.ink import rasterise_page
from inkread.core.reading import Reading
from inkread.data.paths import home
from tests.written import write

SIZE = (4000, 3000)
PATIENCE = 60_000  # ms


def photograph(path: Path) -> None:
    """Three lines of digits on 12 megapixels of uneven, noisy paper."""
    grey = rasterise_page(write("31415\n92653\n58979", height=420, width=36))
    page = np.full(SIZE[::-1], 255, np.uint8)
    height, width = min(grey.shape[0], SIZE[1]), min(grey.shape[1], SIZE[0])
    page[:height, :width] = grey[:height, :width]
    rng = np.random.default_rng(0)
    light = np.linspace(0.6, 0.95, SIZE[0])[np.newaxis] * np.ones((SIZE[1], 1))
    noisy = page * light + rng.normal(0, 3, page.shape)
    colour = cv2.cvtColor(np.clip(noisy, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    cv2.imwrite(str(path), colour)


class DivergenceMonitor(QObject):
    """The longest time in which the event loop did not come round, ms."""

    def __init__(self) -> None:
        super().__init__()
        self.worst = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.worst = max(self.worst, 1000 * (now - self._last))
        self._last = now

    def reset(self) -> None:
        self.worst = 0.0
        self._last = time.perf_counter()


def open_and_read(
    program: Program, path: Path, watch: DivergenceMonitor
) -> tuple[float, float, str]:
    """Worst stall and whole time, ms, and the text."""
    loop, texts = QEventLoop(), [""]

    def on_reading(reading: Reading) -> None:
        texts.append(reading.text)
        QTimer.singleShot(100, loop.quit)  # it is painted, too

    program.recognition.reading_changed.connect(on_reading)
    watch.reset()
    start = time.perf_counter()
    program.window.files.open_path(str(path))
    patience = QTimer(singleShot=True, interval=PATIENCE)
    patience.timeout.connect(loop.quit)
    patience.start()
    loop.exec()
    taken = 1000 * (time.perf_counter() - start) - 100
    program.recognition.reading_changed.disconnect(on_reading)
    return watch.worst, taken, texts[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--model", type=Path, help="read with this model")
    args = parser.parse_args()
    gc.freeze()  # as inkread.cli does after the imports
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(application, home(folder), args.model)
        program.window.resize(1000, 680)
        program.window.show()
        loop = QEventLoop()
        QTimer.singleShot(500, loop.quit)
        loop.exec()
        watch = DivergenceMonitor()
        stalls = []
        for suffix in (".jpg", ".png"):
            path = Path(folder) / f"photograph{suffix}"
            photograph(path)
            for _ in range(args.runs):
                stall, taken, text = open_and_read(program, path, watch)
                stalls.append(stall)
                shown = text.replace("\n", " / ")
                print(f"{suffix}: worst stall {stall:.0f} ms of {taken:.0f} ms; read {shown}")
        program.close()
    print(f"worst stall {max(stalls):.0f} ms; to reach: 50 ms")


if __name__ == "__main__":
    main()

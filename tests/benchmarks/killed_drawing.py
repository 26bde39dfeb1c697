"""A real window in which somebody draws on and on, and that is killed.

    python -m tests.benchmarks.killed_drawing HOME MODEL SEED

is that window. It writes a line for each point after it was drawn: its time (s, of the clock that
all processes share), the number of its stroke, and its place.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from inkread.data.canvas_session import SketchFolder
from inkread.data.paths import home
from tests.benchmarks.kills import Outcome
from tests.template_model import template_model

#: What may be lost, s.
LIMIT = 2.0
#: Time from one point to the next, ms: what is not kept can be counted in points, too, however
#: slow the machine is.
TICK = 10
#: Longest time of drawing before the kill, s.
_MAX_WORK = 6.0
#: Points of a stroke: most are as long as those of digits; one of ten takes five seconds.
_SHORT, _LONG = (2, 40), 500
#: After this many strokes, another drawing is begun.
_DRAWING = 7
_SIZE = (900, 600)

Point = tuple[int, int]
Strokes = list[list[tuple[float, Point]]]


def trial(folder: Path, rng: random.Random) -> Outcome:
    """Draw for a while, kill, and compare what was drawn with what the next window loads."""
    model = folder / "model.onnx"
    model.write_bytes(template_model())
    strokes, killed = _killed(folder, model, rng)
    session = SketchFolder(home(folder).data / "canvas")
    left = session.load()
    session.close()
    kept = [
        [(round(x), round(y)) for x, y in stroke.points.tolist()]
        for sketch in left.sketches
        for one in sketch.drawings
        for stroke in one.drawing.ink.strokes
    ]
    return _compared(strokes, kept, killed, [str(each) for each in left.notices])


def _compared(
    strokes: Strokes, kept: list[list[Point]], killed: float, notices: list[str]
) -> Outcome:
    missing = [
        drawn
        for index, stroke in enumerate(strokes)
        for drawn in stroke[len(kept[index]) if index < len(kept) else 0 :]
    ]
    oldest = max((killed - moment for moment, _ in missing), default=0.0)
    same = all(
        [place for _, place in stroke][: len(points)] == points[: len(stroke)]
        for stroke, points in zip(strokes, kept, strict=False)
    )
    changed = bool(notices) or not same
    facts = {
        "points not kept": len(missing),
        "seconds not kept": oldest,
        "changed": changed,
    }
    if changed:
        return Outcome(f"the drawings are others than those that were drawn {notices}", facts)
    if oldest > LIMIT:
        return Outcome(f"drawn {oldest:.2f} s before the kill, and not there", facts)
    return Outcome("", facts)


def _killed(folder: Path, model: Path, rng: random.Random) -> tuple[Strokes, float]:
    """What was drawn, and when the process was killed."""
    command = [sys.executable, "-m", "tests.benchmarks.killed_drawing"]
    arguments = [str(folder), str(model), str(rng.randrange(2**31))]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        command + arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # Qt's offscreen platform says what it cannot do
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]  # it has begun
        end = time.monotonic() + rng.uniform(0.0, _MAX_WORK)
        while time.monotonic() < end:  # the pipe must not fill
            lines.append(process.stdout.readline())
        assert process.poll() is None, "the window has ended by itself"
        killed = time.monotonic()
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
    strokes: dict[int, list[tuple[float, Point]]] = defaultdict(list)
    for line in lines:
        if line.endswith("\n"):
            moment, stroke, x, y = line.split()
            strokes[int(stroke)].append((float(moment), (int(x), int(y))))
    return [strokes[index] for index in sorted(strokes)], killed


def _hand(rng: random.Random) -> Iterator[tuple[int, Point]]:
    """Number and place of each point; those after one another differ."""
    stroke = 0
    while True:
        x, y = rng.randrange(20, _SIZE[0] - 20), rng.randrange(20, _SIZE[1] - 20)
        for _ in range(_LONG if rng.random() < 0.1 else rng.randint(*_SHORT)):
            yield stroke, (x, y)
            x += rng.choice((-3, 3)) if 20 < x < _SIZE[0] - 20 else 3 if x <= 20 else -3
            y += rng.choice((-2, 0, 2)) if 20 < y < _SIZE[1] - 20 else 2 if y <= 20 else -2
        stroke += 1


def draw(folder: str, model: str, seed: str) -> None:
    """Draw until somebody kills this process."""
    import gc

    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtTest import QTest

    from inkread.bootstrap import Program, make_application

    gc.freeze()  # as inkread.cli does after the imports
    application = make_application()
    program = Program(application, home(folder), Path(model))
    program.window.resize(1300, 850)
    program.window.show()
    canvas, hand = program.window.workspace.canvas, _hand(random.Random(int(seed)))
    canvas.setMinimumSize(*_SIZE)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    last = -1, QPoint()

    def tick() -> None:
        nonlocal last
        stroke, (x, y) = next(hand)
        place = QPoint(x, y)
        if stroke != last[0]:
            if last[0] >= 0:
                QTest.mouseRelease(canvas, left, none, last[1])
                if stroke % _DRAWING == 0:
                    program.window.commands.new.trigger()
            canvas.set_reading(type(canvas.reading)())  # a press on a digit's tag would select it
            QTest.mousePress(canvas, left, none, place)
        else:
            QTest.mouseMove(canvas, place)
        last = stroke, place
        os.write(1, f"{time.monotonic()} {stroke} {x} {y}\n".encode())

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK)
    timer.timeout.connect(tick)
    timer.start()
    application.exec()


if __name__ == "__main__":
    draw(*sys.argv[1:])

"""A real window in which somebody teaches, learns or trains, and that is killed.

    python -m tests.benchmarks.killed_work WORK HOME SEED
    python -m tests.benchmarks.killed_work next HOME 0

The first is that window. It writes a line for each sample when the key was pressed that makes it:
its time (s, of the clock that all processes share) and its label; "kept" when the window knows that
it is kept; and "round" whenever the work is done and begins anew. The second is the window after
it: it says what it reads of a drawn digit.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from inkread.data.models.library import ModelLibrary
from inkread.data.paths import home
from inkread.data.samples.store import SampleStore
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from tests.benchmarks.kills import Outcome
from tests.cli.learn.kills import SAMPLES, prepare
from tests.ml.adaptation.hands import reference
from tests.written import write

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inkread.bootstrap import Program
    from inkread.ui.canvas.canvas import Canvas

#: What may be lost, s.
LIMIT = 2.0
#: The label of the samples that are there before the work.
_KNOWN = "tick"
_TICK = 5  # ms from one look to the next at whether something came
_MARGIN = 1.1  # of a round's length: kills reach into the next one
_MODEL, _DATA = "reader.onnx", "data.npz"

#: Each step is what is waited for before the next.
Steps = Generator[Callable[[], object], None, None]


def teaching(folder: Path, rng: random.Random) -> Outcome:
    """Kill the window while digits are corrected and sets are taught."""
    return _trial("teaching", folder, rng)


def learning(folder: Path, rng: random.Random) -> Outcome:
    """Kill the window while it learns from samples, one time after the other."""
    return _trial("learning", folder, rng)


def training(folder: Path, rng: random.Random) -> Outcome:
    """Kill the window while it trains a network and takes it into use."""
    return _trial("training", folder, rng)


def _trial(work: str, folder: Path, rng: random.Random) -> Outcome:
    _prepare(folder)
    after = rng.uniform(0.0, _MARGIN * _round_length(work))
    taught, confirmed, killed = _killed(work, folder, after, rng.randrange(2**31))
    before = Counter({_KNOWN: SAMPLES})
    kept = Counter(sample.label for sample in SampleStore.of(home(folder)).samples())
    expected = before + Counter(label for _, label in taught)
    due = before + Counter(label for moment, label in taught if killed - moment > LIMIT)
    problem = _problems(folder)
    if kept - expected:
        problem = f"samples that nobody taught: {kept - expected}"
    if kept.total() < SAMPLES + confirmed:
        problem = f"samples that the window said it kept: {confirmed} and {kept}"
    facts = {
        "seconds until the kill": after,
        "samples taught": len(taught),
        "samples not kept": (expected - kept).total(),
        "broken": bool(problem),
    }
    if not problem and due - kept:
        problem = f"samples older than {LIMIT:.0f} s are not there: {due - kept}"
    return Outcome(problem, facts)


def _problems(folder: Path) -> str:
    """What is not whole; empty: all is."""
    notice = SampleStore.of(home(folder)).notice
    if notice is not None:
        return f"the store of samples: {notice}"
    models = home(folder).data / "models"
    library = ModelLibrary(models, folder / _MODEL, _describe)
    broken = {one.kept.card.name: one.problem for one in library.models(_describe) if one.problem}
    if broken:
        return f"models of the library: {broken}"
    passed_over = library.read_current(_describe).passed_over
    if passed_over:
        return f"the model in use was passed over: {[str(each) for each in passed_over]}"
    said = _next_start(folder)
    return "" if said in _may_be_read(library) else f"the next start says: {said!r}"


def _describe(data: bytes, name: str) -> ModelInfo:
    return OnnxClassifier(data, name).info


def _may_be_read(library: ModelLibrary) -> set[str]:
    """What the digit of the next start may be read as: a trained network here knows little."""
    info = _describe(library.read(library.current().id), "")
    is_trained = info.name.startswith("numpy")
    return {*info.labels, "Nothing written"} if is_trained else {"7"}


def _prepare(folder: Path) -> None:
    prepare(folder)
    data = reference()
    np.savez(folder / _DATA, x=data.cells, y=data.targets)


@cache
def _round_length(work: str) -> float:
    """For how long a round of the work goes on that nobody disturbs, s."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder)
        with _started(work, folder, 0) as process:
            assert process.stdout is not None
            start = time.monotonic()
            while line := process.stdout.readline():
                if line.strip() == "round":
                    break
            process.kill()
            assert line, f"the window that is {work} has ended by itself"
            return time.monotonic() - start


def _killed(
    work: str, folder: Path, after: float, seed: int
) -> tuple[list[tuple[float, str]], int, float]:
    """The samples that were taught, how many were said to be kept, and when the kill was."""
    with _started(work, folder, seed) as process:
        assert process.stdout is not None
        time.sleep(after)
        assert process.poll() is None, "the window has ended by itself"
        killed = time.monotonic()
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().splitlines()
    words = [line.split() for line in lines]
    taught = [(float(each[0]), each[1]) for each in words if len(each) == 2]
    return taught, lines.count("kept"), killed


def _started(work: str, folder: Path, seed: int) -> subprocess.Popen[str]:
    """The window, when it can be worked in."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.killed_work", work, str(folder), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # Qt's offscreen platform says what it cannot do
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "begun"
    return process


def _next_start(folder: Path) -> str:
    with _started("next", folder, 0) as process:
        assert process.stdout is not None
        return process.stdout.read().strip()


def _say(words: object) -> None:
    os.write(1, f"{words}\n".encode())


class _Hand:
    """Works in the window by events of mouse and keyboard."""

    def __init__(self, program: Program, folder: Path, rng: random.Random) -> None:
        self._program = program
        self._window = program.window
        self._folder = folder
        self._rng = rng
        self._ends = 0
        for ended in (program.learning.judged, program.training.judged, program.models.used):
            ended.connect(self._on_end)
        for kept in (program.sample_keeper.kept, program.teaching.kept):
            kept.connect(lambda _: _say("kept"))

    def next(self) -> Steps:
        """Begin a new drawing beside what is kept, say what is read of a digit, and quit."""
        yield lambda: not self._program.executor._pool.activeThreadCount()  # all is loaded
        self._window.commands.new.trigger()
        yield lambda: not self._window.workspace.text
        self._write("7", self._window.workspace.canvas)
        yield lambda: self._window.workspace.text
        _say(self._window.workspace.text)
        self._program.close()
        os._exit(0)

    def teaching(self) -> Steps:
        """Correct and confirm digits, and teach a set, again and again."""
        while True:
            for _ in range(3):
                yield from self._correct()
            yield from self._teach()
            _say("round")

    def learning(self) -> Steps:
        """Confirm a digit, learn, and go back to the model of before, again and again."""
        from inkread.ui.learning.dialog import LearningDialog

        while True:
            yield from self._correct()
            yield from self._until_end(self._window.commands.learn.trigger, 2)  # judged and used
            dialog = self._window.findChild(LearningDialog, "learning")
            assert isinstance(dialog, LearningDialog)
            yield from self._until_end(partial(self._click, dialog.verdict.revert_button))
            dialog.close()
            _say("round")

    def training(self) -> Steps:
        """Train a small network on few cells and keep it, again and again."""
        from inkread.ui.training.dialog import TrainingDialog

        yield from self._correct()
        self._window.commands.retrain.trigger()
        dialog = self._window.findChild(TrainingDialog, "training")
        assert isinstance(dialog, TrainingDialog)
        setup = dialog.setup
        entries = setup.data.entries
        entries.item(0).setCheckState(Qt.CheckState.Unchecked)
        setup.data.add_paths([str(self._folder / _DATA)])
        setup.network.setCurrentIndex(setup.network.findText("8x8", Qt.MatchFlag.MatchContains))
        setup.epochs.setValue(3)
        while True:
            self._window.commands.retrain.trigger()
            yield from self._until_end(partial(self._click, setup.start_button))
            dialog.verdict.name.setText("small")
            yield from self._until_end(partial(self._click, dialog.verdict.keep_button))
            _say("round")

    def _on_end(self, *_: object) -> None:
        self._ends += 1

    def _until_end(self, act: Callable[[], object], count: int = 1) -> Steps:
        """Do something, and wait until services have said so often that they came to an end."""
        ends = self._ends + count
        act()
        yield lambda: self._ends >= ends

    def _click(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _write(self, text: str, canvas: Canvas) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        for stroke in write(text, at=(60, 60), seed=self._rng.randrange(2**31)).strokes:
            points = [QPoint(round(x), round(y)) for x, y in stroke.points.tolist()]
            QTest.mousePress(canvas, left, none, points[0])
            for point in points:
                QTest.mouseMove(canvas, point)
            QTest.mouseRelease(canvas, left, none, points[-1])

    def _correct(self) -> Steps:
        """Write two digits; type another label for the first, and confirm the second."""
        workspace = self._window.workspace
        self._window.commands.new.trigger()
        yield lambda: not workspace.text
        self._write("58", workspace.canvas)
        yield lambda: len(workspace.canvas.reading.glyphs) == 2 and workspace.editor.is_read
        for place, key in (Qt.Key.Key_Home, Qt.Key.Key_3), (Qt.Key.Key_End, Qt.Key.Key_Return):
            QTest.keyClick(workspace.canvas, place)
            glyph = workspace.canvas.reading.glyphs[workspace.canvas.selected]
            label = "3" if key == Qt.Key.Key_3 else glyph.label
            QTest.keyClick(workspace.canvas, key)
            _say(f"{time.monotonic()} {label}")
            yield lambda: True

    def _teach(self) -> Steps:
        from inkread.ui.teach.dialog import TeachDialog

        self._window.commands.teach.trigger()
        dialog = self._window.findChild(TeachDialog, "teach")
        assert isinstance(dialog, TeachDialog)
        self._click(dialog.setup.start_button)
        for _ in range(3):
            yield lambda: True
            label = dialog.writing.label_text.text()
            self._write(label, dialog.writing.canvas)
            self._click(dialog.writing.next_button)
            _say(f"{time.monotonic()} {label}")
        self._click(dialog.writing.stop_button)
        dialog.close()


def work(what: str, folder: Path, seed: int) -> None:
    """Work until somebody kills this process."""
    import gc

    from inkread.bootstrap import Program, make_application

    gc.freeze()  # as inkread.cli does after the imports
    application = make_application()
    program = Program(application, home(folder), folder / _MODEL)
    program.window.show()
    hand = _Hand(program, folder, random.Random(seed))
    steps = getattr(hand, what)()
    is_over = program.window.commands.about_model.isEnabled  # there is a model

    def tick() -> None:
        nonlocal is_over
        if is_over():
            is_over = next(steps)

    _say("begun")
    timer = QTimer(interval=_TICK)
    timer.timeout.connect(tick)
    timer.start()
    application.exec()


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

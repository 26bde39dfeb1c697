from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkread.bootstrap import ErrorHooks, Program
from inkread.data.paths import home
from inkread.ui.widgets.report_dialog import ReportDialog
from tests.template_model import template_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.onnx"
    path.write_bytes(template_model())
    return path


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, tmp_path: Path, model: Path) -> Iterator[Program]:
    before = qapp.palette()
    program = Program(qapp, home(tmp_path / "home"), model)
    with qtbot.waitSignals([program.recognition.model_changed]):
        program.window.show()
    yield program
    program.close()
    qapp.setPalette(before)


def reports(program: Program) -> list[str]:
    dialogs = program.window.findChildren(ReportDialog)
    return [dialog.text.toPlainText() for dialog in dialogs if dialog.isVisible()]


def in_a_slot(fail: Callable[[], None]) -> None:
    QTimer.singleShot(0, fail)


def in_a_thread(fail: Callable[[], None]) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


@pytest.mark.parametrize("where", [in_a_slot, in_a_thread])
def test_an_error_that_nobody_caught_is_reported_and_the_program_goes_on(
    program: Program,
    qtbot: QtBot,
    capsys: pytest.CaptureFixture[str],
    where: Callable[[Callable[[], None]], None],
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("nobody caught me")

    with ErrorHooks(program):
        where(fail)
        qtbot.waitUntil(lambda: len(reports(program)) == 1)
    assert "ZeroDivisionError: nobody caught me" in reports(program)[0]
    assert program.window.isVisible()
    for dialog in program.window.findChildren(ReportDialog):
        dialog.reject()


def test_the_hooks_are_put_back(program: Program) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    with ErrorHooks(program):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_ctrl_c_closes_the_window_without_a_report(program: Program, qtbot: QtBot) -> None:
    with ErrorHooks(program):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert reports(program) == []


AS_ON_X11 = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from inkread import bootstrap

COMPRESS = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents

class OnX11(QApplication):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.setAttribute(COMPRESS, True)

bootstrap.QApplication = OnX11
print(bootstrap.make_application().testAttribute(COMPRESS))
"""


def test_a_busy_window_gets_every_move_of_the_mouse() -> None:
    """Qt's plugin for X11 would keep the last of those that wait."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", AS_ON_X11],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert done.stdout == "False\n", done.stderr


START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from inkread import bootstrap
from inkread.data.paths import home
from inkread.ui.widgets.report_dialog import ReportDialog

class Changed(bootstrap.Program):
    def __init__(self, application, home):
        super().__init__(application, home, Path(sys.argv[1]))
        self.change()
"""

GO = """
bootstrap.Program = Changed
sys.exit(bootstrap.run(home(sys.argv[2])))
"""

CLOSE_AT_ONCE = """
    def change(self):
        assert not self.window.windowIcon().pixmap(64).isNull()
        self.settings.theme = "dark"
        QTimer.singleShot(0, self.window.close)
"""

FAIL_TO_PAINT = """
    def change(self):
        self.frames = 0
        self.broken = Broken(self.window)
        self.broken.program = self

    def on_frame(self):
        self.frames += 1
        QTimer.singleShot(0, self.broken.update if self.frames < 5 else self.count)

    def count(self):
        print(self.frames, "frames", len(self.window.findChildren(ReportDialog)), "report")
        self.window.close()

class Broken(QWidget):
    def paintEvent(self, event):
        self.program.on_frame()
        raise RuntimeError("cannot paint")
"""


def start(change: str, model: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program with a change, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", START + change + GO, str(model), str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )


@pytest.mark.slow
def test_the_program_starts_and_ends_quietly(tmp_path: Path, model: Path) -> None:
    """The window is closed at once, while the model is still being opened."""
    done = start(CLOSE_AT_ONCE, model, tmp_path)
    noise = [line for line in done.stderr.splitlines() if not line.startswith("This plugin")]
    assert (done.returncode, noise, done.stdout) == (0, [], "")
    assert "dark" in (tmp_path / "config" / "settings.ini").read_text("utf-8")


@pytest.mark.slow
def test_an_error_with_every_frame_is_one_report(tmp_path: Path, model: Path) -> None:
    done = start(FAIL_TO_PAINT, model, tmp_path)
    assert (done.returncode, done.stdout) == (0, "5 frames 1 report\n")
    assert "cannot paint" in done.stderr


def test_the_heap_is_shared_before_there_are_workers(
    qapp: QApplication, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shared(Exception):
        pass

    def share() -> None:
        raise Shared

    monkeypatch.setattr("inkread.bootstrap.share_one_heap", share)
    before = threading.active_count()
    with pytest.raises(Shared):
        Program(qapp, home(tmp_path / "home"), model)
    assert threading.active_count() == before

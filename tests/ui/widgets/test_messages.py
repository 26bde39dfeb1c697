from __future__ import annotations

import importlib
import pkgutil
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

import inkread
from inkread.core.errors import FileMissing, FileUnusable, InkreadError, PictureTooLarge
from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.messages import Messages, reason, sentence
from inkread.ui.widgets.report_dialog import ReportDialog


def error_classes() -> list[type[InkreadError]]:
    """All of the program's, but for the command line's own, which the window cannot meet."""
    for module in pkgutil.walk_packages(inkread.__path__, "inkread."):
        if not module.name.startswith("inkread.cli") and module.name != "inkread.__main__":
            importlib.import_module(module.name)
    found = [InkreadError]
    for known in found:
        found += known.__subclasses__()
    ours = (kind for kind in found if kind.__module__.startswith("inkread."))
    return [kind for kind in ours if not kind.__module__.startswith("inkread.cli")]


class Shown:
    """A window that can tell of errors, and what it shows."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.banner = Banner(self.window)
        self.messages = Messages(self.banner, self.window)
        self.window.show()

    @property
    def dialogs(self) -> list[ReportDialog]:
        return [d for d in self.window.findChildren(ReportDialog) if d.isVisible()]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    shown = Shown(qtbot)
    yield shown
    for dialog in shown.dialogs:
        dialog.reject()


def failure(text: str) -> ValueError:
    """An exception with a traceback."""
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_there_are_error_classes_in_every_layer() -> None:
    assert len(error_classes()) > 10
    layers = {kind.__module__.split(".")[1] for kind in error_classes()}
    assert {"core", "ml"} <= layers


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The error sentences that Qt's tool for translators finds in the sources."""
    folder = tmp_path_factory.mktemp("lupdate")
    sources, found = folder / "sources.lst", folder / "found.ts"
    (package,) = map(Path, inkread.__path__)
    sources.write_text("\n".join(map(str, package.rglob("*.py"))))
    tool = shutil.which("lupdate", path=str(Path(PySide6.__file__).parent))
    assert tool is not None
    subprocess.run([tool, f"@{sources}", "-ts", str(found)], check=True, capture_output=True)
    contexts = ElementTree.parse(found).iter("context")
    (errors,) = (c for c in contexts if c.findtext("name") == "errors")
    return {str(message.findtext("source")) for message in errors.iter("message")}


@pytest.mark.parametrize("kind", error_classes())
def test_each_expected_error_is_found_by_the_tool_for_translators(
    kind: type[InkreadError], marked: set[str]
) -> None:
    assert kind.template in marked, f'mark it with QT_TRANSLATE_NOOP("errors", ...): {kind}'


class German(QTranslator):
    """Knows one error sentence."""

    def translate(self, context: str, *texts: Any, **more: Any) -> str:
        known = (context, *texts)[:2] == ("errors", FileMissing.template)
        return "{name} gibt es nicht." if known else ""

    def isEmpty(self) -> bool:
        return False


def test_a_sentence_is_translated_before_its_facts_are_filled_in(qapp: QCoreApplication) -> None:
    translator = German()
    qapp.installTranslator(translator)
    try:
        assert sentence(FileMissing(name="a.png")) == "a.png gibt es nicht."
    finally:
        qapp.removeTranslator(translator)


def test_a_sentence_names_the_file_but_not_its_folders() -> None:
    assert sentence(FileMissing(name="/some/where/a.png")).startswith("a.png: there is no such")
    assert sentence(FileMissing(name="/")).startswith("/: there")
    large = sentence(PictureTooLarge(name="b.gif", width=1, height=2, limit=3))
    assert "1 x 2 pixels" in large


def test_a_sentence_shows_what_others_wrote_literally() -> None:
    error = FileUnusable(name="/a/<b>\u202e\n" + "x" * 1000 + ".png", reason="\x1b" + "y" * 5000)
    text = sentence(error)
    assert text.startswith("<b>\\u202e\\nx")
    assert "x.png: the file cannot be opened (\\x1byy" in text
    assert len(text) < 600
    assert len(reason(error)) <= 400


def test_an_expected_error_is_one_line_that_can_be_closed(shown: Shown) -> None:
    shown.messages.report(FileMissing(name="a.png"))
    assert shown.banner.isVisible()
    assert shown.banner.text == "a.png: there is no such file; check the name and the folder."
    assert shown.banner.accessibleName() == shown.banner.text
    assert shown.dialogs == []
    button = shown.banner.findChild(QToolButton)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not shown.banner.isVisible() and shown.banner.text == ""


def test_a_newer_message_replaces_the_older(shown: Shown) -> None:
    shown.messages.report(FileMissing(name="a.png"))
    shown.messages.report(FileMissing(name="b.png"))
    assert shown.banner.text.startswith("b.png")
    shown.messages.dismiss()
    assert not shown.banner.isVisible()


def test_an_unexpected_error_is_a_report_to_copy(
    shown: Shown, capsys: pytest.CaptureFixture[str]
) -> None:
    shown.messages.report(failure("broken inside"))
    (dialog,) = shown.dialogs
    text = dialog.text.toPlainText()
    for part in ("Inkread 0.", "Python 3.", "numpy ", "onnxruntime ", "Qt 6.", "System: "):
        assert part in text
    assert "Traceback" in text and "ValueError: broken inside" in text
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text
    assert "broken inside" in capsys.readouterr().err


def test_only_one_report_is_shown_at_a_time(
    shown: Shown, capsys: pytest.CaptureFixture[str]
) -> None:
    shown.messages.report(failure("first"))
    shown.messages.report(failure("second"))
    assert len(shown.dialogs) == 1
    shown.dialogs[0].reject()
    assert shown.dialogs == []
    shown.messages.report(failure("third"))
    assert "third" in shown.dialogs[0].text.toPlainText()


def test_an_error_that_comes_again_with_every_frame_is_not_a_dialog_each_time(
    shown: Shown, capsys: pytest.CaptureFixture[str]
) -> None:
    error = failure("paint")
    shown.messages.report(error)
    shown.dialogs[0].reject()
    shown.messages.report(error)
    assert shown.dialogs == []
    assert "again" in shown.banner.text


def test_errors_of_other_threads_are_reported_in_the_window(
    shown: Shown, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=shown.messages.report, args=(failure("far away"),))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(shown.dialogs) == 1)
    assert "far away" in shown.dialogs[0].text.toPlainText()

"""Corrections in the window become samples on the disk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkread.core.ink import rasterise_page
from inkread.data.samples.sample import Kind, Origin, StoredSample
from inkread.data.samples.store import SampleStore
from inkread.ui.window.preferences_dialog import PreferencesDialog
from tests.ui.window_driver import Window
from tests.written import write

Key = Qt.Key


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), rasterise_page(write("618")))
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "home" / "data" / "samples.db"


def samples(database: Path) -> list[StoredSample]:
    return SampleStore.open(database).samples()


def wait_for_note(window: Window, qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: window.main.statusBar().currentMessage() == words)


def correct(window: Window, picture: Path) -> None:
    window.open(picture)
    window.wait_for("618")
    QTest.keyClick(window.page_view, Key.Key_4)
    assert window.reading == "418"


def test_a_correction_of_a_picture_is_kept_and_undone(
    window: Window, qtbot: QtBot, picture: Path, database: Path
) -> None:
    correct(window, picture)
    wait_for_note(window, qtbot, "Kept as a sample: 1 in all")
    (sample,) = samples(database)
    assert (sample.label, sample.guess, sample.source) == ("4", "6", "picture.png")
    assert sample.kind is Kind.PAGE
    assert len(sample.model.split()[-1]) == 64
    window.commands.undo.trigger()
    wait_for_note(window, qtbot, "No longer a sample: 0 in all")
    assert samples(database) == []
    window.commands.redo.trigger()
    wait_for_note(window, qtbot, "Kept as a sample: 1 in all")


def test_the_note_displaces_no_other_message(window: Window, qtbot: QtBot, picture: Path) -> None:
    correct(window, picture)
    window.main.statusBar().showMessage("Saved out.csv")
    with qtbot.waitSignal(window.program.sample_keeper.kept):
        pass
    assert window.main.statusBar().currentMessage() == "Saved out.csv"


def test_a_confirmed_drawing_is_kept_with_its_ink(
    window: Window, qtbot: QtBot, database: Path
) -> None:
    window.write("61")
    window.canvas.setFocus()
    window.press(Key.Key_Right)
    window.press(Key.Key_Return)
    wait_for_note(window, qtbot, "Kept as a sample: 1 in all")
    (sample,) = samples(database)
    assert (sample.source, sample.label) == ("canvas", sample.guess)
    assert sample.ink is not None


def test_a_confirmed_digit_of_a_picture_is_kept_and_shown_as_such(
    window: Window, qtbot: QtBot, picture: Path, database: Path
) -> None:
    window.open(picture)
    window.wait_for("618")
    window.page_view.set_selected(1)
    QTest.keyClick(window.page_view, Key.Key_Return)
    wait_for_note(window, qtbot, "Kept as a sample: 1 in all")
    (sample,) = samples(database)
    assert (sample.label, sample.guess, sample.origin) == ("1", "1", Origin.CONFIRMED)
    assert (sample.source, sample.kind) == ("picture.png", Kind.PAGE)
    glyph = window.page_view.reading.glyphs[1]
    assert glyph.confirmed == "1"
    assert not glyph.is_doubtful
    assert window.page_view.boxes()[1].label == "1✓"


def test_nothing_is_kept_of_those_who_do_not_want_it(
    start: Callable[[], Window], picture: Path, database: Path
) -> None:
    window = start()
    window.commands.preferences.trigger()
    dialog = window.find(PreferencesDialog, "preferences")
    assert dialog.keeps_samples.isChecked()
    dialog.keeps_samples.click()
    dialog.reject()
    correct(window, picture)
    window.close()
    assert not database.exists()
    assert not start().program.settings.keeps_samples


def test_closing_at_once_loses_no_correction(window: Window, picture: Path, database: Path) -> None:
    correct(window, picture)
    window.close()
    assert [sample.label for sample in samples(database)] == ["4"]


def test_a_store_that_fails_costs_no_correction_and_is_reported_once(
    window: Window, qtbot: QtBot, picture: Path, database: Path
) -> None:
    database.mkdir(parents=True)
    correct(window, picture)
    assert "samples" in window.wait_for_message()
    assert window.reading == "418"
    window.main.messages.dismiss()
    QTest.keyClick(window.page_view, Key.Key_5)
    assert window.reading == "518"
    qtbot.waitUntil(lambda: not window.program.sample_keeper.queue.is_busy)
    assert window.message == ""


@pytest.mark.slow
def test_starting_loads_no_sqlite() -> None:
    code = "import inkread.bootstrap, sys; print('sqlite3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

"""Corrections of ink in files are shared with the folder's table, and outlive the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkread.core.ink import rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.picture.page import digest_of
from inkread.data.correction_files import CorrectionFolder
from inkread.data.samples.store import SampleStore
from inkread.ui.folder.model import MARK, TEXT
from inkread.ui.glyphs.glyph_boxes import CONFIRMED
from tests.ui.folder.test_dialog import Reads
from tests.ui.window_driver import Window
from tests.written import write

pytestmark = pytest.mark.slow  # each test goes through the whole window

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def save(path: Path, *texts: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_inkml([Drawing(None, write(text, at=(40, 40))) for text in texts]))
    return path


@pytest.fixture
def ink(tmp_path: Path) -> Path:
    return save(tmp_path / "ink" / "a.inkml", "618")


def show(window: Window, path: Path, text: str) -> None:
    window.open(path)
    window.wait_for(text)


def press(window: Window, key: Qt.Key) -> None:
    QTest.keyClick(window.canvas, key)


@pytest.fixture
def reads(window: Window, qtbot: QtBot, ink: Path) -> Reads:
    """The table of a folder with that file."""
    reads = Reads(window, qtbot)
    reads.read(ink.parent)
    return reads


def texts(reads: Reads) -> list[str]:
    return reads.shown(TEXT)


def test_the_table_says_what_the_window_corrected(reads: Reads, ink: Path, qtbot: QtBot) -> None:
    show(reads.window, ink, "618")
    press(reads.window, Key.Key_Home)
    press(reads.window, Key.Key_4)
    assert reads.window.reading == "418"
    qtbot.waitUntil(lambda: texts(reads) == ["418"])
    assert reads.shown(MARK) == ["corrected"]
    reads.window.commands.undo.trigger()
    assert texts(reads) == ["618"]


def test_the_window_says_what_was_typed_in_the_table(reads: Reads, ink: Path, qtbot: QtBot) -> None:
    reads.type("918")
    show(reads.window, ink, "918")
    assert reads.window.canvas.boxes()[0].label == "9" + CONFIRMED
    reads.type("917")
    assert reads.window.reading == "917"
    qtbot.waitUntil(lambda: not reads.window.program.corrections.is_busy)
    assert texts(reads) == ["917"]
    reads.press(Key.Key_Z, CTRL)
    assert [reads.window.reading, *texts(reads)] == ["918", "918"]


def test_a_text_of_another_length_is_reported(reads: Reads, ink: Path) -> None:
    reads.type("6180")
    show(reads.window, ink, "618")
    assert "6180" in reads.window.wait_for_message()
    assert texts(reads) == ["6180"]
    press(reads.window, Key.Key_4)
    assert not reads.window.message


def test_a_text_that_was_emptied_is_reported(reads: Reads, ink: Path) -> None:
    reads.type(" ")
    show(reads.window, ink, "618")
    assert reads.window.wait_for_message().endswith("(nothing)")


def test_corrections_outlive_the_program_and_are_no_new_samples(
    start: Callable[[], Window], ink: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first = start()
    show(first, ink, "618")
    press(first, Key.Key_Home)
    press(first, Key.Key_4)
    first.close()
    second = start()
    assert second.reading == "Nothing written"  # it is in its file
    show(second, ink, "418")
    assert second.commands.undo.text() == "&Undo Correct"
    same = Reads(second, qtbot)
    same.read(ink.parent)
    qtbot.waitUntil(lambda: texts(same) == ["418"])
    store = SampleStore.open(tmp_path / "home" / "data" / "samples.db")
    assert store.counts() == {"4": 1}
    with qtbot.waitSignal(second.program.sample_keeper.taken_out):
        second.commands.undo.trigger()
    assert store.counts() == {}


def test_what_was_typed_over_them_and_taken_back_costs_no_correction(
    start: Callable[[], Window], ink: Path, qtbot: QtBot
) -> None:
    first = start()
    show(first, ink, "618")
    press(first, Key.Key_Home)
    press(first, Key.Key_4)
    first.commands.new.trigger()
    reads = Reads(first, qtbot)
    reads.read(ink.parent)
    qtbot.waitUntil(lambda: texts(reads) == ["418"])
    reads.type("777")
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == ["418"]
    first.close()
    show(start(), ink, "418")


def test_each_drawing_of_a_file_has_its_own(
    start: Callable[[], Window], tmp_path: Path, qtbot: QtBot
) -> None:
    path = save(tmp_path / "ink" / "several.inkml", "20", "618", "5")
    first = start()
    show(first, path, "20")
    first.commands.next_drawing.trigger()
    first.wait_for("618")
    press(first, Key.Key_Home)
    press(first, Key.Key_4)
    reads = Reads(first, qtbot)
    reads.read(path.parent)
    qtbot.waitUntil(lambda: texts(reads) == ["20 / 418 / 5"])
    first.close()
    second = start()
    show(second, path, "20")
    second.commands.next_drawing.trigger()
    second.wait_for("418")
    later = Reads(second, qtbot)
    later.read(path.parent)
    qtbot.waitUntil(lambda: texts(later) == ["20 / 418 / 5"])
    later.type("26 / 418 / 5")
    second.commands.previous_drawing.trigger()
    second.wait_for("26")


def test_a_drawing_that_is_not_looked_at_keeps_its_corrections(
    start: Callable[[], Window], tmp_path: Path
) -> None:
    path = save(tmp_path / "ink" / "several.inkml", "20", "618")
    first = start()
    show(first, path, "20")
    first.commands.next_drawing.trigger()
    first.wait_for("618")
    press(first, Key.Key_Home)
    press(first, Key.Key_4)
    first.close()
    second = start()
    show(second, path, "20")
    press(second, Key.Key_Home)
    press(second, Key.Key_7)
    second.close()
    third = start()
    show(third, path, "70")
    third.commands.next_drawing.trigger()
    third.wait_for("418")


def test_what_is_saved_as_ink_is_read_as_it_was_corrected(
    start: Callable[[], Window], tmp_path: Path, qtbot: QtBot
) -> None:
    first = start()
    first.write("20")
    press(first, Key.Key_Right)
    press(first, Key.Key_6)
    (tmp_path / "ink").mkdir()
    with qtbot.waitSignal(first.program.saving.saved):
        first.main.files.save_chosen.emit(tmp_path / "ink" / "new.inkml")
    reads = Reads(first, qtbot)
    reads.read(tmp_path / "ink")
    qtbot.waitUntil(lambda: texts(reads) == ["26"])
    press(first, Key.Key_Home)
    press(first, Key.Key_3)
    assert first.reading == "36"
    qtbot.waitUntil(lambda: texts(reads) == ["36"])
    first.close()
    second = start()
    assert second.reading == "Nothing written"
    show(second, tmp_path / "ink" / "new.inkml", "36")


def test_what_is_drawn_while_it_is_being_saved_is_not_in_the_corrections_of_the_file(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    window.write("20")
    press(window, Key.Key_Right)
    press(window, Key.Key_6)
    path = tmp_path / "ink" / "new.inkml"
    path.parent.mkdir()
    with qtbot.waitSignal(window.program.saving.saved):
        window.main.files.save_chosen.emit(path)
        window.draw(write("5", at=(300, 60)))
    qtbot.waitUntil(lambda: not window.program.corrections.is_busy)
    reads = Reads(window, qtbot)
    reads.read(path.parent)
    qtbot.waitUntil(lambda: texts(reads) == ["26"])


def test_corrections_of_other_ink_than_that_of_the_file_are_not_its_own(
    reads: Reads, ink: Path, qtbot: QtBot
) -> None:
    window = reads.window
    show(window, ink, "618")
    window.draw(write("2", at=(400, 40)))
    window.wait_for("6182")
    press(window, Key.Key_Home)
    press(window, Key.Key_4)
    assert window.reading == "4182"
    qtbot.waitUntil(lambda: not window.program.corrections.is_busy)
    assert texts(reads) == ["618"]


def test_a_line_typed_for_each_drawing_is_taken_back_from_all_of_them(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    path = save(tmp_path / "ink" / "several.inkml", "20", "618")
    show(window, path, "20")
    reads = Reads(window, qtbot)
    reads.read(path.parent)
    reads.type("26 / 918")
    assert window.reading == "26"
    window.commands.next_drawing.trigger()
    window.wait_for("918")
    qtbot.waitUntil(lambda: not window.program.corrections.is_busy)
    assert texts(reads) == ["26 / 918"]
    reads.press(Key.Key_Z, CTRL)
    assert window.reading == "618"
    window.commands.previous_drawing.trigger()
    window.wait_for("20")
    assert texts(reads) == ["20 / 618"]
    assert window.commands.undo.text() == "&Undo Open"


def test_a_stroke_after_what_was_typed_is_not_taken_back_with_it(
    reads: Reads, ink: Path, qtbot: QtBot
) -> None:
    reads.type("918")
    show(reads.window, ink, "918")
    reads.window.draw(write("2", at=(400, 40)))
    reads.window.wait_for("9182")
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == ["618"]
    assert reads.window.reading == "9182"


def test_a_text_typed_while_a_picture_covers_the_drawing_is_there_behind_it(
    reads: Reads, ink: Path, tmp_path: Path
) -> None:
    window = reads.window
    show(window, ink, "618")
    picture = tmp_path / "b.png"
    Image.fromarray(rasterise_page(write("27"))).save(picture)
    show(window, picture, "27")
    reads.type("918")
    assert window.reading == "27"
    window.commands.back.trigger()
    window.wait_for("918")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until this is set, no corrections of earlier sessions can be loaded."""
    go_on, known = threading.Event(), CorrectionFolder.known
    monkeypatch.setattr(
        CorrectionFolder, "known", lambda *args: go_on.wait(timeout=20) and known(*args)
    )
    return go_on


def kept(window: Window, path: Path, text: str, qtbot: QtBot) -> None:
    """Type a text for a file in the table, and end the session."""
    reads = Reads(window, qtbot)
    reads.read(path.parent)
    reads.type(text)
    window.close()


def go_on(window: Window, slow: threading.Event, qtbot: QtBot) -> None:
    slow.set()
    qtbot.waitUntil(lambda: not window.program.corrections.is_busy)


@pytest.mark.parametrize("is_shown", [False, True])
def test_what_is_corrected_before_the_file_is_loaded_is_newer(
    start: Callable[[], Window], ink: Path, qtbot: QtBot, slow: threading.Event, is_shown: bool
) -> None:
    slow.set()
    first = start()
    if is_shown:
        show(first, ink, "618")
    kept(first, ink, "918", qtbot)
    slow.clear()
    second = start()
    show(second, ink, "618")
    press(second, Key.Key_Home)
    press(second, Key.Key_4)
    go_on(second, slow, qtbot)
    assert second.reading == "418"
    second.close()
    show(start(), ink, "418")


def test_drawings_that_were_not_looked_at_before_the_file_is_loaded_keep_theirs(
    start: Callable[[], Window], tmp_path: Path, qtbot: QtBot, slow: threading.Event
) -> None:
    slow.set()
    path = save(tmp_path / "ink" / "several.inkml", "20", "618")
    first = start()
    show(first, path, "20")
    first.commands.next_drawing.trigger()
    first.wait_for("618")
    press(first, Key.Key_Home)
    press(first, Key.Key_4)
    first.close()
    slow.clear()
    second = start()
    show(second, path, "20")
    press(second, Key.Key_Home)
    press(second, Key.Key_7)
    go_on(second, slow, qtbot)
    second.commands.next_drawing.trigger()
    second.wait_for("418")
    assert second.program.corrections.of(digest_of(path.read_bytes())).made.says == "70\n418"


def test_ink_that_is_edited_before_its_file_is_loaded_is_other_ink(
    start: Callable[[], Window], ink: Path, qtbot: QtBot, slow: threading.Event
) -> None:
    slow.set()
    kept(start(), ink, "918", qtbot)
    slow.clear()
    second = start()
    show(second, ink, "618")
    second.draw(write("2", at=(400, 40)))
    second.wait_for("6182")
    go_on(second, slow, qtbot)
    assert (second.reading, second.message) == ("6182", "")

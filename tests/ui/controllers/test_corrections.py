"""Corrections of a picture come back with it, and are shared with the folder's table."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from inkread.core.ink import rasterise_page
from inkread.core.picture.page import digest_of
from inkread.ui.folder.model import MARK, TEXT
from inkread.ui.glyphs.glyph_boxes import CONFIRMED
from tests.ui.folder.test_dialog import Reads
from tests.ui.window_driver import Window
from tests.written import write

pytestmark = pytest.mark.slow  # each test goes through the whole window

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def save(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(rasterise_page(write(text))).save(path)
    return path


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return save(tmp_path / "numbers" / "a.png", "618")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return save(tmp_path / "numbers" / "b.png", "27")


def show(window: Window, path: Path, text: str) -> None:
    window.open(path)
    window.wait_for(text)


def test_corrections_come_back_with_their_picture(
    window: Window, picture: Path, other: Path
) -> None:
    show(window, picture, "618")
    window.press(Key.Key_4)
    window.press(Key.Key_Right)
    window.press(Key.Key_7)
    window.commands.undo.trigger()
    show(window, other, "27")
    assert not window.commands.undo.isEnabled()
    show(window, picture, "418")
    assert window.page_view.boxes()[0].label == "4" + CONFIRMED
    window.commands.redo.trigger()
    assert window.reading == "478"
    window.commands.undo.trigger()
    window.commands.undo.trigger()
    assert window.reading == "618"
    assert not window.commands.undo.isEnabled()


def test_the_canvas_between_them_changes_nothing(window: Window, picture: Path) -> None:
    show(window, picture, "618")
    window.press(Key.Key_4)
    window.press(Key.Key_Escape)
    window.write("5")
    show(window, picture, "418")


def test_a_copy_under_another_name_is_the_same_picture(
    window: Window, picture: Path, tmp_path: Path
) -> None:
    show(window, picture, "618")
    window.press(Key.Key_4)
    copy = tmp_path / "copy.png"
    copy.write_bytes(picture.read_bytes())
    show(window, copy, "418")


def test_a_file_that_was_changed_is_another_picture(window: Window, picture: Path) -> None:
    show(window, picture, "618")
    window.press(Key.Key_4)
    show(window, save(picture, "619"), "619")


def test_corrections_outlive_the_program(start: Callable[[], Window], picture: Path) -> None:
    first = start()
    show(first, picture, "618")
    first.press(Key.Key_Backspace)
    first.press(Key.Key_4)
    assert first.reading == "48"
    first.close()
    second = start()
    show(second, picture, "48")
    assert second.commands.undo.text() == "&Undo Correct"
    second.commands.undo.trigger()
    assert second.commands.undo.text() == "&Undo Delete digit"
    second.commands.undo.trigger()
    assert second.reading == "618"
    second.close()
    third = start()
    show(third, picture, "618")
    assert not third.commands.undo.isEnabled()


def test_what_comes_back_is_no_new_sample(
    start: Callable[[], Window], picture: Path, qtbot: QtBot
) -> None:
    first = start()
    show(first, picture, "618")
    with qtbot.waitSignal(first.program.sample_keeper.kept):
        first.press(Key.Key_4)
    first.close()
    second = start()
    emitted: list[str] = []
    second.main.workspace.editor.glyph_corrected.connect(lambda *_: emitted.append("again"))
    show(second, picture, "418")
    assert emitted == []
    with qtbot.waitSignal(second.program.sample_keeper.taken_out) as taken_out:
        second.commands.undo.trigger()
    assert taken_out.args == [0]


def test_a_damaged_file_is_left_aside(
    start: Callable[[], Window], picture: Path, tmp_path: Path
) -> None:
    first = start()
    show(first, picture, "618")
    first.press(Key.Key_4)
    first.close()
    (file,) = (tmp_path / "home").rglob("drafts/*.json")
    file.write_bytes(file.read_bytes()[:-9])
    second = start()
    show(second, picture, "618")
    second.press(Key.Key_9)
    second.close()
    show(start(), picture, "918")


def test_it_is_said_if_they_cannot_be_remembered(
    window: Window, picture: Path, tmp_path: Path
) -> None:
    show(window, picture, "618")
    folder = tmp_path / "home" / "data" / "drafts"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    window.press(Key.Key_4)
    assert "cannot be remembered" in window.wait_for_message()
    assert window.reading == "418"


@pytest.fixture
def reads(window: Window, qtbot: QtBot, picture: Path, other: Path) -> Reads:
    """The table of a folder with both pictures."""
    reads = Reads(window, qtbot)
    reads.read(picture.parent)
    return reads


def texts(reads: Reads) -> list[str]:
    return reads.shown(TEXT)


def test_the_table_says_what_the_window_corrected(
    reads: Reads, picture: Path, tmp_path: Path
) -> None:
    show(reads.window, picture, "618")
    QTest.keyClick(reads.window.page_view, Key.Key_4)
    assert texts(reads) == ["418", "27"]
    assert reads.shown(MARK)[0] == "corrected"
    reads.export(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["text"], row["corrected"]) for row in rows] == [("418", "1"), ("27", "0")]
    reads.window.commands.undo.trigger()
    assert texts(reads) == ["618", "27"]
    assert reads.shown(MARK)[0] == ""


def test_a_folder_read_later_says_it_too(
    start: Callable[[], Window], qtbot: QtBot, picture: Path, other: Path
) -> None:
    first = start()
    show(first, picture, "618")
    first.press(Key.Key_4)
    same = Reads(first, qtbot)
    same.read(picture.parent)
    assert texts(same) == ["418", "27"]
    first.close()
    later = Reads(start(), qtbot)
    later.read(picture.parent)
    qtbot.waitUntil(lambda: texts(later) == ["418", "27"])


def test_the_window_shows_what_was_typed_in_the_table(reads: Reads, picture: Path) -> None:
    reads.type("918")
    show(reads.window, picture, "918")
    assert reads.window.page_view.boxes()[0].label == "9" + CONFIRMED
    assert texts(reads) == ["918", "27"]
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == ["618", "27"]
    assert reads.window.reading == "618"


def test_what_was_typed_is_taken_back_of_a_picture_that_is_no_longer_shown(
    reads: Reads, picture: Path, other: Path
) -> None:
    reads.type("918")
    show(reads.window, picture, "918")
    show(reads.window, other, "27")
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == ["618", "27"]
    show(reads.window, picture, "618")
    assert not reads.window.commands.undo.isEnabled()


def test_typing_in_the_table_reaches_the_picture_on_show(reads: Reads, picture: Path) -> None:
    show(reads.window, picture, "618")
    reads.type("642")
    assert reads.window.reading == "642"
    reads.window.commands.undo.trigger()
    assert reads.window.reading == "618"
    assert texts(reads) == ["618", "27"]


def test_typing_twice_reaches_the_picture_on_show_and_stays_in_the_table(
    reads: Reads, picture: Path
) -> None:
    show(reads.window, picture, "618")
    QTest.keyClick(reads.window.page_view, Key.Key_4)
    for text in ("412", "413"):
        reads.type(text)
        assert [reads.window.reading, *texts(reads)] == [text, text, "27"]
    reads.press(Key.Key_Z, CTRL)
    assert [reads.window.reading, *texts(reads)] == ["412", "412", "27"]


def test_a_step_of_the_window_is_not_taken_for_that_of_the_table(
    reads: Reads, picture: Path
) -> None:
    reads.type("918")
    show(reads.window, picture, "918")
    reads.window.commands.undo.trigger()
    QTest.keyClick(reads.window.page_view, Key.Key_4)  # as many steps as with what was typed
    reads.type("41")
    assert [reads.window.reading, *texts(reads)] == ["418", "41", "27"]


def test_what_cannot_be_shown_is_reported_whenever_the_picture_is(
    reads: Reads, picture: Path, other: Path
) -> None:
    reads.type("6180")
    show(reads.window, picture, "618")
    assert "6180" in reads.window.wait_for_message()
    show(reads.window, other, "27")
    assert not reads.window.message
    show(reads.window, picture, "618")
    assert "6180" in reads.window.wait_for_message()
    assert texts(reads) == ["6180", "27"]


def test_what_is_being_typed_stays_whatever_the_window_corrects_meanwhile(
    reads: Reads, picture: Path
) -> None:
    show(reads.window, picture, "618")
    QTest.keyClick(reads.dialog.table, Key.Key_9)
    (editor,) = reads.dialog.table.findChildren(QLineEdit)
    QTest.keyClick(reads.window.page_view, Key.Key_4)
    assert texts(reads) == ["418", "27"]
    QTest.keyClicks(editor, "17")
    assert editor.text() == "917"


def test_typed_signs_that_no_digit_is_seen_for_are_reported(reads: Reads, picture: Path) -> None:
    reads.type("6180")
    show(reads.window, picture, "618")
    assert "6180" in reads.window.wait_for_message()
    assert texts(reads) == ["6180", "27"]
    QTest.keyClick(reads.window.page_view, Key.Key_4)
    assert texts(reads) == ["418", "27"]
    assert not reads.window.main.workspace.banner.isVisible()


def test_a_text_overruled_in_the_window_comes_back_by_undo_in_the_table(
    reads: Reads, picture: Path
) -> None:
    reads.type("6180")
    show(reads.window, picture, "618")
    QTest.keyClick(reads.window.page_view, Key.Key_4)
    assert texts(reads) == ["418", "27"]
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == ["6180", "27"]
    assert "6180" in reads.window.wait_for_message()
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == [reads.window.reading, "27"] == ["418", "27"]
    assert not reads.dialog.model.history.can_undo


def test_so_does_one_that_the_window_had_made_its_own(reads: Reads, picture: Path) -> None:
    reads.type("918")
    show(reads.window, picture, "918")
    for key in (Key.Key_4, Key.Key_Right, Key.Key_2):
        QTest.keyClick(reads.window.page_view, key)
    assert texts(reads) == [reads.window.reading, "27"] == ["428", "27"]
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == [reads.window.reading, "27"] == ["918", "27"]
    reads.press(Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert texts(reads) == [reads.window.reading, "27"] == ["428", "27"]


def test_a_text_typed_for_one_copy_is_that_of_the_other_at_once(
    window: Window, qtbot: QtBot, picture: Path
) -> None:
    (picture.parent / "copy.png").write_bytes(picture.read_bytes())
    reads = Reads(window, qtbot)
    reads.read(picture.parent)
    reads.type("918")
    assert texts(reads) == ["918", "918"]
    reads.press(Key.Key_Z, CTRL)
    assert texts(reads) == ["618", "618"]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b""])
def test_a_text_typed_for_what_cannot_be_read_outlives_the_program(
    start: Callable[[], Window], qtbot: QtBot, picture: Path, content: bytes
) -> None:
    (picture.parent / "A broken.png").write_bytes(content)
    first = Reads(start(), qtbot)
    first.read(picture.parent)
    first.type("55")
    assert texts(first) == ["55", "618"]
    first.window.close()
    later = Reads(start(), qtbot)
    later.read(picture.parent)
    qtbot.waitUntil(lambda: texts(later) == ["55", "618"])
    assert later.shown(MARK)[0] == "corrected"


def test_a_text_that_was_emptied_is_reported_as_such(reads: Reads, picture: Path) -> None:
    reads.type(" ")
    show(reads.window, picture, "618")
    assert reads.window.wait_for_message().endswith("(nothing)")


def test_typed_texts_outlive_the_program(
    start: Callable[[], Window], qtbot: QtBot, picture: Path, other: Path
) -> None:
    first = Reads(start(), qtbot)
    first.read(picture.parent)
    first.type("918")
    first.window.close()
    second = start()
    show(second, picture, "918")


def test_nothing_is_shown_before_what_was_made_of_a_picture_is_known(
    window: Window, picture: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """However slow the disk is: a correction made meanwhile would not stand over those before."""
    corrections, asked = window.program.corrections, list[str]()
    load = corrections.load
    monkeypatch.setattr(corrections, "load", asked.extend)
    corrections.type_text(digest_of(picture.read_bytes()), "918")
    with qtbot.waitSignal(window.program.recognition.reading_changed):
        window.open(picture)
    qtbot.waitUntil(lambda: not window.program.recognition.is_busy)
    assert window.reading == "Reading..."
    load(asked)
    window.wait_for("918")


def test_window_and_table_correct_in_turns_and_the_next_session_has_it_all(
    start: Callable[[], Window], qtbot: QtBot, picture: Path, other: Path
) -> None:
    (picture.parent / "copy.png").write_bytes(picture.read_bytes())
    first = start()
    show(first, picture, "618")
    reads = Reads(first, qtbot)
    reads.read(picture.parent)
    QTest.keyClick(first.page_view, Key.Key_4)
    assert texts(reads) == ["418", "27", "418"]
    reads.type("912")
    assert [first.reading, *texts(reads)] == ["912", "912", "27", "912"]
    reads.press(Key.Key_Z, CTRL)
    assert [first.reading, *texts(reads)] == ["418", "418", "27", "418"]
    reads.press(Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert [first.reading, *texts(reads)] == ["912", "912", "27", "912"]
    first.close()
    second = start()
    show(second, picture, "912")
    later = Reads(second, qtbot)
    later.read(picture.parent)
    assert texts(later) == ["912", "27", "912"]
    for _ in range(3):  # of the table's text, each digit is a step now
        second.commands.undo.trigger()
    assert not second.commands.undo.isEnabled()
    assert [second.reading, *texts(later)] == ["618", "618", "27", "618"]


def test_what_the_window_says_again_after_overruling_a_typed_text_is_still_the_tables(
    reads: Reads, picture: Path
) -> None:
    reads.type("918")
    show(reads.window, picture, "918")
    QTest.keyClick(reads.window.page_view, Key.Key_4)
    reads.window.commands.undo.trigger()
    assert [reads.window.reading, *texts(reads)] == ["918", "918", "27"]
    reads.press(Key.Key_Z, CTRL)
    assert [reads.window.reading, *texts(reads)] == ["618", "618", "27"]
    assert not reads.dialog.model.history.can_undo

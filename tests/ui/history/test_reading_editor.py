"""Correcting what was read, as a person does it: by keys, clicks and boxes; and taking it back."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, rasterise_page
from inkread.core.reading import Glyph, Reading
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ui.glyphs.glyph_boxes import CONFIRMED, DOUBT
from inkread.ui.glyphs.glyph_widget import GlyphWidget
from inkread.ui.result.probability_panel import ProbabilityRow
from inkread.ui.window.file_dialogs import SaveTextDialog
from tests.ui.canvas.pens import Mouse
from tests.ui.readings import glyph
from tests.ui.window_driver import LEFT, Window
from tests.written import write

pytestmark = pytest.mark.slow  # each test goes through the whole window

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), rasterise_page(write("618")))
    return path


@pytest.fixture
def opened(window: Window, picture: Path) -> Window:
    window.open(picture)
    window.wait_for("618")
    return window


def signs(view: GlyphWidget) -> list[str]:
    """The texts of the boxes."""
    return [box.label.removesuffix(DOUBT) for box in view.boxes()]


def texts(window: Window) -> str:
    return "\n".join(label.text() for label in window.main.findChildren(QLabel))


def status(window: Window) -> str:
    return window.main.statusBar().currentMessage()


def heard(window: Window) -> list[tuple[str, Glyph, str, Any]]:
    """The corrections that are emitted."""
    emitted: list[tuple[str, Glyph, str, Any]] = []
    corrections = window.main.workspace.editor
    for name in ("glyph_corrected", "correction_undone"):
        getattr(corrections, name).connect(
            lambda glyph, label, source=None, name=name: emitted.append(
                (name, glyph, label, source)
            )
        )
    return emitted


# Labels


def test_a_typed_digit_corrects_the_selected_one(opened: Window) -> None:
    emitted = heard(opened)
    machine = opened.page_view.reading.glyphs[0]
    opened.press(Key.Key_4)
    assert opened.reading == "418"
    assert opened.prediction == "4"
    assert signs(opened.page_view) == ["4" + CONFIRMED, "1", "8"]
    assert not opened.page_view.reading.glyphs[0].is_doubtful
    assert "Corrected: was 6 with" in texts(opened)
    assert "[4] 18" in texts(opened)
    ((name, glyph_before, label, source),) = emitted
    assert (name, label) == ("glyph_corrected", "4")
    assert glyph_before is machine
    assert source is None  # of a picture there is no ink


def test_return_says_that_it_is_right(opened: Window) -> None:
    opened.press(Key.Key_Return)
    assert opened.reading == "618"
    assert signs(opened.page_view)[0] == "6" + CONFIRMED
    assert "Confirmed" in texts(opened)
    assert opened.commands.undo.text() == "&Undo Confirm"
    opened.press(Key.Key_Return)
    opened.commands.undo.trigger()
    assert not opened.commands.undo.isEnabled()  # the second time there was nothing to confirm


def test_a_click_on_a_bar_corrects_too(opened: Window) -> None:
    rows = {row.label: row for row in opened.main.findChildren(ProbabilityRow)}
    QTest.mouseClick(rows["9"], LEFT)
    assert opened.reading == "918"


def test_signs_between_digits_can_be_typed(opened: Window) -> None:
    opened.press(Key.Key_Right)
    QTest.keyClicks(opened.page_view, ",")
    assert opened.reading == "6,8"


@pytest.mark.parametrize("key", [Key.Key_X, Key.Key_Space])
def test_other_keys_correct_nothing(opened: Window, key: Key) -> None:
    opened.press(key)
    opened.press(Key.Key_4, CONTROL)
    assert opened.reading == "618"
    assert not opened.commands.undo.isEnabled()


def test_nothing_selected_nothing_corrected(opened: Window) -> None:
    opened.page_view.set_selected(-1)
    opened.press(Key.Key_4)
    opened.press(Key.Key_Delete)
    assert opened.reading == "618"
    for action in opened.commands.reading.correcting[3:4] + opened.commands.reading.correcting[5:]:
        assert action is not None and not action.isEnabled()


def test_a_class_that_is_a_letter_goes_before_the_key_of_a_tool(window: Window) -> None:
    window.write("20")
    window.canvas.set_labels("0e")
    window.press(Key.Key_E)
    assert window.reading == "2e"
    assert not window.commands.eraser.isChecked()
    window.press(Key.Key_P)
    assert window.commands.pen.isChecked()


def test_undo_and_redo_go_step_by_step(opened: Window) -> None:
    emitted = heard(opened)
    opened.press(Key.Key_4)
    opened.press(Key.Key_Right)
    opened.press(Key.Key_7)
    assert opened.reading == "478"
    assert opened.commands.undo.text() == "&Undo Correct"
    opened.press(Key.Key_Z, CONTROL)
    assert opened.reading == "418"
    assert opened.prediction == "1"
    opened.press(Key.Key_Z, CONTROL)
    assert opened.reading == "618"
    assert opened.prediction == "6"
    assert not opened.commands.undo.isEnabled()
    opened.commands.redo.trigger()
    opened.commands.redo.trigger()
    assert opened.reading == "478"
    assert not opened.commands.redo.isEnabled()
    assert [(name, label) for name, _, label, _ in emitted] == [
        ("glyph_corrected", "4"),
        ("glyph_corrected", "7"),
        ("correction_undone", "7"),
        ("correction_undone", "4"),
        ("glyph_corrected", "4"),
        ("glyph_corrected", "7"),
    ]


def test_a_new_recognition_keeps_corrections(opened: Window, model: Path, qtbot: QtBot) -> None:
    opened.press(Key.Key_4)
    opened.press(Key.Key_Right)
    opened.press(Key.Key_Right)
    opened.press(Key.Key_Delete)
    assert opened.reading == "41"
    with qtbot.waitSignal(opened.program.recognition.reading_changed):
        opened.program.recognition.set_model(lambda: OnnxClassifier.open(model))
    assert opened.reading == "41"
    opened.commands.undo.trigger()
    assert opened.reading == "418"


def test_another_picture_has_its_own_history(opened: Window, tmp_path: Path) -> None:
    opened.press(Key.Key_4)
    other = tmp_path / "other.png"
    cv2.imwrite(str(other), rasterise_page(write("57")))
    opened.open(other)
    opened.wait_for("57")
    assert not opened.commands.undo.isEnabled()


def test_the_canvas_has_its_steps_back_after_a_picture(window: Window, picture: Path) -> None:
    window.write("42")
    window.open(picture)
    window.wait_for("618")
    window.press(Key.Key_4)
    window.press(Key.Key_Escape)
    window.wait_for("42")
    assert window.commands.undo.text() == "&Undo Draw"


# Boxes


def test_delete_takes_a_digit_of_a_picture_away(opened: Window) -> None:
    opened.press(Key.Key_Right)
    opened.press(Key.Key_Delete)
    assert opened.reading == "68"
    assert opened.prediction in "68"
    opened.press(Key.Key_Backspace)
    assert len(opened.reading) == 1
    opened.commands.undo.trigger()
    opened.commands.undo.trigger()
    assert opened.reading == "618"
    assert opened.prediction == "1"


def test_the_last_digit_can_be_deleted_and_comes_back(opened: Window) -> None:
    for _ in range(3):
        opened.press(Key.Key_Delete)
    assert opened.reading == "Nothing written"
    for _ in range(3):
        opened.commands.undo.trigger()
    assert opened.reading == "618"


def frame(window: Window, *numbers: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Corners around some boxes of a picture, px of the page view."""
    boxes = [window.page_view.boxes()[i].frame for i in numbers]
    whole = union(Box(r.x(), r.y(), r.width(), r.height()) for r in boxes)
    return (whole.x - 1, whole.y - 1), (whole.right + 1, whole.bottom + 1)


def test_a_drawn_box_is_read_as_one_digit(opened: Window) -> None:
    corners = frame(opened, 1)
    opened.press(Key.Key_Right)
    opened.press(Key.Key_Delete)
    assert opened.reading == "68"
    Mouse(opened.page_view, keys=SHIFT).drag(*corners)
    opened.wait_for("618")
    assert opened.prediction == "1"
    assert opened.page_view.selected == 1
    assert opened.commands.undo.text() == "&Undo Draw box"
    opened.commands.undo.trigger()
    assert opened.reading == "68"


def test_a_box_over_several_digits_makes_them_one(opened: Window, qtbot: QtBot) -> None:
    opened.press(Key.Key_B)
    Mouse(opened.page_view).drag(*frame(opened, 0, 1))
    qtbot.waitUntil(lambda: len(opened.page_view.reading.glyphs) == 2)
    assert opened.reading[-1] == "8"
    opened.press(Key.Key_B)
    opened.commands.undo.trigger()
    assert opened.reading == "618"


def test_an_empty_box_is_said_to_be_empty(opened: Window, qtbot: QtBot) -> None:
    shown = opened.page_view.page_rect()
    corner = (shown.left() + 1, shown.top() + 1)
    Mouse(opened.page_view, keys=SHIFT).drag(corner, (corner[0] + 8, corner[1] + 8))
    qtbot.waitUntil(lambda: "Nothing is written" in status(opened))
    assert opened.reading == "618"


def test_two_are_joined_and_one_is_split(opened: Window, qtbot: QtBot) -> None:
    before = opened.page_view.reading.glyphs
    opened.press(Key.Key_J, CONTROL)
    qtbot.waitUntil(lambda: len(opened.page_view.reading.glyphs) == 2)
    joined = opened.page_view.reading.glyphs[0]
    assert joined.box == union(g.box for g in before[:2])
    assert opened.page_view.selected == 0
    opened.press(Key.Key_K, CONTROL)
    opened.wait_for("618")
    boxes = [glyph.box for glyph in opened.page_view.reading.glyphs]
    assert boxes[0].right <= boxes[1].x
    opened.commands.undo.trigger()
    opened.commands.undo.trigger()
    assert opened.page_view.reading.glyphs == before


def test_the_last_digit_of_a_line_has_none_to_be_joined_with(opened: Window) -> None:
    opened.press(Key.Key_End)
    opened.press(Key.Key_J, CONTROL)
    assert "the last of its line" in status(opened)
    assert not opened.program.recognition.rereading.is_busy
    assert opened.reading == "618"


def test_what_was_said_goes_when_something_else_is_done(opened: Window) -> None:
    acts: tuple[Callable[[], None], ...] = (
        lambda: opened.press(Key.Key_Home),
        lambda: opened.press(Key.Key_4),
        opened.commands.undo.trigger,
        lambda: opened.press(Key.Key_Escape),
    )
    for act in acts:
        opened.page_view.set_selected(2)
        opened.press(Key.Key_J, CONTROL)
        assert status(opened)
        act()
        assert "the last of its line" not in status(opened)


def test_a_stroke_ends_what_was_said(window: Window) -> None:
    window.write("618")
    window.press(Key.Key_F8)
    assert "doubtful" in status(window)
    window.draw(write("7", at=(420, 60)), release=False)
    assert status(window) == ""
    QTest.mouseRelease(window.canvas, LEFT)


def test_home_and_end_go_to_the_first_and_the_last_digit(opened: Window) -> None:
    opened.press(Key.Key_End)
    assert opened.page_view.selected == 2
    opened.press(Key.Key_Home)
    assert opened.page_view.selected == 0


def test_the_mode_of_boxes_ends_when_another_picture_is_opened(
    opened: Window, tmp_path: Path
) -> None:
    opened.press(Key.Key_B)
    path = tmp_path / "other.png"
    cv2.imwrite(str(path), rasterise_page(write("27")))
    opened.open(path)
    opened.wait_for("27")
    assert not opened.commands.reading.draw_box.isChecked()


def test_the_mode_of_boxes_ends_with_the_picture(opened: Window) -> None:
    opened.press(Key.Key_B)
    assert opened.commands.reading.draw_box.isChecked()
    opened.commands.back.trigger()
    assert not opened.commands.reading.draw_box.isChecked()
    assert not opened.commands.reading.draw_box.isEnabled()


def test_escape_ends_the_mode_of_boxes_and_then_leaves_the_picture(opened: Window) -> None:
    opened.press(Key.Key_B)
    opened.press(Key.Key_Escape)
    assert not opened.commands.reading.draw_box.isChecked()
    assert not opened.main.workspace.is_drawing
    opened.press(Key.Key_Escape)
    assert opened.main.workspace.is_drawing


def test_an_answer_for_a_picture_that_is_gone_is_dropped(window: Window, picture: Path) -> None:
    window.write("42")
    window.open(picture)
    window.wait_for("618")
    window.press(Key.Key_J, CONTROL)
    window.press(Key.Key_Escape)
    window.wait_for("42")
    window.program.executor.wait()
    QApplication.processEvents()
    assert window.reading == "42"
    assert window.commands.undo.text() == "&Undo Draw"


# Ink


def test_ink_is_corrected_as_long_as_its_strokes_stay(window: Window) -> None:
    emitted = heard(window)
    window.write("20")
    window.press(Key.Key_8)
    assert window.reading == "28"
    assert isinstance(emitted[0][3], Ink) and emitted[0][3] is window.canvas.ink
    window.draw(write("7", at=(300, 60)))
    window.wait_for("287")
    assert signs(window.canvas)[1] == "8" + CONFIRMED
    window.commands.undo.trigger()
    window.wait_for("28")
    window.commands.undo.trigger()
    window.wait_for("20")


def test_a_stroke_more_makes_it_another_digit(window: Window, qtbot: QtBot) -> None:
    window.write("20")
    window.press(Key.Key_8)
    box = window.canvas.reading.glyphs[1].box
    x, y = round(box.centre[0]), round(box.y) + 10
    Mouse(window.canvas).drag((x, y), (x, y + 40), (x, y + 90))
    qtbot.waitUntil(lambda: len(window.canvas.ink.strokes) == len(write("20").strokes) + 1)
    qtbot.waitUntil(lambda: CONFIRMED not in "".join(signs(window.canvas)))


def test_backspace_takes_the_strokes_of_a_digit(window: Window) -> None:
    window.write("204")
    strokes = window.canvas.ink.strokes
    window.press(Key.Key_Left)
    window.press(Key.Key_Backspace)
    window.wait_for("2 4")  # the gap is a space now
    assert len(window.canvas.ink.strokes) == len(strokes) - 1
    assert window.commands.undo.text() == "&Undo Delete digit"
    window.commands.undo.trigger()
    window.wait_for("204")
    assert window.canvas.ink.strokes == strokes


def test_backspace_leaves_a_digit_that_another_box_surrounds(window: Window) -> None:
    """As the box of a comma that was given the bar of a five."""
    window.write("204")
    strokes = window.canvas.ink.strokes
    two, nought, four = window.canvas.reading.glyphs
    wide = replace(two, box=union([two.box, nought.box]))
    window.program.recognition.reading_changed.emit(Reading((wide, nought, four)))
    window.press(Key.Key_Home)
    window.press(Key.Key_Backspace)
    window.wait_for("04")
    assert window.canvas.ink.strokes == strokes[1:]


def test_digits_of_ink_are_joined_and_split(window: Window, qtbot: QtBot) -> None:
    window.write("27")
    window.press(Key.Key_Home)
    window.press(Key.Key_J, CONTROL)
    qtbot.waitUntil(lambda: len(window.canvas.reading.glyphs) == 1)
    window.press(Key.Key_K, CONTROL)
    window.wait_for("27")


# Doubt


def doubtful_reading() -> Reading:
    """Of 3 and 5 the model is not sure; 7 may be none."""
    places = iter(range(20, 400, 60))
    glyphs = [
        glyph("1", 0.99, at=(next(places), 40)),
        glyph("3", 0.6, at=(next(places), 40)),
        glyph("4", 0.95, at=(next(places), 40)),
        glyph("5", 0.7, at=(next(places), 40)),
        glyph("7", 0.97, at=(next(places), 40), rejected=True),
    ]
    return Reading(tuple(glyphs))


@pytest.fixture
def unsure(opened: Window) -> Window:
    opened.program.recognition.reading_changed.emit(doubtful_reading())
    return opened


def test_doubtful_digits_are_marked(unsure: Window) -> None:
    assert [box.is_doubted for box in unsure.page_view.boxes()] == [False, True, False, True, True]
    assert "Doubtful: 3" in texts(unsure)


def test_f8_walks_through_the_doubtful_and_round(unsure: Window) -> None:
    seen = []
    for _ in range(4):
        unsure.press(Key.Key_F8)
        seen.append(unsure.prediction)
    assert seen == ["3", "5", "not a digit?", "3"]
    assert "Doubtful digit 1 of 3" in status(unsure)
    unsure.press(Key.Key_F8, SHIFT)
    assert unsure.prediction == "not a digit?"


def test_f8_calls_a_sign_no_digit(opened: Window) -> None:
    sure, *others = doubtful_reading().glyphs
    glyphs = (sure, replace(others[0], is_mark=True), *others[1:])
    opened.program.recognition.reading_changed.emit(Reading(glyphs))
    opened.press(Key.Key_F8)
    assert "Doubtful character 1 of 3" in status(opened)


def test_what_is_corrected_or_confirmed_is_doubtful_no_longer(unsure: Window) -> None:
    for key in (Key.Key_8, Key.Key_Return, Key.Key_2):
        unsure.press(Key.Key_F8)
        unsure.press(key)
    assert unsure.reading == "18452"
    unsure.press(Key.Key_F8)
    assert "No digit is doubtful" in status(unsure)


def test_f8_brings_a_zoomed_picture_to_the_digit(unsure: Window) -> None:
    view = unsure.page_view
    for _ in range(6):
        unsure.press(Key.Key_Plus, CONTROL)
    assert not view.zoom.is_whole
    for _ in range(3):
        unsure.press(Key.Key_F8)
        assert view.rect().contains(view.boxes()[view.selected].frame.toAlignedRect())
    unsure.press(Key.Key_0, CONTROL)
    assert view.zoom.is_whole
    assert not unsure.commands.reading.zoom_out.isEnabled()


# Saving


def saved(window: Window, path: Path, qtbot: QtBot) -> bytes:
    """Ask for a place as the menu does, and answer with `path`."""
    window.commands.reading.save_text.trigger()
    dialog = window.main.findChild(SaveTextDialog, "save_text")
    assert dialog is not None
    with qtbot.waitSignal(window.program.saving.saved):
        dialog.fileSelected.emit(str(path))
    dialog.close()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: "Saved" in status(window))
    return path.read_bytes()


def test_the_corrected_text_is_saved_and_copied(
    opened: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    opened.press(Key.Key_4)
    assert saved(opened, tmp_path / "out.txt", qtbot) == b"418\n"
    opened.commands.copy.trigger()
    assert QGuiApplication.clipboard().text() == "418"


def test_it_is_saved_as_the_command_line_writes(
    opened: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    opened.press(Key.Key_4)
    table = saved(opened, tmp_path / "out.csv", qtbot).decode()
    (row,) = csv.DictReader(table.splitlines())
    assert (row["file"], row["text"]) == (str(tmp_path / "picture.png"), "418")
    (page,) = json.loads(saved(opened, tmp_path / "out.JSON", qtbot))
    assert page["text"] == "418"
    assert [each["confirmed"] for each in page["glyphs"]] == [True, False, False]
    assert page["glyphs"][0]["probability"] == 1


def test_without_an_ending_it_is_text(opened: Window, tmp_path: Path, qtbot: QtBot) -> None:
    opened.press(Key.Key_T, CONTROL)
    dialog = opened.main.findChild(SaveTextDialog, "save_text")
    assert dialog is not None
    with qtbot.waitSignal(opened.program.saving.saved):
        dialog.fileSelected.emit(str(tmp_path / "out"))
    dialog.close()
    assert (tmp_path / "out.txt").read_text() == "618\n"


def test_nothing_read_nothing_to_save(window: Window) -> None:
    assert not window.commands.reading.save_text.isEnabled()
    window.write("1")
    assert window.commands.reading.save_text.isEnabled()


# Marks for the eye


def test_a_long_line_shows_only_the_neighbours(
    opened: Window, make_reading: Callable[[str], Reading]
) -> None:
    opened.program.recognition.reading_changed.emit(make_reading("1234567890123"))
    opened.page_view.set_selected(6)
    assert "…3456 [7] 8901…" in texts(opened)
    opened.page_view.set_selected(0)
    assert "[1] 2345…" in texts(opened)


@pytest.fixture
def make_reading() -> Callable[[str], Reading]:
    def make(text: str) -> Reading:
        glyphs = [replace(glyph(sign, at=(12 * i, 10))) for i, sign in enumerate(text)]
        return Reading(tuple(glyphs))

    return make


def test_what_is_one_digit_in_one_layout_swallows_none_in_another(
    opened: Window, qtbot: QtBot
) -> None:
    opened.trigger("layout_digit")
    qtbot.waitUntil(lambda: len(opened.page_view.reading.glyphs) == 1)
    opened.press(Key.Key_4)
    assert opened.reading == "4"
    opened.trigger("layout_auto")
    opened.wait_for("618")
    opened.page_view.set_selected(0)
    opened.press(Key.Key_9)
    assert opened.reading == "918"
    opened.trigger("layout_digit")
    opened.wait_for("4")
    opened.trigger("layout_auto")
    opened.wait_for("918")

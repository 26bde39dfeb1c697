from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QTranslator, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink, rasterise_page
from inkread.core.inkml import Drawing, read_inkml, write_inkml
from inkread.core.layout import Layout
from inkread.core.picture.containers import tiff_pages
from inkread.core.reading import StageName
from inkread.ui.canvas.scroll import CanvasScroll
from inkread.ui.folder.dialog import FolderDialog
from inkread.ui.page.pages_bar import PagesBar
from inkread.ui.widgets.grey_image import grey_image
from inkread.ui.window.about_dialog import AboutDialog, ModelDialog
from inkread.ui.window.file_dialogs import OpenDialog, SaveDialog
from inkread.ui.window.preferences_dialog import PreferencesDialog
from tests.ui.window_driver import LEFT, Window
from tests.written import write

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), rasterise_page(write("618")))
    return path


def lightness(window: Window) -> int:
    QApplication.processEvents()
    return window.main.palette().window().color().lightness()


def is_shown(widget: QWidget) -> bool:
    return widget.isVisible()


# Drawing


def test_an_empty_canvas_says_that_nothing_is_written(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(window.probabilities))  # the classes come with the first reading
    assert window.reading == "Nothing written"
    assert window.prediction == ""
    assert set(window.probabilities) == set("0123456789")
    assert not any(window.probabilities.values())
    assert not window.commands.copy.isEnabled()


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_drawn_by_mouse_is_read(window: Window, digit: str) -> None:
    window.write(digit)
    assert window.prediction == digit
    assert max(window.probabilities, key=window.probabilities.__getitem__) == digit
    assert sum(window.probabilities.values()) == pytest.approx(1, abs=1e-3)
    assert window.pipeline.stage_names[-1] is StageName.CELL


def test_it_is_read_while_it_is_drawn(window: Window) -> None:
    window.draw(write("3", at=(60, 60)), release=False)
    window.wait_for("3")
    assert window.canvas.ink.is_empty


def test_several_digits_are_one_text(window: Window) -> None:
    window.write("20\n47")
    assert window.program.window.workspace.text == "20\n47"


def test_the_digit_just_written_is_shown_in_detail(window: Window) -> None:
    window.write("20")
    assert window.prediction == "0"
    window.draw(write("7", at=(300, 60)))
    window.wait_for("207")
    assert window.prediction == "7"


def test_arrow_keys_go_through_the_digits(window: Window) -> None:
    window.write("204")
    assert window.prediction == "4"
    window.press(Key.Key_Left)
    assert window.prediction == "0"
    assert max(window.probabilities, key=window.probabilities.__getitem__) == "0"
    window.press(Key.Key_Left)
    assert window.prediction == "2"
    window.press(Key.Key_Right)
    assert window.prediction == "0"


def test_a_click_on_a_number_selects_that_digit(window: Window) -> None:
    window.write("204")
    tag = window.canvas.boxes()[0].tag.center().toPoint()
    QTest.mouseClick(window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, tag)
    assert window.prediction == "2"
    assert len(window.canvas.ink.strokes) == len(write("204").strokes)


def test_undo_redo_and_clear_by_the_keyboard(window: Window) -> None:
    window.write("71")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("7")
    window.commands.redo.trigger()
    window.wait_for("71")
    window.press(Key.Key_Delete)
    window.wait_for("Nothing written")
    assert window.prediction == ""
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("71")


def test_the_undo_entry_names_the_step(window: Window) -> None:
    assert not window.commands.undo.isEnabled()
    window.write("1")
    assert window.commands.undo.text() == "&Undo Draw"
    window.commands.clear.trigger()
    assert window.commands.undo.text() == "&Undo Clear"
    window.commands.undo.trigger()
    assert window.commands.redo.text() == "&Redo Clear"


def test_the_eraser_takes_strokes_away(window: Window) -> None:
    window.write("17")
    window.press(Key.Key_E)
    assert window.commands.eraser.isChecked()
    x, y = window.canvas.ink.strokes[0].points[len(window.canvas.ink.strokes[0].points) // 2]
    middle = QPoint(round(float(x)), round(float(y)))
    QTest.mouseClick(window.canvas, LEFT, Qt.KeyboardModifier.NoModifier, middle)
    window.wait_for("7")
    window.press(Key.Key_P)
    assert not window.canvas.eraser


def test_pen_width_by_key_slider_and_restart(window: Window, start: Callable[[], Window]) -> None:
    before = window.canvas.pen_width
    window.press(Key.Key_BracketRight)
    window.press(Key.Key_BracketRight)
    window.press(Key.Key_BracketLeft)
    assert window.canvas.pen_width == before + 2
    window.main.tools.width_slider.setValue(31)
    assert window.canvas.pen_width == 31
    window.close()
    assert start().canvas.pen_width == 31


def test_the_result_is_copied_as_text(window: Window) -> None:
    window.write("20\n47")
    window.press(Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "20\n47"
    assert "Copied" in window.main.statusBar().currentMessage()


# Pictures


def test_a_dropped_picture_is_shown_and_read(window: Window, picture: Path) -> None:
    window.open(picture)
    window.wait_for("618")
    assert is_shown(window.page_view) and not is_shown(window.canvas)
    assert len(window.page_view.boxes()) == 3
    assert window.prediction == "6"
    assert StageName.THRESHOLD in window.pipeline.stage_names
    assert "picture.png" in [label.text() for label in window.main.findChildren(QLabel)]


def test_what_happens_to_the_page_is_shown_instead_of_the_digit(
    window: Window, picture: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open(picture)
    window.wait_for("618")
    stages = window.pipeline.page_stages
    window.pipeline.page_button.click()
    qtbot.waitUntil(lambda: len(stages.views()) > 1)
    assert stages.isVisible()
    assert "Threshold" in [view.accessibleName() for view in stages.views()]
    first = stages.views()
    other = tmp_path / "other.png"
    cv2.imwrite(str(other), 255 - rasterise_page(write("27")))
    window.open(other)
    window.wait_for("27")
    qtbot.waitUntil(lambda: bool(stages.views()) and stages.views() != first)
    window.commands.back.trigger()
    assert not stages.isVisible() and not window.pipeline.page_button.isVisible()
    assert any(view.isVisible() for view in window.pipeline.views())


def test_the_stages_of_a_page_that_lies_on_its_side_show_it_turned(
    window: Window, picture: Path, qtbot: QtBot
) -> None:
    cv2.imwrite(str(picture), np.rot90(rasterise_page(write("618"))))
    stages = window.pipeline.page_stages
    window.pipeline.page_button.setChecked(True)
    window.open(picture)
    window.wait_for("618")
    qtbot.waitUntil(lambda: "Turned" in [view.accessibleName() for view in stages.views()])


def test_digits_of_a_picture_are_selected_by_key_and_click(window: Window, picture: Path) -> None:
    window.open(picture)
    window.wait_for("618")
    window.press(Key.Key_Right)
    assert window.prediction == "1"
    centre = window.page_view.boxes()[2].frame.center().toPoint()
    QTest.mouseClick(window.page_view, LEFT, Qt.KeyboardModifier.NoModifier, centre)
    assert window.prediction == "8"


def test_back_to_drawing_finds_the_ink_and_reads_it(window: Window, picture: Path) -> None:
    window.write("42")
    ink = window.canvas.ink
    window.open(picture)
    window.wait_for("618")
    assert not window.commands.undo.isEnabled() and not window.commands.clear.isEnabled()
    window.press(Key.Key_Escape)
    window.wait_for("42")
    assert is_shown(window.canvas)
    assert window.canvas.ink is ink
    assert window.commands.undo.isEnabled()


def test_a_new_drawing_leaves_the_picture_and_clears(window: Window, picture: Path) -> None:
    window.write("4")
    window.open(picture)
    window.wait_for("618")
    window.commands.new.trigger()
    window.wait_for("Nothing written")
    assert is_shown(window.canvas) and window.canvas.ink.is_empty
    window.commands.undo.trigger()
    window.wait_for("4")


def test_a_blank_picture_says_that_nothing_is_written(window: Window, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((200, 300), 255, np.uint8))
    window.write("4")
    window.open(tmp_path / "blank.png")
    window.wait_for("Nothing written")
    assert is_shown(window.page_view)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.png", None, "none.png: there is no such file"),
        ("text.png", b"no picture", "text.png: this is not a picture"),
        ("cut.png", b"\x89PNG\r\n\x1a\n", "cut.png: the picture is damaged"),
        ("empty.png", b"", "empty.png: the file is empty"),
        ("bad.inkml", b"<ink><trace>x</trace></ink>", "bad.inkml: this InkML cannot be read"),
    ],
)
def test_what_cannot_be_opened_is_reported_in_one_sentence(
    window: Window, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    window.write("4")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    window.open(tmp_path / name)
    assert window.wait_for_message().startswith(words)
    assert is_shown(window.canvas) and window.reading == "4"


def test_a_message_goes_when_something_else_is_opened(
    window: Window, tmp_path: Path, picture: Path
) -> None:
    window.open(tmp_path / "none.png")
    window.wait_for_message()
    window.open(picture)
    window.wait_for("618")
    assert window.message == ""


def test_several_dropped_files_become_a_table(
    window: Window, picture: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (tmp_path / "none.png", picture)])
    with qtbot.waitSignal(window.program.folders.finished):
        assert window.drop(mime)
    dialog = window.find(FolderDialog, "folder")
    assert dialog.windowTitle() == "Read files: 2"
    assert [row.text for row, _ in dialog.model.rows] == ["", "618"]
    assert [row.error is None for row, _ in dialog.model.rows] == [False, True]


class TestPages:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        pages = [Image.fromarray(rasterise_page(write(text))) for text in ("47", "1", "23")]
        pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
        return tmp_path / "a.tiff"

    def test_keys_and_bar_go_through_them(self, window: Window, file: Path) -> None:
        window.open(file)
        window.wait_for("47")
        bar = window.find(PagesBar, "pages")
        assert bar.isVisible()
        for name, text, words in (
            ("next_page", "1", "Page 2 of 3"),
            ("next_page", "23", "Page 3 of 3"),
            ("previous_page", "1", "Page 2 of 3"),
        ):
            getattr(window.commands, name).trigger()
            window.wait_for(text)
            assert words in [label.text() for label in bar.findChildren(QLabel)]
            assert window.main.workspace.name == str(file)
        assert window.commands.next_page.isEnabled()
        assert not window.commands.next_drawing.isEnabled()
        window.press(Key.Key_Escape)
        assert not bar.isVisible()
        assert not window.commands.next_page.isEnabled()

    def test_each_keeps_its_corrections(self, window: Window, file: Path) -> None:
        window.open(file)
        window.wait_for("47")
        window.press(Key.Key_9)
        window.wait_for("97")
        window.commands.next_page.trigger()
        window.wait_for("1")
        window.commands.previous_page.trigger()
        window.wait_for("97")

    def test_one_that_cannot_be_opened_is_passed_by(self, window: Window, file: Path) -> None:
        data = bytearray(file.read_bytes())
        second = tiff_pages(bytes(data))[1]
        data[second + 10 : second + 14] = b"\0\0\0\0"  # of the width
        file.write_bytes(data)
        window.open(file)
        window.wait_for("47")
        window.commands.next_page.trigger()
        assert "a.tiff (page 2)" in window.wait_for_message()
        assert window.reading == "47"
        window.commands.next_page.trigger()
        window.wait_for("23")

    def test_a_picture_of_one_page_has_no_bar(self, window: Window, picture: Path) -> None:
        window.open(picture)
        window.wait_for("618")
        assert not window.find(PagesBar, "pages").isVisible()


class TestScreen:
    def test_a_region_is_read_as_a_pasted_picture(self, window: Window) -> None:
        picture = grey_image(rasterise_page(write("47")))
        window.main.region.taken.emit(picture)
        window.wait_for("47")
        assert window.page_view.isVisible()

    def test_where_no_program_may_see_it_that_is_said(self, window: Window) -> None:
        window.main.region.refused.emit()
        assert "lets no program see the screen" in window.message


def test_what_went_wrong_is_history_after_a_success(window: Window, tmp_path: Path) -> None:
    window.write("4")
    window.open(tmp_path / "none.png")
    window.wait_for_message()
    window.press(Key.Key_C, CONTROL)
    assert window.message == ""
    window.open(tmp_path / "none.png")
    assert window.main.statusBar().currentMessage() == ""


def test_a_suffix_of_no_format_is_reported(window: Window, tmp_path: Path) -> None:
    window.write("4")
    window.main.files.save_chosen.emit(tmp_path / "drawing.doc")
    assert window.wait_for_message().startswith("drawing.doc: drawings are saved as .inkml, .svg")


def test_a_picture_is_pasted_from_the_clipboard(window: Window, picture: Path) -> None:
    QGuiApplication.clipboard().setImage(QImage(str(picture)))
    window.press(Key.Key_V, CONTROL)
    window.wait_for("618")


def test_a_copied_file_is_pasted_too(window: Window, picture: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture))])
    QGuiApplication.clipboard().setMimeData(mime)
    window.press(Key.Key_V, CONTROL)
    window.wait_for("618")


def test_there_may_be_nothing_to_paste(window: Window) -> None:
    QGuiApplication.clipboard().setText("618")
    window.press(Key.Key_V, CONTROL)
    assert "no picture" in window.main.statusBar().currentMessage()
    assert not is_shown(window.page_view)


def test_picture_data_can_be_dropped_but_text_cannot(window: Window, picture: Path) -> None:
    text = QMimeData()
    text.setText("618")
    assert not window.drop(text)
    data = QMimeData()
    data.setImageData(QImage(str(picture)))
    assert window.drop(data)
    window.wait_for("618")


@pytest.mark.parametrize(("kind", "suffix"), [("image/png", ".png"), ("image/jpeg", ".jpg")])
def test_the_bytes_of_a_picture_can_be_dropped(window: Window, kind: str, suffix: str) -> None:
    data = QMimeData()
    encoded = cv2.imencode(suffix, rasterise_page(write("618")))[1]
    data.setData(kind, encoded.tobytes())
    assert window.drop(data)
    window.wait_for("618")


def test_the_open_dialog_opens_what_is_chosen(window: Window, picture: Path) -> None:
    window.press(Key.Key_O, CONTROL)
    dialog = window.find(OpenDialog, "open")
    dialog.fileSelected.emit(str(picture))
    dialog.reject()
    window.wait_for("618")


def test_recent_files_are_offered_again_after_a_restart(
    window: Window, start: Callable[[], Window], picture: Path
) -> None:
    assert not window.main.menus.recent.isEnabled()
    window.open(picture)
    window.wait_for("618")
    assert window.program.settings.last_folder == str(picture.parent)
    window.close()
    again = start()
    menu = again.main.menus.recent
    menu.aboutToShow.emit()
    (entry,) = menu.actions()
    assert "picture.png" in entry.text()
    entry.trigger()
    again.wait_for("618")


def test_a_recent_file_that_is_gone_is_forgotten(window: Window, picture: Path) -> None:
    window.open(picture)
    window.wait_for("618")
    picture.unlink()
    window.open(picture)
    window.wait_for_message()
    assert window.program.settings.recent_files == ()


def test_opening_can_be_cancelled(window: Window, picture: Path, qtbot: QtBot) -> None:
    window.write("4")
    window.open(picture)
    busy = window.main.busy
    qtbot.waitUntil(busy.isVisible)
    busy.cancelled.emit()
    assert not busy.isVisible()
    window.program.executor.wait()
    window.commands.back.trigger()
    window.wait_for("4")


# Ink in files


def save(window: Window, path: Path, name_filter: str, qtbot: QtBot) -> None:
    window.commands.save_as.trigger()
    dialog = window.find(SaveDialog, "save")
    dialog.selectNameFilter(next(name for name in dialog.nameFilters() if name_filter in name))
    with qtbot.waitSignal(window.program.saving.saved):
        dialog.fileSelected.emit(str(path))
    dialog.reject()


@pytest.mark.parametrize("suffix", [".inkml", ".svg", ".png"])
def test_the_drawing_is_saved_with_the_suffix_of_its_format(
    window: Window, tmp_path: Path, qtbot: QtBot, suffix: str
) -> None:
    window.write("47")
    save(window, tmp_path / "drawing", f"*{suffix}", qtbot)
    assert (tmp_path / f"drawing{suffix}").stat().st_size > 100
    assert f"drawing{suffix}" in window.main.statusBar().currentMessage()


def test_a_suffix_that_was_typed_decides(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.write("1")
    save(window, tmp_path / "drawing.svg", "*.png", qtbot)
    assert (tmp_path / "drawing.svg").read_bytes().lstrip().startswith(b"<")


def test_what_cannot_be_saved_is_reported(window: Window, tmp_path: Path) -> None:
    window.write("1")
    window.commands.save_as.trigger()
    dialog = window.find(SaveDialog, "save")
    dialog.fileSelected.emit(str(tmp_path / "none" / "drawing.svg"))
    dialog.reject()
    assert window.wait_for_message().startswith("drawing.svg: the file could not be saved")


def test_there_is_nothing_to_save_on_an_empty_canvas(window: Window) -> None:
    assert not window.commands.save_as.isEnabled()
    window.write("1")
    assert window.commands.save_as.isEnabled()


def inkml(path: Path, *texts: str, at: tuple[float, float] = (60, 60)) -> Path:
    path.write_bytes(write_inkml([Drawing(text, write(text, at=at)) for text in texts]))
    return path


def test_opened_ink_can_be_edited_and_undone(window: Window, tmp_path: Path) -> None:
    window.write("1")
    window.open(inkml(tmp_path / "ink.inkml", "47"))
    window.wait_for("47")
    assert is_shown(window.canvas)
    window.commands.undo.trigger()
    window.wait_for("1")
    window.commands.redo.trigger()
    window.wait_for("47")
    window.draw(write("2", at=(320, 60)))
    window.wait_for("472")


def test_ink_opened_over_a_picture_takes_its_place(
    window: Window, tmp_path: Path, picture: Path
) -> None:
    window.open(picture)
    window.wait_for("618")
    window.open(inkml(tmp_path / "ink.inkml", "47"))
    window.wait_for("47")
    assert is_shown(window.canvas)


def test_ink_out_of_sight_is_moved_into_sight(window: Window, tmp_path: Path) -> None:
    window.open(inkml(tmp_path / "ink.inkml", "47", at=(5000, -900)))
    window.wait_for("47")
    box = window.canvas.ink.bounds
    assert box.x > 0 and box.y > 0
    assert box.right < window.canvas.width() and box.bottom < window.canvas.height()


def test_a_file_of_several_drawings_is_gone_through(window: Window, tmp_path: Path) -> None:
    bar = window.find(QWidget, "drawings")
    assert not bar.isVisible() and not window.commands.next_drawing.isEnabled()
    window.open(inkml(tmp_path / "ink.inkml", "1", "2", "3"))
    window.wait_for("1")
    assert bar.isVisible() and not window.commands.previous_drawing.isEnabled()
    assert "Drawing 1 of 3: 1" in [label.text() for label in bar.findChildren(QLabel)]
    window.press(Key.Key_PageDown)
    window.wait_for("2")
    window.press(Key.Key_PageDown)
    window.wait_for("3")
    assert not window.commands.next_drawing.isEnabled()
    window.press(Key.Key_PageUp)
    window.wait_for("2")


def test_edits_of_several_drawings_are_kept_and_saved(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open(inkml(tmp_path / "ink.inkml", "1", "2"))
    window.wait_for("1")
    window.draw(write("7", at=(190, 60)))
    window.wait_for("17")
    window.commands.next_drawing.trigger()
    window.wait_for("2")
    assert not window.commands.undo.isEnabled()
    window.commands.previous_drawing.trigger()
    window.wait_for("17")
    save(window, tmp_path / "again.inkml", "*.inkml", qtbot)
    again = read_inkml((tmp_path / "again.inkml").read_bytes(), "again")
    assert [len(drawing.ink.strokes) for drawing in again] == [2, 1]


def test_a_new_drawing_belongs_to_no_file(window: Window, tmp_path: Path) -> None:
    window.open(inkml(tmp_path / "ink.inkml", "1", "2"))
    window.wait_for("1")
    window.commands.new.trigger()
    window.wait_for("Nothing written")
    assert not window.find(QWidget, "drawings").isVisible()


# The window itself


def test_a_smaller_window_scrolls_to_ink_that_it_would_cut_off(
    window: Window, qtbot: QtBot
) -> None:
    scroll = window.main.findChild(CanvasScroll)
    assert scroll is not None
    window.draw(write("7", at=(450, 200)))
    window.wait_for("7")
    bars = (scroll.horizontalScrollBar(), scroll.verticalScrollBar())
    assert not any(bar.isVisible() for bar in bars)
    window.main.resize(600, 430)
    qtbot.waitUntil(lambda: all(bar.isVisible() for bar in bars))
    ink = window.canvas.ink.bounds
    assert window.canvas.width() >= ink.right and window.canvas.height() >= ink.bottom
    window.press(Key.Key_Delete)
    qtbot.waitUntil(lambda: not any(bar.isVisible() for bar in bars))


def test_a_low_window_leaves_the_canvas_more_of_it(window: Window, qtbot: QtBot) -> None:
    first, *_, cell = (view.thumbnail for view in window.pipeline.views())
    assert cell.height() > first.height()
    window.main.resize(600, 430)
    qtbot.waitUntil(lambda: window.canvas.height() > 0.48 * window.main.height())
    assert cell.height() == first.height()
    window.main.resize(1000, 680)
    qtbot.waitUntil(lambda: cell.height() > first.height())


def test_theme_pipeline_and_geometry_survive_a_restart(
    window: Window, start: Callable[[], Window]
) -> None:
    window.main.resize(780, 590)
    window.commands.themes["dark"].trigger()
    window.commands.show_pipeline.trigger()
    assert lightness(window) < 100
    assert not window.pipeline.isVisible()
    window.close()
    again = start()
    assert (again.main.width(), again.main.height()) == (780, 590)
    assert again.commands.themes["dark"].isChecked()
    assert lightness(again) < 100
    assert not again.pipeline.isVisible()
    again.commands.themes["light"].trigger()
    assert lightness(again) > 200


def test_the_layout_is_read_again_at_once_and_survives_a_restart(
    window: Window, start: Callable[[], Window], qtbot: QtBot
) -> None:
    window.write("20\n47")
    window.trigger("layout_line")
    qtbot.waitUntil(lambda: "\n" not in window.reading)
    assert not window.commands.layouts[Layout.AUTO].isChecked()
    window.close()
    again = start()
    assert again.commands.layouts[Layout.LINE].isChecked()
    again.draw(write("20\n47", at=(60, 60)))
    qtbot.waitUntil(lambda: again.reading not in ("", "Nothing written"))
    assert "\n" not in again.reading


def test_preferences_hold_at_once(window: Window) -> None:
    window.commands.preferences.trigger()
    dialog = window.find(PreferencesDialog, "preferences")
    themes: QComboBox = dialog.theme
    themes.setCurrentIndex(themes.findData("dark"))
    dialog.pen_width.setValue(25)
    assert window.commands.themes["dark"].isChecked()
    assert window.canvas.pen_width == 25
    assert not dialog.language.isVisible()
    dialog.reject()


def test_about_gives_versions_and_the_promise(window: Window) -> None:
    window.commands.about.trigger()
    dialog = window.find(AboutDialog, "about")
    for part in ("Inkread 0.", "Everything stays on this machine", "numpy", "LGPL"):
        assert part in dialog.text.text()
    dialog.reject()


def test_file_dialogs_follow_the_language(window: Window, qtbot: QtBot) -> None:
    class Other(QTranslator):
        def isEmpty(self) -> bool:
            return False

        def translate(self, context: str, text: str, note: str | None = None, n: int = -1) -> str:
            return "~" + text if context in ("OpenDialog", "SaveDialog") else text

    window.write("1")
    window.commands.open.trigger()
    window.commands.save_as.trigger()
    opening, saving = window.find(OpenDialog, "open"), window.find(SaveDialog, "save")
    saving.selectNameFilter(saving.nameFilters()[2])
    other = Other()
    QApplication.installTranslator(other)
    for dialog in (opening, saving):
        qtbot.waitUntil(lambda dialog=dialog: dialog.windowTitle().startswith("~"))  # type: ignore[misc]
        assert all(name.startswith("~") for name in dialog.nameFilters())
    assert saving.selectedNameFilter() == "~Picture (*.png)"
    QApplication.removeTranslator(other)
    qtbot.waitUntil(lambda: not opening.windowTitle().startswith("~"))
    opening.reject()
    saving.reject()


def test_about_the_model_says_what_it_says_of_itself(window: Window) -> None:
    window.commands.about_model.trigger()
    dialog = window.find(ModelDialog, "about_model")
    assert "Templates" in dialog.text.text()
    assert "0 1 2 3 4 5 6 7 8 9" in dialog.text.text()
    dialog.reject()


def test_opening_ink_of_no_strokes_is_nothing_written(window: Window, tmp_path: Path) -> None:
    window.write("1")
    (tmp_path / "empty.inkml").write_bytes(write_inkml([Drawing(None, Ink())]))
    window.open(tmp_path / "empty.inkml")
    window.wait_for("Nothing written")


def test_a_small_screen_has_room_for_a_picture(window: Window, picture: Path) -> None:
    window.open(picture)
    window.wait_for("618")
    window.main.resize(640, 480)
    QApplication.processEvents()
    assert (window.main.width(), window.main.height()) == (640, 480)
    shown = [view for view in window.pipeline.views() if view.isVisible()]
    assert 3 <= len(shown) < len(window.pipeline.views())
    assert shown[-1] is window.pipeline.views()[-1]  # the cell stays
    assert all(view.geometry().right() <= window.pipeline.width() for view in shown)
    window.main.resize(1200, 700)
    QApplication.processEvents()
    assert all(view.isVisible() for view in window.pipeline.views())


def test_buttons_above_a_picture_have_words_where_there_is_room(
    window: Window, picture: Path
) -> None:
    window.open(picture)
    window.wait_for("618")
    styles = []
    for width in (1100, 640, 1100):
        window.main.resize(width, 600)
        QApplication.processEvents()
        bar = window.find(QWidget, "picture_bar")
        styles.append(bar.findChildren(QToolButton)[0].toolButtonStyle())
    words, icon = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
    assert styles == [words, icon, words]

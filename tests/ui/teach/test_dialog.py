"""Model > Teach a set: asked for, written, taken back, stopped, kept, learned."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink
from inkread.data.samples.sample import Origin, StoredSample
from inkread.data.samples.store import SampleStore
from inkread.services.lesson_plan import Lesson
from inkread.ui.learning.dialog import LearningDialog
from inkread.ui.learning.offer_bar import LearningBar
from inkread.ui.teach.dialog import TeachDialog
from inkread.ui.teach.writing import _MAX_LABEL_WIDTH
from tests.data.stores import labels
from tests.services.test_learning import signs
from tests.ui.learning.small_learning import LONG, model, odd_four, small_reference, store
from tests.ui.test_accessibility import MARK, Marked, is_words, marked
from tests.ui.window_driver import LEFT, Window
from tests.written import write

pytestmark = pytest.mark.slow  # each test goes through the whole window

__all__ = ["marked", "model", "small_reference", "store"]

Key = Qt.Key
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


class Teach:
    """Drives the dialog."""

    def __init__(self, window: Window, store: SampleStore, qtbot: QtBot) -> None:
        self.window = window
        self._store = store
        self._qtbot = qtbot
        window.commands.teach.trigger()
        self.dialog = window.find(TeachDialog, "teach")
        self.setup, self.writing, self.end = (
            self.dialog.setup,
            self.dialog.writing,
            self.dialog.end,
        )

    def choose(self, classes: str, others: str = "", each: int = 0) -> None:
        """Tick these classes and no others, type new ones, choose how many."""
        boxes = self.setup.classes
        for row in range(boxes.count()):
            item = boxes.item(row)
            if (item.text() in classes) != (item.checkState() == Qt.CheckState.Checked):
                boxes.setCurrentRow(row)
                QTest.keyClick(boxes, Key.Key_Space)
        self.setup.others.clear()
        QTest.keyClicks(self.setup.others, others)
        self.setup.each.setCurrentIndex(each)

    def start(self) -> None:
        """Press Enter."""
        QTest.keyClick(self.dialog, Key.Key_Return)
        assert self.writing.isVisible()

    @property
    def asked(self) -> str:
        return self.writing.label_text.text()

    @property
    def progress(self) -> str:
        return self.writing.progress.text()

    def draw(self, ink: Ink) -> None:
        canvas = self.writing.canvas
        for stroke in ink.strokes:
            points = [QPoint(round(x), round(y)) for x, y in stroke.points.tolist()]
            QTest.mousePress(canvas, LEFT, NONE, points[0])
            for point in points:
                QTest.mouseMove(canvas, point)
            QTest.mouseRelease(canvas, LEFT, NONE, points[-1])

    def press(self, key: Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the keyboard's focus is."""
        QTest.keyClick(self.dialog.focusWidget() or self.dialog, key, modifier)

    def write(self, digits: str) -> None:
        """Write digits, one after the other, and press Enter after each."""
        for digit in digits:
            self.draw(write(digit, at=(60, 60)))
            self.press(Key.Key_Return)

    @property
    def samples(self) -> list[StoredSample]:
        """The samples, when all are kept."""
        teaching = self.window.program.teaching
        self._qtbot.waitUntil(lambda: not teaching.queue.is_busy, timeout=LONG)
        return self._store.samples()

    @property
    def kept(self) -> str:
        return "".join(sample.label for sample in self.samples)


@pytest.fixture
def teach(window: Window, store: SampleStore, qtbot: QtBot) -> Teach:
    return Teach(window, store, qtbot)


def test_enter_is_enough_to_begin_with_two_of_each_class_of_the_model(teach: Teach) -> None:
    assert teach.setup.labels == tuple("0123456789")
    teach.start()
    assert (teach.asked, teach.progress) == ("0", "1 of 20")
    assert teach.writing.canvas.hasFocus()


def test_a_set_is_written_kept_and_learned(teach: Teach, qtbot: QtBot) -> None:
    teach.choose("17")
    assert "write 4 digits" in teach.setup.note.text()
    teach.start()
    asked = []
    for digit in "1717":
        asked.append(teach.asked + " " + teach.progress)
        teach.write(digit)
    assert asked == ["1 1 of 4", "7 2 of 4", "1 3 of 4", "7 4 of 4"]
    assert teach.end.isVisible()
    assert "kept: 4" in teach.end.words.text()
    samples = teach.samples
    assert [one.label for one in samples] == [one.guess for one in samples] == list("1717")
    for sample in samples:
        assert (sample.origin, sample.source) == (Origin.TAUGHT, "canvas")
        assert sample.ink is not None
        assert sample.time
        assert len(sample.model.split()[-1]) == 64
    with qtbot.waitSignal(teach.window.program.learning.judged, timeout=LONG):
        teach.press(Key.Key_Return)
    assert not teach.dialog.isVisible()
    verdict = teach.window.find(LearningDialog, "learning").verdict
    assert verdict.isVisible()
    assert verdict.figures[0].text().startswith("4 of 4")


def test_new_labels_are_asked_for_too_and_kept(teach: Teach) -> None:
    teach.choose("", others="tick  a tick", each=1)
    assert teach.setup.labels == ("tick", "a")
    teach.start()
    assert (teach.asked, teach.progress) == ("tick", "1 of 10")
    teach.draw(odd_four(1))
    teach.press(Key.Key_Return)
    assert teach.asked == "a"
    (sample,) = teach.samples
    assert sample.label == "tick"
    assert sample.ink is not None
    assert len(sample.ink.strokes) == 3


def test_an_accent_typed_behind_its_letter_makes_no_other_label(teach: Teach) -> None:
    teach.setup.others.setText("é e\u0301")
    assert teach.setup.labels[-1] == "é"
    assert teach.setup.labels.count("é") == 1
    assert "e\u0301" not in teach.setup.labels


def test_a_long_label_does_not_make_the_window_wider(teach: Teach) -> None:
    teach.choose("", others="illegible")
    teach.start()
    width = teach.dialog.minimumSizeHint().width()
    teach.writing.label_text.clear()
    assert teach.writing.lesson.label(0) == "illegible"
    teach.writing.start(Lesson(("W" * 64,), 2))
    assert teach.writing.label_text.text().endswith("…")
    assert teach.dialog.minimumSizeHint().width() <= width + _MAX_LABEL_WIDTH


def test_undo_takes_the_last_one_back(teach: Teach) -> None:
    teach.choose("123")
    teach.start()
    assert not teach.writing.undo_button.isEnabled()
    teach.write("12")
    QTest.mouseClick(teach.writing.undo_button, LEFT)
    assert (teach.asked, teach.progress) == ("2", "2 of 6")
    assert teach.kept == "1"
    teach.write("23")
    assert teach.kept == "123"


def test_ctrl_z_takes_a_stroke_back_and_then_the_last_one(teach: Teach) -> None:
    teach.choose("12")
    teach.start()
    teach.write("1")
    teach.draw(write("2", at=(60, 60)))
    teach.press(Key.Key_Z, CTRL)
    assert teach.writing.canvas.ink.is_empty
    assert teach.asked == "2"
    teach.press(Key.Key_Z, CTRL)
    assert (teach.asked, teach.progress) == ("1", "1 of 4")
    assert teach.kept == ""


def test_what_is_kept_stays_kept_when_it_is_stopped(teach: Teach) -> None:
    teach.choose("123")
    teach.start()
    teach.write("12")
    teach.draw(write("3", at=(60, 60)))
    teach.press(Key.Key_Escape)
    assert teach.end.isVisible()
    assert "kept: 2" in teach.end.words.text()
    teach.press(Key.Key_Escape)
    assert not teach.dialog.isVisible()
    assert teach.kept == "12"


def test_stopped_before_anything_is_kept_it_goes_back_to_the_beginning(teach: Teach) -> None:
    teach.start()
    QTest.mouseClick(teach.writing.stop_button, LEFT)
    assert teach.setup.isVisible()
    teach.start()
    teach.press(Key.Key_Escape)
    assert not teach.dialog.isVisible()


def test_nothing_written_is_not_kept(teach: Teach) -> None:
    teach.start()
    teach.press(Key.Key_Return)
    assert teach.progress == "1 of 20"
    teach.draw(write("0", at=(60, 60)))
    QTest.mouseClick(teach.writing.clear_button, LEFT)
    teach.press(Key.Key_Return)
    assert teach.progress == "1 of 20"
    assert teach.kept == ""


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ("", "at least one class"),
        ("a -", "cannot be taught"),
        ("a :", "cannot be taught"),
        ("x" * 65, "cannot be a label"),
    ],
)
def test_what_cannot_be_taught_cannot_be_begun(teach: Teach, others: str, words: str) -> None:
    teach.choose("", others)
    assert words in teach.setup.note.text()
    assert not teach.setup.start_button.isEnabled()
    teach.press(Key.Key_Return)
    assert teach.setup.isVisible()
    teach.choose("", "a")
    teach.start()


def test_a_store_that_refuses_is_reported_and_the_sign_asked_for_again(
    teach: Teach, store: SampleStore, qtbot: QtBot
) -> None:
    store.path.mkdir(parents=True)
    teach.choose("12")
    teach.start()
    teach.write("1")
    qtbot.waitUntil(lambda: bool(teach.dialog.banner.text), timeout=LONG)
    assert "samples.db" in teach.dialog.banner.text
    assert (teach.asked, teach.progress) == ("1", "1 of 4")
    store.path.rmdir()
    teach.write("12")
    assert teach.kept == "12"
    assert teach.dialog.banner.text == ""


def test_closing_the_window_at_once_loses_nothing(teach: Teach, store: SampleStore) -> None:
    teach.choose("12")
    teach.start()
    teach.write("12")
    teach.window.close()
    assert labels(store) == ["1", "2"]


def test_who_declines_at_the_end_is_not_asked_again_in_the_window(
    teach: Teach, store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(9))
    teach.choose("1")
    teach.start()
    teach.write("11")
    with qtbot.waitSignal(teach.window.program.learning_offer.withdrawn, timeout=LONG):
        QTest.mouseClick(teach.end.close_button, LEFT)
    assert not teach.dialog.isVisible()
    assert not teach.window.find(LearningBar, "learning_bar").isVisible()
    assert teach.window.program.settings.learned_up_to == 11


def test_more_can_be_taught_at_once(teach: Teach) -> None:
    teach.choose("1")
    teach.start()
    teach.write("11")
    QTest.mouseClick(teach.end.more_button, LEFT)
    assert teach.setup.isVisible()
    assert teach.setup.labels == ("1",)
    teach.start()
    teach.write("1")
    assert teach.kept == "111"
    teach.writing.take_back()
    teach.writing.take_back()
    assert teach.kept == "11"


def test_the_menu_brings_a_set_that_is_under_way_to_the_front(teach: Teach) -> None:
    teach.choose("1")
    teach.start()
    teach.write("1")
    teach.window.commands.teach.trigger()
    assert teach.writing.isVisible()
    assert teach.progress == "2 of 2"


def test_the_pen_is_as_wide_as_in_the_window(teach: Teach) -> None:
    canvas = teach.writing.canvas
    assert canvas.pen_width == teach.window.canvas.pen_width
    teach.window.commands.wider.trigger()
    assert canvas.pen_width == teach.window.canvas.pen_width


def pages(teach: Teach) -> list[Callable[[], object]]:
    return [lambda: None, teach.start, lambda: teach.write("11")]


def test_every_control_has_a_name(teach: Teach) -> None:
    teach.choose("1")
    for go in pages(teach):
        go()
        found = [
            widget
            for widget in teach.dialog.findChildren(QWidget)
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert len(found) >= 3
        for widget in found:
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name).strip(), widget


def test_a_new_language_reaches_every_text(teach: Teach, marked: Marked, qtbot: QtBot) -> None:
    teach.choose("1")
    for go in pages(teach):
        go()
    QCoreApplication.installTranslator(marked)
    qtbot.waitUntil(lambda: MARK in teach.dialog.windowTitle())
    QApplication.processEvents()
    texts = [label.text() for label in teach.dialog.findChildren(QLabel)]
    texts += [button.text() for button in teach.dialog.findChildren(QPushButton)]
    texts += [widget.accessibleName() for widget in teach.dialog.findChildren(QWidget)]
    assert [text for text in texts if is_words(text) and MARK not in text] == []

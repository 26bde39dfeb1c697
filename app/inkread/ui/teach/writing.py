"""Canvas on which the requested digits are written one after the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from inkread.core.escapes import visible
from inkread.services.lesson_plan import Lesson
from inkread.ui.canvas.canvas import Canvas
from inkread.ui.history.undo import OpenDrawing
from inkread.ui.widgets.by_font import enlarge
from inkread.ui.widgets.layouts import STRETCH, fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated

_MAX_LABEL_WIDTH = 280  # maximum width of a label, px; longer ones are elided


class TeachCanvas(Canvas):
    """A canvas that shows what to write while it is blank."""

    def __init__(self) -> None:
        self._label = ""
        super().__init__()
        self.setObjectName("teach_canvas")

    def set_label(self, label: str) -> None:
        """Set the label to write."""
        self._label = label
        self.retranslate()

    def retranslate(self) -> None:
        self._hint = self.tr("Write {label} here").format(label=self._label)
        self.setAccessibleName(self._hint)
        self.setAccessibleDescription(self.tr("Enter keeps it, Ctrl+Z takes it back."))
        self.update()


class TeachWriting(Retranslated, QWidget):
    """Enter stores the ink; Ctrl+Z removes the last stroke, or else the last sample.

    Signals
    -------
    written(int, str, Ink)
        Index in the lesson, requested label, and ink.
    taken_back(int)
        Index in the lesson of a sample to delete.
    stopped()
        The lesson is complete, or was stopped.
    """

    written = Signal(int, str, object)
    taken_back = Signal(int)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teach_writing")
        self.lesson = Lesson((), 0)
        self.prompt = PlainLabel()
        self.label_text = PlainLabel()
        self.bar = QProgressBar(textVisible=False)
        self.progress = PlainLabel()
        self.canvas = TeachCanvas()
        self.undo_button = push_button(self.take_back, autoDefault=False)
        self.clear_button = push_button(self._clear, autoDefault=False)
        self.next_button = push_button(self.keep, "next")
        self.stop_button = push_button(self.stopped, autoDefault=False)
        enlarge(self.label_text, 3)
        self.bar.setMaximumWidth(180)
        top = QHBoxLayout()
        top.setSpacing(12)
        fill(top, self.prompt, self.label_text, STRETCH, self.progress, self.bar)
        self.next_button.setDefault(True)
        buttons = fill(QHBoxLayout(), self.undo_button, self.clear_button, STRETCH)
        fill(buttons, self.stop_button, self.next_button)
        fill(QVBoxLayout(self), top, (self.canvas, 1), buttons)
        self.canvas.history_changed.connect(self._update)
        self.retranslate()

    def start(self, lesson: Lesson) -> None:
        """Start a lesson."""
        self.lesson = lesson
        self._ask()

    def keep(self) -> None:
        """Emit the ink under the requested label, and ask for the next."""
        ink = self.canvas.ink
        if ink.is_empty or self.lesson.is_complete:
            return
        index = self.lesson.do()
        self.written.emit(index, self.lesson.label(index), ink)
        self._ask()
        if self.lesson.is_complete:
            self.stopped.emit()

    def take_back(self) -> None:
        """Ask for the last label again."""
        index = self.lesson.take_back()
        if index is not None:
            self.taken_back.emit(index)
            self._ask()

    def undo(self) -> None:
        """Remove the last stroke; on a blank canvas, the last sample."""
        if self.canvas.can_undo:
            self.canvas.undo()
        else:
            self.take_back()

    def fail(self, index: int) -> None:
        """The sample at an index could not be stored: ask for it again."""
        self.lesson.fail(index)
        self._ask()

    def _ask(self) -> None:
        self.canvas.set_drawing(OpenDrawing())
        self._update()
        self.canvas.setFocus()

    def _clear(self) -> None:
        self.canvas.clear()
        self.canvas.setFocus()

    def _update(self) -> None:
        lesson, is_blank = self.lesson, self.canvas.ink.is_empty
        label = "" if lesson.is_complete else lesson.label(lesson.index)
        shown = self.label_text.fontMetrics().elidedText(
            visible(label), Qt.TextElideMode.ElideRight, _MAX_LABEL_WIDTH
        )
        self.label_text.setText(shown)
        self.canvas.set_label(shown)
        number = min(lesson.count + 1, lesson.total)
        words = self.tr("{number} of {total}").format(number=number, total=lesson.total)
        self.progress.setText(words)
        self.bar.setAccessibleName(words)
        self.bar.setRange(0, max(1, lesson.total))
        self.bar.setValue(lesson.count)
        self.undo_button.setEnabled(lesson.count > 0)
        self.clear_button.setEnabled(not is_blank)
        self.next_button.setEnabled(not is_blank)
        self.next_button.setDefault(True)  # which a disabled button does not stay

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.canvas.redo()
        elif event.matches(QKeySequence.StandardKey.Delete):
            self._clear()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.prompt.setText(self.tr("Write"))
        self.undo_button.setText(self.tr("&Undo the last one"))
        self.clear_button.setText(self.tr("&Clear"))
        self.stop_button.setText(self.tr("Sto&p"))
        self.next_button.setText(self.tr("&Next"))
        self.next_button.setToolTip(self.tr("Keep it (Enter)"))
        self._update()

"""Model > Teach a set: choose classes, write samples, and learn from them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inkread.core.ink import Ink
from inkread.services.lesson_plan import Lesson
from inkread.services.teaching import Teaching
from inkread.ui.teach.setup import TeachSetup
from inkread.ui.teach.writing import TeachWriting
from inkread.ui.widgets.by_font import enlarge
from inkread.ui.widgets.layouts import STRETCH, button_box, fill, push_button
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated
from inkread.ui.widgets.tool_dialog import ToolDialog


class TaughtSet(Retranslated, QWidget):
    """Shows the count of new samples, and asks whether to learn from them."""

    learn_wanted = Signal()
    more_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("taught_set")
        self._count = 0
        self.words = PlainLabel(wordWrap=True)
        self.learn_button = push_button(self.learn_wanted, autoDefault=False)
        self.more_button = push_button(self.more_wanted, autoDefault=False)
        self.close_button = push_button(self.closed, autoDefault=False)
        enlarge(self.words, 1.3, is_bold=False)
        buttons = button_box(self.learn_button, self.more_button, self.close_button)
        fill(QVBoxLayout(self), STRETCH, self.words, STRETCH, buttons)
        self.retranslate()

    def set_count(self, count: int) -> None:
        """Set the count of stored samples."""
        self._count = count
        self.retranslate()
        self.learn_button.setDefault(True)  # the buttons of the other pages took it
        self.learn_button.setFocus()

    def retranslate(self) -> None:
        kept = self.tr("Samples kept: %n.", "", self._count)
        question = self.tr("Learn from your samples now?")
        self.words.setText(f"{kept} {question}")
        self.learn_button.setText(self.tr("&Learn from them"))
        self.more_button.setText(self.tr("&Teach more"))
        self.close_button.setText(self.tr("Close"))


class TeachDialog(ToolDialog):
    """Not modal. Whatever is kept stays kept, however it is left."""

    #: Answers to the question whether to learn from the samples now.
    learn_wanted = Signal()
    declined = Signal()

    def __init__(self, teaching: Teaching, messages: Messages, parent: QWidget) -> None:
        super().__init__("teach", messages, parent, (560, 520))
        self._teaching = teaching
        self._model = ""
        self.setup = TeachSetup()
        self.writing = TeachWriting()
        self.end = TaughtSet()
        self._pages = QStackedWidget()
        for page in (self.setup, self.writing, self.end):
            self._pages.addWidget(page)
        self.column.addWidget(self._pages, 1)
        self.setup.started.connect(self._start)
        self.setup.closed.connect(self.reject)
        self.writing.written.connect(self._on_written)
        self.writing.taken_back.connect(self._teaching.take_back)
        self.writing.stopped.connect(self._on_stopped)
        self.end.learn_wanted.connect(self._on_learn_wanted)
        self.end.more_wanted.connect(lambda: self._show(self.setup))
        self.end.closed.connect(self.reject)
        self._teaching.failed.connect(self._on_failed)
        self.retranslate()

    @property
    def is_writing(self) -> bool:
        """Whether a set is being written."""
        return self.isVisible() and self._pages.currentWidget() is self.writing

    def set_model(self, labels: Iterable[str], model: str) -> None:
        """Set the classes of the model in use, and its name with checksum."""
        self._model = model
        self.setup.set_known(labels)

    def present(self) -> None:
        """Bring the dialog to the front, at its present page."""
        if not self.is_writing:
            self._show(self.setup)
        super().present()

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        if page is self.setup:
            self.setup.start_button.setDefault(True)
            self.setup.start_button.setFocus()

    def _start(self) -> None:
        self.banner.dismiss()
        self._teaching.begin()
        self._pages.setCurrentWidget(self.writing)
        self.writing.start(Lesson(self.setup.labels, self.setup.count))

    def _on_written(self, place: int, label: str, ink: Ink) -> None:
        self.banner.dismiss()
        self._teaching.keep(place, label, ink, self._model)

    def _on_failed(self, place: int, error: BaseException) -> None:
        if self._pages.currentWidget() is not self.setup:
            self._pages.setCurrentWidget(self.writing)
            self.writing.fail(place)
        self.show_error(error)

    def _on_stopped(self) -> None:
        """End a set; without new samples, return to the setup."""
        count = self.writing.lesson.count
        if count:
            self.end.set_count(count)
        self._show(self.end if count else self.setup)

    def _on_learn_wanted(self) -> None:
        self.hide()
        self.learn_wanted.emit()

    def reject(self) -> None:
        """Escape and closing; while a set is written, stop that first."""
        if self.is_writing and self.writing.lesson.count:
            self._on_stopped()
            return
        self.banner.dismiss()
        if self._pages.currentWidget() is self.end:
            self.declined.emit()
        super().reject()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Teach a set"))

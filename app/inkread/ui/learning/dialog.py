"""Model > Learn from my samples: progress and verdict. Not modal."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inkread.ml.adaptation.minimum import MIN_SAMPLES
from inkread.services.learning import Learned, Learning
from inkread.ui.learning.progress import LearningProgress
from inkread.ui.learning.verdict import LearningVerdict
from inkread.ui.widgets.layouts import STRETCH, button_box, fill, push_button
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated
from inkread.ui.widgets.tool_dialog import ToolDialog


class NothingToLearn(Retranslated, QWidget):
    """Explains why nothing was learned, and what to do instead."""

    teach_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: int | None = None
        self.sentence = PlainLabel(wordWrap=True)
        self.teach_button = push_button(self.teach_wanted, default=True)
        self.close_button = push_button(self.closed, autoDefault=False)
        buttons = button_box(self.teach_button, reject=self.close_button)
        fill(QVBoxLayout(self), self.sentence, STRETCH, buttons)
        self.retranslate()

    def set_samples(self, count: int | None) -> None:
        """Set the count of samples; None if they are not the reason."""
        self._samples = count
        self.retranslate()

    def retranslate(self) -> None:
        self.teach_button.setText(self.tr("&Teach a set..."))
        self.close_button.setText(self.tr("Close"))
        if self._samples is None:
            words = self.tr("Nothing was learned; the model in use stays.")
        elif self._samples == 0:
            words = self.tr(
                "There are no samples yet: correct or confirm digits in the window, or teach a set."
            )
        else:
            words = self.tr(
                "There are too few samples, %n of at least {fewest}: correct or confirm more "
                "digits in the window, or teach a set.",
                "",
                self._samples,
            ).format(fewest=MIN_SAMPLES)
        self.sentence.setText(words)


class LearningDialog(ToolDialog):
    """Lives as long as the window; closing hides it, and learning continues."""

    teach_wanted = Signal()
    use_wanted = Signal()

    def __init__(self, learning: Learning, messages: Messages, parent: QWidget) -> None:
        super().__init__("learning", messages, parent, (560, 300))
        self._learning = learning
        self.progress = LearningProgress()
        self.verdict = LearningVerdict()
        self.nothing = NothingToLearn()
        self._pages = QStackedWidget()
        for page in (self.progress, self.verdict, self.nothing):
            self._pages.addWidget(page)
        self.column.addWidget(self._pages, 1)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        learning = self._learning
        self.progress.cancelled.connect(learning.stop)
        self.verdict.revert_wanted.connect(learning.revert)
        self.verdict.use_wanted.connect(self.use_wanted)
        self.verdict.closed.connect(self.close)
        self.nothing.closed.connect(self.close)
        self.nothing.teach_wanted.connect(self._on_teach_wanted)
        learning.progressed.connect(self.progress.set_step)
        learning.judged.connect(self._on_judged)
        learning.too_few.connect(lambda learned: self._show_nothing(learned.samples))
        learning.failed.connect(self._on_failed)
        learning.stopped.connect(self.close)

    def start(self) -> None:
        """Start learning, unless it is running, and show its progress."""
        if not self._learning.is_running:
            self.banner.dismiss()
            self.progress.start()
            self._learning.start()
        self._pages.setCurrentWidget(self.progress)
        self.present()

    def _on_judged(self, learned: Learned) -> None:
        self.verdict.set_learned(learned)
        self._pages.setCurrentWidget(self.verdict)
        self.verdict.close_button.setFocus()

    def _on_failed(self, error: BaseException) -> None:
        self._show_nothing(None)
        self.show_error(error)

    def _show_nothing(self, samples: int | None) -> None:
        self.nothing.set_samples(samples)
        self._pages.setCurrentWidget(self.nothing)

    def _on_teach_wanted(self) -> None:
        self.close()
        self.teach_wanted.emit()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Learn from my samples"))

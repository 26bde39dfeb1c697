"""Model > Learn from my samples: how far it is, what came of it. The window goes on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inkread.ml.adaptation.minimum import MIN_SAMPLES
from inkread.services.learning import Learned, Learning
from inkread.ui.learning.progress import LearningProgress
from inkread.ui.learning.verdict import LearningVerdict
from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.messages import Messages, show_error
from inkread.ui.widgets.window_size import resize_by_font


class NothingToLearn(QWidget):
    """One sentence about what to do instead."""

    teach_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: int | None = None
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.teach_button = QPushButton()
        self.teach_button.setDefault(True)
        self.close_button = QPushButton()
        self.close_button.setAutoDefault(False)
        buttons = QDialogButtonBox()
        buttons.addButton(self.teach_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self.sentence)
        layout.addStretch()
        layout.addWidget(buttons)
        self.teach_button.clicked.connect(self.teach_wanted)
        self.close_button.clicked.connect(self.closed)
        self.retranslate()

    def set_samples(self, count: int | None) -> None:
        """So many there are; None: it does not matter why nothing was learned."""
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class LearningDialog(QDialog):
    """Lives as long as the window; closing hides it, and learning goes on."""

    teach_wanted = Signal()
    use_wanted = Signal()

    def __init__(self, learning: Learning, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("learning")
        self._learning = learning
        self._messages = messages
        self.banner = Banner()
        self.progress = LearningProgress()
        self.verdict = LearningVerdict()
        self.nothing = NothingToLearn()
        self._pages = QStackedWidget()
        for page in (self.progress, self.verdict, self.nothing):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.addWidget(self.banner)
        layout.addWidget(self._pages, 1)
        resize_by_font(self, 560, 300)
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
        learning.too_few.connect(self._on_too_few)
        learning.failed.connect(self._on_failed)
        learning.stopped.connect(self.close)

    def present(self) -> None:
        """Bring the dialog to the front, at whatever it is."""
        self.show()
        self.raise_()
        self.activateWindow()

    def start(self) -> None:
        """Learn, if that is not going on already, and show how far it is."""
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

    def _on_too_few(self, learned: Learned) -> None:
        self._show_nothing(learned.samples)

    def _on_failed(self, error: BaseException) -> None:
        self._show_nothing(None)
        if self.isVisible():
            show_error(error, self.banner, self._messages)
        else:
            self._messages.tell(error)

    def _show_nothing(self, samples: int | None) -> None:
        self.nothing.set_samples(samples)
        self._pages.setCurrentWidget(self.nothing)

    def _on_teach_wanted(self) -> None:
        self.close()
        self.teach_wanted.emit()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Learn from my samples"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

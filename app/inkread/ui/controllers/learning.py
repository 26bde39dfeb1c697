"""Learning in the window: Learn from my samples, Teach a set, and the offer to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent

from inkread.services.learning import Learned, Learning
from inkread.services.learning_offer import LearningOffer
from inkread.services.models import Models
from inkread.services.settings import Settings
from inkread.services.teaching import Teaching

if TYPE_CHECKING:
    from inkread.core.classifier import Classifier
    from inkread.data.models.library import Kept
    from inkread.ui.controllers.sample_keeper import SamplesController
    from inkread.ui.learning.dialog import LearningDialog
    from inkread.ui.teach.dialog import TeachDialog
    from inkread.ui.window.main_window import MainWindow


class LearningController(QObject):
    """Opens the dialogs on demand; asks and reports in the window's own line."""

    def __init__(
        self,
        window: MainWindow,
        learning: Learning,
        teaching: Teaching,
        offer: LearningOffer,
        models: Models,
        settings: Settings,
        notes: SamplesController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._learning = learning
        self._teaching = teaching
        self._offer = offer
        self._settings = settings
        self._notes = notes
        self._bar = window.workspace.learning_bar
        self._learning_dialog: LearningDialog | None = None
        self._teach_dialog: TeachDialog | None = None
        self._classifier: Classifier | None = None
        self._learned: Learned | None = None
        window.commands.learn.triggered.connect(self.learn)
        window.commands.teach.triggered.connect(self.teach)
        window.closing.connect(self._on_closing)
        self._models = models
        models.used.connect(self._on_used)
        self._connect()

    def _connect(self) -> None:
        bar, offer, learning = self._bar, self._offer, self._learning
        offer.made.connect(self._on_offer_made)
        offer.withdrawn.connect(self._on_offer_withdrawn)
        bar.accepted.connect(self.learn)
        bar.dismissed.connect(offer.dismiss)
        bar.revert_wanted.connect(learning.revert)
        bar.use_wanted.connect(self._use)
        bar.figures_wanted.connect(lambda: self._the_learning_dialog().present())
        learning.judged.connect(self._on_judged)
        self._teaching.kept.connect(self._notes.refresh)
        self._teaching.taken_back.connect(self._notes.refresh)

    def set_model(self, classifier: Classifier) -> None:
        """Use another model from now on."""
        self._classifier = classifier
        self._tell_teach_dialog()

    def learn(self) -> None:
        """Learn, what was just corrected or taught included; or show what is under way."""
        self._notes.afterwards(lambda: self._teaching.queue.afterwards(self._learn))

    def _learn(self) -> None:
        self._bar.clear()
        self._the_learning_dialog().start()

    def teach(self) -> None:
        self._the_teach_dialog().present()

    def give_up(self) -> None:
        """Stop what is under way: the window will be closed."""
        self._learning.stop()
        for dialog in (self._learning_dialog, self._teach_dialog):
            if dialog is not None:
                dialog.hide()

    def _the_learning_dialog(self) -> LearningDialog:
        if self._learning_dialog is None:
            from inkread.ui.learning.dialog import LearningDialog

            window = self._window
            self._learning_dialog = LearningDialog(self._learning, window.messages, window)
            self._learning_dialog.teach_wanted.connect(self.teach)
            self._learning_dialog.use_wanted.connect(self._use)
        return self._learning_dialog

    def _the_teach_dialog(self) -> TeachDialog:
        if self._teach_dialog is None:
            from inkread.ui.teach.dialog import TeachDialog

            self._teach_dialog = TeachDialog(self._teaching, self._window.messages, self._window)
            afterwards = self._teaching.queue.afterwards
            self._teach_dialog.learn_wanted.connect(self.learn)
            self._teach_dialog.declined.connect(lambda: afterwards(self._offer.decline))
            canvas = self._teach_dialog.writing.canvas
            canvas.set_pen_width(self._settings.pen_width)
            self._settings.pen_width_changed.connect(canvas.set_pen_width)
            self._tell_teach_dialog()
        return self._teach_dialog

    def _tell_teach_dialog(self) -> None:
        if self._teach_dialog is not None and self._classifier is not None:
            self._teach_dialog.set_model(self._classifier.labels, self._notes.model)

    def _on_offer_made(self, count: int) -> None:
        is_teaching = self._teach_dialog is not None and self._teach_dialog.isVisible()
        if not (self._learning.is_running or is_teaching):
            self._bar.offer(count)

    def _on_offer_withdrawn(self) -> None:
        if self._bar.is_offering:
            self._bar.clear()

    def _on_judged(self, learned: Learned) -> None:
        self._learned = learned
        self._offer.settle(learned.newest)
        dialog = self._learning_dialog
        if dialog is None or not dialog.isVisible():
            self._bar.report(learned)

    def _use(self) -> None:
        """Read with what was learned all the same."""
        if self._learned is not None and self._learned.kept is not None:
            self._models.use(self._learned.kept.id)

    def _on_used(self, kept: Kept) -> None:
        """The report about a learned model holds while that model is in use."""
        learned = self._learned
        if learned is None or learned.kept is None:
            return
        instead = "" if kept.id == learned.kept.id else kept.card.name
        self._bar.set_in_use(instead)
        if self._learning_dialog is not None:
            self._learning_dialog.verdict.set_in_use(instead)

    def _on_closing(self, event: QCloseEvent) -> None:
        if event.isAccepted():
            self.give_up()

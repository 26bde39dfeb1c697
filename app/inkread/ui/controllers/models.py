"""The commands of the Model menu that reach beyond the window: Retrain and Library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent

from inkread.services.models import Models
from inkread.services.training import Training
from inkread.ui.widgets.confirm import ask

if TYPE_CHECKING:
    from inkread.ui.models.dialog import LibraryDialog
    from inkread.ui.training.dialog import TrainingDialog
    from inkread.ui.window.main_window import MainWindow


class ModelsController(QObject):
    """Makes the dialogs when they are first asked for; minds that nothing is lost by closing."""

    def __init__(self, window: MainWindow, training: Training, models: Models) -> None:
        super().__init__(window)
        self._window = window
        self._training = training
        self._models = models
        self._training_dialog: TrainingDialog | None = None
        self._library_dialog: LibraryDialog | None = None
        self._may_close = False
        window.commands.retrain.triggered.connect(self.retrain)
        window.commands.library.triggered.connect(self.show_library)
        window.closing.connect(self._on_closing)
        models.passed_over.connect(window.messages.report)
        models.failed.connect(self._on_failed)
        training.stopped.connect(self._on_stopped)

    def retrain(self) -> None:
        """Show the training dialog in its present state."""
        if self._training_dialog is None:
            from inkread.ui.training.dialog import TrainingDialog

            self._training_dialog = TrainingDialog(
                self._training, self._window.messages, self._window
            )
        self._training_dialog.present()

    def show_library(self) -> None:
        if self._library_dialog is None:
            from inkread.ui.models.dialog import LibraryDialog

            self._library_dialog = LibraryDialog(self._models, self._window.messages, self._window)
        self._library_dialog.present()

    def refresh(self) -> None:
        """The library was changed elsewhere: show it anew, if it is shown."""
        if self._library_dialog is not None and self._library_dialog.isVisible():
            self._models.refresh()

    def give_up(self) -> None:
        """Stop what is under way: the window will be closed without asking."""
        self._may_close = True
        self._training.stop()
        self._models.give_up()

    def _on_failed(self, error: BaseException) -> None:
        """The window in front reports what went wrong."""
        dialog = self._library_dialog
        if dialog is None or not dialog.isVisible():
            self._window.messages.report(error)

    def _on_closing(self, event: QCloseEvent) -> None:
        if self._may_close:
            return
        if self._training.is_running:
            event.ignore()
            ask(
                self._window,
                "quit_training",
                self.tr("A network is being trained. Stop that and quit?"),
                self.tr("What the new network has learned so far will be lost."),
                self.tr("&Stop and quit"),
                self._stop_and_close,
                no=self.tr("&Go on"),
            )
        elif self._training.outcome is not None:
            event.ignore()
            ask(
                self._window,
                "quit_unkept",
                self.tr("The new model has not been kept. Discard it and quit?"),
                self.tr("You can keep it in the window that compares the models."),
                self.tr("&Discard and quit"),
                self._discard_and_close,
            )

    def _stop_and_close(self) -> None:
        self._may_close = True
        if self._training.is_running:
            self._training.stop()
        else:
            self._discard_and_close()

    def _discard_and_close(self) -> None:
        self._may_close = True
        self._training.discard()
        self._window.close()

    def _on_stopped(self) -> None:
        if self._may_close:
            self._window.close()

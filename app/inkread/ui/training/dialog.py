"""Model > Retrain: options, progress, verdict. Not modal."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from inkread.services.training import Outcome, Training, TrainingRequest
from inkread.ui.training.setup import TrainingSetup
from inkread.ui.widgets.confirm import ask
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.tool_dialog import ToolDialog

if TYPE_CHECKING:
    from inkread.ml.retraining.stages import Stage
    from inkread.ui.training.progress import TrainingProgress
    from inkread.ui.training.verdict import TrainingVerdict


def _import_curves() -> None:
    import inkread.ui.training.progress  # noqa: F401


class TrainingDialog(ToolDialog):
    """Lives as long as the window; closing it hides it, once nothing is under way any more."""

    def __init__(self, training: Training, messages: Messages, parent: QWidget) -> None:
        super().__init__("training", messages, parent, (760, 680))
        self._training = training
        self.setup = TrainingSetup(training.presets())
        self._pages = QStackedWidget()
        self._pages.addWidget(self.setup)
        self.column.addWidget(self._pages, 1)
        self.setup.accepted.connect(self.start)
        self.setup.rejected.connect(self.close)
        training.stage_changed.connect(self._on_stage_changed)
        training.judged.connect(self._on_judged)
        training.failed.connect(self._on_failed)
        training.stopped.connect(self._show_setup)
        training.settled.connect(self._on_settled)
        self.retranslate()
        self._missed: list[Stage] = []
        # Curves take half a second to import: beside the window, while one looks at the form.
        self._curves = training.import_ahead(_import_curves)
        self._curves.loaded.connect(self._on_curves_loaded)
        self._curves.start()

    @cached_property
    def progress(self) -> TrainingProgress:
        from inkread.ui.training.progress import TrainingProgress

        page = TrainingProgress()
        page.cancelled.connect(self._training.stop)
        self._pages.addWidget(page)
        return page

    @cached_property
    def verdict(self) -> TrainingVerdict:
        from inkread.ui.training.verdict import TrainingVerdict

        page = TrainingVerdict()
        page.kept.connect(self._training.keep)
        page.discarded.connect(self._training.discard)
        self._pages.addWidget(page)
        return page

    def present(self) -> None:
        """Bring the dialog to the front, at its present page."""
        super().present()
        if self._pages.currentWidget() is self.setup:
            self.setup.start_button.setFocus()

    def start(self) -> None:
        """Start a run with the options of the form."""
        self.banner.dismiss()
        self._missed.clear()
        if self._curves.is_loaded:
            self._show_progress()
        else:
            self.setup.setEnabled(False)
        self._training.start(self._request())

    def _show_progress(self) -> None:
        self.progress.start(self.setup.epochs.value())
        self._pages.setCurrentWidget(self.progress)

    def _on_curves_loaded(self) -> None:
        if self._training.is_running:
            self._show_progress()
            for stage in self._missed:
                self.progress.set_stage(stage)
        self.setup.setEnabled(True)

    def _request(self) -> TrainingRequest:
        setup, preset = self.setup, self.setup.preset
        now = QLocale().toString(QDateTime.currentDateTime(), QLocale.FormatType.ShortFormat)
        pattern = self.tr("{network}, {time}")
        return TrainingRequest(
            sources=setup.data.sources(),
            architecture=preset.path if preset else None,
            epochs=setup.epochs.value(),
            batch=setup.batch.value(),
            rate=setup.rate.value(),
            augment=setup.augment.isChecked(),
            name=pattern.format(network=preset.name if preset else self.tr("Continued"), time=now),
        )

    def _on_stage_changed(self, stage: Stage) -> None:
        if self._curves.is_loaded:
            self.progress.set_stage(stage)
        else:
            self._missed.append(stage)

    def _on_judged(self, outcome: Outcome) -> None:
        self.verdict.set_outcome(outcome)
        self._pages.setCurrentWidget(self.verdict)
        self.show()
        self.verdict.focus_suggestion()

    def _on_failed(self, error: BaseException) -> None:
        self._show_setup()
        self.show()
        self.show_error(error)

    def _on_settled(self) -> None:
        self._show_setup()
        self.hide()

    def _show_setup(self) -> None:
        self.setup.setEnabled(True)
        self._pages.setCurrentWidget(self.setup)
        self.setup.start_button.setDefault(True)
        self.setup.start_button.setFocus()

    def reject(self) -> None:
        """Escape: the same as closing."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._training.is_running:
            event.ignore()
            self._ask_whether_to_stop()
        elif self._training.outcome is not None:
            event.ignore()
            self._ask_whether_to_discard()
        else:
            self.banner.dismiss()
            event.accept()  # QDialog's own would call reject()

    def _ask_whether_to_stop(self) -> None:
        ask(
            self,
            "stop_training",
            self.tr("Stop the training?"),
            self.tr("What the new network has learned so far will be lost."),
            self.tr("&Stop"),
            self._training.stop,
            no=self.tr("&Go on"),
        )

    def _ask_whether_to_discard(self) -> None:
        ask(
            self,
            "discard_model",
            self.tr("Discard the new model?"),
            self.tr("It has been trained, but not kept."),
            self.tr("&Discard"),
            self._training.discard,
        )

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Retrain"))

"""Progress of a training run: share done, loss and accuracy, Cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from inkread.ml.datasets.dataset import Loading, Unit
from inkread.ml.evaluation.run import Evaluating
from inkread.ml.retraining.stages import DataSplit, Stage
from inkread.ml.training.progress import Epoch, Progress
from inkread.ui.training.curve_plot import CurvePlot
from inkread.ui.training.smoothing import RecentFigures
from inkread.ui.widgets.by_font import enlarge
from inkread.ui.widgets.formatting import duration, percent
from inkread.ui.widgets.layouts import button_box, fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel, plain_tooltip, shown
from inkread.ui.widgets.retranslated import Retranslated

#: Seconds between two redraws of the curves.
_REDRAW_INTERVAL = 0.1
_MEGABYTE = 1e6
_BAR_STEPS = 1000


class TrainingProgress(Retranslated, QWidget):
    """Shows the stages of one run after the other."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_progress")
        self.title = PlainLabel()
        self.bar = QProgressBar(textVisible=False)
        self.loss = CurvePlot(falling=True)
        self.accuracy = CurvePlot(falling=False)
        self.cancel_button = push_button(self.cancelled, "cancel", autoDefault=False)
        self.data = PlainLabel(wordWrap=True)
        self._captions = tuple(PlainLabel() for _ in range(6))
        self._values = tuple(PlainLabel() for _ in range(6))
        enlarge(self.title, 1.3)
        self.bar.setRange(0, _BAR_STEPS)
        self.accuracy.setYRange(0, 1, padding=0.02)
        for value in self._values:
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self.start()

    def start(self, passes: int = 1) -> None:
        """Reset, for a run of `passes` epochs."""
        self._recent = RecentFigures()
        self._stage: Stage | None = None
        self._epoch: Epoch | None = None
        self._last: tuple[int, int] = (0, 0)
        self._pictured = 0.0
        self.data.setText("")
        for plot in (self.loss, self.accuracy):
            plot.start(passes)
        self.retranslate()

    def set_stage(self, stage: Stage) -> None:
        """Show the present stage of the run."""
        self._stage = stage
        if isinstance(stage, Progress):
            self._add(stage)
        elif isinstance(stage, DataSplit):
            self._show_data(stage)
        self._show_stage()

    def figures(self) -> dict[str, str]:
        """Content of the table: caption -> value."""
        pairs = zip(self._captions, self._values, strict=True)
        return {caption.text(): value.text() for caption, value in pairs}

    def _lay_out(self) -> None:
        curves = fill(QHBoxLayout(), self.loss, self.accuracy)
        figures = QGridLayout()
        figures.setHorizontalSpacing(12)
        for index, (caption, value) in enumerate(zip(self._captions, self._values, strict=True)):
            figures.addWidget(caption, index % 3, 2 * (index // 3))
            figures.addWidget(value, index % 3, 2 * (index // 3) + 1)
        figures.setColumnStretch(1, 1)
        figures.setColumnStretch(3, 1)
        buttons = button_box(reject=self.cancel_button)
        fill(QVBoxLayout(self), self.title, self.bar, (curves, 1), figures, self.data, buttons)

    def _add(self, progress: Progress) -> None:
        place = progress.epoch - 1 + progress.step / progress.steps
        if self._last < (progress.epoch, progress.step):
            self._last = (progress.epoch, progress.step)
            loss, accuracy = self._recent.add(progress)
            self.loss.add(place, loss)
            self.accuracy.add(place, accuracy)
        epoch = progress.finished
        if epoch is not None:
            self._epoch = epoch
            if epoch.validation_loss is not None and epoch.validation_accuracy is not None:
                self.loss.add_held_out(epoch.number, epoch.validation_loss)
                self.accuracy.add_held_out(epoch.number, epoch.validation_accuracy)
        now = time.monotonic()
        if epoch is not None or now - self._pictured >= _REDRAW_INTERVAL:
            self._pictured = now
            self.loss.redraw()
            self.accuracy.redraw()

    def _show_stage(self) -> None:
        stage = self._stage
        if isinstance(stage, Loading):
            self._show_loading(stage)
        elif isinstance(stage, Progress):
            self._show_progress(stage)
        elif isinstance(stage, Evaluating):
            self._set_title(self.tr("Comparing the new model with the one in use"))
            self._set_share(stage.done, stage.total)
        else:
            self._set_title(self.tr("Preparing the training"))
            self._set_share(0, 0)

    def _show_loading(self, stage: Loading) -> None:
        if stage.unit is Unit.BYTES and stage.total:
            text = self.tr("Fetching {name}: {done} of {total} MB").format(
                name=stage.source,
                done=QLocale().toString(stage.done / _MEGABYTE, "f", 1),
                total=QLocale().toString(stage.total / _MEGABYTE, "f", 1),
            )
        else:
            text = self.tr("Loading the data")
        self._set_title(text)
        self._set_share(stage.done, stage.total)

    def _show_progress(self, stage: Progress) -> None:
        text = self.tr("Learning: pass {epoch} of {epochs}, about {left} left")
        left = duration(stage.seconds_left)
        self._set_title(text.format(epoch=stage.epoch, epochs=stage.epochs, left=left))
        done = (stage.epoch - 1) * stage.steps + stage.step
        self._set_share(done, stage.epochs * stage.steps)
        locale, none = QLocale(), "–"
        epoch = self._epoch
        held_out = none, none
        if epoch and epoch.validation_loss is not None and epoch.validation_accuracy is not None:
            held_out = (
                locale.toString(epoch.validation_loss, "f", 4),
                percent(epoch.validation_accuracy),
            )
        texts = (
            locale.toString(stage.loss, "f", 4),
            percent(stage.accuracy),
            locale.toString(stage.rate, "g", 3),
            *held_out,
            locale.toString(round(stage.cells_per_second)),
        )
        for value, text in zip(self._values, texts, strict=True):
            value.setText(text)

    def _show_data(self, stage: DataSplit) -> None:
        locale = QLocale()
        text = self.tr(
            "{training} samples to learn, {validation} to choose the best pass by, "
            "{held_out} to compare the models with."
        ).format(
            training=locale.toString(stage.training),
            validation=locale.toString(stage.validation),
            held_out=locale.toString(stage.held_out),
        )
        if stage.skipped:
            text += " " + self.tr("%n could not be used.", "", len(stage.skipped))
            lines = (f"{shown(s.name)}: {shown(s.reason)}" for s in stage.skipped[:30])
            self.data.setToolTip(plain_tooltip("\n".join(lines)))
        self.data.setText(text)

    def _set_title(self, text: str) -> None:
        self.title.setText(text)
        self.bar.setAccessibleName(text)

    def _set_share(self, done: int, total: int) -> None:
        if total:
            self.bar.setRange(0, _BAR_STEPS)
            self.bar.setValue(round(_BAR_STEPS * min(1.0, done / total)))
        else:
            self.bar.setRange(0, 0)

    def retranslate(self) -> None:
        curves = self.tr("passes"), self.tr("learned"), self.tr("held out")
        self.loss.set_texts(self.tr("Loss"), *curves)
        self.accuracy.set_texts(self.tr("Accuracy"), *curves)
        self.loss.setAccessibleName(self.tr("Curve of the loss"))
        self.accuracy.setAccessibleName(self.tr("Curve of the accuracy"))
        captions = (
            self.tr("Loss in this pass"),
            self.tr("Accuracy in this pass"),
            self.tr("Learning rate"),
            self.tr("Loss on held-out samples"),
            self.tr("Accuracy on held-out samples"),
            self.tr("Samples a second"),
        )
        for label, caption in zip(self._captions, captions, strict=True):
            label.setText(caption)
        for value in self._values:
            value.setText(value.text() or "–")
        self.cancel_button.setText(self.tr("Cancel"))
        self._show_stage()

"""Options of a training run: data, network, and epochs; the defaults are usable."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inkread.ml.architecture.presets import Preset
from inkread.ui.training.data_sources import DataList
from inkread.ui.widgets.forms import add_fields, set_captions, show_ticks
from inkread.ui.widgets.layouts import button_box, fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated

#: Epochs, batch, rate for fine-tuning; as `preparation.FINE_TUNING`.
FINE_TUNING_DEFAULTS = (6, 64, 0.001)
#: A step with a larger batch takes long and cannot be cancelled.
_MAX_BATCH = 512


class TrainingSetup(Retranslated, QWidget):
    """A form; emits `accepted` to start a run."""

    accepted = Signal()
    rejected = Signal()

    def __init__(
        self, presets: Sequence[Preset], folder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("training_setup")
        self._presets = tuple(presets)
        self.data = DataList(folder)
        self.network = QComboBox()
        self.epochs = QSpinBox()
        self.batch = QSpinBox()
        self.rate = QDoubleSpinBox()
        self.augment = QCheckBox()
        self.start_button = push_button(self.accepted, "start")
        self.close_button = push_button(self.rejected, autoDefault=False)
        self._groups = (QGroupBox(), QGroupBox())
        self._form = QFormLayout(self._groups[1])
        self._note = PlainLabel(wordWrap=True)
        for _ in range(len(self._presets) + 1):
            self.network.addItem("")
        self.epochs.setRange(1, 1000)
        self.batch.setRange(1, _MAX_BATCH)
        self.rate.setRange(0.00001, 10)
        self.rate.setDecimals(5)
        self.rate.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.augment.setChecked(True)
        self.start_button.setDefault(True)
        data, how = self._groups
        QVBoxLayout(data).addWidget(self.data)
        add_fields(self._form, self.network, self.epochs, self.batch, self.rate)
        self._form.addRow(self.augment)
        buttons = button_box(self.start_button, reject=self.close_button)
        fill(QVBoxLayout(self), (data, 1), how, self._note, buttons)
        self.retranslate()
        self.network.currentIndexChanged.connect(self._on_network_changed)
        self.data.changed.connect(self._on_data_changed)
        self._on_network_changed()
        self.set_colours()

    @property
    def preset(self) -> Preset | None:
        """The chosen network; None to fine-tune the model in use."""
        chosen = self.network.currentIndex()
        return self._presets[chosen] if chosen < len(self._presets) else None

    def _on_network_changed(self) -> None:
        preset = self.preset
        epochs, batch, rate = (
            (preset.epochs, preset.batch, preset.rate) if preset else FINE_TUNING_DEFAULTS
        )
        self.epochs.setValue(epochs)
        self.batch.setValue(batch)
        self.rate.setValue(rate)

    def _on_data_changed(self) -> None:
        self.start_button.setEnabled(bool(self.data.sources()))
        self.start_button.setDefault(True)  # which a disabled button does not stay

    def set_colours(self) -> None:
        show_ticks(self.data.entries, self.augment, palette=self.palette())

    def retranslate(self) -> None:
        data, how = self._groups
        data.setTitle(self.tr("Data"))
        how.setTitle(self.tr("Network"))
        captions = {
            self.network: self.tr("&Network"),
            self.epochs: self.tr("&Passes over the data"),
            self.batch: self.tr("&Batch"),
            self.rate: self.tr("Learning &rate"),
        }
        set_captions(self._form, captions)
        for index, preset in enumerate(self._presets):
            text = self.tr("New: {title} ({name})")
            self.network.setItemText(index, text.format(title=preset.title, name=preset.name))
        self.network.setItemText(len(self._presets), self.tr("Continue from the model in use"))
        self.augment.setText(self.tr("&Vary the samples while learning: turned, shifted, bent"))
        self._note.setText(
            self.tr(
                "A tenth of the data is held out to compare the new model with the one in use. "
                "Then you choose which of them to keep. You can go on drawing meanwhile."
            )
        )
        self.start_button.setText(self.tr("&Train"))
        self.close_button.setText(self.tr("Close"))

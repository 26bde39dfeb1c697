"""Theme, pen, language and samples; every change holds at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QWidget,
)

from inkread.services.learning_offer import MIN_NEW_SAMPLES
from inkread.services.settings import MAX_PEN, MIN_PEN, THEMES, Settings
from inkread.ui.widgets.forms import add_fields, set_captions, show_ticks
from inkread.ui.widgets.retranslated import Retranslated


class PreferencesDialog(Retranslated, QDialog):
    """All other settings are learnt from use."""

    def __init__(
        self, settings: Settings, languages: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self._settings = settings
        self.theme = QComboBox()
        self.pen_width = QDoubleSpinBox()
        self.language = QComboBox()
        self.keeps_samples = QCheckBox()
        self.keeps_samples.setChecked(settings.keeps_samples)
        self.offers_learning = QCheckBox()
        self.offers_learning.setChecked(settings.offers_learning)
        self._fill(languages)
        self.theme.setMinimumWidth(240)
        layout = self._form = QFormLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(12)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        add_fields(layout, self.theme, self.pen_width, self.language)
        layout.setRowVisible(self.language, bool(languages))
        layout.addRow(self.keeps_samples)
        layout.addRow(self.offers_learning)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addRow(buttons)
        self.retranslate()
        self.set_colours()
        self.theme.currentIndexChanged.connect(
            lambda _: setattr(settings, "theme", self.theme.currentData())
        )
        self.language.currentIndexChanged.connect(
            lambda _: setattr(settings, "language", self.language.currentData())
        )
        self.pen_width.valueChanged.connect(partial(setattr, settings, "pen_width"))
        self.keeps_samples.toggled.connect(partial(setattr, settings, "keeps_samples"))
        self.offers_learning.toggled.connect(partial(setattr, settings, "offers_learning"))
        self.finished.connect(self.deleteLater)

    def _fill(self, languages: Sequence[str]) -> None:
        for name in THEMES:
            self.theme.addItem("", name)
        self.theme.setCurrentIndex(self.theme.findData(self._settings.theme))
        self.pen_width.setRange(MIN_PEN, MAX_PEN)
        self.pen_width.setDecimals(0)
        self.pen_width.setValue(self._settings.pen_width)
        self.language.addItem("", "")
        for name in languages:
            self.language.addItem(QLocale(name).nativeLanguageName(), name)
        self.language.setCurrentIndex(max(0, self.language.findData(self._settings.language)))

    def set_colours(self) -> None:
        show_ticks(self.keeps_samples, self.offers_learning, palette=self.palette())

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Preferences"))
        captions = {
            self.theme: self.tr("&Theme"),
            self.pen_width: self.tr("Pen &width"),
            self.language: self.tr("&Language"),
        }
        set_captions(self._form, captions)
        keep = self.tr("&Keep what I correct as samples, on this computer only")
        self.keeps_samples.setText(keep)
        offer = self.tr("&Offer to learn after %n new samples", "", MIN_NEW_SAMPLES)
        self.offers_learning.setText(offer)
        themes = (self.tr("As the system"), self.tr("Light"), self.tr("Dark"))
        for index, text in enumerate(themes):
            self.theme.setItemText(index, text)
        self.pen_width.setSuffix(self.tr(" px"))
        self.language.setItemText(0, self.tr("As the system"))

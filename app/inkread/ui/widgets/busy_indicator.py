"""Indicator that a picture is being opened or read, with Cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from inkread.ui.widgets.layouts import bare, fill, push_button
from inkread.ui.widgets.retranslated import Retranslated


class BusyIndicator(Retranslated, QWidget):
    """Stands in the status bar while something takes long."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 0)
        self._bar.setFixedSize(120, 10)
        self._cancel = push_button(self.cancelled, flat=True)
        fill(bare(QHBoxLayout(self)), self._bar, self._cancel)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self._bar.setAccessibleName(self.tr("Opening and reading"))
        self._cancel.setText(self.tr("Cancel"))

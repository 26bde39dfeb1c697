"""The report of an unexpected error."""

from __future__ import annotations

import platform
import sys
import traceback

from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from inkread.ui.widgets.by_font import resize_by_font
from inkread.ui.widgets.layouts import fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated
from inkread.ui.widgets.versions import versions


def report(error: BaseException) -> str:
    """Text of the report: versions and traceback, for a developer."""
    lines = [
        *(f"{name} {version}" for name, version in versions().items()),
        f"Qt {qVersion()} ({QGuiApplication.platformName()})",
        f"System: {platform.platform()}",
        f"Python: {sys.executable}",
        "",
        "".join(traceback.format_exception(error)).rstrip(),
    ]
    return "\n".join(lines)


class ReportDialog(Retranslated, QDialog):
    """One report, to be copied and sent."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report")
        self._explanation = PlainLabel(wordWrap=True)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = push_button(self.copy)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        fill(QVBoxLayout(self), self._explanation, (self.text, 1), buttons)
        resize_by_font(self, 640, 420)
        self.retranslate()

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Unexpected error"))
        self._explanation.setText(
            self.tr(
                "Something went wrong inside Inkread. You can go on working; your ink is still "
                "there. If you report this, please copy the text below along."
            )
        )
        self.text.setAccessibleName(self.tr("Error report"))
        self.copy_button.setText(self.tr("Co&py report"))

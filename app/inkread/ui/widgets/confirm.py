"""Yes/no questions that do not block the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(
    window: QWidget,
    name: str,
    text: str,
    explanation: str,
    yes: str,
    then: Callable[[], None],
    no: str = "",
) -> None:
    """Ask whether to continue; `then` is called on yes. Enter and Escape mean no."""
    box = QMessageBox(window)
    box.setObjectName(name)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(window.windowTitle())
    box.setTextFormat(Qt.TextFormat.PlainText)  # of both texts
    box.setText(text)
    box.setInformativeText(explanation)
    accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    no = no or QCoreApplication.translate("confirm", "&Cancel")
    reject = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(reject)
    box.setEscapeButton(reject)
    accept.clicked.connect(then)
    box.finished.connect(box.deleteLater)
    box.open()

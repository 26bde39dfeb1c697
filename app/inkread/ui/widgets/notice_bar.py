"""Tinted bar in the window, announced to assistive tools."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from inkread.ui.widgets.icons import icon
from inkread.ui.widgets.retranslated import Retranslated


class Notice(Retranslated, QFrame):
    """Not modal; has a close button."""

    def __init__(self, role: QPalette.ColorRole, parent: QWidget | None = None) -> None:
        """`role` selects the colour."""
        super().__init__(parent)
        self._role = role
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close"))
        self.close_button.setAutoRaise(True)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def alert(self) -> None:
        """Announce a new text to assistive tools."""
        from PySide6.QtGui import QAccessible, QAccessibleEvent  # slow to load, seldom needed

        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(self._role)
        tint = QColor(colour)
        tint.setAlphaF(0.12)
        painter.setPen(colour)
        painter.setBrush(tint)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        painter.end()

    def retranslate(self) -> None:
        self.close_button.setAccessibleName(self.tr("Close the message"))
        self.close_button.setToolTip(self.tr("Close the message"))

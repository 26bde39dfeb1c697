"""Non-modal dialogs that live as long as the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.by_font import resize_by_font
from inkread.ui.widgets.messages import Messages, show_error
from inkread.ui.widgets.retranslated import Retranslated


class ToolDialog(Retranslated, QDialog):
    """Not modal. Errors that are expected show in a banner at its top, above its `column`."""

    def __init__(
        self,
        name: str,
        messages: Messages,
        parent: QWidget,
        size: tuple[int, int],
        flags: Qt.WindowType = Qt.WindowType.Dialog,
    ) -> None:
        """`size` in px for the usual font."""
        super().__init__(parent, flags)
        self.setObjectName(name)
        self._messages = messages
        self.banner = Banner()
        self.column = QVBoxLayout(self)
        self.column.addWidget(self.banner)
        resize_by_font(self, *size)

    def present(self) -> None:
        """Bring the dialog to the front, at its present page."""
        self.show()
        self.raise_()
        self.activateWindow()

    def show_error(self, error: BaseException) -> None:
        """Show an error here, or in the window while the dialog is hidden."""
        if self.isVisible():
            show_error(error, self.banner, self._messages)
        else:
            self._messages.report(error)

"""Error banner above the drawing; stays until it is closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from inkread.ui.widgets.icons import pixmap
from inkread.ui.widgets.layouts import fill
from inkread.ui.widgets.notice_bar import Notice
from inkread.ui.widgets.plain_text import PlainLabel

_ICON_SIDE = 20


class Banner(Notice):
    """Hidden at first."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QPalette.ColorRole.BrightText, parent)
        self.setObjectName("banner")
        #: The last message; one that others do not replace.
        self.message = self._lasting = ""
        self._sign = PlainLabel()
        self._text = PlainLabel(
            wordWrap=True,
            textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse,
        )
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.close_button.clicked.connect(self._close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        fill(layout, self._sign, (self._text, 1), self.close_button)
        self._set_sign()
        self.retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """All that is shown; empty while hidden."""
        return self._text.text()

    def show_text(self, text: str) -> None:
        """Show a message in the place of the last one."""
        self.message = text
        self._show_all()

    def show_lasting(self, text: str) -> None:
        """Show a message that others do not replace, below them."""
        self._lasting = text
        self._show_all()

    def end_lasting(self) -> None:
        """Take the lasting message away: it is over."""
        if self._lasting:
            self._lasting = ""
            self._show_all()

    def dismiss(self) -> None:
        """The last message is out of date; a lasting one stays."""
        if self.message:
            self.message = ""
            self._show_all()

    def _close(self) -> None:
        """A person has read all of it."""
        self.message = self._lasting = ""
        self._show_all()

    def _show_all(self) -> None:
        before, text = self.text, "\n".join(filter(None, (self.message, self._lasting)))
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            self.alert()
        elif before:
            self.closed.emit()

    def _set_sign(self) -> None:
        alarm = self.palette().color(QPalette.ColorRole.BrightText)
        self._sign.setPixmap(pixmap("warning", alarm, _ICON_SIDE, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._set_sign()

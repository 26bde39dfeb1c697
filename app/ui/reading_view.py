"""All that was read, as text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.core.reading import Reading
from app.ui.percent import percent


class TextArea(QScrollArea):
    """As high as its text if there is room, and never lower than a line."""

    def __init__(self, text: QLabel) -> None:
        super().__init__()
        self._text = text
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(text)

    def sizeHint(self) -> QSize:
        return self._text.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._text.fontMetrics().height() + 4)


class ReadingView(QWidget):
    """The text, to be selected and copied, and how certain it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = Reading()
        self._waiting = False
        self._text = QLabel()
        self._text.setObjectName("reading")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        font = self._text.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setWeight(QFont.Weight.DemiBold)
        self._text.setFont(font)
        self._certainty = QLabel()
        self._certainty.setWordWrap(True)
        self._certainty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._scroll = TextArea(self._text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._scroll)
        layout.addWidget(self._certainty)
        layout.addStretch(1)
        self.retranslate()

    @property
    def text(self) -> str:
        """What is to be copied; empty if nothing is written."""
        return self._reading.text

    def set_reading(self, reading: Reading) -> None:
        self._reading = reading
        self._waiting = False
        self.retranslate()

    def set_waiting(self) -> None:
        """A picture is shown, and being read."""
        self._reading = Reading()
        self._waiting = True
        self.retranslate()

    def retranslate(self) -> None:
        count = len(self._reading.glyphs)
        if self._waiting:
            text = self.tr("Reading...")
        else:
            text = self._reading.text or self.tr("Nothing written")
        self._text.setText(text)
        self._scroll.updateGeometry()
        self._text.setAccessibleName(self.tr("Result: {text}").format(text=text))
        certainty = ""
        if count == 1:
            certainty = self.tr("{percent} certain")
        elif count > 1:
            certainty = self.tr("Digits: %n, the least certain {percent}", "", count)
        self._certainty.setText(certainty.format(percent=percent(self._reading.confidence)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

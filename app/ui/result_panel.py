"""What was read: the selected glyph in large type, its rivals, and the whole text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.core.reading import Glyph, Reading
from app.ui.percent import percent
from app.ui.probability_panel import ProbabilityPanel
from app.ui.reading_view import ReadingView

#: A first guess that is less ahead of the second is called a close one, 0 to 1.
CLOSE = 0.3
_SMALLEST, _LARGEST = 3.0, 7.5  # times the usual size of type
_SHARE = 0.16  # of the panel's height


class ResultPanel(QWidget):
    """Shows a reading, one glyph of it in detail."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = Reading()
        self._index = -1
        self._prediction = QLabel()
        self._prediction.setObjectName("prediction")
        self._prediction.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._prediction.setTextFormat(Qt.TextFormat.PlainText)
        self._which = QLabel()
        self._runner_up = QLabel()
        for label in (self._which, self._runner_up):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self._probabilities = ProbabilityPanel()
        self._text = ReadingView()
        self._fit_prediction()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        rule.setFrameShadow(QFrame.Shadow.Plain)
        rule.setForegroundRole(self.palette().ColorRole.Mid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._which)
        layout.addWidget(self._prediction)
        layout.addWidget(self._runner_up)
        layout.addWidget(self._probabilities, 5)
        layout.addWidget(rule)
        layout.addWidget(self._text, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_prediction()

    def _fit_prediction(self) -> None:
        """Large, but in a low window not at the cost of the bars."""
        usual = QFontMetrics(self.font()).height()
        large = QFont(self.font())
        large.setWeight(QFont.Weight.DemiBold)
        height = min(max(self.height() * _SHARE, _SMALLEST * usual), _LARGEST * usual)
        large.setPixelSize(round(height * 0.8))
        self._prediction.setFont(large)

    @property
    def text(self) -> str:
        return self._text.text

    def set_labels(self, labels: Sequence[str]) -> None:
        self._probabilities.set_labels(labels)

    def set_reading(self, reading: Reading, index: int) -> None:
        """Show a reading with its glyph number `index` in detail."""
        self._text.set_reading(reading)
        self._reading = reading
        self.set_selected(index)

    def set_waiting(self) -> None:
        """A picture is shown, and being read."""
        self._reading = Reading()
        self.set_selected(-1)
        self._text.set_waiting()

    def set_selected(self, index: int) -> None:
        self._index = index
        self._probabilities.set_glyph(self._glyph)
        self.retranslate()

    @property
    def _glyph(self) -> Glyph | None:
        known = 0 <= self._index < len(self._reading.glyphs)
        return self._reading.glyphs[self._index] if known else None

    def retranslate(self) -> None:
        glyph = self._glyph
        self._prediction.setText(glyph.label if glyph else "")
        self._prediction.setAccessibleName(
            self.tr("Prediction: {label}").format(label=glyph.label if glyph else "–")
        )
        self._runner_up.setText(self._rivalry(glyph) if glyph else "")
        count = len(self._reading.glyphs)
        number = self.tr("Digit {number} of {count}").format(number=self._index + 1, count=count)
        self._which.setText(number if count > 1 and glyph else "")

    def _rivalry(self, glyph: Glyph) -> str:
        """How close the second guess came, in words."""
        second = glyph.runner_up
        if second is None:
            return ""
        if glyph.lead < CLOSE:
            words = self.tr("A close call: {label} is only {lead} behind")
        else:
            words = self.tr("Runner-up {label}, {lead} behind")
        return words.format(label=second.label, lead=percent(glyph.lead))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._fit_prediction()

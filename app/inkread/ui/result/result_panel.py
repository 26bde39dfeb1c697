"""Result panel: the selected glyph in large type, its probabilities, and the whole text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from inkread.core.reading import SURE, Glyph, Reading, line_text
from inkread.ui.result.probability_panel import ProbabilityPanel
from inkread.ui.result.reading_view import ReadingView
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.layouts import bare, fill
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.retranslated import Retranslated

#: Maximum lead of the first guess over the second that counts as close, 0 to 1.
CLOSE = 0.3
_MIN_SCALE, _MAX_SCALE = 2.2, 7.5  # of the normal font size
_SHARE = 0.13  # of the panel's height
_NEIGHBOURS = 4  # on either side
#: Maximum length of a label in a sentence, characters; *chosen*: the panel is narrow.
_MAX_LABEL = 24


def surroundings(reading: Reading, index: int) -> str:
    """A glyph in brackets between its neighbours on the line, such as ``…31 [4] 15…``."""
    glyphs = reading.glyphs
    if not 0 <= index < len(glyphs):
        return ""
    line = [i for i, glyph in enumerate(glyphs) if glyph.line == glyphs[index].line]
    at = line.index(index)
    first, last = max(0, at - _NEIGHBOURS), at + 1 + _NEIGHBOURS
    before, after = glyphs[line[first] : index], glyphs[index + 1 : line[:last][-1] + 1]
    parts = (
        "…" * (first > 0) + line_text(before, _label),
        f"[{_label(glyphs[index])}]",
        line_text(after, _label) + "…" * (last < len(line)),
    )
    return " ".join(part for part in parts if part)


def _label(glyph: Glyph) -> str:
    return shown(glyph.label, _MAX_LABEL)


class ResultPanel(Retranslated, QWidget):
    """Shows a reading, one glyph of it in detail."""

    #: The label that a person chose for the glyph.
    label_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = Reading()
        self._index = -1
        self._prediction = PlainLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._prediction.setObjectName("prediction")
        self._which = PlainLabel()
        self._runner_up = PlainLabel()
        for label in (self._which, self._runner_up):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            # Keep the height when empty: the widgets below must not jump at the first stroke.
            label.setMinimumHeight(label.fontMetrics().height())
        self._uncalibrated = PlainLabel(wordWrap=True)
        self._uncalibrated.setObjectName("uncalibrated")
        self._uncalibrated.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._uncalibrated.hide()
        self._probabilities = ProbabilityPanel()
        self._probabilities.label_chosen.connect(self.label_chosen)
        self._text = ReadingView()
        self._fit_prediction()
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        rule.setFrameShadow(QFrame.Shadow.Plain)
        rule.setForegroundRole(self.palette().ColorRole.Mid)
        layout = fill(bare(QVBoxLayout(self), 4), self._which, self._prediction, self._runner_up)
        fill(layout, (self._probabilities, 5), self._uncalibrated, rule, (self._text, 2))
        self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_prediction()

    def _fit_prediction(self) -> None:
        """Set the font size: large, but leaving room for the bars in a low window."""
        usual = QFontMetrics(self.font()).height()
        large = QFont(self.font())
        large.setWeight(QFont.Weight.DemiBold)
        height = min(max(self.height() * _SHARE, _MIN_SCALE * usual), _MAX_SCALE * usual)
        size = round(height * 0.8)
        large.setPixelSize(size)
        self._prediction.setFixedHeight(QFontMetrics(large).height())
        width = QFontMetrics(large).horizontalAdvance(self._prediction.text())
        if width > self.width() > 0:
            large.setPixelSize(max(1, size * self.width() // width))
        self._prediction.setFont(large)

    @property
    def text(self) -> str:
        return self._text.text

    def set_model(self, labels: Sequence[str], is_calibrated: bool) -> None:
        """Set the classes, and whether the probabilities are calibrated."""
        self._probabilities.set_labels(labels)
        self._uncalibrated.setVisible(not is_calibrated)

    def set_reading(self, reading: Reading, index: int) -> None:
        """Show a reading with the glyph at `index` in detail."""
        self._text.set_reading(reading)
        self._reading = reading
        self.set_selected(index)

    def set_waiting(self) -> None:
        """Show that the picture is being read."""
        self._empty()
        self._text.set_waiting()

    def set_unread(self, why: str) -> None:
        """Show that reading failed."""
        self._empty()
        self._text.set_unread(why)

    def _empty(self) -> None:
        self._reading = Reading()
        self.set_selected(-1)

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
        rivalry = self._rivalry(glyph) if glyph else ""
        self._prediction.setText(self._verdict(glyph) if glyph else "")
        self._fit_prediction()
        spoken = self.tr("Prediction: {label}").format(label=self._prediction.text() or "–")
        self._prediction.setAccessibleName(spoken)
        self._prediction.setAccessibleDescription(rivalry)
        self._runner_up.setText(rivalry)
        count = len(self._reading.glyphs)
        has_signs = any(glyph.is_sign for glyph in self._reading.glyphs)
        words = self.tr("Character {number} of {count}") if has_signs else ""
        words = words or self.tr("Digit {number} of {count}")
        number = words.format(number=self._index + 1, count=count)
        between = surroundings(self._reading, self._index)
        self._which.setText(f"{number}  ·  {between}" if count > 1 and glyph else "")
        self._uncalibrated.setText(
            self.tr("This model's percentages are not calibrated: take them as a ranking.")
        )

    def _verdict(self, glyph: Glyph) -> str:
        return self.tr("not a digit?") if glyph.rejected else shown(glyph.label)

    def _rivalry(self, glyph: Glyph) -> str:
        """Text about the second guess; for rejected glyphs, about the first."""
        if glyph.confirmed is not None:
            return self._confirmation(glyph)
        guess = glyph.runner_up
        if glyph.is_mark:
            return self._sign_in_words(glyph)
        if glyph.rejected:
            guess = glyph.guesses[0]
            words = self.tr("Would be {label}, {share}")
        elif glyph.lead < CLOSE:
            words = self.tr("A close call: {label} has {share}")
        else:
            words = self.tr("Runner-up {label} with {share}")
        return (
            words.format(label=shown(guess.label, _MAX_LABEL), share=percent(guess.probability))
            if guess
            else ""
        )

    def _sign_in_words(self, glyph: Glyph) -> str:
        """Of what a line network reads as a sign, the guesses leave out that it is a digit."""
        rest = 1.0 - sum(guess.probability for guess in glyph.guesses)
        if rest <= 1.0 - SURE:
            return self.tr("A sign beside digits")
        return self.tr("Perhaps no such sign: {share}").format(share=percent(rest))

    def _confirmation(self, glyph: Glyph) -> str:
        read = glyph.guesses[0]
        if glyph.confirmed == read.label:
            return self.tr("Confirmed")
        words = self.tr("Corrected: was {label} with {share}")
        return words.format(label=shown(read.label, _MAX_LABEL), share=percent(read.probability))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_prediction()

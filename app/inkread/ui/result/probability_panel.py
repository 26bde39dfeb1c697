"""All classes as bars with percentages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from inkread.core.escapes import visible
from inkread.core.line_labels import SIGNS
from inkread.core.reading import Glyph
from inkread.core.segmentation.mark_shapes import MARKS
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.layouts import bare
from inkread.ui.widgets.retranslated import Retranslated

_WIDEST_PERCENT = "> 99.9 %"
_GAP = 10.0
_MAX_FOR_LABEL = 0.35  # share of the width; longer labels are elided
_MIN_PROMINENT = 0.01  # less probable classes are drawn faintly
_BETWEEN = 2  # px between rows
_FEW = 8  # rows from which on the panel is filled; signs have 3 to 6
_VISIBLE_ROWS = 10  # minimum; more may need scrolling


class ProbabilityRow(QWidget):
    """One class: its label, a bar and the percentage; a click chooses it."""

    chosen = Signal(str)

    def __init__(self, label: str, widest: str, parent: QWidget) -> None:
        """`widest` is the label that determines the start of all bars."""
        super().__init__(parent)
        self.label = label
        self._widest = widest
        self.value = 0.0
        self._is_best = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(2 * self.sizeHint().height())
        self.describe()

    def set_value(self, value: float, is_best: bool) -> None:
        if (value, is_best) != (self.value, self._is_best):
            self.value, self._is_best = value, is_best
            self.describe()
            self.update()

    def describe(self) -> None:
        self.setAccessibleName(f"{visible(self.label)}: {percent(self.value)}")

    def sizeHint(self) -> QSize:
        return QSize(180, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.label)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setBold(True)
        metrics = QFontMetricsF(font)  # all rows leave the room that bold type needs
        font.setBold(self._is_best)
        painter.setFont(font)
        whole = QRectF(self.rect())
        room = min(metrics.horizontalAdvance(visible(self._widest)), _MAX_FOR_LABEL * whole.width())
        left = max(room, metrics.horizontalAdvance("W"))
        right = metrics.horizontalAdvance(_WIDEST_PERCENT) + _GAP
        self._paint_bar(painter, whole.adjusted(left + _GAP, 0, -right, 0))
        roles = QPalette.ColorRole
        text_role = roles.WindowText if self.value >= _MIN_PROMINENT else roles.PlaceholderText
        painter.setPen(self.palette().color(text_role))
        centre = Qt.AlignmentFlag.AlignVCenter
        label = metrics.elidedText(visible(self.label), Qt.TextElideMode.ElideRight, left)
        painter.drawText(whole, Qt.AlignmentFlag.AlignLeft | centre, label)
        if self.value > 0:
            painter.drawText(whole, Qt.AlignmentFlag.AlignRight | centre, percent(self.value))
        painter.end()

    def _paint_bar(self, painter: QPainter, place: QRectF) -> None:
        roles, height = QPalette.ColorRole, min(12.0, 0.55 * place.height())
        bar = QRectF(place.left(), place.center().y() - height / 2, place.width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(roles.Midlight))
        painter.drawRoundedRect(bar, height / 2, height / 2)
        track = QPainterPath()
        track.addRoundedRect(bar, height / 2, height / 2)
        painter.save()
        painter.setClipPath(track)
        bar.setWidth(bar.width() * self.value)
        role = roles.Highlight if self._is_best else roles.Dark
        painter.fillRect(bar, self.palette().color(role))
        painter.restore()


class ProbabilityPanel(Retranslated, QScrollArea):
    """One row for each class, in the classes' own order."""

    #: The class that a person chose for the glyph.
    label_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilities")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._labels: tuple[str, ...] = ()
        self._rows: tuple[ProbabilityRow, ...] = ()
        self._glyph: Glyph | None = None
        self._tip = ""
        self.set_labels(())
        self.retranslate()

    def values(self) -> dict[str, float]:
        """Values of the bars: label -> 0 to 1."""
        return {row.label: row.value for row in self._rows}

    def set_labels(self, labels: Sequence[str]) -> None:
        """The classes, in the order in which they are shown."""
        self._labels = tuple(labels)
        self._make_rows(self._labels)

    def _make_rows(self, labels: Sequence[str]) -> None:
        content = QWidget()
        layout = bare(QVBoxLayout(content), _BETWEEN)
        widest = max(labels, key=self.fontMetrics().horizontalAdvance, default="")
        self._rows = tuple(ProbabilityRow(label, widest, content) for label in labels)
        for row in self._rows:
            row.chosen.connect(self._on_chosen)
            layout.addWidget(row)
        if len(labels) < _FEW:
            layout.addStretch(1)
        self.setWidget(content)
        self._show_values()

    def set_glyph(self, glyph: Glyph | None) -> None:
        """Show the guesses of a glyph, for marks only marks; None empties the bars."""
        self._glyph = glyph
        wanted = self._labels_for(glyph) if glyph else self._labels
        if wanted == tuple(self.values()):
            self._show_values()
        else:
            self._make_rows(wanted)

    def _labels_for(self, glyph: Glyph) -> tuple[str, ...]:
        guessed = {guess.label for guess in glyph.guesses}
        if glyph.is_mark:
            return tuple(sign for sign in SIGNS if sign in guessed or sign in MARKS)
        return self._labels if guessed == set(self._labels) else tuple(sorted(guessed))

    def _show_values(self) -> None:
        guesses = self._glyph.guesses if self._glyph else ()
        values = {guess.label: guess.probability for guess in guesses}
        best = self._glyph.label if self._glyph else None
        for row in self._rows:
            row.set_value(values.get(row.label, 0.0), row.label == best)
            row.setCursor(
                Qt.CursorShape.PointingHandCursor if guesses else Qt.CursorShape.ArrowCursor
            )
            row.setToolTip(self._tip if guesses else "")

    def _on_chosen(self, label: str) -> None:
        if self._glyph is not None:
            self.label_chosen.emit(label)

    def minimumSizeHint(self) -> QSize:
        rows = min(max(len(self._labels), len(self._rows)), _VISIBLE_ROWS)
        height = (self.fontMetrics().height() + _BETWEEN) * rows
        return QSize(120, max(height, super().minimumSizeHint().height()))

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Probability of each class"))
        self._tip = self.tr("Click, or type it, if it is this one")
        self._show_values()
        for row in self._rows:
            row.describe()

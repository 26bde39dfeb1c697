"""Confusion matrix: rows are true classes, columns answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inkread.ml.evaluation.results import Evaluation
from inkread.ui.widgets.plain_text import plain_tooltip, shown

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
#: Minimum width of a cell in letters and height in lines; up to twice that if there is room.
_WIDE, _HIGH = 3.6, 1.4
#: Opacity of the colours for the lowest and the highest count.
_FAINTEST, _STRONGEST = 0.15, 0.55


class ConfusionModel(QAbstractTableModel):
    """Counts of an evaluation for the shown classes."""

    def __init__(self, evaluation: Evaluation, shown: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self.evaluation = evaluation
        self.shown = tuple(shown)
        self._counts = evaluation.confusion[list(shown)][:, list(shown)]
        mistakes = self._counts.copy()
        np.fill_diagonal(mistakes, 0)
        self._most_mistakes = max(1, int(mistakes.max(initial=0)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return self.rowCount(parent)

    def count(self, index: Index) -> int:
        """Count of samples of the row's class that were read as the column's."""
        return int(self._counts[index.row(), index.column()])

    def share(self, index: Index) -> float:
        """0 to 1: share of the class's samples, or relative to the most frequent mistake."""
        if index.row() == index.column():
            return self.count(index) / max(1, int(self._counts[index.row()].sum()))
        return self.count(index) / self._most_mistakes

    def label(self, position: int) -> str:
        return shown(self.evaluation.labels[self.shown[position]])

    def samples(self, index: Index) -> list[int]:
        """Indices of the samples that a cell counts."""
        is_class = self.evaluation.targets == self.shown[index.row()]
        is_answer = self.evaluation.answers == self.shown[index.column()]
        return [int(sample) for sample in (is_class & is_answer).nonzero()[0]]

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        if role == _Role.DisplayRole:
            count = self.count(index)
            return str(count) if count else ""
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role in (_Role.AccessibleTextRole, _Role.ToolTipRole):
            text = self.tr("{is_class} read as {answer}: {count}").format(
                is_class=self.label(index.row()),
                answer=self.label(index.column()),
                count=self.count(index),
            )
            return plain_tooltip(text) if role == _Role.ToolTipRole else text
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        if role == _Role.DisplayRole:
            return self.label(section)
        if role == _Role.ToolTipRole:
            if orientation == Qt.Orientation.Horizontal:
                return plain_tooltip(self.tr("Read as {label}").format(label=self.label(section)))
            return plain_tooltip(self.tr("Is {label}").format(label=self.label(section)))
        return None


class _CellPainter(QStyledItemDelegate):
    """Paints correct answers in the accent colour and mistakes in red, stronger for more."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ConfusionModel)
        roles, palette, rect = QPalette.ColorRole, option.palette, option.rect
        strength = model.share(index)
        painter.save()
        painter.fillRect(rect, palette.color(roles.Base))  # over the style's own selection
        if strength:
            is_right = index.row() == index.column()
            colour = QColor(palette.color(roles.Highlight if is_right else roles.BrightText))
            colour.setAlphaF(_FAINTEST + (_STRONGEST - _FAINTEST) * strength)
            painter.fillRect(rect, colour)
        painter.setPen(palette.color(roles.Text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index.data() or ""))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()


class ConfusionView(QTableView):
    """Click a cell, or go to it with the arrow keys: `chosen` emits its row and column."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setItemDelegate(_CellPainter(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(8)
            header.setSectionsClickable(False)
            header.setHighlightSections(True)
        self.clicked.connect(self._on_current_changed)
        self._set_sizes()

    def set_evaluation(self, evaluation: Evaluation, shown: Sequence[int]) -> None:
        """Show the classes with these indices."""
        model = ConfusionModel(evaluation, shown, self)
        self.setModel(model)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self._set_sizes()

    def samples(self, row: int, column: int) -> list[int]:
        """Indices of the samples that a cell counts."""
        model = self._model()
        return model.samples(model.index(row, column)) if model else []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_sizes()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_sizes()

    def _set_sizes(self) -> None:
        """Make the cells as large as they fit."""
        metrics, room = self.fontMetrics(), self.viewport()
        least_width = round(_WIDE * metrics.averageCharWidth())
        least_height = round(_HIGH * metrics.height())
        model = self._model()
        count = model.rowCount() if model else 1
        width = _between(room.width() // max(1, count), least_width, 2 * least_width)
        height = _between(room.height() // max(1, count), least_height, 2 * least_height)
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(height)

    def _on_current_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.row(), index.column())

    def _model(self) -> ConfusionModel | None:
        model = self.model()
        return model if isinstance(model, ConfusionModel) else None


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))

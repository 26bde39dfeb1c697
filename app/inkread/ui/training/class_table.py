"""Table of precision, recall and F1 per class, for the model in use and the new one."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from inkread.ml.evaluation.results import Comparison
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.plain_text import shown
from inkread.ui.widgets.retranslated import Retranslated


class ClassTable(Retranslated, QTableWidget):
    """One row per class of the held-out data; values that changed are bold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 7, parent)
        self.setObjectName("classes")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionsClickable(False)
        self.retranslate()

    def set_comparison(self, comparison: Comparison) -> None:
        pairs = tuple(
            zip(comparison.current.per_class(), comparison.candidate.per_class(), strict=True)
        )
        self.setRowCount(len(pairs))
        self.setVerticalHeaderLabels([shown(old.label) for old, _ in pairs])
        for row, (old, new) in enumerate(pairs):
            self._put(row, 0, QLocale().toString(old.count))
            figures = ((old.precision, new.precision), (old.recall, new.recall), (old.f1, new.f1))
            for place, (before, after) in enumerate(figures):
                self._put(row, 1 + 2 * place, percent(before))
                self._put(row, 2 + 2 * place, percent(after), before != after)

    def _put(self, row: int, column: int, text: str, is_bold: bool = False) -> None:
        item = QTableWidgetItem(text)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        font = item.font()
        font.setBold(is_bold)
        item.setFont(font)
        self.setItem(row, column, item)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Figures of each class"))
        headers = [self.tr("Samples")]
        for figure in (self.tr("Precision"), self.tr("Recall"), self.tr("F1")):
            headers.append(self.tr("{figure}\nin use").format(figure=figure))
            headers.append(self.tr("{figure}\nnew").format(figure=figure))
        self.setHorizontalHeaderLabels(headers)

"""List of the library's models; the one in use is highlighted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from inkread.core.escapes import MAX_TEXT, elided, visible
from inkread.data.models.library import SHIPPED, ModelEntry
from inkread.ui.models.facts import created, figures
from inkread.ui.widgets.plain_text import plain_tooltip
from inkread.ui.widgets.retranslated import Retranslated

NAME, STATE, FIGURES, DATA, CREATED = range(5)
_LISTED = Qt.ItemDataRole.UserRole
#: Maximum width of a column, letters.
_MAX_COLUMN_WIDTH = 34


class ModelList(Retranslated, QTreeWidget):
    """Rows in the library's order; names can be edited, but not the shipped model's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("models")
        self.listed: tuple[ModelEntry, ...] = ()
        self.setColumnCount(5)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setAllColumnsShowFocus(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.retranslate()

    @property
    def chosen(self) -> ModelEntry | None:
        """The model whose row is selected."""
        item = self.currentItem()
        return model_of(item) if item is not None else None

    def set_listed(self, listed: Sequence[ModelEntry]) -> None:
        """Show these models; select a new one, or else keep the selection."""
        before = {one.kept.id for one in self.listed}
        new = [one.kept.id for one in listed if before and one.kept.id not in before]
        self.listed = tuple(listed)
        self._fill(new[0] if len(new) == 1 else "")

    def _fill(self, wanted: str = "") -> None:
        chosen = self.chosen
        in_use = next((one.kept.id for one in self.listed if one.in_use), SHIPPED)
        items = {one.kept.id: self._item(one) for one in self.listed}
        self.blockSignals(True)
        self.clear()
        self.addTopLevelItems(list(items.values()))
        self.blockSignals(False)
        before = chosen.kept.id if chosen else ""
        current = items.get(wanted) or items.get(before) or items.get(in_use)
        if current is not None:
            self.setCurrentItem(current)
        widest = _MAX_COLUMN_WIDTH * self.fontMetrics().averageCharWidth()
        for column in (NAME, STATE, FIGURES, DATA):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, min(self.columnWidth(column), widest) + 8)

    def _item(self, listed: ModelEntry) -> QTreeWidgetItem:
        card = listed.kept.card
        texts = [
            listed.kept.card.name,
            self._state(listed),
            visible(figures(card)),
            visible(", ".join(card.data)),
            created(card),
        ]
        item = QTreeWidgetItem(texts)
        item.setData(0, _LISTED, listed)
        if listed.kept.id != SHIPPED:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        font = self.font()
        font.setBold(listed.in_use)
        item.setSizeHint(CREATED, QSize(0, round(1.6 * self.fontMetrics().height())))
        for column, text in enumerate(texts):
            item.setFont(column, font)
            item.setToolTip(column, plain_tooltip(elided(text, MAX_TEXT)))
        return item

    def _state(self, listed: ModelEntry) -> str:
        if listed.problem:
            return self.tr("cannot be used")
        if listed.in_use:
            return self.tr("in use")
        sources = {
            "shipped": self.tr("came with Inkread"),
            "trained": self.tr("trained here"),
            "imported": self.tr("imported"),
        }
        return sources[listed.kept.card.source]

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Models"))
        self.setHeaderLabels(
            [
                self.tr("Name"),
                self.tr("State"),
                self.tr("Figures"),
                self.tr("Learned from"),
                self.tr("Since"),
            ]
        )
        self._fill()


def model_of(item: QTreeWidgetItem) -> ModelEntry:
    """The model of a row."""
    listed: ModelEntry = item.data(0, _LISTED)
    return listed

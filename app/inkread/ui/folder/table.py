"""The view of a folder's table."""

from __future__ import annotations

from PySide6.QtCore import QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inkread.core.batch.folder_table import THUMBNAIL
from inkread.core.spreadsheets import inert
from inkread.ui.folder.model import (
    CONFIDENCE,
    DOUBTFUL,
    FILE,
    MARK,
    PICTURE,
    TEXT,
    THUMBNAIL_RATIO,
    FolderModel,
    Index,
)
from inkread.ui.widgets.retranslated import Retranslated

_MARGIN = 4
#: Widths of the columns, in average letters.
_WIDTHS = {FILE: 24, TEXT: 30}


class FolderTable(Retranslated, QTableView):
    """Rows are chosen by the keyboard or the mouse; Enter or a double click activates one, typing
    or F2 corrects its text.
    """

    def __init__(self, model: FolderModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("folder_table")
        self.rows = FolderFilter(model)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self._size()
        self.horizontalHeader().setSortIndicator(FILE, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.retranslate()

    def _size(self) -> None:
        size = QSize(*(round(side / THUMBNAIL_RATIO) for side in THUMBNAIL))
        self.setIconSize(size)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        high = max(size.height() + _MARGIN, round(1.6 * self.fontMetrics().height()))
        self.verticalHeader().setDefaultSectionSize(high)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setColumnWidth(PICTURE, size.width() + 6 * _MARGIN)
        for column, letters in _WIDTHS.items():
            self.setColumnWidth(column, letters * self.fontMetrics().averageCharWidth())

    @property
    def chosen(self) -> int | None:
        """Number of the chosen row, counted as the files are."""
        index = self.currentIndex()
        return self.rows.mapToSource(index).row() if index.isValid() else None

    def edit_chosen(self) -> None:
        """Begin to correct the text of the chosen row."""
        index = self.currentIndex().siblingAtColumn(TEXT)
        if index.isValid():
            self.setCurrentIndex(index)
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies a cell as CSV has it: pasted into a spreadsheet, it is no formula."""
        if event.matches(QKeySequence.StandardKey.Copy):
            cell = self.currentIndex().data()
            QGuiApplication.clipboard().setText(inert(str(cell or "")))
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Files"))
        widest = self.horizontalHeader().sectionSizeFromContents(CONFIDENCE).width()
        self.setColumnWidth(CONFIDENCE, widest + 6 * _MARGIN)


class _Delegate(QStyledItemDelegate):
    """Highlights rows that a person should check."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.column() == MARK and index.data(DOUBTFUL):
            alarm = option.palette.color(QPalette.ColorRole.BrightText)
            option.palette.setColor(QPalette.ColorRole.Text, alarm)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setAccessibleName(self.tr("What is written"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Text being typed stays, even if the window corrects the file meanwhile."""
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)


class FolderFilter(QSortFilterProxyModel):
    """The rows that are shown, in the order that was clicked."""

    def __init__(self, model: FolderModel) -> None:
        super().__init__(model)
        self._model = model
        self._only_doubtful = False
        self.setSourceModel(model)

    def set_only_doubtful(self, only: bool) -> None:
        self._only_doubtful = only
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, _source_parent: Index) -> bool:
        return not self._only_doubtful or self._model.is_doubtful(source_row)

    def lessThan(self, left: Index, right: Index) -> bool:
        return self._model.sort_key(left) < self._model.sort_key(right)

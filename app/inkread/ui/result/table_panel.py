"""The tables of a picture as rows and columns, to be looked through and corrected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inkread.core.tables.cell_map import CellMap, Place
from inkread.core.tables.numbers import decimal_sign_of
from inkread.core.tables.sums import WrongSum, wrong_sums
from inkread.ui.page.cell_editor import SignValidator
from inkread.ui.result.table_model import Index, TableModel, column_name
from inkread.ui.widgets.layouts import bare, fill
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated

_MAX_COLUMN = 240  # px
#: Sentences about sums that are shown at once.
_MAX_SENTENCES = 3


class TableGrid(QTableView):
    """Return confirms a doubtful cell and goes down; typing or F2 corrects a cell.

    Signals
    -------
    confirmed()
        The text of the current cell is right.
    """

    confirmed = Signal()

    def __init__(self, model: TableModel, label_of: Callable[[str], str]) -> None:
        super().__init__()
        self.setObjectName("table")
        self.setModel(model)
        self.setItemDelegate(_Delegate(label_of, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked
        )
        self.setTabKeyNavigation(True)
        self.setWordWrap(False)
        self.setShowGrid(False)  # the style's own cannot be seen on dark
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        line = self.fontMetrics().height()
        self.verticalHeader().setDefaultSectionSize(round(1.7 * line))
        self.verticalHeader().setMinimumSectionSize(round(1.4 * line))
        self.horizontalHeader().setMinimumSectionSize(round(2.4 * line))
        self.horizontalHeader().setMaximumSectionSize(_MAX_COLUMN)

    def go_down(self, by: int) -> None:
        index = self.currentIndex()
        if index.isValid():
            below = index.row() + (self.rowSpan(index.row(), index.column()) if by > 0 else by)
            if 0 <= below < self.model().rowCount():
                self.setCurrentIndex(index.siblingAtRow(below))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and self.state() != QAbstractItemView.State.EditingState:
            self.confirmed.emit()
            is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.go_down(-1 if is_back else 1)
        elif not self._leave(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def _leave(self, key: Qt.Key) -> bool:
        """Tab behind the last cell, or before the first, goes to another widget."""
        index = self.currentIndex()
        corner = {
            Qt.Key.Key_Tab: (self.model().rowCount() - 1, self.model().columnCount() - 1),
            Qt.Key.Key_Backtab: (0, 0),
        }
        if (index.row(), index.column()) != corner.get(key):
            return False
        self.setTabKeyNavigation(False)
        self.focusNextPrevChild(key == Qt.Key.Key_Tab)
        self.setTabKeyNavigation(True)
        return True

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:  # it was Return
            self.go_down(1)


class _Delegate(QStyledItemDelegate):
    """Lets only what cells can say be typed; paints a grid that shows in both themes."""

    def __init__(self, label_of: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._label_of = label_of

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(option.rect.topRight(), option.rect.bottomRight())
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setAccessibleName(self.tr("Text of the cell"))
            editor.setValidator(SignValidator(self._label_of, editor))
            editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return editor

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """What was only looked at is not confirmed by that."""
        if isinstance(editor, QLineEdit) and editor.isModified():
            super().setModelData(editor, model, index)  # type: ignore[arg-type]


class TablePanel(Retranslated, QWidget):
    """Shows the table with the selected cell; of several, a box chooses one.

    Parameters
    ----------
    label_of : callable
        The label that a typed character stands for; empty: none.

    Signals
    -------
    cell_chosen(Place)
        Another cell was selected here.
    cell_typed(Place, str)
        A cell is to have a text.
    cell_confirmed(Place)
        The text of a doubtful cell is right.
    wrong_changed(list of Place)
        The last cells of rows and columns that do not add up, in all tables.
    """

    cell_chosen = Signal(object)
    cell_typed = Signal(object, str)
    cell_confirmed = Signal(object)
    wrong_changed = Signal(object)

    def __init__(self, label_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("table_panel")
        self.model = TableModel(self)
        self.view = TableGrid(self.model, label_of)
        self._choice = QComboBox()
        self._sums = PlainLabel(wordWrap=True)
        self._sums.setObjectName("sums")
        self._sums.setForegroundRole(QPalette.ColorRole.BrightText)
        self._checks_sums = False
        fill(bare(QVBoxLayout(self), 4), self._choice, (self.view, 1), self._sums)
        self.model.cell_typed.connect(self.cell_typed)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.view.confirmed.connect(self._on_confirmed)
        self._choice.currentIndexChanged.connect(self._on_table_chosen)
        self.set_colours()
        self.retranslate()
        self.hide()

    @property
    def has_focus(self) -> bool:
        """Whether keys go to the table."""
        return self.view.hasFocus()

    @property
    def sums_text(self) -> str:
        """What is said about sums."""
        return self._sums.text()

    def set_cells(self, cells: CellMap, place: Place | None) -> None:
        """Show the tables of a reading; without one it is hidden."""
        count = len(cells.reading.tables)
        self.setVisible(count > 0)
        with QSignalBlocker(self._choice):
            while self._choice.count() > count:
                self._choice.removeItem(self._choice.count() - 1)
            while self._choice.count() < count:
                self._choice.addItem("")
        self._choice.setVisible(count > 1)
        self.retranslate()
        self._show(cells, place)
        self._check()

    def set_place(self, place: Place | None) -> None:
        """Show which cell is selected."""
        if self.model.cells.has_tables:
            self._show(self.model.cells, place)

    def set_checks_sums(self, checks: bool) -> None:
        """Whether rows and columns that do not add up are marked."""
        self._checks_sums = checks
        self._check()

    def _show(self, cells: CellMap, place: Place | None) -> None:
        count = len(cells.reading.tables)
        table = min(self.model.table, max(count - 1, 0)) if place is None else place.table
        is_other = cells is not self.model.cells or table != self.model.table
        with QSignalBlocker(self.view.selectionModel()), QSignalBlocker(self._choice):
            self._choice.setCurrentIndex(table)
            if is_other:
                self.model.set_cells(cells, table)
                self._fit()
            if place is None:
                self.view.clearSelection()
                self.view.setCurrentIndex(self.model.index(-1, -1))
            elif self.model.place(self.view.currentIndex()) != place:
                self.view.setCurrentIndex(self.model.index_of(place))
                self.view.scrollTo(self.view.currentIndex())
        self.view.viewport().update()
        if is_other:
            self._mark()

    def _fit(self) -> None:
        """Columns as wide as their texts, cells over all their places."""
        self.view.clearSpans()
        if self.model.cells.has_tables:
            for cell in self.model.cells.reading.tables[self.model.table].cells:
                if cell.row_span > 1 or cell.column_span > 1:
                    self.view.setSpan(cell.row, cell.column, cell.row_span, cell.column_span)
        self.view.resizeColumnsToContents()

    def _check(self) -> None:
        cells = self.model.cells
        places = [
            cells.place_in(
                index,
                each.index if each.is_row else table.rows - 1,
                table.columns - 1 if each.is_row else each.index,
            )
            for index, table in enumerate(cells.reading.tables)
            for each in self._wrong(index)
        ]
        self._mark()
        self.wrong_changed.emit(places)

    def _mark(self) -> None:
        has_tables = self.model.cells.has_tables
        wrong = self._wrong(self.model.table) if has_tables else ()
        self.model.set_wrong(wrong)
        words = [self._sentence(each) for each in wrong[:_MAX_SENTENCES]]
        if more := len(wrong) - len(words):
            words.append(self.tr("Others that do not add up: %n", "", more))
        self._sums.setText("\n".join(words))
        self._sums.setVisible(bool(words))

    def _wrong(self, table: int) -> tuple[WrongSum, ...]:
        cells = self.model.cells
        if not self._checks_sums or cells.reading.tables[table].has_single_signs:
            return ()
        return wrong_sums(cells.rows(table))

    def _sentence(self, wrong: WrongSum) -> str:
        if wrong.is_row:
            words = self.tr("Row {name}: the others add up to {expected}, the last is {found}.")
        else:
            words = self.tr("Column {name}: the others add up to {expected}, the last is {found}.")
        name = str(wrong.index + 1) if wrong.is_row else column_name(wrong.index)
        texts = (text for row in self.model.cells.rows(self.model.table) for text in row)
        sign = decimal_sign_of(texts) or "."
        expected, found = (f"{n:f}".replace(".", sign) for n in (wrong.expected, wrong.found))
        return words.format(name=name, expected=expected, found=found)

    def _on_current_changed(self, index: Index) -> None:
        if (place := self.model.place(index)) is not None:
            self.cell_chosen.emit(place)

    def _on_confirmed(self) -> None:
        place = self.model.place(self.view.currentIndex())
        if place is not None and self.model.cells.is_doubtful(place):
            self.cell_confirmed.emit(place)

    def _on_table_chosen(self, table: int) -> None:
        if table >= 0:
            self.cell_chosen.emit(Place(table, 0))

    def wanted_size(self) -> QSize:
        """Of the whole table with its headings, px."""
        view = self.view
        width = view.horizontalHeader().length() + view.verticalHeader().sizeHint().width()
        height = view.verticalHeader().length() + view.horizontalHeader().sizeHint().height()
        choice = self._choice.sizeHint().height() if self._choice.count() > 1 else 0
        air = 2 * view.frameWidth() + view.fontMetrics().height()  # for a mark behind a number
        return QSize(width + air, height + choice + air)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 90)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())

    def set_colours(self) -> None:
        self.model.set_colours(self.palette())

    def retranslate(self) -> None:
        self.view.setAccessibleName(self.tr("Table"))
        self._choice.setAccessibleName(self.tr("Which table"))
        for index in range(self._choice.count()):
            self._choice.setItemText(index, self.tr("Table {number}").format(number=index + 1))
        if self.model.cells.has_tables:
            self._mark()

"""A table of a reading as a model of Qt: its texts, and which cells are doubtful."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPalette

from inkread.core.reading import Glyph, Reading
from inkread.core.tables.cell_map import CellMap, Place
from inkread.core.tables.sums import WrongSum
from inkread.ui.glyphs.glyph_boxes import DOUBT
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.plain_text import plain_tooltip, shown

Index = QModelIndex | QPersistentModelIndex
#: Behind the number of a row or column that does not add up.
WRONG = " ≠"
#: Share of amber in the colour of a doubtful cell; *chosen*: texts are easily read on it.
_TINT = 0.28
_AMBER = QColor(255, 176, 0)


class TableModel(QAbstractTableModel):
    """Shows one table; what is typed is emitted, and shown once the reading says so.

    Signals
    -------
    cell_typed(Place, str)
        A cell is to have a text.
    """

    cell_typed = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cells = CellMap(Reading())
        self.table = 0
        self._texts: list[list[str]] = []
        self._wrong: dict[bool, dict[int, WrongSum]] = {True: {}, False: {}}
        self._tint, self._alarm = QColor(), QColor()

    def set_colours(self, palette: QPalette) -> None:
        """Take over the colours of the theme."""
        base, amber = palette.color(QPalette.ColorRole.Base), _AMBER
        pairs = ((base.redF(), amber.redF()), (base.greenF(), amber.greenF()))
        blue = (base.blueF(), amber.blueF())
        self._tint = QColor.fromRgbF(*(a + (b - a) * _TINT for a, b in (*pairs, blue)))
        self._alarm = palette.color(QPalette.ColorRole.BrightText)
        self._emit_all_changed()

    def set_cells(self, cells: CellMap, table: int) -> None:
        """Show a table of a reading; one of the same shape keeps what is selected in the view."""
        texts = cells.rows(table) if cells.has_tables else []
        spans = self._spans()
        is_same = spans == _spans_of(cells, table) and len(texts) == len(self._texts) > 0
        if not is_same:
            self.beginResetModel()
        self.cells, self.table, self._texts = cells, table, texts
        self._wrong = {True: {}, False: {}}
        if is_same:
            self._emit_all_changed()
        else:
            self.endResetModel()

    def set_wrong(self, wrong: Iterable[WrongSum]) -> None:
        """Mark rows and columns that do not add up."""
        self._wrong = {True: {}, False: {}}
        for each in wrong:
            self._wrong[each.is_row][each.index] = each
        self._emit_all_changed()

    def _spans(self) -> list[tuple[int, int, int, int]]:
        return _spans_of(self.cells, self.table)

    def _emit_all_changed(self) -> None:
        if self._texts:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            for way, count in (
                (Qt.Orientation.Horizontal, self.columnCount()),
                (Qt.Orientation.Vertical, self.rowCount()),
            ):
                self.headerDataChanged.emit(way, 0, count - 1)

    def place(self, index: Index) -> Place | None:
        """The cell of an index."""
        if not index.isValid():
            return None
        return self.cells.place_in(self.table, index.row(), index.column())

    def index_of(self, place: Place) -> QModelIndex:
        """The index of a cell of this table."""
        cell = self.cells.cell(place)
        return self.index(cell.row, cell.column)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._texts)

    def columnCount(self, parent: Index | None = None) -> int:
        is_below = parent is not None and parent.isValid()
        return 0 if is_below or not self._texts else len(self._texts[0])

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        roles = Qt.ItemDataRole
        place = self.place(index)
        if place is None:
            return None
        glyphs = self.cells.glyphs(place)
        is_doubtful = any(glyph.is_doubtful for glyph in glyphs)
        text = " ".join(self.cells.text(place).split())
        if role == roles.EditRole:
            return text
        if role == roles.DisplayRole:
            return shown(text) + DOUBT * is_doubtful
        if role == roles.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == roles.BackgroundRole and is_doubtful:
            return self._tint
        if role == roles.ForegroundRole and self._is_wrong_sum(index):
            return self._alarm
        if role == roles.ToolTipRole and is_doubtful:
            return plain_tooltip("\n".join(self._doubt(g) for g in glyphs if g.is_doubtful))
        return None

    def _is_wrong_sum(self, index: Index) -> bool:
        is_last = {
            True: index.column() == self.columnCount() - 1,
            False: index.row() == self.rowCount() - 1,
        }
        numbers = {True: index.row(), False: index.column()}
        return any(is_last[way] and numbers[way] in self._wrong[way] for way in (True, False))

    def _doubt(self, glyph: Glyph) -> str:
        guess = glyph.guesses[0] if glyph.rejected else glyph.runner_up
        if glyph.rejected or guess is None:
            words = self.tr("{label}: not a digit? Would be {other}, {share}")
            guess = glyph.guesses[0]
        else:
            words = self.tr("{label}: would be {other}, {share}")
        return words.format(
            label=shown(glyph.label), other=shown(guess.label), share=percent(guess.probability)
        )

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        place = self.place(index)
        if place is None or role != Qt.ItemDataRole.EditRole:
            return False
        self.cell_typed.emit(place, str(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        is_row = orientation == Qt.Orientation.Vertical
        is_wrong = section in self._wrong[is_row]
        if role == Qt.ItemDataRole.DisplayRole:
            return (str(section + 1) if is_row else column_name(section)) + WRONG * is_wrong
        if role == Qt.ItemDataRole.ForegroundRole and is_wrong:
            return self._alarm
        return None


def column_name(column: int) -> str:
    """As spreadsheets call a column: A to Z, then AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _spans_of(cells: CellMap, table: int) -> list[tuple[int, int, int, int]]:
    if not cells.has_tables:
        return []
    return [
        (cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in cells.reading.tables[table].cells
    ]

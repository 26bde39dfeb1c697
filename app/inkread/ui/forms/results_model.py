"""The table of a folder of forms: a row for each page, a column for each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette

from inkread.core.escapes import MAX_TEXT, visible
from inkread.core.forms.read_form import FieldReading
from inkread.ui.widgets.messages import sentence
from inkread.ui.widgets.plain_text import plain_tooltip, shown

if TYPE_CHECKING:
    from inkread.core.batch.form_results import FormResult

_NOWHERE = QModelIndex()
_BETWEEN_LINES = " / "

Index = QModelIndex | QPersistentModelIndex


class FormsModel(QAbstractTableModel):
    """Texts of fields can be corrected; the first column is the file, the last what is to say."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.results: list[FormResult] = []
        self._names: tuple[str, ...] = ()
        self.is_changed = False

    def start(self, names: Sequence[str]) -> None:
        """Forget everything; what comes has these fields."""
        self.beginResetModel()
        self.results, self._names, self.is_changed = [], tuple(names), False
        self.endResetModel()

    def add(self, results: Sequence[FormResult]) -> None:
        if results:
            first = len(self.results)
            self.beginInsertRows(_NOWHERE, first, first + len(results) - 1)
            self.results += results
            self.endInsertRows()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.results)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._names) + 2

    def _field(self, index: Index) -> FieldReading | None:
        reading, column = self.results[index.row()].reading, index.column() - 1
        return (
            None
            if reading is None or not 0 <= column < len(self._names)
            else (reading.fields[column])
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual if self._field(index) is None else usual | Qt.ItemFlag.ItemIsEditable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return (self.tr("File"), *map(shown, self._names), self.tr("Notes"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        field = self._field(index)
        if role == Qt.ItemDataRole.EditRole:
            return None if field is None else _BETWEEN_LINES.join(field.text.split("\n"))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index, field)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._tip(index, field))
        if role == Qt.ItemDataRole.ForegroundRole and self._is_doubtful(index, field):
            return QGuiApplication.palette().brush(QPalette.ColorRole.BrightText)
        if role == Qt.ItemDataRole.FontRole and field is not None and field.typed is not None:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _is_doubtful(self, index: Index, field: FieldReading | None) -> bool:
        if field is not None:
            return field.is_doubtful
        is_last = index.column() == len(self._names) + 1
        return is_last and self.results[index.row()].error is not None

    def _text(self, index: Index, field: FieldReading | None) -> str:
        result = self.results[index.row()]
        if field is not None:
            text = _BETWEEN_LINES.join(field.text.split("\n"))
            return f"{text} ?" if field.is_doubtful else text
        if index.column() == 0:
            return shown(Path(result.title).name)
        if index.column() <= len(self._names):
            return ""
        return self._note(result)

    def _note(self, result: FormResult) -> str:
        return " ".join(result.notes) if result.error is None else sentence(result.error)

    def _tip(self, index: Index, field: FieldReading | None) -> str:
        if field is not None:
            return "\n".join(field.notes)
        result = self.results[index.row()]
        return visible(result.path)[:MAX_TEXT] if index.column() == 0 else self._note(result)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        field, result = self._field(index), self.results[index.row()]
        if role != Qt.ItemDataRole.EditRole or field is None or result.reading is None:
            return False
        text = "\n".join(line.strip() for line in str(value).split(_BETWEEN_LINES.strip()))
        if text == field.text and (field.typed is not None or not field.is_doubtful):
            return False
        reading = result.reading.typed_as(field.name, text)
        self.results[index.row()] = replace(result, reading=reading)
        self.is_changed = True
        last = self.index(index.row(), self.columnCount() - 1)
        self.dataChanged.emit(index, last)
        return True

    def is_to_look_at(self, row: int) -> bool:
        """Whether a person should check a row."""
        result = self.results[row]
        return result.error is not None or bool(result.reading and result.reading.doubtful)

    def retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self.columnCount() - 1))

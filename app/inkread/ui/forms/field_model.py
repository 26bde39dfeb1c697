"""The table of a form's fields: names and types, to be changed, and what was read on trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inkread.core.forms.template import MAX_FIELDS, FormField, name_problem
from inkread.core.geometry import Box
from inkread.ui.widgets.plain_text import plain_tooltip, shown

if TYPE_CHECKING:
    from inkread.core.forms.read_form import FormReading

NAME, TYPE, READ = range(3)
#: Offered as types; any other one can be typed.
TYPES = ("", "digits", "integer", "decimal", "money", "date", "time", "999-99")
_NOWHERE = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class FieldModel(QAbstractTableModel):
    """Fields in the order of their columns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.fields: tuple[FormField, ...] = ()
        self._reading: FormReading | None = None

    def set_fields(self, fields: Sequence[FormField]) -> None:
        self.beginResetModel()
        self.fields, self._reading = tuple(fields), None
        self.endResetModel()

    def add(self, box: Box) -> bool:
        """Add a field with a name that is free; false: there are as many as there may be."""
        if len(self.fields) >= MAX_FIELDS:
            return False
        taken = {field.name.casefold() for field in self.fields}
        number = len(self.fields) + 1
        while (name := self.tr("field {number}").format(number=number)).casefold() in taken:
            number += 1
        self.set_reading(None)
        row = len(self.fields)
        self.beginInsertRows(_NOWHERE, row, row)
        self.fields = (*self.fields, FormField(name, box))
        self.endInsertRows()
        return True

    def remove(self, row: int) -> None:
        self.set_reading(None)
        self.beginRemoveRows(_NOWHERE, row, row)
        self.fields = self.fields[:row] + self.fields[row + 1 :]
        self.endRemoveRows()

    def set_reading(self, reading: FormReading | None) -> None:
        """What was read on trial; None: nothing."""
        self._reading = reading
        if self.fields:
            self.dataChanged.emit(self.index(0, READ), self.index(len(self.fields) - 1, READ))

    @property
    def reading(self) -> FormReading | None:
        return self._reading

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.fields)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 3

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual if index.column() == READ else usual | Qt.ItemFlag.ItemIsEditable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return (self.tr("Name"), self.tr("Type"), self.tr("Read on trial"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        field, column = self.fields[index.row()], index.column()
        if role == Qt.ItemDataRole.EditRole and column != READ:
            return field.name if column == NAME else field.type
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), column)
        read = None if self._reading is None else self._reading.fields[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and column == READ and read is not None:
            return plain_tooltip("\n".join(read.notes))
        is_doubtful = column == READ and read is not None and read.is_doubtful
        if role == Qt.ItemDataRole.ForegroundRole and is_doubtful:
            return QGuiApplication.palette().brush(QPalette.ColorRole.BrightText)
        return None

    def _text(self, row: int, column: int) -> str:
        field = self.fields[row]
        if column == NAME:
            return shown(field.name)
        if column == TYPE:
            return shown(field.type) if field.type else self.tr("anything")
        if self._reading is None:
            return ""
        read = self._reading.fields[row]
        text = " / ".join(read.text.split("\n")) if read.text else self.tr("(empty)")
        return f"{text} ?" if read.is_doubtful else text

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() == READ:
            return False
        row, text = index.row(), " ".join(str(value).split())
        field = self.fields[row]
        if index.column() == NAME:
            taken = {f.name.casefold() for k, f in enumerate(self.fields) if k != row}
            if name_problem(text, taken):
                return False
            changed = replace(field, name=text)
        else:
            changed = replace(field, type=text)
        if changed == field:
            return False
        self.fields = (*self.fields[:row], changed, *self.fields[row + 1 :])
        self.set_reading(None)
        self.dataChanged.emit(index, index)
        return True

    def retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 2)


class TypeDelegate(QStyledItemDelegate):
    """Offers types; any other one can be typed."""

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        box = QComboBox(parent)
        box.setEditable(True)
        box.addItems(TYPES)
        box.setAccessibleName(self.tr("What may stand in it"))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setEditText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentText())

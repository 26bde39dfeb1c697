"""The table of a folder: a row for each file; texts can be corrected, and that undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont, QImage, QPixmap, QUndoCommand, QUndoStack

from app.core.folder import Row
from app.ui.messages import sentence
from app.ui.percent import percent

PICTURE, FILE, TEXT, CONFIDENCE, MARK = range(5)
COLUMNS = 5
#: Whether the row is still to be looked at.
DOUBTFUL = Qt.ItemDataRole.UserRole
#: Between the lines of a text, as `inkread read` prints them.
_BETWEEN_LINES = " / "
#: Thumbnails are shown a little smaller than they are, for fine screens.
THUMBNAIL_RATIO = 1.5
_NOWHERE = QModelIndex()

Index = QModelIndex | QPersistentModelIndex
Key = tuple[float, float, str]


class FolderModel(QAbstractTableModel):
    """Rows as they come, in the order of the files."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = QUndoStack(self)
        self._folder = Path()
        self._rows: list[Row] = []
        self._typed: dict[int, str] = {}
        self._pictures: dict[int, QPixmap] = {}
        #: What is sorted by, row and column: asked for twenty thousand times to sort two thousand.
        self._keys: dict[tuple[int, int], Key] = {}

    @property
    def rows(self) -> list[tuple[Row, str | None]]:
        """Every row, with the text that a person typed if one did."""
        return [(row, self._typed.get(number)) for number, row in enumerate(self._rows)]

    def row(self, number: int) -> Row:
        return self._rows[number]

    def start(self, folder: Path) -> None:
        """Forget everything; what comes are files in this folder."""
        self.beginResetModel()
        self.history.clear()
        self._folder = folder
        self._rows.clear()
        self._typed.clear()
        self._pictures.clear()
        self._keys.clear()
        self.endResetModel()

    def add(self, rows: Sequence[Row]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_NOWHERE, first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def correct(self, number: int, text: str | None) -> None:
        """Put a text in the place of what was read; None: what was read counts again."""
        if text is None:
            self._typed.pop(number, None)
        else:
            self._typed[number] = text
        for column in range(COLUMNS):
            self._keys.pop((number, column), None)
        self.dataChanged.emit(self.index(number, 0), self.index(number, COLUMNS - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else COLUMNS

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == TEXT else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(number, column)
        if role == Qt.ItemDataRole.DecorationRole and column == PICTURE:
            return self._picture(number)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._rows[number].path if column == FILE else self._text(number, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == PICTURE:
            return self._text(number, FILE)
        if role == Qt.ItemDataRole.FontRole and column in (TEXT, MARK) and number in self._typed:
            font = QFont()
            font.setBold(True)
            return font
        if role == DOUBTFUL:
            return self.is_doubtful(number) and number not in self._typed
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != TEXT:
            return False
        number = index.row()
        text = "\n".join(line.strip() for line in str(value).split(_BETWEEN_LINES.strip()))
        before = self._typed.get(number)
        if text == (self._rows[number].text if before is None else before):
            return False
        after = None if text == self._rows[number].text else text
        name = self.tr("Correct {file}").format(file=self._text(number, FILE))
        self.history.push(_Correction(name, self, number, before, after))
        return True

    def is_doubtful(self, number: int) -> bool:
        """Whether it was to be looked at when it was read, corrected since or not."""
        return self._rows[number].is_doubtful

    def sort_key(self, index: Index) -> Key:
        """What a column is sorted by: texts that are numbers by these, before other texts."""
        place = index.row(), index.column()
        key = self._keys.get(place)
        if key is None:
            key = self._keys[place] = self._key(*place)
        return key

    def _key(self, number: int, column: int) -> Key:
        row = self._rows[number]
        if column == TEXT:
            return _key(self._shown(number))
        if column == CONFIDENCE:
            return (row.confidence if row.glyphs else -1.0), 0, ""
        if column == MARK:
            return self._urgency(number), 0, self._mark(number)
        return number, 0, ""

    def _urgency(self, number: int) -> float:
        row = self._rows[number]
        if number in self._typed:
            return 0.5
        return 1e9 if row.error else row.doubtful or 0.25 * (row.glyphs == 0)

    def _shown(self, number: int) -> str:
        return self._typed.get(number, self._rows[number].text)

    def _text(self, number: int, column: int) -> str | None:
        row = self._rows[number]
        if column == FILE:
            return self._name(row)
        if column == TEXT:
            return self._shown(number).replace("\n", _BETWEEN_LINES)
        if column == CONFIDENCE:
            return percent(row.confidence) if row.glyphs else "–"
        return self._mark(number) if column == MARK else None

    def _name(self, row: Row) -> str:
        path = Path(row.path)
        inside = path.is_relative_to(self._folder)
        return str(path.relative_to(self._folder)) if inside else row.path

    def _mark(self, number: int) -> str:
        row = self._rows[number]
        if number in self._typed:
            return self.tr("corrected")
        if row.error is not None:
            return sentence(row.error).removeprefix(f"{Path(row.path).name}: ")
        if row.doubtful:
            return self.tr("doubtful: %n", "", row.doubtful)
        return "" if row.glyphs else self.tr("nothing is written")

    def _picture(self, number: int) -> QPixmap | None:
        pixels = self._rows[number].thumbnail
        if pixels is None:
            return None
        if number not in self._pictures:
            height, width = pixels.shape[:2]
            image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(THUMBNAIL_RATIO)
            self._pictures[number] = picture
        return self._pictures[number]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Picture"),
                self.tr("File"),
                self.tr("Text"),
                self.tr("Lowest confidence"),
                self.tr("To look at"),
            )[section]
        return None

    def retranslate(self) -> None:
        self._keys.clear()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, COLUMNS - 1)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, COLUMNS - 1))


class _Correction(QUndoCommand):
    """One text typed in the place of another; the stack's first `redo()` does the work."""

    def __init__(
        self, name: str, model: FolderModel, number: int, before: str | None, after: str | None
    ) -> None:
        super().__init__(name)
        self._correct = model.correct
        self._number, self._before, self._after = number, before, after

    def redo(self) -> None:
        self._correct(self._number, self._after)

    def undo(self) -> None:
        self._correct(self._number, self._before)


def _key(text: str) -> Key:
    if not text:
        return 2, 0, ""
    try:
        return 0, float(text.replace(" ", "").replace(",", ".")), text
    except ValueError:
        return 1, 0, text

"""The table of a folder: a row for each file; texts can be corrected, and that undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont, QImage, QPixmap

from inkread.core.batch.folder_table import Row
from inkread.core.correction.edit_json import Corrections
from inkread.core.correction.retype import is_same_text
from inkread.core.escapes import MAX_TEXT, elided, visible
from inkread.services.corrections import Entry, PictureCorrections
from inkread.ui.folder.texts import Key, OverruleText, TypeText, text_key
from inkread.ui.history.undo_stack import UndoStack
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.messages import file_name, sentence
from inkread.ui.widgets.plain_text import plain_tooltip, shown

PICTURE, FILE, TEXT, CONFIDENCE, MARK = range(5)
COLUMNS = 5
#: Role: whether a person should still check the row.
DOUBTFUL = Qt.ItemDataRole.UserRole
#: Between the lines of a text, as `inkread read` prints them.
_BETWEEN_LINES = " / "
#: Device pixels of a thumbnail per logical pixel, for fine screens.
THUMBNAIL_RATIO = 1.5
_NOWHERE = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class FolderModel(QAbstractTableModel):
    """Rows in the order of the files; `PictureCorrections` owns their corrected texts."""

    def __init__(self, corrections: PictureCorrections, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = UndoStack(self)
        self._corrections = corrections
        self._folder = Path()
        self._rows: list[Row] = []
        #: Rows of the same content, by digest.
        self._places: dict[str, list[int]] = {}
        self._pictures: dict[int, QPixmap] = {}
        #: Sort keys by row and column: sorting 2,000 rows asks for 20,000.
        self._keys: dict[tuple[int, int], Key] = {}
        corrections.changed.connect(self._on_changed)
        corrections.overruled.connect(self._on_overruled)

    @property
    def rows(self) -> list[tuple[Row, str | None]]:
        """Every row, with the corrected text if there is one."""
        return [(row, self._made(n).says) for n, row in enumerate(self._rows)]

    def row(self, index: int) -> Row:
        return self._rows[index]

    def start(self, folder: Path) -> None:
        """Forget everything; what comes are files in this folder."""
        self.beginResetModel()
        self.history.clear()
        self._folder = folder
        self._rows.clear()
        self._places.clear()
        self._pictures.clear()
        self._keys.clear()
        self.endResetModel()

    def add(self, rows: Sequence[Row]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_NOWHERE, first, first + len(rows) - 1)
            for index, row in enumerate(rows, start=first):
                self._places.setdefault(row.digest, []).append(index)
            self._rows += rows
            self.endInsertRows()
            self._corrections.load(row.digest for row in rows)

    def _made(self, index: int) -> Corrections:
        return self._corrections.of(self._rows[index].digest).made

    def _shown(self, index: int) -> str:
        says = self._made(index).says
        return self._rows[index].text if says is None else says

    def _doubtful(self, index: int) -> int:
        """How many digits are doubtful, with all corrections."""
        made = self._made(index)
        return self._rows[index].doubtful if made.is_empty else made.left

    def _on_changed(self, digest: str, before: Entry) -> None:
        if not (before.made.is_empty and self._corrections.of(digest).made.is_empty):
            self._show_anew(digest)

    def _on_overruled(self, digest: str, before: Corrections) -> None:
        for index in self._places.get(digest, [])[:1]:
            was = self._rows[index].text if before.says is None else before.says
            now = self._shown(index)
            if not is_same_text(was, now):
                correct = self._corrections.type_text
                self.history.push(OverruleText(self._step(index), correct, digest, was, now))

    def _show_anew(self, digest: str) -> None:
        for row_index in self._places.get(digest, ()):
            for column in range(COLUMNS):
                self._keys.pop((row_index, column), None)
            self.dataChanged.emit(self.index(row_index, 0), self.index(row_index, COLUMNS - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else COLUMNS

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == TEXT else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row_index, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(row_index, column, is_edited=role == Qt.ItemDataRole.EditRole)
        if role == Qt.ItemDataRole.DecorationRole and column == PICTURE:
            return self._picture(row_index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._tip(row_index, column))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == PICTURE:
            return self._text(row_index, FILE)
        if (
            role == Qt.ItemDataRole.FontRole
            and column in (TEXT, MARK)
            and self._is_corrected(row_index)
        ):
            font = QFont()
            font.setBold(True)
            return font
        if role == DOUBTFUL:
            return self._is_to_look_at(row_index)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != TEXT:
            return False
        row_index = index.row()
        text = "\n".join(line.strip() for line in str(value).split(_BETWEEN_LINES.strip()))
        if text == self._shown(row_index):
            return False
        row, made = self._rows[row_index], self._made(row_index)
        said = row.text if made.text is None else made.text
        after, correct = None if text == said else text, self._corrections.type_text
        self.history.push(TypeText(self._step(row_index), correct, row.digest, made.typed, after))
        return True

    def _step(self, row_index: int) -> str:
        return self.tr("Correct {file}").format(file=shown(self._name(self._rows[row_index])))

    def is_doubtful(self, row_index: int) -> bool:
        """Whether the reading is doubtful, corrected since or not."""
        return self._rows[row_index].is_doubtful

    def sort_key(self, index: Index) -> Key:
        """The sort key of a cell: numbers by value, before other texts."""
        place = index.row(), index.column()
        key = self._keys.get(place)
        if key is None:
            key = self._keys[place] = self._key(*place)
        return key

    def _key(self, row_index: int, column: int) -> Key:
        row = self._rows[row_index]
        if column == TEXT:
            return text_key(self._shown(row_index))
        if column == CONFIDENCE:
            return (row.confidence if row.glyphs else -1.0), 0, ""
        if column == MARK:
            return self._urgency(row_index), 0, self._mark(row_index)
        return row_index, 0, ""

    def _urgency(self, row_index: int) -> float:
        row = self._rows[row_index]
        if not self._is_corrected(row_index):
            return 1e9 if row.error else row.doubtful or 0.25 * (row.glyphs == 0)
        return self._doubtful(row_index) or 0.5

    def _is_corrected(self, row_index: int) -> bool:
        return self._made(row_index).says is not None

    def _is_to_look_at(self, row_index: int) -> bool:
        """Now, with all that was corrected."""
        if self._is_corrected(row_index):
            return self._doubtful(row_index) > 0
        return self.is_doubtful(row_index)

    def _tip(self, row_index: int, column: int) -> str:
        if column == FILE:
            return shown(self._rows[row_index].path, MAX_TEXT)
        return elided(self._text(row_index, column) or "", MAX_TEXT)

    def _text(self, row_index: int, column: int, is_edited: bool = False) -> str | None:
        row = self._rows[row_index]
        if column == FILE:
            return visible(self._name(row))
        if column == TEXT:
            text = self._shown(row_index).replace("\n", _BETWEEN_LINES)
            return text if is_edited else visible(text)
        if column == CONFIDENCE:
            return percent(row.confidence) if row.glyphs else "–"
        return self._mark(row_index) if column == MARK else None

    def _name(self, row: Row) -> str:
        path = Path(row.path)
        inside = path.is_relative_to(self._folder)
        name = str(path.relative_to(self._folder)) if inside else row.path
        return name + row.title.removeprefix(row.path)

    def _mark(self, row_index: int) -> str:
        row = self._rows[row_index]
        doubtful = self._doubtful(row_index)
        if self._is_corrected(row_index) and not doubtful:
            return self.tr("corrected")
        if row.error is not None:
            return sentence(row.error).removeprefix(f"{file_name(row.title)}: ")
        said = [QCoreApplication.translate("notes", note) for note in row.notes]
        if doubtful:
            said.insert(0, self.tr("doubtful: %n", "", doubtful))
        elif not row.glyphs:
            said.insert(0, self.tr("nothing is written"))
        return "; ".join(said)

    def _picture(self, row_index: int) -> QPixmap | None:
        pixels = self._rows[row_index].thumbnail
        if pixels is None:
            return None
        if row_index not in self._pictures:
            height, width = pixels.shape[:2]
            image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(THUMBNAIL_RATIO)
            self._pictures[row_index] = picture
        return self._pictures[row_index]

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

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
    Signal,
)
from PySide6.QtGui import QFont, QImage, QPixmap, QUndoStack

from inkread.core.batch.folder_table import Row
from inkread.core.correction.edit_json import Draft
from inkread.ui.folder.texts import FolderTexts, Key, OverruleText, TypeText, is_same, text_key
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.messages import sentence

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


class FolderModel(QAbstractTableModel):
    """Rows as they come, in the order of the files."""

    #: A text was typed, or taken back (None), for what has this digest.
    typed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = QUndoStack(self)
        self._folder = Path()
        self._texts = FolderTexts()
        self._pictures: dict[int, QPixmap] = {}
        #: Whether what comes from the window is its answer to what was typed here.
        self._is_typing = False
        #: What is sorted by, row and column: asked for twenty thousand times to sort two thousand.
        self._keys: dict[tuple[int, int], Key] = {}

    @property
    def rows(self) -> list[tuple[Row, str | None]]:
        """Every row, with the text that a person put in the place of what was read if one did."""
        return [(row, self._texts.correction(n)) for n, row in enumerate(self._texts.rows)]

    def row(self, number: int) -> Row:
        return self._texts.rows[number]

    def start(self, folder: Path) -> None:
        """Forget everything; what comes are files in this folder."""
        self.beginResetModel()
        self.history.clear()
        self._folder = folder
        self._texts = FolderTexts()
        self._pictures.clear()
        self._keys.clear()
        self.endResetModel()

    def add(self, rows: Sequence[Row]) -> None:
        if rows:
            first = len(self._texts.rows)
            self.beginInsertRows(_NOWHERE, first, first + len(rows) - 1)
            self._texts.add(rows)
            self.endInsertRows()

    def correct(self, digest: str, text: str | None) -> None:
        """Put a text in the place of what was read; None: what was read counts again."""
        self._is_typing = True
        self.typed.emit(digest, text)
        self._is_typing = False
        self._texts.set_typed(digest, text)
        self._show_anew(digest)

    def set_corrected(self, digest: str, draft: Draft) -> None:
        """A picture was corrected in the window, or nothing is left of that."""
        first = next(iter(self._texts.numbers(digest)), None)
        is_step = self._texts.was_typed(digest) and not self._is_typing
        before = self._texts.shown(first) if first is not None and is_step else None
        self._texts.set_corrected(digest, draft)
        self._show_anew(digest)
        if first is None or before is None:
            return
        now = self._texts.shown(first)
        if not is_same(before, now):
            self.history.push(OverruleText(self._step(first), self.correct, digest, before, now))

    def _show_anew(self, digest: str) -> None:
        for number in self._texts.numbers(digest):
            for column in range(COLUMNS):
                self._keys.pop((number, column), None)
            self.dataChanged.emit(self.index(number, 0), self.index(number, COLUMNS - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._texts.rows)

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
            return self._texts.rows[number].path if column == FILE else self._text(number, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == PICTURE:
            return self._text(number, FILE)
        if (
            role == Qt.ItemDataRole.FontRole
            and column in (TEXT, MARK)
            and self._is_corrected(number)
        ):
            font = QFont()
            font.setBold(True)
            return font
        if role == DOUBTFUL:
            return self._is_to_look_at(number)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != TEXT:
            return False
        number = index.row()
        text = "\n".join(line.strip() for line in str(value).split(_BETWEEN_LINES.strip()))
        if text == self._texts.shown(number):
            return False
        digest = self._texts.rows[number].digest
        # What was typed and taken over by the window was typed all the same.
        before = self._texts.shown(number) if self._texts.was_typed(digest) else None
        after = None if text == self._texts.said(number) else text
        self.history.push(TypeText(self._step(number), self.correct, digest, before, after))
        return True

    def _step(self, number: int) -> str:
        return self.tr("Correct {file}").format(file=self._text(number, FILE))

    def is_doubtful(self, number: int) -> bool:
        """Whether it was to be looked at when it was read, corrected since or not."""
        return self._texts.rows[number].is_doubtful

    def sort_key(self, index: Index) -> Key:
        """What a column is sorted by: texts that are numbers by these, before other texts."""
        place = index.row(), index.column()
        key = self._keys.get(place)
        if key is None:
            key = self._keys[place] = self._key(*place)
        return key

    def _key(self, number: int, column: int) -> Key:
        row = self._texts.rows[number]
        if column == TEXT:
            return text_key(self._texts.shown(number))
        if column == CONFIDENCE:
            return (row.confidence if row.glyphs else -1.0), 0, ""
        if column == MARK:
            return self._urgency(number), 0, self._mark(number)
        return number, 0, ""

    def _urgency(self, number: int) -> float:
        row = self._texts.rows[number]
        if not self._is_corrected(number):
            return 1e9 if row.error else row.doubtful or 0.25 * (row.glyphs == 0)
        return self._texts.doubtful(number) or 0.5

    def _is_corrected(self, number: int) -> bool:
        return self._texts.correction(number) is not None

    def _is_to_look_at(self, number: int) -> bool:
        """Now, with all that was corrected."""
        if self._is_corrected(number):
            return self._texts.doubtful(number) > 0
        return self.is_doubtful(number)

    def _text(self, number: int, column: int) -> str | None:
        row = self._texts.rows[number]
        if column == FILE:
            return self._name(row)
        if column == TEXT:
            return self._texts.shown(number).replace("\n", _BETWEEN_LINES)
        if column == CONFIDENCE:
            return percent(row.confidence) if row.glyphs else "–"
        return self._mark(number) if column == MARK else None

    def _name(self, row: Row) -> str:
        path = Path(row.path)
        inside = path.is_relative_to(self._folder)
        return str(path.relative_to(self._folder)) if inside else row.path

    def _mark(self, number: int) -> str:
        row = self._texts.rows[number]
        doubtful = self._texts.doubtful(number)
        if self._is_corrected(number) and not doubtful:
            return self.tr("corrected")
        if row.error is not None:
            return sentence(row.error).removeprefix(f"{Path(row.path).name}: ")
        if doubtful:
            return self.tr("doubtful: %n", "", doubtful)
        return "" if row.glyphs else self.tr("nothing is written")

    def _picture(self, number: int) -> QPixmap | None:
        pixels = self._texts.rows[number].thumbnail
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
        if self._texts.rows:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._texts.rows) - 1, COLUMNS - 1)
            )

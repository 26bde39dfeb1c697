"""Goes through the drawings of a file that holds several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from inkread.ui.actions.actions import Actions
from inkread.ui.history.undo import Sheet
from inkread.ui.widgets.layouts import bare, fill, tool_button
from inkread.ui.widgets.retranslated import Retranslated


class DrawingsBar(Retranslated, QWidget):
    """Shown while there is more than one drawing."""

    chosen = Signal(int)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawings")
        self._sheets: tuple[Sheet, ...] = ()
        self._current = 0
        self._is_active = True
        self._actions = (actions.previous_drawing, actions.next_drawing)
        self._label = QLabel(
            textFormat=Qt.TextFormat.PlainText, alignment=Qt.AlignmentFlag.AlignCenter
        )
        layout = bare(QHBoxLayout(self))
        back, on = map(tool_button, self._actions)
        fill(layout, back, (self._label, 1), on)
        actions.previous_drawing.triggered.connect(lambda: self.chosen.emit(self._current - 1))
        actions.next_drawing.triggered.connect(lambda: self.chosen.emit(self._current + 1))
        self._update()

    def show_sheets(self, sheets: Sequence[Sheet], current: int) -> None:
        self._sheets, self._current = tuple(sheets), current
        self._update()

    def set_active(self, is_active: bool) -> None:
        """Whether drawings are what is shown, not an opened picture."""
        self._is_active = is_active
        self._update()

    def _update(self) -> None:
        last = len(self._sheets) - 1
        self._actions[0].setEnabled(self._is_active and self._current > 0)
        self._actions[1].setEnabled(self._is_active and self._current < last)
        self.setVisible(self._is_active and last > 0)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Drawings of the file"))
        if not self._sheets:
            self._label.clear()
            return
        sheet = self._sheets[self._current]
        if sheet.is_edited:
            pattern = self.tr("Drawing {number} of {count}, edited")
        elif sheet.label:
            pattern = self.tr("Drawing {number} of {count}: {label}")
        else:
            pattern = self.tr("Drawing {number} of {count}")
        number, count = self._current + 1, len(self._sheets)
        self._label.setText(pattern.format(number=number, count=count, label=sheet.label))

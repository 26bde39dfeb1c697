"""Goes through the drawings of a file that holds several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inkread.ui.actions.actions import Actions
from inkread.ui.history.undo import OpenDrawing
from inkread.ui.widgets.layouts import bare, fill, tool_button
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.retranslated import Retranslated


class DrawingsBar(Retranslated, QWidget):
    """Shown while there is more than one drawing."""

    chosen = Signal(int)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawings")
        self._drawings: tuple[OpenDrawing, ...] = ()
        self._current = 0
        self._is_active = True
        self._actions = (actions.previous_drawing, actions.next_drawing)
        self._label = PlainLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        layout = bare(QHBoxLayout(self))
        back, on = map(tool_button, self._actions)
        fill(layout, back, (self._label, 1), on)
        actions.previous_drawing.triggered.connect(lambda: self.chosen.emit(self._current - 1))
        actions.next_drawing.triggered.connect(lambda: self.chosen.emit(self._current + 1))
        self._update()

    def show_drawings(self, drawings: Sequence[OpenDrawing], current: int) -> None:
        self._drawings, self._current = tuple(drawings), current
        self._update()

    def set_active(self, is_active: bool) -> None:
        """Whether drawings are shown, not an opened picture."""
        self._is_active = is_active
        self._update()

    def _update(self) -> None:
        last = len(self._drawings) - 1
        self._actions[0].setEnabled(self._is_active and self._current > 0)
        self._actions[1].setEnabled(self._is_active and self._current < last)
        self.setVisible(self._is_active and last > 0)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Drawings of the file"))
        if not self._drawings:
            self._label.clear()
            return
        drawing = self._drawings[self._current]
        if drawing.is_edited:
            pattern = self.tr("Drawing {number} of {count}, edited")
        elif drawing.label:
            pattern = self.tr("Drawing {number} of {count}: {label}")
        else:
            pattern = self.tr("Drawing {number} of {count}")
        number, count = self._current + 1, len(self._drawings)
        label = shown(drawing.label or "")
        self._label.setText(pattern.format(number=number, count=count, label=label))

"""Goes through the drawings of a file that holds several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.core.ink import Ink
from app.ui.actions import Actions

if TYPE_CHECKING:
    from app.core.inkml import Drawing


class DrawingsBar(QWidget):
    """Shown while there is more than one drawing; edited drawings keep their edits."""

    chosen = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawings")
        self._drawings: list[Drawing] = []
        self._current = 0
        self._actions = (actions.previous_drawing, actions.next_drawing)
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        buttons = [QToolButton() for _ in self._actions]
        for button, action in zip(buttons, self._actions, strict=True):
            button.setDefaultAction(action)
            button.setAutoRaise(True)
        layout.addWidget(buttons[0])
        layout.addWidget(self._label, 1)
        layout.addWidget(buttons[1])
        actions.previous_drawing.triggered.connect(self._go_back)
        actions.next_drawing.triggered.connect(self._go_on)
        self.set_drawings(())

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        return tuple(self._drawings)

    @property
    def current(self) -> int:
        return self._current

    def set_drawings(self, drawings: Sequence[Drawing]) -> None:
        """Show the first of these; none: what is on the canvas belongs to no file."""
        self._drawings = list(drawings)
        self._show(0)

    def keep(self, ink: Ink) -> None:
        """The current drawing was edited."""
        if self._drawings:
            self._drawings[self._current] = replace(self._drawings[self._current], ink=ink)

    def _go_back(self) -> None:
        self._show(self._current - 1)
        self.chosen.emit(self._drawings[self._current])

    def _go_on(self) -> None:
        self._show(self._current + 1)
        self.chosen.emit(self._drawings[self._current])

    def _show(self, index: int) -> None:
        self._current = index
        self._actions[0].setEnabled(index > 0)
        self._actions[1].setEnabled(index + 1 < len(self._drawings))
        self.setVisible(len(self._drawings) > 1)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Drawings of the file"))
        if not self._drawings:
            self._label.clear()
            return
        words = self.tr("Drawing {number} of {count}").format(
            number=self._current + 1, count=len(self._drawings)
        )
        label = self._drawings[self._current].label
        self._label.setText(f"{words}: {label}" if label else words)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

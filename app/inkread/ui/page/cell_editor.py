"""The line in which a cell of a table is typed, over the cell."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator
from PySide6.QtWidgets import QLineEdit, QWidget

#: Keys that end typing, and where they go on: columns, rows; Tab by cells in reading order.
_ENDS = {
    Qt.Key.Key_Return: "down",
    Qt.Key.Key_Enter: "down",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Tab: "next",
    Qt.Key.Key_Backtab: "previous",
}


class SignValidator(QValidator):
    """Lets only known labels of one character and spaces be typed.

    Parameters
    ----------
    label_of : callable
        The label that a typed character stands for; empty: none.
    parent : QWidget
        Owns it.
    """

    def __init__(self, label_of: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._label_of = label_of

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        signs = [sign if sign == " " else self._label_of(sign) for sign in text]
        if not all(len(sign) == 1 for sign in signs):
            return QValidator.State.Invalid, text, place
        return QValidator.State.Acceptable, "".join(signs), place


class CellEditor(QLineEdit):
    """Keeps what was typed when it ends, but for Escape.

    Signals
    -------
    done(str, str)
        The text, and where to go on: down, up, next, previous, or nowhere if it is empty.
    cancelled()
        Nothing is to be changed.
    """

    done = Signal(str, str)
    cancelled = Signal()

    def __init__(self, text: str, label_of: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("cell_editor")
        self._is_open = True
        self.setValidator(SignValidator(label_of, self))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setText(text)

    def close_unchanged(self) -> None:
        """End without a change."""
        if self._is_open:
            self._is_open = False
            self.cancelled.emit()

    def _end(self, way: str) -> None:
        if self._is_open:
            self._is_open = False
            self.done.emit(self.text(), way)

    def event(self, event: QEvent) -> bool:
        kinds = QEvent.Type
        if event.type() in (kinds.ShortcutOverride, kinds.KeyPress):
            assert isinstance(event, QKeyEvent)
            key = Qt.Key(event.key())
            if key in _ENDS or key == Qt.Key.Key_Escape:
                event.accept()
                if event.type() == kinds.KeyPress:
                    self._on_end_key(key, event.modifiers())
                return True
        return super().event(event)

    def _on_end_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        is_back = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape:
            self.close_unchanged()
        elif _ENDS[key] == "down" and is_back:
            self._end("up")
        else:
            self._end(_ENDS[key])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        reasons = Qt.FocusReason
        if event.reason() not in (reasons.PopupFocusReason, reasons.ActiveWindowFocusReason):
            self._end("")

"""What can be done with a reading and the picture that it is of, with its keys."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

Key = QKeySequence.StandardKey


class ReadingActions(QObject):
    """Whoever does the work connects to `triggered` or `toggled`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.save_text = self._add("Ctrl+T")
        self.next_doubtful = self._add("F8")
        self.previous_doubtful = self._add("Shift+F8")
        self.confirm = self._add("Ctrl+Return")
        self.draw_box = self._add("B")
        self.draw_box.setCheckable(True)
        self.split = self._add("Ctrl+K")
        self.join = self._add("Ctrl+J")
        self.delete = self._add("Backspace")
        self.zoom_in = self._add("Ctrl++", "Ctrl+=")
        self.zoom_out = self._add("Ctrl+-")
        self.show_whole = self._add("Ctrl+0")
        #: The menu of corrections, None: a line between them.
        self.correcting = (
            self.next_doubtful,
            self.previous_doubtful,
            None,
            self.confirm,
            self.draw_box,
            self.split,
            self.join,
            self.delete,
        )
        self.icons = {
            "doubt": self.next_doubtful,
            "box": self.draw_box,
            "zoom_out": self.zoom_out,
            "zoom_in": self.zoom_in,
            "whole": self.show_whole,
        }
        self.retranslate()

    def set_of_picture(self, is_picture: bool) -> None:
        """Of ink, the Delete key takes all of it; of a picture, it takes the selected digit."""
        keys = ["Backspace", "Delete"] if is_picture else ["Backspace"]
        self.delete.setShortcuts([QKeySequence(key) for key in keys])

    def retranslate(self) -> None:
        self.save_text.setText(self.tr("Save &text..."))
        self.next_doubtful.setText(self.tr("&Next doubtful digit"))
        self.next_doubtful.setIconText(self.tr("Next doubtful"))
        self.previous_doubtful.setText(self.tr("&Previous doubtful digit"))
        self.confirm.setText(self.tr("&Confirm"))
        self.draw_box.setText(self.tr("Draw a &box"))
        self.split.setText(self.tr("&Split into two"))
        self.join.setText(self.tr("&Join with the next"))
        self.delete.setText(self.tr("&Delete digit"))
        self.zoom_in.setText(self.tr("&Zoom in"))
        self.zoom_out.setText(self.tr("Zoom o&ut"))
        self.show_whole.setText(self.tr("Whole pi&cture"))

    def _add(self, *keys: str) -> QAction:
        action = QAction(self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action

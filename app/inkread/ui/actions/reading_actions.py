"""Actions on a reading and its picture, with their shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from inkread.ui.actions.action_set import ActionSet


class ReadingActions(ActionSet):
    """The actions that read again, correct and look closer."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.save_text = self.add(lambda: self.tr("Save &text..."), "Ctrl+T")
        self.save_table = self.add(lambda: self.tr("Save ta&ble..."))
        self.check_sums = self.add(lambda: self.tr("C&heck sums"), checkable=True)
        self._is_of_cell = False
        self.next_doubtful = self.add(lambda: self.tr("&Next doubtful digit"), "F8", icon="doubt")
        self.previous_doubtful = self.add(lambda: self.tr("&Previous doubtful digit"), "Shift+F8")
        self.confirm = self.add(lambda: self.tr("&Confirm"), "Ctrl+Return")
        self.draw_box = self.add(lambda: self.tr("Draw a &box"), "B", icon="box", checkable=True)
        self.split = self.add(lambda: self.tr("&Split into two"), "Ctrl+K")
        self.join = self.add(lambda: self.tr("&Join with the next"), "Ctrl+J")
        self.delete = self.add(self._delete_text, "Backspace")
        self.zoom_in = self.add(lambda: self.tr("&Zoom in"), "Ctrl++", "Ctrl+=", icon="zoom_in")
        self.zoom_out = self.add(lambda: self.tr("Zoom o&ut"), "Ctrl+-", icon="zoom_out")
        self.show_whole = self.add(lambda: self.tr("Whole pi&cture"), "Ctrl+0", icon="whole")
        #: The menu of corrections, None: a line between them.
        doubtful = self.next_doubtful, self.previous_doubtful
        edits = self.confirm, self.draw_box, self.split, self.join, self.delete
        self.correcting = (*doubtful, None, *edits)
        self.retranslate()

    def set_of_picture(self, is_picture: bool) -> None:
        """The Delete key clears ink, but only removes the selected digit of a picture."""
        keys = ["Backspace", "Delete"] if is_picture else ["Backspace"]
        self.delete.setShortcuts([QKeySequence(key) for key in keys])

    def set_of_cell(self, is_of_cell: bool) -> None:
        """Whether a cell of a table is selected: the Delete key empties it."""
        if is_of_cell != self._is_of_cell:
            self._is_of_cell = is_of_cell
            self.delete.setText(self._delete_text())

    def _delete_text(self) -> str:
        return self.tr("Empt&y cell") if self._is_of_cell else self.tr("&Delete digit")

    def retranslate(self) -> None:
        super().retranslate()
        self.next_doubtful.setIconText(self.tr("Next doubtful"))

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
        self.next_doubtful = self.add(lambda: self.tr("&Next doubtful digit"), "F8", icon="doubt")
        self.previous_doubtful = self.add(lambda: self.tr("&Previous doubtful digit"), "Shift+F8")
        self.confirm = self.add(lambda: self.tr("&Confirm"), "Ctrl+Return")
        self.draw_box = self.add(lambda: self.tr("Draw a &box"), "B", icon="box", checkable=True)
        self.split = self.add(lambda: self.tr("&Split into two"), "Ctrl+K")
        self.join = self.add(lambda: self.tr("&Join with the next"), "Ctrl+J")
        self.delete = self.add(lambda: self.tr("&Delete digit"), "Backspace")
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

    def retranslate(self) -> None:
        super().retranslate()
        self.next_doubtful.setIconText(self.tr("Next doubtful"))

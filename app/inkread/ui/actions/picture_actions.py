"""Actions on a picture as a whole, with their shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QObject

from inkread.ui.actions.action_set import ActionSet


class PictureActions(ActionSet):
    """The actions that read part of a picture alone, or turn it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.read_region = self.add(
            lambda: self.tr("Read &only a rectangle"), "R", icon="region", checkable=True
        )
        self.whole = self.add(lambda: self.tr("&Back to the whole picture"), "Ctrl+Shift+0")
        self.rotate_left = self.add(lambda: self.tr("Rotate to the &left"), "Ctrl+Shift+Left")
        self.rotate_right = self.add(lambda: self.tr("Rotate to the &right"), "Ctrl+Shift+Right")
        #: The entries of a menu.
        self.entries = (self.read_region, self.whole, self.rotate_left, self.rotate_right)
        self.retranslate()

"""Reads part of a picture alone, turns it, and goes back to all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from inkread.core.geometry import Box
from inkread.core.picture.page_part import PagePart
from inkread.ui.actions.actions import Actions
from inkread.ui.window.workspace import Workspace

if TYPE_CHECKING:
    from inkread.core.picture.page import Page


#: Px of the file, side of a region; chosen: nothing lower is read.
_MIN_SIDE = 6.0


class PictureCommands(QObject):
    """Does what the actions say to the picture that is shown.

    A part, or a picture that a person turned, is a picture of its own: it has its own reading and
    corrections, and those of the whole picture are there again when it is.
    """

    #: A sentence for the status bar.
    reported = Signal(str)

    def __init__(self, actions: Actions, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions.picture
        self._workspace = workspace
        #: The part that is shown, and the one that comes next, each with the whole picture.
        self._shown: tuple[Page, Page] | None = None
        self._next: tuple[Page, Page] | None = None
        do, draw_box = actions.picture, actions.reading.draw_box
        do.read_region.toggled.connect(lambda: _uncheck(draw_box, do.read_region))
        draw_box.toggled.connect(lambda: _uncheck(do.read_region, draw_box))
        do.read_region.toggled.connect(workspace.page_view.set_draws_regions)
        do.whole.triggered.connect(self._go_back)
        do.rotate_left.triggered.connect(lambda: self._rotate(3))
        do.rotate_right.triggered.connect(lambda: self._rotate(1))
        workspace.page_view.region_drawn.connect(self._read_region)
        workspace.page_view.boxes_ended.connect(lambda: do.read_region.setChecked(False))
        workspace.changed.connect(self._update)
        self._update()

    def _read_region(self, box: Box) -> None:
        """Turned as it is shown, as a person who looks at it expects."""
        self._actions.read_region.setChecked(False)
        if min(box.width, box.height) < _MIN_SIDE:
            self.reported.emit(self.tr("The rectangle is too small to be read"))
            return
        self._show(PagePart(box, -self._workspace.page_view.quarters % 4))

    def _rotate(self, quarters: int) -> None:
        """To the right, from how the picture is shown."""
        self._show(PagePart(None, (quarters - self._workspace.page_view.quarters) % 4))

    def _show(self, part: PagePart) -> None:
        picture = self._workspace.picture
        if picture is None:
            return
        page = part.of(picture.page, self._workspace.name)
        if part.is_whole:  # turned back to how it was opened, against the program's own turn
            page = PagePart.upright(page)
        self._next = page, picture.page if self._shown is None else self._shown[1]
        self._workspace.open_part(page)

    def _go_back(self) -> None:
        if self._shown is not None:
            self._workspace.open_part(self._shown[1])

    def _update(self) -> None:
        picture, do = self._workspace.picture, self._actions
        page = None if picture is None else picture.page
        if self._next is not None and self._next[0] is page:
            self._shown, self._next = self._next, None
        elif self._shown is not None and self._shown[0] is not page:
            self._shown = None  # another picture is shown, or all of it
        for action in (do.read_region, do.rotate_left, do.rotate_right):
            action.setEnabled(page is not None)
        if page is None:
            do.read_region.setChecked(False)
        do.whole.setEnabled(self._shown is not None)


def _uncheck(action: QAction, other: QAction) -> None:
    """Of two ways to draw, only one is on."""
    if other.isChecked():
        action.setChecked(False)

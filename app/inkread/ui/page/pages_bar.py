"""Goes through the pages of a file that has several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inkread.ui.actions.actions import Actions
from inkread.ui.widgets.layouts import bare, fill, tool_button
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated

if TYPE_CHECKING:
    from inkread.core.picture.page import Page


class PagesBar(Retranslated, QWidget):
    """Shown while there is more than one page."""

    #: The index of the page that is wanted, from 0 on.
    chosen = Signal(int)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self._shown = self._wanted = 0
        self._count = 1
        self._actions = (actions.previous_page, actions.next_page)
        self._label = PlainLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        back, on = map(tool_button, self._actions)
        fill(bare(QHBoxLayout(self)), back, (self._label, 1), on)
        actions.previous_page.triggered.connect(lambda: self._choose(self._wanted - 1))
        actions.next_page.triggered.connect(lambda: self._choose(self._wanted + 1))
        self.show_page(None)

    def show_page(self, page: Page | None) -> None:
        """The page that is shown now; None: no picture is."""
        self._count = 1 if page is None else page.count
        self._shown = self._wanted = 0 if page is None else page.number - 1
        self._update()

    def _choose(self, index: int) -> None:
        """A page that cannot be opened is not shown, but passed by."""
        self._wanted = index
        self._update()
        self.chosen.emit(index)

    def _update(self) -> None:
        self._actions[0].setEnabled(self._wanted > 0)
        self._actions[1].setEnabled(self._wanted < self._count - 1)
        self.setVisible(self._count > 1)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Pages of the file"))
        words = self.tr("Page {number} of {count}")
        self._label.setText(words.format(number=self._shown + 1, count=self._count))

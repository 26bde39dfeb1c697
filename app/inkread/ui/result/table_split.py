"""Picture and table share a place: beside or below one another, as the picture is larger."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from inkread.ui.result.table_panel import TablePanel


@dataclass(frozen=True, slots=True)
class Params:
    """How both share their place at first; a person moves the line between."""

    #: Largest share of the table; chosen: the picture is what is looked at.
    max_share: float = 0.45


PARAMS = Params()


def table_side(room: QSize, picture: QSize, table: QSize) -> tuple[Qt.Orientation, int]:
    """Where a picture and its table are beside one another best.

    Parameters
    ----------
    room, picture, table : QSize
        The place of both, the picture's size in px of any scale, and the whole table's.

    Returns
    -------
    Qt.Orientation, int
        Horizontal: the table is beside it; and its width or height then, px.
    """
    wide = min(table.width(), round(PARAMS.max_share * room.width()))
    high = min(table.height(), round(PARAMS.max_share * room.height()))

    def scale(width: int, height: int) -> float:
        return min(width / max(picture.width(), 1), height / max(picture.height(), 1))

    beside = scale(room.width() - wide, room.height())
    below = scale(room.width(), room.height() - high)
    if beside >= below:
        return Qt.Orientation.Horizontal, wide
    return Qt.Orientation.Vertical, high


class TableSplit(QSplitter):
    """A picture and, while it has one, its table."""

    def __init__(self, picture: QWidget, panel: TablePanel) -> None:
        super().__init__()
        self.setObjectName("table_split")
        self.setHandleWidth(8)
        self.setChildrenCollapsible(False)
        self._panel = panel
        self.addWidget(picture)
        self.addWidget(panel)

    def arrange(self, picture: QSize) -> None:
        """Put the table beside or below a picture of that size."""
        way, side = table_side(self.size(), picture, self._panel.wanted_size())
        whole = self.width() if way == Qt.Orientation.Horizontal else self.height()
        self.setOrientation(way)
        self.setSizes([max(whole - side - self.handleWidth(), 1), side])

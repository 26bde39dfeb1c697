"""List of sample thumbnails."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from inkread.core.reading import Grey
from inkread.ui.widgets.grey_image import grey_image
from inkread.ui.widgets.plain_text import plain_tooltip

#: Maximum number of samples that are shown at once.
MAX_SAMPLES = 200
_SIDE = 48


class SampleList(QListWidget):
    """Cells as the network sees them, each with an accessible text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samples")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setSpacing(3)
        self.setMinimumHeight(_SIDE + 24)

    def set_samples(self, samples: Iterable[tuple[Grey, str]]) -> None:
        """Show cells, each with its text."""
        self.clear()
        for cell, text in samples:
            item = QListWidgetItem(QIcon(picture(cell)), "")
            item.setToolTip(plain_tooltip(text))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
            item.setSizeHint(QSize(_SIDE + 4, _SIDE + 4))
            self.addItem(item)


def picture(cell: Grey) -> QPixmap:
    """(h, w) uint8, 0 (background) to 255 (ink), enlarged without smoothing."""
    return QPixmap.fromImage(grey_image(cell)).scaled(
        _SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
    )

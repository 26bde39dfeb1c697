"""Grey pictures for Qt."""

from __future__ import annotations

from PySide6.QtGui import QImage

from inkread.core.reading import Grey


def grey_image(picture: Grey) -> QImage:
    """A copy of (h, w) uint8, 0 black."""
    height, width = picture.shape
    rows = picture.tobytes()
    return QImage(rows, width, height, width, QImage.Format.Format_Grayscale8).copy()

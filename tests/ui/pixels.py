"""Pictures of widgets as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget


def pixels(image: QImage) -> NDArray[np.int64]:
    """(h, w, 3) of R, G, B."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    view = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    copy = view[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).astype(np.int64)
    del view  # it must not outlive the image
    return copy


def seen(widget: QWidget) -> NDArray[np.int64]:
    """The present pixels of a widget: (h, w, 3)."""
    return pixels(widget.grab().toImage())


def on_screen(widget: QWidget) -> NDArray[np.int64]:
    """The pixels painted of a window until now: unlike `seen`, it repaints nothing."""
    QApplication.processEvents()
    return pixels(widget.screen().grabWindow(widget.winId()).toImage())

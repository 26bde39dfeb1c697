"""Shows a picture with the glyphs that were found in it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.core.geometry import Box
from app.core.image import Page
from app.core.reading import Reading
from app.ui.boxes import box_at
from app.ui.canvas_colours import CanvasColours
from app.ui.glyph_widget import GlyphWidget
from app.ui.surface import paint_edge, paint_hint

PREVIEW_SIDE = 2048
_MARGIN = 12
_BOX_MARGIN = 3.0

Colour = NDArray[np.uint8]


def halved(colour: Colour, longest_side: int) -> Colour:
    """A picture halved until no side is longer than asked for: the quick part of scaling down.

    Exact halves are many times quicker than other factors (12 MP: 5 ms against 50 ms). It
    needs no Qt and may be called off the GUI thread.
    """
    while max(colour.shape[:2]) > longest_side:
        height, width = colour.shape[:2]
        even = colour[: max(1, height // 2 * 2), : max(1, width // 2 * 2)]
        size = (max(1, width // 2), max(1, height // 2))
        colour = np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), np.uint8)
    return colour


def scaled(colour: Colour, width: int, height: int) -> QPixmap:
    """A picture at exactly that size, in px of the device."""
    halves = halved(colour, 2 * max(width, height) - 1)
    resized = cv2.resize(halves, (width, height), interpolation=cv2.INTER_LINEAR)
    image = QImage(resized.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    pixmap = QPixmap.fromImage(image)  # copies: the array may go
    del image
    return pixmap


class PageView(GlyphWidget):
    """A page, fit to the widget; a click or the arrow keys select a glyph.

    Boxes are in px of the picture's file, `Page.scale` takes them to px of the page.
    """

    smallest_tag = 11.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_view")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._page: Page | None = None
        self._preview: Colour | None = None
        self._pixmap = QPixmap()
        self.retranslate()

    @property
    def page(self) -> Page | None:
        return self._page

    def set_page(self, page: Page, preview: Colour | None = None) -> None:
        """Show a page, with no reading yet; `preview` is `halved(page.colour, PREVIEW_SIDE)`.

        Without a preview it is made here: about 5 ms for 12 megapixels.
        """
        self._page = page
        self._preview = halved(page.colour, PREVIEW_SIDE) if preview is None else preview
        self._pixmap = QPixmap()
        self.set_reading(Reading())
        self.update()

    def clear(self) -> None:
        self._page = self._preview = None
        self._pixmap = QPixmap()
        self.set_reading(Reading())
        self.update()

    def retranslate(self) -> None:
        self._hint = self.tr("Open a picture, or drop one here")
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(
            self.tr("The opened picture; the arrow keys go from one digit to the next.")
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    def page_rect(self) -> QRectF:
        """Where the whole page is shown, widget px; empty without a page."""
        if self._page is None:
            return QRectF()
        height, width = self._page.colour.shape[:2]
        free = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        zoom = min(max(1.0, free.width()) / width, max(1.0, free.height()) / height)
        shown = QRectF(0, 0, max(1.0, width * zoom), max(1.0, height * zoom))
        shown.moveCenter(free.center())
        shown.moveTopLeft(QPointF(shown.topLeft().toPoint()))  # no blur from half pixels
        return shown

    def frame_of(self, box: Box) -> QRectF:
        if self._page is None:
            return QRectF()
        shown = self.page_rect()
        per_file_px = self._page.scale * shown.width() / self._page.colour.shape[1]
        place = box.scaled(per_file_px).grown(_BOX_MARGIN)
        return QRectF(place.x, place.y, place.width, place.height).translated(shown.topLeft())

    def box_colours(self) -> CanvasColours:
        return self.colours.over_pictures()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.set_selected(box_at(self.boxes(), event.position()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.colours.surround)
        if self._preview is None:
            paint_hint(painter, self, self._hint, self.colours)
        else:
            shown = self.page_rect()
            painter.drawPixmap(shown.topLeft(), self._fitted(self._preview, shown))
            self.paint_boxes(painter, event.region())
        paint_edge(painter, self, event.rect(), self.colours)
        painter.end()

    def _fitted(self, preview: Colour, shown: QRectF) -> QPixmap:
        """The page at the size it is shown at; scaled anew only when that size changes."""
        ratio = self.devicePixelRatioF()
        width, height = max(1, round(shown.width() * ratio)), max(1, round(shown.height() * ratio))
        if self._pixmap.size() != QSize(width, height):
            self._pixmap = scaled(preview, width, height)
        self._pixmap.setDevicePixelRatio(ratio)
        return self._pixmap

"""One stage of a pipeline: its picture, its caption, and the arrow from the stage before."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from inkread.core.reading import Grey
from inkread.ui.widgets.grey_image import grey_image
from inkread.ui.widgets.plain_text import PlainLabel

SMALL, LARGE = 68, 112
#: Between picture and caption, px.
_CAPTION_GAP = 2


class Thumbnail(QWidget):
    """A picture scaled to fit, smoothly or with sharp pixels.

    It is a square, in which the picture goes on as it begins at its corner, or has the picture's
    own shape: the corners of a page are not all alike.
    """

    def __init__(self, side: int, parent: QWidget | None = None, is_square: bool = True) -> None:
        super().__init__(parent)
        self._is_square = is_square
        self._image: QImage | None = None
        self._is_smooth = True
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_side(self, side: int) -> None:
        self._side = side
        self.updateGeometry()

    def set_picture(self, picture: Grey | None, is_smooth: bool = True) -> None:
        self._image = None if picture is None else grey_image(picture)
        self._is_smooth = is_smooth
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        square = QSize(self._side, self._side)
        if self._is_square or self._image is None:
            return square
        return self._image.size().scaled(square, Qt.AspectRatioMode.KeepAspectRatio)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = QRectF(self.rect())
        roles = QPalette.ColorRole
        if self._image is None:
            painter.fillRect(place, self.palette().color(roles.AlternateBase))
        else:
            painter.fillRect(place, self._image.pixelColor(0, 0))
            self._paint_image(painter, place, self._image)
        painter.setPen(QPen(self.palette().color(roles.Mid), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_image(self, painter: QPainter, place: QRectF, image: QImage) -> None:
        size = image.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        shown = QRectF(QPointF(), size.toSizeF())
        shown.moveCenter(place.center())
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, self._is_smooth)
        painter.drawImage(shown, image)


class Arrow(QWidget):
    """Points from one stage to the next."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(14, SMALL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Dark), 1.5))
        tip, wing = QPointF(self.width() - 1.5, self.height() / 2), 4.0
        painter.drawLine(QPointF(1.5, tip.y()), tip)
        painter.drawPolyline([tip + QPointF(-wing, -wing), tip, tip + QPointF(-wing, wing)])
        painter.end()


class StageView(QWidget):
    """A thumbnail with its caption below, and before it an arrow from the stage before."""

    def __init__(self, side: int, parent: QWidget, is_square: bool = True) -> None:
        super().__init__(parent)
        self.thumbnail = Thumbnail(side, is_square=is_square)
        self.arrow = Arrow()
        self._caption = PlainLabel()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(_CAPTION_GAP)
        layout.setRowStretch(0, 1)
        bottom = Qt.AlignmentFlag.AlignBottom
        layout.addWidget(self.arrow, 0, 0, bottom)
        layout.addWidget(self.thumbnail, 0, 1, bottom | Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._caption, 1, 1, Qt.AlignmentFlag.AlignHCenter)

    @staticmethod
    def height_of(side: int, widget: QWidget) -> int:
        """Height with a square picture, in the font of a widget, px."""
        return side + _CAPTION_GAP + widget.fontMetrics().height()

    def set_caption(self, caption: str) -> None:
        self._caption.setText(caption)
        self.setAccessibleName(caption)

"""What the network sees: the stages from the writing to the 28 x 28 cell, as thumbnails."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from inkread.core.reading import OF_INK, Glyph, Stage, StageName

_SMALL, _LARGE = 68, 112


def as_image(stage: Stage) -> QImage:
    height, width = stage.image.shape
    rows = stage.image.tobytes()
    return QImage(rows, width, height, width, QImage.Format.Format_Grayscale8).copy()


class Thumbnail(QWidget):
    """One stage, as large as it fits; the cell shows its very pixels."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._is_cell = False
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_side(self, side: int) -> None:
        self._side = side
        self.updateGeometry()

    def set_stage(self, stage: Stage | None) -> None:
        self._image = as_image(stage) if stage else None
        self._is_cell = stage is not None and stage.name is StageName.CELL
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

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
        painter.setRenderHint(smooth, not self._is_cell)
        painter.drawImage(shown, image)


class Arrow(QWidget):
    """Points from one stage to the next."""

    def sizeHint(self) -> QSize:
        return QSize(14, _SMALL)

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

    def __init__(self, side: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.thumbnail = Thumbnail(side)
        self.arrow = Arrow()
        self._caption = QLabel()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(2)
        layout.setRowStretch(0, 1)
        bottom = Qt.AlignmentFlag.AlignBottom
        layout.addWidget(self.arrow, 0, 0, bottom)
        layout.addWidget(self.thumbnail, 0, 1, bottom | Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._caption, 1, 1, Qt.AlignmentFlag.AlignHCenter)

    def set_caption(self, caption: str) -> None:
        self._caption.setText(caption)
        self.setAccessibleName(caption)


class PipelineStrip(QWidget):
    """The stages of one glyph from left to right; the cell is the last and the largest.

    Where there is no room for all of them, the heading and the first ones are left out.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pipeline")
        self._names: tuple[StageName, ...] = ()
        self._cell_side = _LARGE
        self._views: dict[StageName, StageView] = {}
        self._heading = QLabel()
        self._heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._heading.setWordWrap(True)
        self._heading.setMaximumWidth(110)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._heading)
        self._row.addStretch()
        self.show_stations(OF_INK)

    @property
    def stage_names(self) -> tuple[StageName, ...]:
        """The stages that are shown, from left to right."""
        return self._names

    def views(self) -> tuple[StageView, ...]:
        """The same as they are shown."""
        return tuple(self._views[name] for name in self._names)

    def set_compact(self, is_compact: bool) -> None:
        """Whether the cell, too, is small."""
        self._cell_side = _SMALL if is_compact else _LARGE
        self._views[StageName.CELL].thumbnail.set_side(self._cell_side)
        self._show_what_fits()

    def set_glyph(self, glyph: Glyph | None) -> None:
        """Show how the cell of a glyph came about; None empties the thumbnails."""
        stages = {stage.name: stage for stage in glyph.stages} if glyph else {}
        if stages:
            self.show_stations(tuple(stages))
        for name, view in self._views.items():
            view.thumbnail.set_stage(stages.get(name))

    def show_stations(self, names: tuple[StageName, ...]) -> None:
        """Show these stations, from left to right."""
        if names == self._names:
            return
        self._names = names
        for view in self._views.values():
            view.hide()
        for position, name in enumerate(names, start=1):
            if name not in self._views:
                side = self._cell_side if name is StageName.CELL else _SMALL
                self._views[name] = StageView(side, self)
            self._row.insertWidget(position, self._views[name])
        self.retranslate()
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        views, gap = self.views(), self._row.spacing()
        room = self.width() + gap
        first = len(views)
        while first > 0 and (needed := views[first - 1].sizeHint().width() + gap) <= room:
            room -= needed
            first -= 1
        first = min(first, len(views) - 1)
        for position, view in enumerate(views):
            view.arrow.setVisible(position > first)
            view.setVisible(position >= first)
        self._heading.setVisible(first == 0 and room >= self._heading.sizeHint().width() + gap)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.views()[-1].sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("What the network sees"))
        self._heading.setText(self.tr("What the network sees"))
        captions = {
            StageName.GREY: self.tr("Greyscale"),
            StageName.THRESHOLD: self.tr("Threshold"),
            StageName.INVERT: self.tr("Inverted"),
            StageName.INK: self.tr("Ink"),
            StageName.CROP: self.tr("Cropped"),
            StageName.CENTRE: self.tr("Centred"),
            StageName.CELL: self.tr("28 × 28 cell"),
        }
        for name, view in self._views.items():
            view.set_caption(captions[name])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

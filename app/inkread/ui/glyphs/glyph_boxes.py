"""Numbered boxes over ink or a picture: where they lie, what is hit, how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QRegion

from inkread.ui.glyphs.label_placement import placed
from inkread.ui.glyphs.overlay_colours import CanvasColours
from inkread.ui.glyphs.selection import NONE

TAG = 18.0  # px; a tag must be easy to hit
DOUBT = "?"
CONFIRMED = "✓"
_WIDE = "%+="
_GAP = 2.0  # px between tag and plate
_ROUND = 4.0
_DASHES = (3.0, 2.0)  # times the line's width


@dataclass(frozen=True, slots=True)
class GlyphBox:
    """One box in widget px.

    Attributes
    ----------
    frame : QRectF
        Around the glyph, with some air.
    tag : QRectF
        The small plate with the number, at a left corner of the frame; null if there is none.
    plate : QRectF
        Where the label is written: right of the tag, or in its stead.
    number : int
        From 1.
    label : str
        The label that was read; a question mark after it: it is doubtful, or none of the
        classes; a tick: a person confirmed it.
    reach : QRect
        All that is painted of it.
    """

    frame: QRectF
    tag: QRectF
    plate: QRectF
    number: int
    label: str
    reach: QRect

    @property
    def is_doubted(self) -> bool:
        return self.label.endswith(DOUBT)


def lay_out(
    frames: Sequence[QRectF], labels: Sequence[str], area: QRectF, smallest_tag: float = TAG
) -> tuple[GlyphBox, ...]:
    """Boxes whose plates stand above the frames, or in them where `area` has no room above, or
    below where they would hide one another.

    Plates shrink with the frames of small writing, down to `smallest_tag`. Narrow writing
    gets no numbers then, unless that size is the full one: that is for tags to be clicked.
    """
    if not frames:
        return ()
    height, width = (median(sides) for sides in zip(*map(_sides, frames), strict=True))
    size = max(smallest_tag, min(TAG, 0.4 * height, 1.1 * width))
    numbered = smallest_tag >= TAG or width >= 2 * size
    tags = [size * max(1.0, 0.4 + 0.4 * len(str(n + 1))) * numbered for n in range(len(frames))]
    plates = [
        _above(frame, tag, size * _width(label), area, size)
        for frame, tag, label in zip(frames, tags, labels, strict=True)
    ]
    rows = zip(frames, placed(frames, plates, area), tags, labels, strict=True)
    return tuple(_box(n, *row) for n, row in enumerate(rows, start=1))


def _width(label: str) -> float:
    """Of a plate, in sizes; some signs are wider than digits."""
    return max(0.8, 0.65 * len(label) + 0.35 * sum(sign in _WIDE for sign in label))


def _sides(frame: QRectF) -> tuple[float, float]:
    return frame.height(), frame.width()


def _above(
    frame: QRectF, tag_width: float, label_width: float, area: QRectF, size: float
) -> QRectF:
    """Tag and plate together, above a frame or in it."""
    x = frame.left() if tag_width else frame.center().x() - label_width / 2
    x = max(min(x, area.right() - tag_width), area.left())
    above = frame.top() - size
    y = max(min(above if above >= area.top() else frame.top(), area.bottom() - size), area.top())
    return QRectF(x, y, tag_width + (_GAP if tag_width else 0) + label_width, size)


def _box(number: int, frame: QRectF, place: QRectF, tag_width: float, label: str) -> GlyphBox:
    tag = QRectF(place.topLeft(), QSizeF(tag_width, place.height())) if tag_width else QRectF()
    plate = place.adjusted(tag_width + (_GAP if tag_width else 0), 0, 0, 0)
    reach = frame.united(place).adjusted(-3, -3, 3, 3).toAlignedRect()
    return GlyphBox(frame, tag, plate, number, label, reach)


def tag_at(boxes: Sequence[GlyphBox], place: QPointF) -> int:
    """The index of the box whose tag is there (the one painted last), or NONE."""
    hits = (i for i in reversed(range(len(boxes))) if boxes[i].tag.contains(place))
    return next(hits, NONE)


def box_at(boxes: Sequence[GlyphBox], place: QPointF) -> int:
    """The index of the box that is there, the smallest if there are several, or NONE."""

    def size(i: int) -> float:
        return boxes[i].frame.width() * boxes[i].frame.height()

    hits = [i for i, box in enumerate(boxes) if box.frame.contains(place)]
    return min(hits, key=size) if hits else tag_at(boxes, place)


def paint_boxes(
    painter: QPainter,
    boxes: Sequence[GlyphBox],
    selected: int,
    colours: CanvasColours,
    dirty: QRegion,
) -> None:
    """Paint the boxes that reach into `dirty`, the selected one last and highlighted."""
    plain = _Look(colours.box, colours.background, colours.ink, colours.background, colours.line)
    chosen = _Look(
        colours.accent, colours.on_accent, colours.accent, colours.background, colours.line + 1
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    others = [box for i, box in enumerate(boxes) if i != selected and dirty.intersects(box.reach)]
    for paint in (_paint_frame, _paint_plates):
        for box in others:
            paint(painter, box, plain)
    if 0 <= selected < len(boxes) and not boxes[selected].reach.isEmpty():
        _paint_frame(painter, boxes[selected], chosen)
        _paint_plates(painter, boxes[selected], chosen)
    painter.restore()


@dataclass(frozen=True, slots=True)
class _Look:
    line: QColor
    number: QColor
    label: QColor
    halo: QColor
    width: float

    @property
    def veil(self) -> QColor:
        """Sets lines and labels off from pictures."""
        veil = QColor(self.halo)
        veil.setAlphaF(0.75)
        return veil

    def pen(self, box: GlyphBox) -> QPen:
        """The frame; dashed if the glyph is doubtful, so that colour is not the only sign."""
        pen = QPen(self.line, self.width)
        if box.is_doubted:
            pen.setWidthF(self.width + 1)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern(_DASHES)
        return pen


def _paint_frame(painter: QPainter, box: GlyphBox, look: _Look) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = look.pen(box)
    for each in (QPen(look.veil, pen.widthF() + 2), pen):
        painter.setPen(each)
        painter.drawRoundedRect(box.frame, _ROUND, _ROUND)


def _paint_plates(painter: QPainter, box: GlyphBox, look: _Look) -> None:
    painter.setPen(QPen(look.veil, 1))
    painter.setBrush(look.veil)
    painter.drawRoundedRect(box.plate, _ROUND, _ROUND)
    if not box.tag.isNull():
        painter.setBrush(look.line)
        painter.drawRoundedRect(box.tag, _ROUND, _ROUND)
        _write(painter, box.tag, str(box.number), box.tag.height() * 0.62, look.number)
    _write(painter, box.plate, box.label, box.plate.height() * 0.85, look.label)


def _write(painter: QPainter, where: QRectF, text: str, size: float, colour: QColor) -> None:
    font = QFont(painter.font())
    font.setPixelSize(max(1, round(size)))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)

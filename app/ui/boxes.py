"""Numbered boxes over ink or a picture: where they lie, what is hit, how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from app.ui.canvas_colours import CanvasColours
from app.ui.selection import NONE

TAG = 18.0  # px; a tag must be easy to hit
_ROUND = 4.0


@dataclass(frozen=True, slots=True)
class GlyphBox:
    """One box in widget px.

    Attributes
    ----------
    frame : QRectF
        Around the glyph, with some air.
    tag : QRectF
        The small plate with the number, at the frame's upper left corner.
    number : int
        From 1.
    label : str
        What the glyph was taken for.
    """

    frame: QRectF
    tag: QRectF
    number: int
    label: str


def lay_out(
    frames: Sequence[QRectF], labels: Sequence[str], area: QRectF, smallest_tag: float = TAG
) -> tuple[GlyphBox, ...]:
    """Boxes whose tags stand above the frames, or in them where `area` has no room above.

    Tags shrink with the frames of small writing, down to `smallest_tag`.
    """
    height = median(frame.height() for frame in frames) if frames else TAG
    size = max(smallest_tag, min(TAG, height / 2))
    rows = enumerate(zip(frames, labels, strict=True), start=1)
    return tuple(
        GlyphBox(frame, _tag_rect(frame, area, size, n), n, label) for n, (frame, label) in rows
    )


def _tag_rect(frame: QRectF, area: QRectF, size: float, number: int) -> QRectF:
    width = max(size, size * (0.4 + 0.4 * len(str(number))))
    x = min(max(frame.left(), area.left()), area.right() - width)
    above = frame.top() - size
    y = above if above >= area.top() else frame.top()
    return QRectF(x, min(max(y, area.top()), area.bottom() - size), width, size)


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
    painter: QPainter, boxes: Sequence[GlyphBox], selected: int, colours: CanvasColours
) -> None:
    """Paint all boxes, the selected one last and highlighted."""
    plain = _Look(colours.box, colours.paper, colours.ink, colours.paper, 1.0)
    chosen = _Look(colours.accent, colours.on_accent, colours.accent, colours.paper, 2.0)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for i, box in enumerate(boxes):
        if i != selected:
            _paint_box(painter, box, plain)
    if 0 <= selected < len(boxes):
        _paint_box(painter, boxes[selected], chosen)
    painter.restore()


@dataclass(frozen=True, slots=True)
class _Look:
    line: QColor
    number: QColor
    label: QColor
    halo: QColor
    width: float


def _paint_box(painter: QPainter, box: GlyphBox, look: _Look) -> None:
    halo = QColor(look.halo)
    halo.setAlphaF(0.75)  # sets lines and labels off from pictures
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((halo, look.width + 2), (look.line, look.width)):
        painter.setPen(QPen(colour, width))
        painter.drawRoundedRect(box.frame, _ROUND, _ROUND)
    plate = box.tag.translated(box.tag.width() + 2, 0)
    plate.setWidth(plate.height() * max(0.8, 0.65 * len(box.label)))
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, rect in ((look.line, box.tag), (halo, plate)):
        painter.setBrush(colour)
        painter.drawRoundedRect(rect, _ROUND, _ROUND)
    _write(painter, box.tag, str(box.number), box.tag.height() * 0.62, look.number)
    _write(painter, plate, box.label, plate.height() * 0.85, look.label)


def _write(painter: QPainter, where: QRectF, text: str, size: float, colour: QColor) -> None:
    font = QFont(painter.font())
    font.setPixelSize(max(1, round(size)))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)

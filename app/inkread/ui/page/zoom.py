"""How large a page is shown, and which part of it: pure geometry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF

STEP = 1.25
#: Maximum size of a page px, px of the widget.
_MAX_PX = 12.0


@dataclass(frozen=True, slots=True)
class Zoom:
    """A view of a page.

    Attributes
    ----------
    factor : float
        Times as large as it fits, 1 or more.
    x, y : float
        The point of the page that is in the middle, 0 to 1.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def is_whole(self) -> bool:
        return self.factor == 1.0

    def rect(self, width: float, height: float, free: QRectF) -> QRectF:
        """Where all of a page of that size lies, px of the widget, fitted into `free`."""
        fit = min(max(1.0, free.width()) / width, max(1.0, free.height()) / height)
        scale = fit * self.factor
        shown = QRectF(0, 0, max(1.0, width * scale), max(1.0, height * scale))
        left = _placed(free.left(), free.width(), shown.width(), self.x)
        top = _placed(free.top(), free.height(), shown.height(), self.y)
        shown.moveTopLeft(QPointF(QPointF(left, top).toPoint()))  # no blur from half pixels
        return shown

    def times(self, by: float, at: QPointF, shown: QRectF, width: float, free: QRectF) -> Zoom:
        """Larger or smaller by a factor; what is at a place of the widget stays there.

        `shown` is where the page is now, `width` how many px it has.
        """
        fitted = shown.width() / self.factor
        max_factor = max(1.0, _MAX_PX * width / fitted)
        factor = min(max(self.factor * by, 1.0), max_factor)
        if factor < 1.001:
            return Zoom()
        x = (at.x() - shown.left()) / shown.width()
        y = (at.y() - shown.top()) / shown.height()
        grown = factor / self.factor
        middle = free.center()
        return replace(
            self,
            factor=factor,
            x=x + (middle.x() - at.x()) / (shown.width() * grown),
            y=y + (middle.y() - at.y()) / (shown.height() * grown),
        ).kept_in(shown.width() * grown, shown.height() * grown, free)

    def moved(self, by: QPointF, shown: QRectF, free: QRectF) -> Zoom:
        """The page moved by `by`, px of the widget, but not beyond its edges."""
        moved = replace(self, x=self.x - by.x() / shown.width(), y=self.y - by.y() / shown.height())
        return moved.kept_in(shown.width(), shown.height(), free)

    def showing(self, target: QRectF, shown: QRectF, free: QRectF) -> Zoom:
        """A view that shows a part of the page, given in px of the widget."""
        if self.is_whole or free.contains(target):
            return self
        return self.moved(free.center() - target.center(), shown, free)

    def kept_in(self, width: float, height: float, free: QRectF) -> Zoom:
        """The nearest view that shows nothing beyond the edges of a page shown in that size."""
        x, y = _clamped(self.x, free.width() / width), _clamped(self.y, free.height() / height)
        return replace(self, x=x, y=y)


def _placed(start: float, room: float, size: float, share: float) -> float:
    if size <= room:
        return start + (room - size) / 2
    return min(max(start + room / 2 - share * size, start + room - size), start)


def _clamped(share: float, seen: float) -> float:
    """The centre of a view of `part` of the whole."""
    return 0.5 if seen >= 1 else min(max(share, seen / 2), 1 - seen / 2)

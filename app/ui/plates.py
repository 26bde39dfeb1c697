"""Where the plates of boxes stand: beside one another, not over one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from PySide6.QtCore import QPointF, QRectF

#: A frame of less than this part of the usual height is a mark's: its plate stands below it or
#: below the line, as those of the digits beside it stand above.
_LOW = 0.45
#: What is hidden of another plate counts so much more than what is hidden of a frame.
_PLATE_PRICE = 50.0
#: What is hidden of the plate's own frame counts less; a place that comes later in the list as much
#: as this part of the plate.
_OWN_PRICE = 0.5
_RANK_PRICE = 0.2
#: Of more boxes than that none is looked at twice: their plates are too small to be read.
_MOST = 600


def placed(frames: Sequence[QRectF], plates: Sequence[QRectF], area: QRectF) -> list[QRectF]:
    """Each plate where it hides least: above its frame, below it, or a plate's height farther.

    Parameters
    ----------
    frames : sequence of QRectF
        Around the glyphs.
    plates : sequence of QRectF
        Above each of them, within the area; their places count across only.
    area : QRectF
        No plate leaves it.
    """
    if len(frames) > _MOST:
        return list(plates)
    usual = median(frame.height() for frame in frames)
    taken, known = _Ground(plates[0].height() * 4), _Ground(2 * usual + 1)
    for frame in frames:
        known.add(frame)
    chosen = []
    for i, (frame, plate) in enumerate(zip(frames, plates, strict=True)):
        if not frame.intersects(area):  # out of sight: it hides nothing
            chosen.append(plate)
            continue
        places = list(_places(frame, plate, area))
        if frame.height() < _LOW * usual:
            stand = _between(frames[max(0, i - 1) : i + 2], frame)
            places = [*places[1:2], *list(_places(stand, plate, area))[1:], *places]

        def price(rank: int, own: QRectF = frame, places: Sequence[QRectF] = places) -> float:
            place = places[rank]
            hidden = _PLATE_PRICE * taken.hidden(place) + known.hidden(place)
            later = _RANK_PRICE * rank * place.width() * place.height()
            return hidden - (1 - _OWN_PRICE) * _shared(own, place) + later

        best = places[min(range(len(places)), key=price)]
        taken.add(best)
        chosen.append(best)
    return chosen


def _between(near: Sequence[QRectF], frame: QRectF) -> QRectF:
    """A mark's frame made as high as those of the digits beside it."""
    level = [f for f in near if f.top() <= frame.bottom() and f.bottom() >= frame.top()]
    top, bottom = min(f.top() for f in level), max(f.bottom() for f in level)
    return QRectF(frame.left(), top, frame.width(), bottom - top)


def _places(frame: QRectF, plate: QRectF, area: QRectF) -> Iterator[QRectF]:
    """Where a plate could stand, the best first."""
    size = plate.height()
    below, above = frame.bottom(), frame.top() - size
    yield plate
    for y in (below, above, below + size, above - size):
        if area.top() <= y <= area.bottom() - size:
            yield plate.translated(QPointF(0, y - plate.top()))


class _Ground:
    """Rectangles by the squares of a grid that they touch."""

    def __init__(self, side: float) -> None:
        self._side = max(side, 1.0)
        self._squares: defaultdict[tuple[int, int], list[QRectF]] = defaultdict(list)

    def add(self, rect: QRectF) -> None:
        for square in self._touched(rect):
            self._squares[square].append(rect)

    def hidden(self, rect: QRectF) -> float:
        """How much of them lies under a rectangle, px²."""
        near = {
            id(other): other
            for square in self._touched(rect)
            for other in self._squares.get(square, ())
        }
        return sum(_shared(rect, other) for other in near.values())

    def _touched(self, rect: QRectF) -> Iterator[tuple[int, int]]:
        side = self._side
        for column in range(int(rect.left() // side), int(rect.right() // side) + 1):
            for row in range(int(rect.top() // side), int(rect.bottom() // side) + 1):
                yield column, row


def _shared(a: QRectF, b: QRectF) -> float:
    common = a.intersected(b)
    return common.width() * common.height()

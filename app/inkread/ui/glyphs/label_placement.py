"""Where the plates of boxes stand: beside one another, not over one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from PySide6.QtCore import QRectF

#: A frame lower than this share of the usual height is a mark: its plate stands below it or below
#: the line, as the plates of digits stand above.
_LOW = 0.45
#: Weight of covering another plate, relative to covering a frame.
_PLATE_PRICE = 50.0
#: Weight of covering the plate's own frame; penalty of a later place, as a share of the plate.
_OWN_PRICE = 0.5
_RANK_PRICE = 0.2
#: With more boxes no place is searched: their plates are too small to be read.
_MAX = 600

#: Left, top, right, bottom: plain numbers, because there are many of them at every step of a push.
Rect = tuple[float, float, float, float]


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
    if len(frames) > _MAX:
        return list(plates)
    usual = median(frame.height() for frame in frames)
    bounds = _rect(area)
    outlines = [_rect(frame) for frame in frames]
    seen = [_common(outline, bounds) for outline in outlines]
    ground = _Ground(seen, max(2 * usual, plates[0].height()))
    chosen = []
    for i, (frame, plate) in enumerate(zip(outlines, map(_rect, plates), strict=True)):
        if not _shared(frame, bounds):  # out of sight: it hides nothing
            chosen.append(plates[i])
            continue
        places = list(_places(frame, plate, bounds))
        if frame[3] - frame[1] < _LOW * usual:
            stand = _between(outlines[max(0, i - 1) : i + 2], frame)
            places = [*places[1:2], *list(_places(stand, plate, bounds))[1:], *places]
        left, top, right, bottom = ground.take(places, frame)
        chosen.append(QRectF(left, top, right - left, bottom - top))
    return chosen


def _between(near: Sequence[Rect], frame: Rect) -> Rect:
    """A mark's frame made as high as those of the digits beside it."""
    level = [other for other in near if other[1] <= frame[3] and other[3] >= frame[1]]
    return frame[0], min(f[1] for f in level), frame[2], max(f[3] for f in level)


def _places(frame: Rect, plate: Rect, area: Rect) -> Iterator[Rect]:
    """Where a plate could stand, the best first."""
    left, top, right, bottom = plate
    size = bottom - top
    yield plate
    for y in (frame[3], frame[1] - size, frame[3] + size, frame[1] - 2 * size):
        if area[1] <= y <= area[3] - size:
            yield left, y, right, y + size


class _Ground:
    """Occupied places: frames, as far as they are in sight, and the plates placed so far."""

    def __init__(self, frames: Sequence[Rect], side: float) -> None:
        self._side = max(side, 1.0)
        self._frames = self._by_square(frames)
        self._plates: defaultdict[tuple[int, int], set[Rect]] = self._by_square(())

    def take(self, places: Sequence[Rect], own: Rect) -> Rect:
        """Occupy the place that covers least, the first of several."""
        best, least = places[0], float("inf")
        for rank, place in enumerate(places):
            left, top, right, bottom = place
            price = _RANK_PRICE * rank * (right - left) * (bottom - top)
            price += _PLATE_PRICE * self._hidden(self._plates, place)
            price += self._hidden(self._frames, place) - (1 - _OWN_PRICE) * _shared(own, place)
            if price < least:
                best, least = place, price
            if price <= 0:
                break
        for square in self._touched(best):
            self._plates[square].add(best)
        return best

    def _by_square(self, rects: Sequence[Rect]) -> defaultdict[tuple[int, int], set[Rect]]:
        squares = defaultdict[tuple[int, int], set[Rect]](set)
        for rect in rects:
            for square in self._touched(rect):
                squares[square].add(rect)
        return squares

    def _hidden(self, squares: defaultdict[tuple[int, int], set[Rect]], rect: Rect) -> float:
        """The area in the grid squares that a rectangle covers, px²."""
        near = set[Rect]().union(*(squares.get(square, ()) for square in self._touched(rect)))
        return sum(_shared(rect, other) for other in near)

    def _touched(self, rect: Rect) -> Iterator[tuple[int, int]]:
        side = self._side
        for column in range(int(rect[0] // side), int(rect[2] // side) + 1):
            for row in range(int(rect[1] // side), int(rect[3] // side) + 1):
                yield column, row


def _rect(rect: QRectF) -> Rect:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _common(a: Rect, b: Rect) -> Rect:
    """What both cover; nothing, or less, if they are apart."""
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _shared(a: Rect, b: Rect) -> float:
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    return across * down if across > 0 and down > 0 else 0.0

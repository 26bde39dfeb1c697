"""Which glyph is selected: moving by arrow keys, and staying with a glyph as readings change."""

from __future__ import annotations

from enum import Enum, auto

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Reading

NONE = -1


class Direction(Enum):
    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    FIRST = auto()
    LAST = auto()


def neighbour(reading: Reading, index: int, direction: Direction) -> int:
    """The glyph that an arrow key, Home or End goes to from glyph `index`.

    Left and right follow the reading order, across the ends of lines. Up and down go to the
    nearest glyph of the line above or below. There is no way out over the edges. With nothing
    selected, down and right go to the first glyph, up and left to the last.
    """
    glyphs = reading.glyphs
    if not glyphs:
        return NONE
    if direction in (Direction.FIRST, Direction.LAST):
        return 0 if direction is Direction.FIRST else len(glyphs) - 1
    if not 0 <= index < len(glyphs):
        return 0 if direction in (Direction.RIGHT, Direction.DOWN) else len(glyphs) - 1
    if direction is Direction.LEFT:
        return max(0, index - 1)
    if direction is Direction.RIGHT:
        return min(len(glyphs) - 1, index + 1)
    return _across(glyphs, index, -1 if direction is Direction.UP else 1)


def _across(glyphs: tuple[Glyph, ...], index: int, step: int) -> int:
    here = glyphs[index]
    lines = sorted({glyph.line for glyph in glyphs})
    target = lines.index(here.line) + step
    if not 0 <= target < len(lines):
        return index
    x = here.box.centre[0]
    others = (i for i, glyph in enumerate(glyphs) if glyph.line == lines[target])
    return min(others, key=lambda i: abs(glyphs[i].box.centre[0] - x))


def doubtful(reading: Reading, index: int, step: int) -> int:
    """The next doubtful glyph after glyph `index`, or the one before it for a `step` of -1.

    It goes round from the last to the first; NONE if no glyph is doubtful. With nothing selected,
    it begins at the end where it would come from.
    """
    count = len(reading.glyphs)
    start = index if 0 <= index < count else (-1 if step > 0 else 0)
    places = (((start + step * i) % count) for i in range(1, count + 1))
    return next((i for i in places if reading.glyphs[i].is_doubtful), NONE)


def follow(before: Reading, index: int, after: Reading) -> int:
    """The selected glyph in a newer reading: the box that overlaps its own most.

    NONE if nothing was selected, or the glyph is gone.
    """
    if not 0 <= index < len(before.glyphs):
        return NONE
    own = before.glyphs[index].box.grown(1.0)
    shares = [own.shared_area(glyph.box.grown(1.0)) for glyph in after.glyphs]
    best = max(range(len(shares)), key=shares.__getitem__, default=NONE)
    return best if best != NONE and shares[best] > 0 else NONE


def glyph_near(reading: Reading, place: Box) -> int:
    """Index of the glyph that overlaps a box most, or else is nearest; NONE if there is none."""

    def nearness(index: int) -> tuple[float, float]:
        box = reading.glyphs[index].box
        across, down = box.overlap_x(place), box.overlap_y(place)
        gap = max(0.0, -across) + max(0.0, -down)
        return max(0.0, across) * max(0.0, down), -gap

    return max(range(len(reading.glyphs)), key=nearness, default=NONE)

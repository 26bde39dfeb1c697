"""A text that a person typed for a cell of a table, as corrections of its glyphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from inkread.core.cell import CELL_SIDE
from inkread.core.correction.edits import Edit, relabelled
from inkread.core.geometry import Box, mapped, union
from inkread.core.labels import composed
from inkread.core.line_labels import SIGNS
from inkread.core.reading import Glyph, Guess, Reading, Seen, Stage, StageName
from inkread.core.table import TableCell

Glyphs = tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Params:
    """Where typed signs stand that nothing was read for."""

    #: Share of a cell's height; chosen: as people fill the cells of forms.
    height: float = 0.6
    #: Widths by heights of a sign; chosen: that of most digits.
    width: float = 0.6
    #: The same, of the narrowest room beside signs that stay; chosen: less hides what is typed.
    min_width: float = 0.2
    #: Share of its room that a sign takes; chosen: signs side by side do not touch.
    share: float = 0.85


PARAMS = Params()


def retyped_cell(reading: Reading, cell: TableCell, glyphs: Glyphs, text: str) -> tuple[Edit, ...]:
    """The edits that make a cell of a table say a text.

    Parameters
    ----------
    reading : Reading
        With its corrections so far.
    cell : TableCell
        Of one of its tables.
    glyphs : tuple of Glyph
        Those in the cell, in reading order.
    text : str
        The text that it has already confirms its glyphs. An empty one empties it.

    Returns
    -------
    tuple of Edit
        As many signs, spaced alike, are labels of the glyphs that are there. Else one edit puts
        others in their place: those with the same sign at both ends stay, new ones stand between.
    """
    signs = _signs(text)
    if signs and _spaces(glyphs) == [space for _, space in signs]:
        pairs = zip(glyphs, signs, strict=True)
        return tuple(relabelled(g, sign) for g, (sign, _) in pairs if g.confirmed != sign)
    if not signs and not glyphs:
        return ()
    return (_replacing(reading.seen or Seen(), cell, glyphs, signs),)


def is_typed(glyph: Glyph) -> bool:
    """Whether it was put into a cell by `retyped_cell`: where its ink is, if any, is not known."""
    return not glyph.cell.any()


def _signs(text: str) -> list[tuple[str, bool]]:
    """Each sign, and whether a space is before it."""
    words = composed(text).split()
    return [(sign, i == 0 < w) for w, word in enumerate(words) for i, sign in enumerate(word)]


def _spaces(glyphs: Glyphs) -> list[bool]:
    """Whether a space, or the end of a line, is before each glyph."""
    pairs = pairwise(glyphs)
    behind = [glyph.after_space or glyph.line != last.line for last, glyph in pairs]
    return [False, *behind] if glyphs else []


def _replacing(
    seen: Seen, cell: TableCell, glyphs: Glyphs, signs: Sequence[tuple[str, bool]]
) -> Edit:
    labels, texts = [glyph.label for glyph in glyphs], [sign for sign, _ in signs]
    head = _alike(labels, texts)
    tail = _alike(labels[head:][::-1], texts[head:][::-1])
    inner = _inner([(b.x, b.y) for b in seen.from_file([Box(*p, 0.0, 0.0) for p in cell.corners])])
    boxes = seen.from_file([glyph.box for glyph in glyphs])
    gone = boxes[head : len(boxes) - tail]
    count = len(texts) - head - tail
    room = _clipped(union(gone), inner) if gone else _gap(boxes, head, inner, count)
    if room.width < count * PARAMS.min_width * room.height:  # there is none between the others
        head, tail, count = 0, 0, len(texts)
        room = _clipped(union(boxes), inner)
    places = mapped(np.asarray(seen.matrix, np.float64), _side_by_side(room, count))
    put = [_typed(label, box) for label, box in zip(texts[head:], places, strict=False)]
    before, behind = glyphs[:head], glyphs[len(glyphs) - tail :]
    added = (*map(_confirmed, before), *put, *map(_confirmed, behind))
    spaced = tuple(
        replace(glyph, after_space=space) for glyph, (_, space) in zip(added, signs, strict=True)
    )
    return Edit(glyphs, spaced, area=_inner(cell.corners))


def _alike(labels: Sequence[str], texts: Sequence[str]) -> int:
    """How many signs two texts have in common at their beginning."""
    pairs = enumerate(zip(labels, texts, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(labels), len(texts)))


def _gap(boxes: Sequence[Box], at: int, inner: Box, count: int) -> Box:
    """Room for new glyphs between others, at one end of them, or in an empty cell."""
    if not boxes:
        height = PARAMS.height * inner.height
        width = min(count * PARAMS.width * height, inner.width)
        x, y = inner.centre
        return Box(x - width / 2, y - height / 2, width, height)
    around = union(boxes)
    wide = count * PARAMS.width * around.height
    left = boxes[at - 1].right if at else boxes[0].x - wide
    right = boxes[at].x if at < len(boxes) else left + wide
    return _clipped(Box(left, around.y, max(right - left, 0.0), around.height), inner)


def _clipped(box: Box, inner: Box) -> Box:
    """The part of a box between the sides of a cell."""
    left, right = max(box.x, inner.x), min(box.right, inner.right)
    return Box(left, box.y, max(right - left, 0.0), box.height)


def _side_by_side(room: Box, count: int) -> list[Box]:
    step = room.width / max(count, 1)
    size = step * (PARAMS.share if count > 1 else 1.0)
    lefts = (room.x + i * step + (step - size) / 2 for i in range(count))
    return [Box(left, room.y, size, room.height) for left in lefts]


def _confirmed(glyph: Glyph) -> Glyph:
    return glyph.confirmed_as(glyph.label)


def _inner(corners: Sequence[tuple[float, float]]) -> Box:
    """The upright box in a quadrilateral, as between its second and third coordinates."""
    xs, ys = (sorted(values) for values in zip(*corners, strict=True))
    return Box(xs[1], ys[1], xs[2] - xs[1], ys[2] - ys[1])


def _typed(label: str, box: Box) -> Glyph:
    """A glyph that no network saw."""
    cell = np.zeros((CELL_SIDE, CELL_SIDE), np.float32)
    stages = (Stage(StageName.CELL, cell.astype(np.uint8)),)
    guesses = (Guess(label, 1.0),)
    return Glyph(box, 0, guesses, cell, stages, is_mark=label in SIGNS, confirmed=label)

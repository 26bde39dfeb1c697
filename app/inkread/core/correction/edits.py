"""Corrections by hand: edits of a reading, which itself stays unchanged.

An edit identifies its glyphs by their places, so that it also applies to a later reading of the
same page, by another model or layout, wherever that finds the same glyphs; where it finds other
glyphs, the edit is skipped. Ink changes under its readings: an edit of ink
holds only as long as the very same glyphs are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Reading, Seen, text_lines
from inkread.core.segmentation.word_spaces import with_spaces
from inkread.core.text_line import TextLine


@dataclass(frozen=True, slots=True)
class Params:
    """When two boxes are of the same glyph."""

    #: Intersection over union of two boxes of one glyph, if no other is in them; chosen: readings
    #: of one page by two models differ by less.
    same: float = 0.7
    #: Share of the smaller glyph that another one covers and is in its way; chosen: neighbours
    #: that lean over one another share less.
    in_the_way: float = 0.2
    #: Share of a glyph inside a drawn box from which on it belongs to the box; chosen: most of it.
    inside: float = 0.5


PARAMS = Params()

Glyphs = tuple[Glyph, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One correction: removes glyphs, and puts others in their place.

    Attributes
    ----------
    removed : tuple of Glyph
        The glyphs before.
    added : tuple of Glyph
        The glyphs after, in reading order; of a relabelled glyph the one with `label`.
    label : str or None
        The label of the one removed glyph; the glyph found in its place stays, with this label.
    area : Box or None
        A drawn box: all glyphs in it are removed too.
    is_firm : bool
        Whether it holds on any reading of the page that has these glyphs at about these places;
        else only where just those glyphs are.
    """

    removed: Glyphs
    added: Glyphs = ()
    label: str | None = None
    area: Box | None = None
    is_firm: bool = True

    @property
    def touched(self) -> tuple[Box, ...]:
        """The boxes that it changes."""
        return tuple(glyph.box for glyph in self.added or self.removed)


def relabelled(glyph: Glyph, label: str, is_firm: bool = True) -> Edit:
    """The edit that gives a glyph a label."""
    return Edit((glyph,), (glyph.confirmed_as(label),), label, is_firm=is_firm)


def edited(reading: Reading, edits: Iterable[Edit]) -> Reading:
    """A reading as corrected.

    Parameters
    ----------
    reading : Reading
        The machine's.
    edits : iterable of Edit
        In the order in which they were made.
    """
    glyphs = reading.glyphs
    for edit in edits:
        glyphs = _applied(glyphs, edit, reading.seen)
    return reading if glyphs is reading.glyphs else replace(reading, glyphs=glyphs)


def _applied(glyphs: Glyphs, edit: Edit, seen: Seen | None) -> Glyphs:
    gone = _found(glyphs, edit)
    if gone is None:
        return glyphs
    added = edit.added
    if edit.label is not None and len(gone) == 1:
        added = (glyphs[gone[0]].confirmed_as(edit.label),)
    if gone:
        return _replaced(glyphs, gone, added)
    return _put_in(glyphs, added, seen) if added else glyphs


def _put_in(glyphs: Glyphs, added: Glyphs, seen: Seen | None) -> Glyphs:
    """Glyphs with others inserted side by side, with their own spaces between."""
    first, *rest = added
    whole = inserted(glyphs, first, seen)
    at = next(i for i, g in enumerate(whole) if g.cell is first.cell and g.box == first.box)
    beside = (replace(glyph, line=whole[at].line) for glyph in rest)
    return (*whole[: at + 1], *beside, *whole[at + 1 :])


def _found(glyphs: Glyphs, edit: Edit) -> list[int] | None:
    """Indexes of the glyphs that an edit removes; None: it does not apply."""
    if not edit.is_firm:
        exact = [_same_ink(glyphs, glyph) for glyph in edit.removed]
        return sorted(i for i in exact if i is not None) if None not in exact else None
    places = [_at(glyphs, glyph) for glyph in edit.removed]
    found = {i for i in places if i is not None}
    if edit.area is not None:
        return sorted(found.union(inside(glyphs, edit.area)))
    if None not in places:
        return sorted(found)
    return [] if not found and _is_free(glyphs, edit.touched) else None


def _is_free(glyphs: Glyphs, places: Iterable[Box]) -> bool:
    """Whether no glyph is in the way of new ones."""
    return not any(
        glyph.box.shared_area(place) > PARAMS.in_the_way * min(glyph.box.area, place.area)
        for place in places
        for glyph in glyphs
    )


def _same_ink(glyphs: Glyphs, sought: Glyph) -> int | None:
    for i, glyph in enumerate(glyphs):
        if glyph is sought:
            return i
        if glyph.box == sought.box and np.array_equal(glyph.cell, sought.cell):
            return i
    return None


def _at(glyphs: Glyphs, sought: Glyph) -> int | None:
    """The glyph that another one is now; None: it was read as more than one, or with others."""
    for i, glyph in enumerate(glyphs):
        if glyph is sought or glyph.box == sought.box:
            return i
    shares = [glyph.box.likeness(sought.box) for glyph in glyphs]
    best = max(range(len(shares)), key=shares.__getitem__, default=-1)
    if best < 0 or shares[best] < PARAMS.same:
        return None
    digits = [i for i in inside(glyphs, sought.box) if not glyphs[i].is_mark]
    return None if set(digits) - {best} else best


def inside(glyphs: Sequence[Glyph], place: Box) -> list[int]:
    """Indexes of the glyphs that lie mostly in a box."""
    return [
        i
        for i, glyph in enumerate(glyphs)
        if glyph.box.shared_area(place) >= PARAMS.inside * max(glyph.box.area, 1e-9)
    ]


def _replaced(glyphs: Glyphs, gone: Sequence[int], added: Glyphs) -> Glyphs:
    """Glyphs with others in the place of the first removed one, on its line and after its space."""
    first = glyphs[gone[0]]
    spaced = first.after_space
    new = [replace(glyph, line=first.line) for glyph in added]
    rest = [(i, glyph) for i, glyph in enumerate(glyphs) if i not in set(gone)]
    before = [glyph for i, glyph in rest if i < gone[0]]
    after = [glyph for i, glyph in rest if i > gone[0]]
    if new:
        new[0] = replace(new[0], after_space=spaced)
    elif spaced and after and after[0].line == first.line:
        after[0] = replace(after[0], after_space=True)
    return (*before, *new, *after)


def inserted(glyphs: Glyphs, new: Glyph, seen: Seen | None = None) -> Glyphs:
    """Insert a glyph on the line of its nearest neighbour, or on a line of its own.

    Parameters
    ----------
    glyphs : tuple of Glyph
        In reading order.
    new : Glyph
        Its line is found here.
    seen : Seen or None
        How their page was seen: its lines run along x there, perhaps not in the file.
    """
    boxes = [glyph.box for glyph in (*glyphs, new)]
    upright = boxes if seen is None else seen.from_file(boxes)
    *others, new = (replace(g, box=b) for g, b in zip((*glyphs, new), upright, strict=True))
    lines = text_lines(others)
    gaps = [line.gap_to(new.box) for line in lines]
    near = [i for i, gap in enumerate(gaps) if gap is not None]
    if near:
        own = min(near, key=lambda i: gaps[i] or 0.0)
        place = lines[own].place_of(new.box)
        changed = [_with(line, new) if i == own else line.items for i, line in enumerate(lines)]
    else:
        y = new.box.centre[1]
        above = [i for i, line in enumerate(lines) if any(g.box.centre[1] < y for g in line)]
        own, place = max(above, default=-1) + 1, 0
        index = lines[own - 1][0].line + 1 if own else 0
        below = (tuple(replace(g, line=g.line + 1) for g in line) for line in lines[own:])
        changed = [*(line.items for line in lines[:own]), (replace(new, line=index),), *below]
    boxes.insert(sum(map(len, lines[:own])) + place, boxes.pop())
    found = (glyph for line in changed for glyph in line)
    return tuple(replace(glyph, box=box) for glyph, box in zip(found, boxes, strict=True))


def _with(line: TextLine[Glyph], new: Glyph) -> Glyphs:
    """A line with a glyph inserted; the spaces on both sides of it are found again."""
    at = line.place_of(new.box)
    whole = (*line[:at], replace(new, line=line[0].line), *line[at:])
    spaced = with_spaces(whole)
    return tuple(spaced[i] if i in (at, at + 1) else glyph for i, glyph in enumerate(whole))

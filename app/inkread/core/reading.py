"""Frozen results of reading, from one guess up to a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box, mapped
from inkread.core.line_labels import SIGNS
from inkread.core.table import Table, TableCell
from inkread.core.text_line import TextLine

Grey = NDArray[np.uint8]
Cells = NDArray[np.float32]

#: A glyph that is less probable than this, 0 to 1, is one to look at again. As the probabilities
#: of all classes add up to 1, any other one is then far behind: it need not be asked for its lead.
SURE = 0.9


class StageName(StrEnum):
    """The stages from page or ink to cell, in their order."""

    GREY = "grey"
    THRESHOLD = "threshold"
    INVERT = "invert"
    INK = "ink"
    CROP = "crop"
    CENTRE = "centre"
    CELL = "cell"


#: Those of ink, and of a picture.
OF_INK = (StageName.INK, StageName.CENTRE, StageName.CELL)
OF_PICTURE = tuple(name for name in StageName if name is not StageName.INK)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The picture of one stage, (h, w), kept for show."""

    name: StageName
    image: Grey


@dataclass(frozen=True, slots=True)
class Guess:
    """One class and how probable it is (0 to 1)."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One written character and its reading.

    Attributes
    ----------
    box : Box
        Where it stands: canvas px for ink, px of the file for pictures.
    line : int
        Index of its line, from 0, top to bottom.
    guesses : tuple of Guess
        Every class, the most probable first; never empty.
    cell : (28, 28) array of float32
        The cell that the network saw, 0 (background) to 1 (ink).
    stages : tuple of Stage
        How the cell came about, in order; the last one is the cell.
    rejected : bool
        Whether the network finds no digit in it; the guesses are the nearest ones.
    is_mark : bool
        A sign beside digits, found by its shape and place or by a line network: its guesses are
        such signs, and it is never rejected.
    after_space : bool
        Whether a space separates it from the glyph before it on its line.
    confirmed : str or None
        The label that a person gave it; None: not confirmed.
    """

    box: Box
    line: int
    guesses: tuple[Guess, ...]
    cell: Cells
    stages: tuple[Stage, ...]
    rejected: bool = False
    is_mark: bool = False
    after_space: bool = False
    confirmed: str | None = None

    @property
    def label(self) -> str:
        return self.guesses[0].label if self.confirmed is None else self.confirmed

    @property
    def probability(self) -> float:
        """Of the label; 1 if a person confirmed it."""
        return self.guesses[0].probability if self.confirmed is None else 1.0

    def confirmed_as(self, label: str) -> Glyph:
        """The glyph with the label of a person: certain, and no longer rejected."""
        return replace(self, confirmed=label, rejected=False)

    @property
    def is_sign(self) -> bool:
        """Whether it is a sign beside digits, as read or as corrected; a class of the network of
        cells, such as "+", is none.
        """
        if self.confirmed is None:
            return self.is_mark
        is_class = not self.is_mark and any(g.label == self.confirmed for g in self.guesses)
        return self.confirmed in SIGNS and not is_class

    @property
    def runner_up(self) -> Guess | None:
        return self.guesses[1] if len(self.guesses) > 1 else None

    @property
    def lead(self) -> float:
        """How far the first guess is ahead of the second, 0 to 1."""
        second = self.runner_up
        return self.guesses[0].probability - (second.probability if second else 0.0)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should check it: no digit, or less probable than `SURE`."""
        return self.rejected or self.probability < SURE


@dataclass(frozen=True, slots=True)
class Seen:
    """How a page was seen when it was read, for re-reading it in the same way.

    Attributes
    ----------
    half_size : bool
        Whether it was read at half its size.
    is_rectified : bool
        Whether the sheet that was found in the photo was read; false: all of the page.
    quarters : int
        Quarters of a turn, 0 to 3, by which it was turned anticlockwise.
    matrix : three rows of three floats
        Homography from px of what was read to px of the file.
    tables : tuple of int
        Which of the grids that are found on the page were read cell by cell, by their indexes; what
        was read besides is the page without them.
    """

    half_size: bool = False
    is_rectified: bool = False
    quarters: int = 0
    matrix: tuple[tuple[float, ...], ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    tables: tuple[int, ...] = ()

    def from_file(self, boxes: Sequence[Box]) -> list[Box]:
        """The upright boxes, px of what was read, around boxes of the file."""
        return mapped(np.asarray(np.linalg.inv(np.array(self.matrix)), np.float64), boxes)


class LineType(Protocol):
    """What may stand in a line; `FieldType` is one."""

    @property
    def text(self) -> str:
        """Its name, pattern or list."""
        ...

    def accepts(self, text: str) -> bool:
        """Whether a text may stand there; spaces do not count."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All glyphs in reading order: line by line, left to right. Empty: nothing written.

    Attributes
    ----------
    glyphs : tuple of Glyph
        Rejected ones too.
    is_calibrated : bool
        Whether the probabilities are those of a calibrated network.
    seen : Seen or None
        How the page was seen; None: this is no reading of a page.
    is_partial : bool
        Whether there was more on the page than is read at once, so that some of it was left out.
    tables : tuple of Table
        In reading order; the glyphs in their cells are among `glyphs`.
    notes : tuple of str
        What was left out, turned, cropped or guessed: sentences for a person.
    field_type : LineType or None
        What may stand in each line; None: anything.
    """

    glyphs: tuple[Glyph, ...] = ()
    is_calibrated: bool = True
    seen: Seen | None = None
    is_partial: bool = False
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    field_type: LineType | None = None

    @property
    def fits(self) -> bool | None:
        """Whether each line may stand in its field; None: anything may, or nothing is written."""
        if self.field_type is None or self.is_empty:
            return None
        return all(self.field_type.accepts(line_text(line)) for line in self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.glyphs

    @property
    def rejected(self) -> tuple[Glyph, ...]:
        """The glyphs that look like no digit."""
        return tuple(glyph for glyph in self.glyphs if glyph.rejected)

    @property
    def doubtful(self) -> tuple[Glyph, ...]:
        """The glyphs that a person should check, in reading order."""
        return tuple(glyph for glyph in self.glyphs if glyph.is_doubtful)

    @property
    def lines(self) -> tuple[TextLine[Glyph], ...]:
        """The glyphs of each line."""
        return text_lines(self.glyphs)

    @property
    def text(self) -> str:
        """The labels with their spaces, lines joined by a newline; of a rejected glyph what it
        would have been.
        """
        return "\n".join(line_text(line) for line in self.lines)

    @property
    def confidence(self) -> float:
        """Probability of the least certain digit, or mark if it is doubtful or there is no digit;
        0 if nothing is written.
        """
        counted = [g for g in self.glyphs if not g.is_sign or g.is_doubtful] or self.glyphs
        return min((glyph.probability for glyph in counted), default=0.0)

    def to_dict(self) -> dict[str, Any]:
        """All of it but pictures, as JSON can hold it; probabilities with 6 digits, boxes with 2.

        Returns
        -------
        dict
            ``text``, ``lines`` (the text of each), ``confidence``, ``calibrated``, ``glyphs``,
            ``tables``, ``notes``, ``type`` (None, or the text of the field's type), ``fits``
            (None, or whether the text does), ``partial`` and ``seen`` (None, or ``half_size``,
            ``rectified``, ``quarters``, ``matrix`` and ``tables``, see `Seen`).

            A table has ``ruled`` and ``rows``: of each row a list of cells, None where a merged
            cell goes on. A cell has ``text``, ``probability`` (of its least certain glyph; None: it
            is empty), ``doubtful``, ``box``, ``row_span`` and ``column_span``.

            A glyph has ``label``, ``probability``, ``runner_up`` (None, or ``label`` and
            ``probability``), ``probabilities`` by label, ``doubtful``, ``rejected``, ``mark``,
            ``confirmed``, ``after_space``, ``line`` and ``box`` (left, top, width, height: px of
            the canvas or file).
        """
        return {
            "text": self.text,
            "lines": [line_text(line) for line in self.lines],
            "confidence": rounded(self.confidence),
            "calibrated": self.is_calibrated,
            "glyphs": [_glyph_dict(glyph) for glyph in self.glyphs],
            "tables": [self._table_dict(table) for table in self.tables],
            "notes": list(self.notes),
            "type": None if self.field_type is None else self.field_type.text,
            "fits": self.fits,
            "partial": self.is_partial,
            "seen": None if self.seen is None else _seen_dict(self.seen),
        }

    def glyphs_of_cells(self, table: Table) -> tuple[tuple[Glyph, ...], ...]:
        """The glyphs in each cell of one of the tables, in reading order."""
        places = table.by_cell([glyph.box for glyph in self.glyphs])
        return tuple(tuple(self.glyphs[i] for i in own) for own in places)

    def _table_dict(self, table: Table) -> dict[str, Any]:
        rows: list[list[dict[str, Any] | None]]
        rows = [[None] * table.columns for _ in range(table.rows)]
        for cell, glyphs in zip(table.cells, self.glyphs_of_cells(table), strict=True):
            rows[cell.row][cell.column] = _cell_dict(cell, glyphs)
        return {"ruled": table.is_ruled, "rows": rows}


def cell_text(glyphs: Sequence[Glyph]) -> str:
    """What stands in a cell of a table; its lines are joined by a newline."""
    return "\n".join(line_text(line) for line in text_lines(glyphs))


def rounded(probability: float) -> float:
    """A probability as it is written into files."""
    return round(probability, 6)


def _glyph_dict(glyph: Glyph) -> dict[str, Any]:
    second, box = glyph.runner_up, glyph.box
    return {
        "label": glyph.label,
        "probability": rounded(glyph.probability),
        "runner_up": second and {"label": second.label, "probability": rounded(second.probability)},
        "doubtful": glyph.is_doubtful,
        "rejected": glyph.rejected,
        "mark": glyph.is_sign,
        "confirmed": glyph.confirmed is not None,
        "probabilities": {guess.label: rounded(guess.probability) for guess in glyph.guesses},
        "after_space": glyph.after_space,
        "box": [round(side, 2) for side in (box.x, box.y, box.width, box.height)],
        "line": glyph.line,
    }


def _cell_dict(cell: TableCell, glyphs: Sequence[Glyph]) -> dict[str, Any]:
    box = cell.box
    least = min((glyph.probability for glyph in glyphs), default=None)
    return {
        "text": cell_text(glyphs),
        "probability": None if least is None else rounded(least),
        "doubtful": any(glyph.is_doubtful for glyph in glyphs),
        "box": [round(side, 2) for side in (box.x, box.y, box.width, box.height)],
        "row_span": cell.row_span,
        "column_span": cell.column_span,
    }


def _seen_dict(seen: Seen) -> dict[str, Any]:
    return {
        "half_size": seen.half_size,
        "rectified": seen.is_rectified,
        "quarters": seen.quarters,
        "matrix": [list(row) for row in seen.matrix],
        "tables": list(seen.tables),
    }


def text_lines(glyphs: Sequence[Glyph]) -> tuple[TextLine[Glyph], ...]:
    """The lines of glyphs that are in reading order."""
    return tuple(TextLine(tuple(own)) for _, own in groupby(glyphs, key=lambda glyph: glyph.line))


def line_text(line: Sequence[Glyph], sign: Callable[[Glyph], str] = lambda g: g.label) -> str:
    """The text of a line, with a space before each glyph that stands after one.

    Parameters
    ----------
    line : sequence of Glyph
        Left to right; no space comes before the first.
    sign : callable
        Text of a glyph.
    """
    return "".join(
        (" " if i > 0 and glyph.after_space else "") + sign(glyph) for i, glyph in enumerate(line)
    )

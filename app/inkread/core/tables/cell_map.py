"""Which glyphs stand in which cell of a reading's tables, found once for many questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Reading, cell_text, text_lines
from inkread.core.table import Table, TableCell
from inkread.core.text_line import TextLine


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a reading: index of its table, and of the cell in it."""

    table: int
    cell: int


class CellMap:
    """The cells of a reading and the glyphs in them.

    Parameters
    ----------
    reading : Reading
        With tables or without.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        boxes = [glyph.box for glyph in reading.glyphs] if reading.tables else []
        self._indexes = {
            Place(i, j): own
            for i, table in enumerate(reading.tables)
            for j, own in enumerate(table.by_cell(boxes))
        }
        self._places = {index: place for place, own in self._indexes.items() for index in own}

    @property
    def has_tables(self) -> bool:
        return bool(self.reading.tables)

    def places(self) -> Iterator[Place]:
        """All cells, in reading order."""
        return iter(self._indexes)

    def cell(self, place: Place) -> TableCell:
        return self.reading.tables[place.table].cells[place.cell]

    def table(self, place: Place) -> Table:
        return self.reading.tables[place.table]

    def place_of(self, index: int) -> Place | None:
        """The cell of a glyph by its index; None: it stands in none."""
        return self._places.get(index)

    def place_in(self, table: int, row: int, column: int) -> Place:
        """The cell that covers a place of the grid of a table."""
        cells = self.reading.tables[table].cells
        return Place(table, cells.index(self.reading.tables[table].cell_at(row, column)))

    def place_at(self, x: float, y: float) -> Place | None:
        """The cell at a point of the file, px; None: there is none."""
        for i, table in enumerate(self.reading.tables):
            cell = table.cell_index_of(Box(x, y, 0.0, 0.0))
            if cell is not None:
                return Place(i, cell)
        return None

    def indexes(self, place: Place) -> tuple[int, ...]:
        """Indexes of the glyphs in a cell, in reading order."""
        return self._indexes[place]

    def glyphs(self, place: Place) -> tuple[Glyph, ...]:
        return tuple(self.reading.glyphs[i] for i in self._indexes[place])

    def text(self, place: Place) -> str:
        """The text of a cell; its lines are joined by a newline."""
        return cell_text(self.glyphs(place))

    def is_doubtful(self, place: Place) -> bool:
        return any(glyph.is_doubtful for glyph in self.glyphs(place))

    def rows(self, table: int) -> list[list[str]]:
        """The text of each place of a table's grid; empty where a merged cell goes on."""
        shown = self.reading.tables[table]
        rows = [[""] * shown.columns for _ in range(shown.rows)]
        for j, cell in enumerate(shown.cells):
            rows[cell.row][cell.column] = self.text(Place(table, j))
        return rows

    def lines_beside(self) -> tuple[TextLine[Glyph], ...]:
        """The lines of what stands in no cell."""
        glyphs = self.reading.glyphs
        return text_lines([g for i, g in enumerate(glyphs) if i not in self._places])

"""From cell to cell of tables by keys, and through what is doubtful."""

from __future__ import annotations

from inkread.core.tables.cell_map import CellMap, Place
from inkread.ui.glyphs.selection import NONE, Direction

#: A cell, or a glyph that stands in none by its index.
Stop = Place | int


def neighbour(cells: CellMap, place: Place, direction: Direction) -> Place:
    """The cell that an arrow key, Home or End goes to; at the edges the same one.

    Up and down go on in the table above or below. Home and End stay in the row.
    """
    cell, table = cells.cell(place), cells.table(place)
    row, column = {
        Direction.LEFT: (cell.row, cell.column - 1),
        Direction.RIGHT: (cell.row, cell.column + cell.column_span),
        Direction.UP: (cell.row - 1, cell.column),
        Direction.DOWN: (cell.row + cell.row_span, cell.column),
        Direction.FIRST: (cell.row, 0),
        Direction.LAST: (cell.row, table.columns - 1),
    }[direction]
    if 0 <= row < table.rows and 0 <= column < table.columns:
        return cells.place_in(place.table, row, column)
    other = place.table + (-1 if row < 0 else 1)
    if 0 <= column < table.columns and 0 <= other < len(cells.reading.tables):
        there = cells.reading.tables[other]
        return cells.place_in(
            other, there.rows - 1 if row < 0 else 0, min(column, there.columns - 1)
        )
    return place


def step(cells: CellMap, place: Place, by: int) -> Place | None:
    """The next cell in reading order, or the one before it for -1; None: there is none."""
    places = list(cells.places())
    index = places.index(place) + by
    return places[index] if 0 <= index < len(places) else None


def beyond(cells: CellMap, place: Place, direction: Direction) -> int:
    """Index of the nearest glyph above or below a table that stands in no cell, or NONE."""
    own = [i for i in _indexes(cells) if (at := cells.place_of(i)) and at.table == place.table]
    outside = [i for i in _indexes(cells) if cells.place_of(i) is None]
    if direction is Direction.UP:
        near = [i for i in outside if own and i < own[0]][-1:]
    else:
        near = [i for i in outside if own and i > own[-1]][:1]
    if not near:
        return NONE
    glyphs, x = cells.reading.glyphs, cells.cell(place).box.centre[0]
    line = [i for i in outside if glyphs[i].line == glyphs[near[0]].line]
    return min(line, key=lambda i: abs(glyphs[i].box.centre[0] - x))


def doubtful(cells: CellMap) -> list[Stop]:
    """The cells with doubtful glyphs, and doubtful glyphs in none, in reading order."""
    found = (_stop(cells, i) for i in _indexes(cells) if cells.reading.glyphs[i].is_doubtful)
    return list(dict.fromkeys(found))


def next_doubtful(cells: CellMap, here: Stop | None, by: int) -> Stop | None:
    """The next doubtful stop after one, or the one before it for -1; it goes round.

    None: nothing is doubtful. With nothing selected it begins at the end where it comes from.
    """
    stops = doubtful(cells)
    if not stops:
        return None
    at = _order(cells, here) if here is not None else float("inf") * -by
    keys = [_order(cells, stop) for stop in stops]
    if by > 0:
        return next((s for s, key in zip(stops, keys, strict=True) if key > at), stops[0])
    pairs = zip(reversed(stops), reversed(keys), strict=True)
    return next((s for s, key in pairs if key < at), stops[-1])


def _indexes(cells: CellMap) -> range:
    return range(len(cells.reading.glyphs))


def _stop(cells: CellMap, index: int) -> Stop:
    return cells.place_of(index) or index


def _order(cells: CellMap, stop: Stop) -> float:
    """Where a stop is among the glyphs; an empty cell is before the next one that is not."""
    if not isinstance(stop, Place):
        return stop
    if own := cells.indexes(stop):
        return own[0]
    count = len(cells.table(stop).cells)
    behind = (cells.indexes(Place(stop.table, j)) for j in range(stop.cell + 1, count))
    firsts = [own[0] for own in behind if own]
    return min(firsts, default=len(cells.reading.glyphs)) - 0.5

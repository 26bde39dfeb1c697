"""Tables of a page in, their glyphs out: each cell is read by itself.

In a table for single signs, such as a sudoku, the network of cells sees all of them at once;
elsewhere each cell is read as a small page of text lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkread.core.generators import Steps
from inkread.core.geometry import Box, union
from inkread.core.layout import Layout
from inkread.core.page.page_tables import PageTables
from inkread.core.page.table_ink import TableInk
from inkread.core.quantiles import median
from inkread.core.reading import Cells, Glyph, Reading, Seen, text_lines
from inkread.core.recognition.notes import PRINT_AROUND as PRINT
from inkread.core.recognition.recognise import Recogniser, glyph_of, settled
from inkread.core.segmentation.page_primitives import PagePrimitives
from inkread.core.table import Table, TableCell
from inkread.core.tables import sudoku
from inkread.core.tables.columns import find_columns


@dataclass(frozen=True, slots=True)
class Params:
    """How single signs are seen, and which tables are believed."""

    #: Share of its glyphs that are rejected, from which on a table is none; chosen: most are.
    rejected: float = 0.5
    #: Glyphs of a table from which on it is not read further where most of them are rejected;
    #: chosen: bounds the work on columns of print.
    many: int = 24
    #: Components of a cell, of which no table has more; chosen: bounds the work on columns of
    #: print, four lines of ten digits have 40.
    max_blobs: int = 60
    #: Share of the ink of a table that is connected across several cells, at most; chosen: people
    #: write within cells, and over the lines of squared paper.
    crossing: float = 0.3
    #: Share of its glyphs that are rejected, with which the page is read without tables, too;
    #: chosen: tables that are none hold print, or parts of digits.
    some: float = 0.2
    #: Their mean probability, with which it is; chosen: plain digits have 0.99.
    plain: float = 0.75
    #: Share of what the page says without a table that the table must say; chosen: lines of a
    #: table read as ones.
    as_good: float = 0.9
    #: Rows of a table for single signs that is a puzzle; chosen: a comb field has fewer.
    puzzle: int = 4
    #: Share of doubtful glyphs around a puzzle, from which on they are print; chosen: plain
    #: digits are rarely doubtful.
    unsure: float = 0.2
    #: Components around a puzzle from which on they are print, whatever they are like; chosen:
    #: numbers beside a puzzle are few.
    surely_print: int = 100
    #: The same where they are lower than the signs in it; chosen: a date, and a name.
    perhaps_print: int = 20
    #: Cells of a puzzle between another table and the border of the picture; chosen: less than a
    #: row that is cut off.
    cut_off: float = 1.0
    #: Height of the signs in a puzzle, of print; chosen: print around it is smaller.
    small: float = 0.7
    #: Mean probability of the glyphs of a table that stands upright; chosen: as of pages.
    upright: float = 0.9
    #: Share of its glyphs that a turned table must keep; chosen: as of pages.
    kept: float = 0.5
    #: Mean probability by which a turned table leads; chosen: as of pages.
    min_lead: float = 0.1
    #: Glyphs for which a table is tried turned; chosen: as of pages.
    min_glyphs: int = 3


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class TableReading:
    """A table and what was read in it; the lines of its glyphs are its own, from 0.

    Attributes
    ----------
    table : Table
    glyphs : tuple of Glyph
        Boxes in px of the file; in reading order.
    """

    table: Table
    glyphs: tuple[Glyph, ...]

    @property
    def is_believable(self) -> bool:
        """Whether most of what it says is digits."""
        rejected = sum(glyph.rejected for glyph in self.glyphs)
        return rejected <= PARAMS.rejected * len(self.glyphs)


@dataclass(frozen=True, slots=True, eq=False)
class TablesReading:
    """The tables of a page.

    Attributes
    ----------
    tables : dict of TableReading
        By the index of their grid, in reading order.
    quarters : int or None
        By which the page is turned anticlockwise; None: nothing is written in them.
    """

    tables: Mapping[int, TableReading]
    quarters: int | None

    @property
    def indexes(self) -> tuple[int, ...]:
        return tuple(self.tables)

    @property
    def glyphs(self) -> tuple[Glyph, ...]:
        return tuple(glyph for each in self.tables.values() for glyph in each.glyphs)

    @property
    def is_doubtful(self) -> bool:
        """Whether the page may read better without them."""
        glyphs = self.glyphs
        rejected = sum(glyph.rejected for glyph in glyphs)
        return rejected > PARAMS.some * len(glyphs) or mean(glyphs) < PARAMS.plain

    def is_better_than(self, whole: Reading) -> bool:
        """Whether they say more than a reading of the page without tables does there."""
        tables = [each.table for each in self.tables.values()]
        others = [
            glyph
            for glyph in whole.glyphs
            if any(table.cell_index_of(glyph.box) is not None for table in tables)
        ]
        return _weight(self.glyphs) >= PARAMS.as_good * _weight(others)

    @property
    def puzzle(self) -> TableReading | None:
        """The first table for single signs with several rows in which something is written."""
        puzzles = (
            each
            for each in self.tables.values()
            if each.glyphs and each.table.has_single_signs and each.table.rows >= PARAMS.puzzle
        )
        return next(puzzles, None)

    def is_print(self, boxes: Sequence[Box]) -> bool:
        """Whether components around the tables are the print around a puzzle, px of the file."""
        if self.puzzle is None or len(boxes) < PARAMS.perhaps_print:
            return False
        signs = median([glyph.box.height for glyph in self.puzzle.glyphs])
        is_small = median([box.height for box in boxes]) < PARAMS.small * signs
        return is_small or len(boxes) >= PARAMS.surely_print

    def _stands_beside(self, table: TableReading, page: PageTables) -> bool:
        """Whether a table is the puzzle, or is read beside it: no print, nor a part of another
        puzzle that the picture cuts off.
        """
        if self.puzzle is None or table is self.puzzle:
            return True
        around = union(cell.box for cell in table.table.cells)
        own = union(cell.box for cell in self.puzzle.table.cells)
        height, width = (side / page.page.scale for side in page.page.grey.shape)
        room = PARAMS.cut_off * own.height / self.puzzle.table.rows
        is_cut = min(around.x, around.y, width - around.right, height - around.bottom) < room
        return not _is_unsure(table.glyphs) and not (is_cut and around.area < own.area)

    def beside(self, rest: Reading, page: PageTables, left_out: bool = False) -> Reading:
        """What was read of a page: the tables, and what stands around them.

        Parameters
        ----------
        rest : Reading
            Of the page without the tables.
        page : PageTables
            The page.
        left_out : bool
            Whether print was left out before.
        """
        quarters = self.quarters
        if quarters is None:
            quarters = rest.seen.quarters if rest.seen is not None else 0
        seen = rest.seen or Seen(quarters=quarters, matrix=page.matrix(quarters))
        found = [
            TableReading(page.ink(index, quarters).table, ()) if self.quarters is None else each
            for index, each in self.tables.items()
        ]
        found = [each for each in found if each.glyphs or len(each.table.cells) > 1]
        rest = _outside(rest, [each.table for each in self.tables.values()])
        lines = [line.items for line in rest.lines]
        if self.puzzle is not None:
            kept = [each for each in found if self._stands_beside(each, page)]
            own = [] if _is_unsure(rest.glyphs) else [line for line in lines if not _is_edge(line)]
            left_out = left_out or len(kept) < len(found) or len(own) < len(lines)
            found, lines = kept, own
        notes = (*rest.notes, PRINT) if left_out else rest.notes
        return replace(
            rest,
            glyphs=_in_order(lines, found, seen),
            seen=replace(seen, tables=self.indexes),
            tables=tuple(each.table for each in found),
            notes=notes,
        )


def _outside(rest: Reading, tables: Sequence[Table]) -> Reading:
    """What was read around tables: in them there is nothing but what is left of their ink."""
    glyphs = (
        glyph
        for glyph in rest.glyphs
        if all(table.cell_index_of(glyph.box) is None for table in tables)
    )
    return replace(rest, glyphs=tuple(glyphs))


def _is_unsure(glyphs: Sequence[Glyph]) -> bool:
    """Whether many glyphs are doubtful, as those of print are."""
    return sum(glyph.is_doubtful for glyph in glyphs) > PARAMS.unsure * len(glyphs)


def _is_edge(line: Sequence[Glyph]) -> bool:
    """Whether a line says no more than an edge of paper, or a bar, does."""
    return all(glyph.is_mark or glyph.label == "1" for glyph in line)


def _in_order(
    lines: Sequence[Sequence[Glyph]], found: Sequence[TableReading], seen: Seen
) -> tuple[Glyph, ...]:
    """The glyphs of lines and tables from top to bottom."""

    def middle(boxes: Sequence[Box]) -> float:
        return union(seen.from_file(boxes)).centre[1]

    blocks = [(middle([glyph.box for glyph in line]), line) for line in lines]
    for each in found:
        y = middle([cell.box for cell in each.table.cells])
        own = [line.items for line in text_lines(each.glyphs)]
        at = next((k for k, (other, _) in enumerate(blocks) if other > y), len(blocks))
        blocks[at:at] = [(y, line) for line in own]
    return tuple(
        replace(glyph, line=index) for index, (_, line) in enumerate(blocks) for glyph in line
    )


def _weight(glyphs: Sequence[Glyph]) -> float:
    """How much a reading says: sure digits count more."""
    return sum(glyph.probability**2 for glyph in glyphs if not glyph.rejected)


def mean(glyphs: Sequence[Glyph]) -> float:
    """Of the probabilities of glyphs; 1 if there is none."""
    return float(np.mean([glyph.probability for glyph in glyphs])) if glyphs else 1.0


def reading_tables(page: PageTables, recogniser: Recogniser) -> Steps[TablesReading]:
    """Read the tables of a page, turned by quarters if they read better so."""
    upright = yield from _turned(page, recogniser, tuple(range(len(page.grids))), 0)
    may_turn = not page.page.is_upright
    glyphs = [glyph for each in upright.values() for glyph in each.glyphs]
    best, quarters = upright, 0
    if may_turn and len(glyphs) >= PARAMS.min_glyphs and mean(glyphs) < PARAMS.upright:
        score = mean(glyphs)
        for turn in (1, 2, 3):
            other = yield from _turned(page, recogniser, tuple(upright), turn)
            own = [glyph for each in other.values() for glyph in each.glyphs]
            if len(own) >= PARAMS.kept * len(glyphs) and mean(own) >= score + PARAMS.min_lead:
                best, quarters, score = other, turn, mean(own) - PARAMS.min_lead
    best = {index: each for index, each in best.items() if each.is_believable}
    is_blank = not any(each.glyphs for each in best.values())
    return TablesReading(best, None if is_blank else quarters)


def _turned(
    page: PageTables, recogniser: Recogniser, indexes: Sequence[int], quarters: int
) -> Steps[dict[int, TableReading]]:
    found = dict[int, TableReading]()
    for index in indexes:
        yield
        ink = page.ink(index, quarters)
        is_print = max(len(cell.blobs) for cell in ink.cells) > PARAMS.max_blobs
        if is_print or ink.crossing > PARAMS.crossing:
            continue  # columns of print, or squared paper
        if len(ink.cells) > 1:
            found[index] = yield from reading_table(ink, recogniser)
        elif ink.is_empty:
            found[index] = TableReading(ink.table, ())  # a box with writing in it is no table
    return found


def reading_table(ink: TableInk, recogniser: Recogniser) -> Steps[TableReading]:
    """Read a table; can be cancelled between cells."""
    found = list[tuple[Glyph, ...]]()
    if ink.table.has_single_signs:
        yield
        return _placed(ink.table, _single_signs(ink, recogniser))
    reader = replace(recogniser, layout=Layout.PAGE)
    count = rejected = 0
    for cell in ink.cells:
        own: tuple[Glyph, ...] = ()
        is_text = count >= PARAMS.many and rejected > PARAMS.rejected * count
        if cell.blobs and not is_text:
            reading = yield from reader.reading(PagePrimitives.of(cell, recogniser.with_stages))
            own = reading.glyphs
        found.append(own)
        count += len(own)
        rejected += sum(glyph.rejected for glyph in own)
    return _placed(ink.table, found)


def _single_signs(ink: TableInk, recogniser: Recogniser) -> list[tuple[Glyph, ...]]:
    """One glyph for each cell that is not empty; the network sees all of them at once."""
    classifier = recogniser.classifier
    inked = [k for k, cell in enumerate(ink.cells) if cell.blobs]
    found: list[tuple[Glyph, ...]] = [()] * len(ink.cells)
    if not inked:
        return found
    primitives = [PagePrimitives.of(ink.cells[k], recogniser.with_stages) for k in inked]
    made = [own.cell(range(len(own.frames))) for own in primitives]
    rows = classifier.probabilities(np.stack([cell for cell, _ in made])[:, np.newaxis])
    rows = _by_rules(ink.table, inked, rows, classifier.labels)
    for k, own, row, (cell, stages) in zip(inked, primitives, rows, made, strict=True):
        box = own.in_file(own.outline(range(len(own.frames))))
        glyph = glyph_of(box, 0, row, classifier, cell, stages)
        found[k] = (settled(glyph, recogniser.with_stages),)
    return found


def _by_rules(table: Table, inked: Sequence[int], rows: Cells, labels: tuple[str, ...]) -> Cells:
    """The probabilities of the digits of a sudoku by its rules, too; of others as they are."""
    size = sudoku.ORDER**2
    digits = [str(digit) for digit in range(1, size + 1)]
    if len(table.cells) != size**2 or table.rows != size or not set(digits) <= set(labels):
        return rows
    columns = [labels.index(digit) for digit in digits]
    seen, filled = np.zeros((size**2, size)), np.zeros(size**2, bool)
    seen[inked], filled[inked] = rows[:, columns], True
    by_rules = sudoku.posterior(seen, filled.reshape(size, size))
    if by_rules is None:
        return rows
    found = np.zeros_like(rows)
    found[:, columns] = by_rules.reshape(size**2, size)[inked]
    return found


def _placed(table: Table, found: Sequence[tuple[Glyph, ...]]) -> TableReading:
    """The glyphs of all cells in lines: each row of the table is one, or as many as stand in the
    cell that has most of them.
    """
    glyphs, line = list[Glyph](), 0
    for row in range(table.rows):
        own = [
            (cell, here)
            for cell, here in zip(table.cells, found, strict=True)
            if cell.row == row and here
        ]
        own.sort(key=lambda each: each[0].column)
        lines = [_lines_of(here) for _, here in own]
        count = max(map(len, lines), default=1)
        for index in range(count):
            begun = False
            for (cell, _), parts in zip(own, lines, strict=True):
                if index >= len(parts):
                    continue
                first = True
                for glyph in parts[index]:
                    spaced = begun and not table.has_single_signs if first else glyph.after_space
                    box = _within(glyph.box, cell, table)
                    glyphs.append(replace(glyph, line=line + index, after_space=spaced, box=box))
                    first = False
                begun = True
        line += count
    return TableReading(table, tuple(glyphs))


def _lines_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        if not lines or lines[-1][0].line != glyph.line:
            lines.append([])
        lines[-1].append(glyph)
    return lines


def with_columns(reading: Reading) -> Reading:
    """A reading of a page without tables, its columns of numbers made one, if it has any."""
    seen = reading.seen
    if seen is None or reading.is_partial or _is_unsure(reading.glyphs):
        return reading
    boxes = [seen.from_file([glyph.box for glyph in line]) for line in reading.lines]
    grid = find_columns(boxes)
    if grid is None:
        return reading
    table = grid.to_table(np.array(seen.matrix))
    glyphs, before = list[Glyph](), -1
    for glyph in reading.glyphs:
        cell = table.cell_index_of(glyph.box)
        is_first = not glyphs or glyphs[-1].line != glyph.line
        if cell is not None and cell != before and not is_first:
            glyph = replace(glyph, after_space=True)
        before = before if cell is None else cell
        glyphs.append(glyph)
    return replace(reading, glyphs=tuple(glyphs), tables=(table,))


def _within(box: Box, cell: TableCell, table: Table) -> Box:
    """A box whose middle stands in its cell: what overflows is left out where it does not."""
    index = table.cell_index_of(box)
    if index is not None and table.cells[index] == cell:
        return box
    around = cell.box
    x, y = max(box.x, around.x), max(box.y, around.y)
    right, bottom = min(box.right, around.right), min(box.bottom, around.bottom)
    if right <= x or bottom <= y:
        return around
    return Box(x, y, right - x, bottom - y)

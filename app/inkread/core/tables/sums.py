"""Rows and columns whose last cell is not the sum of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inkread.core.tables.numbers import decimal_sign_of, number_of


@dataclass(frozen=True, slots=True)
class Params:
    """Which rows and columns may be sums."""

    #: Cells, of the shortest sum; chosen: of two cells, one would have to repeat the other.
    min_cells: int = 3


PARAMS = Params()


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A row or column that does not add up.

    Attributes
    ----------
    is_row : bool
        Whether it is a row; else a column.
    index : int
        Which one, from 0.
    expected : Decimal
        The sum of all cells but the last.
    found : Decimal
        What the last cell says.
    """

    is_row: bool
    index: int
    expected: Decimal
    found: Decimal


def wrong_sums(texts: Sequence[Sequence[str]]) -> tuple[WrongSum, ...]:
    """The rows, then the columns, whose last cell is not the sum of the others.

    Only those all of whose cells are numbers are looked at, of at least three cells.

    Parameters
    ----------
    texts : sequence of sequences of str
        The text of each cell, row by row, all of the same length.
    """
    sign = decimal_sign_of(text for row in texts for text in row)
    numbers = [[number_of(text, sign) for text in row] for row in texts]
    columns = [list(column) for column in zip(*numbers, strict=True)]
    found = []
    for is_row, lines in ((True, numbers), (False, columns)):
        for index, line in enumerate(lines):
            known = [number for number in line if number is not None]
            if len(known) < max(len(line), PARAMS.min_cells):
                continue
            *parts, total = known
            if sum(parts, Decimal()) != total:
                found.append(WrongSum(is_row, index, sum(parts, Decimal()), total))
    return tuple(found)

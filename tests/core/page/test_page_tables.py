from __future__ import annotations

import numpy as np

from inkread.core.page.page_tables import PageTables, without_tables
from inkread.core.reading import Grey
from tests.core.page.tables import drawn_table
from tests.core.recognition.test_recognise import page_of


def found(grey: Grey) -> PageTables:
    return PageTables.of(page_of(grey))


def test_the_table_of_a_page_is_found_and_blanked() -> None:
    grey, grid = drawn_table([["4", "17"], ["", "7"]])
    page = page_of(grey)
    own = PageTables.of(page)
    assert [(each.rows, each.columns) for each in own.grids] == [(2, 2)]
    assert np.abs(own.grids[0].nodes - grid.nodes).max() < 2
    assert own.without(()) is page
    assert own.without((0,)).grey.min() > 200
    assert np.array_equal(without_tables(page, (0,)).grey, own.without((0,)).grey)
    assert without_tables(page, ()) is page


def test_there_is_room_around_a_table_with_a_margin() -> None:
    grey, _ = drawn_table([["4", "7"], ["", "7"]])
    assert found(grey).leaves_room((0,))
    assert not found(grey[38:-38, 38:-38].copy()).leaves_room((0,))


def test_cells_with_several_digits_are_not_for_single_signs() -> None:
    single, _ = drawn_table([["4", "7", "2"], ["1", "9", "5"]], 60, 60)
    several, _ = drawn_table([["41", "71", "21"], ["1", "90", "5"]], 60, 60)
    assert found(single).ink(0).table.has_single_signs
    assert not found(several).ink(0).table.has_single_signs


def test_wide_cells_of_a_sudoku_are_for_single_signs() -> None:
    rows = [[str((3 * r + r // 3 + c) % 9 + 1) for c in range(9)] for r in range(9)]
    grey, _ = drawn_table(rows, 80, 60)
    own = found(grey)
    assert not own.grids[0].has_single_signs
    assert own.ink(0).table.has_single_signs


def test_a_turned_page_has_its_matrix() -> None:
    grey, _ = drawn_table([["4"]])
    matrix = np.array(found(grey).matrix(1))
    corner = matrix @ [0, 0, 1]
    assert corner[:2].tolist() == [grey.shape[1], 0]

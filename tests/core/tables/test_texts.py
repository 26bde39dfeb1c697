from __future__ import annotations

from inkread.core.tables.texts import html_tables, stacked, tab_separated

TABLES = [[["1", "2,5"], ["", "4\n5"]], [["7"]]]


def test_tables_are_stacked_with_an_empty_row_between() -> None:
    assert stacked(TABLES) == [["1", "2,5"], ["", "4\n5"], [], ["7"]]


def test_a_cell_is_one_line_between_tabs() -> None:
    assert tab_separated(TABLES) == "1\t2,5\n\t4 5\n\n7"


def test_the_same_as_html() -> None:
    assert html_tables([[["1", "<b>"]]]) == ("<table><tr><td>1</td><td>&lt;b&gt;</td></tr></table>")


def test_no_cell_is_a_formula() -> None:
    assert tab_separated([[["=1+1", "-5", "+2-1"]]]) == "'=1+1\t-5\t'+2-1"
    assert "<td>'=1+1</td>" in html_tables([[["=1+1"]]])

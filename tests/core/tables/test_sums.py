from __future__ import annotations

from decimal import Decimal

from inkread.core.tables.sums import WrongSum, wrong_sums


def test_rows_and_columns_that_do_not_add_up_are_told() -> None:
    texts = [["1", "2", "3"], ["4", "5", "8"], ["5", "7", "12"]]
    assert wrong_sums(texts) == (
        WrongSum(True, 1, Decimal(9), Decimal(8)),
        WrongSum(False, 2, Decimal(11), Decimal(12)),
    )


def test_a_table_that_adds_up_has_none() -> None:
    assert wrong_sums([["1,10", "2,20", "3,30"], ["-1", "1", "0"], ["0,1", "3,20", "3,3"]]) == ()


def test_tenths_add_up_exactly() -> None:
    assert wrong_sums([["0.1", "0.2", "0.3"]]) == ()


def test_only_rows_of_numbers_alone_are_looked_at() -> None:
    for between in ("", "x", "1:30", "1.2.3"):
        assert wrong_sums([["1", between, "3"]]) == ()


def test_two_cells_are_no_sum() -> None:
    assert wrong_sums([["1", "2"], ["3", "4"]]) == ()


def test_an_ambiguous_number_is_read_like_those_beside_it() -> None:
    assert wrong_sums([["1.000", "0,5", "1.000,5"]]) == ()
    assert wrong_sums([["1.000", "1", "2"]]) == ()
    (wrong,) = wrong_sums([["1.000", "0.5", "1000.5"]])
    assert wrong.expected == Decimal("1.5")

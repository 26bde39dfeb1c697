from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.field_types.automaton import Language, determined
from inkread.core.field_types.number_languages import between, decimal, integer, money
from inkread.core.line_labels import OTHER


def accepted(language: Language, texts: str) -> list[str]:
    automaton = determined(language)
    return [text for text in texts.split() if automaton.accepts(text)]


def test_integers_have_digits_groups_of_three_and_a_sign() -> None:
    texts = "0 007 -12 +5 1'234 12.345.678 1,234 1234567"
    assert accepted(integer(), texts) == texts.split()
    assert accepted(integer(), "1.23 1'2345 0'123 1'234.567 - 1- 1/2 12:30") == []


def test_decimals_have_one_point_that_is_not_the_mark_of_groups() -> None:
    texts = "3 3.14159 0,5 .5 -1.5 1,234.5 1.234,5 1'234.5 1'234,56 1.234"
    assert accepted(decimal(), texts) == texts.split()
    assert accepted(decimal(), "3. 1.2.3 1,234,5 1.234.5 1'2 1:5") == []


def test_money_has_two_decimals_or_a_dash_for_them() -> None:
    texts = "12 12.50 12,50 .50 12,- 12.- 12,-- -3.00 1.234,50 1'234.50 1,234.- 1'234"
    assert accepted(money(), texts) == texts.split()
    assert accepted(money(), "12.5 1234.505 1.234.50 12- 12,-50 12:50 ,") == []


def test_signs_of_a_currency_stand_before_or_after_money() -> None:
    automaton = determined(money())
    for text in (f"{OTHER}5.00", f"5.00{OTHER}", f"{OTHER * 3}12,-", f"-{OTHER}5"):
        assert automaton.accepts(text)
    for text in (f"5{OTHER}00", OTHER, OTHER * 4 + "5"):
        assert not automaton.accepts(text)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_range_has_its_numbers_and_no_others(one: int, other: int) -> None:
    low, high = sorted((one, other))
    automaton = determined(between(low, high))
    near = {0, 9, 10, 99, 100, 999, 1000, low - 1, low, high, high + 1, (low + high) // 2, 5000}
    for number in near:
        if number >= 0:
            assert automaton.accepts(str(number)) == (low <= number <= high)


@pytest.mark.parametrize(("text", "is_in"), [("01", True), ("00", False), ("001", False)])
def test_numbers_of_a_range_may_be_filled_up_to_its_width(text: str, is_in: bool) -> None:
    assert determined(between(1, 31)).accepts(text) == is_in

from __future__ import annotations

from decimal import Decimal

import pytest

from inkread.core.field_types.values import Range, dates, numbers, times
from inkread.core.line_labels import OTHER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", ["12"]),
        ("-12,50", ["-12.50"]),
        (".5", ["0.5"]),
        ("-.5", ["-0.5"]),
        ("12,-", ["12"]),
        ("1'234.50", ["1234.50"]),
        ("1.234.567", ["1234567"]),
        ("1.234,5", ["1234.5"]),
        ("1.234", ["1234", "1.234"]),
        ("1'234", ["1234"]),
        (f"{OTHER}7", ["7"]),
    ],
)
def test_a_number_may_mean(text: str, expected: list[str]) -> None:
    assert list(numbers(text)) == [Decimal(value) for value in expected]


def test_a_date_may_mean_two_days() -> None:
    assert list(dates("1/2/2020")) == [(2020, 2, 1), (2020, 1, 2)]
    assert list(dates("1.2.2020")) == [(2020, 2, 1)]
    assert list(dates("2020-1-2")) == [(2020, 1, 2)]
    assert list(dates("31/1/99")) == [(1999, 1, 31)]
    assert list(dates("1.1.30")) == [(2030, 1, 1)]


def test_times_have_seconds() -> None:
    assert list(times("7:05")) == [(7, 5, 0)]
    assert list(times("17.30.09")) == [(17, 30, 9)]


def test_both_ends_belong_to_a_range_and_a_year_has_all_its_days() -> None:
    assert Range(Decimal(1), Decimal(3)).holds(Decimal(3))
    assert not Range(Decimal(1), None).holds(Decimal("0.99"))
    years = Range((2020,), (2021, 6))
    assert years.holds((2021, 6, 30))
    assert not years.holds((2021, 7, 1))
    assert not years.holds((2019, 12, 31))

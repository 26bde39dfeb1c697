from __future__ import annotations

import calendar
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.field_types.automaton import determined
from inkread.core.field_types.date_languages import FIRST_YEAR, LAST_YEAR, date, time

DATES, TIMES = determined(date()), determined(time())


@given(st.dates(datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31)))
def test_each_day_is_a_date_in_each_order(day: datetime.date) -> None:
    d, m, y = day.day, day.month, day.year
    for text in (
        f"{d}.{m}.{y}",
        f"{d:02}.{m:02}.{y % 100:02}",
        f"{d}/{m}/{y}",
        f"{m}/{d}/{y}",
        f"{m:02}-{d:02}-{y}",
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
    ):
        # Of two digits, a year is one of any century.
        assert DATES.accepts(text), text


@given(st.integers(0, 32), st.integers(0, 13), st.integers(FIRST_YEAR, LAST_YEAR))
def test_a_day_that_there_is_not_is_no_date(day: int, month: int, year: int) -> None:
    exists = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    assert DATES.accepts(f"{day}.{month}.{year}") == exists
    assert DATES.accepts(f"{year}-{month:02}-{day:02}") == exists


@pytest.mark.parametrize(
    "text",
    ["12.31.1999", "1.2/2000", "1.2", "24.12.", "24122024", "1.2.200", "99-01-01x", "001.1.2000",
     "31-4-20", "1:2:2000"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert not DATES.accepts(text)


def test_times_are_those_of_the_day() -> None:
    for minute in range(24 * 60):
        hour, rest = divmod(minute, 60)
        assert TIMES.accepts(f"{hour}:{rest:02}")
        assert TIMES.accepts(f"{hour:02}.{rest:02}.59")
    for text in ("24:00", "7:60", "7:5", "7", "7:05:60", "7:05.30", "007:05", "-7:05", "7,05"):
        assert not TIMES.accepts(text)

from __future__ import annotations

from decimal import Decimal

import pytest

from inkread.core.tables.numbers import decimal_sign_of, decimals_of, number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-12", "-12"),
        ("+3", "3"),
        ("0", "0"),
        ("12,50", "12.50"),
        ("12.5", "12.5"),
        (",5", "0.5"),
        ("-.25", "-0.25"),
        ("0.123", "0.123"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("1'234,50", "1234.50"),
        ("1'234", "1234"),
        ("1.234.567", "1234567"),
        ("1'234'567.891", "1234567.891"),
        ("1234.567", "1234.567"),
        ("12345,678", "12345.678"),
    ],
)
def test_a_number_is_read(text: str, number: str) -> None:
    assert number_of(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "007",
        "00",
        "1.2.3",
        "12.34.567",
        "1,2,3",
        "12:30",
        "3/4",
        "(5)",
        "12%",
        "1 234",
        "1'23",
        "1'2345",
        "'123",
        "5.",
        "1.234'567",
        "12-3",
        "1e5",
        "٣",
        "1234.567.890",
        "x",
        "=1+1",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_of(text) is None
    assert number_of(text, ".") is None
    assert number_of(text, ",") is None


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.345", "123,456"])
def test_an_ambiguous_text_is_a_number_only_beside_others(text: str) -> None:
    assert number_of(text) is None
    digits = text.replace(",", ".")
    other = "," if "." in text else "."
    sign = "." if "." in text else ","
    assert number_of(text, sign) == Decimal(digits)
    assert number_of(text, other) == Decimal(digits.replace(".", ""))


def test_the_decimal_sign_is_that_of_numbers_that_show_it() -> None:
    assert decimal_sign_of(["1.234", "1.234,5", "7"]) == ","
    assert decimal_sign_of(["1.234", "0.5"]) == "."
    assert decimal_sign_of(["1.234", "12", "1'000", "x"]) is None
    assert decimal_sign_of(["1,5", "2.5"]) is None
    assert decimal_sign_of(["1.234.567"]) == ","


def test_decimals_are_counted_behind_the_decimal_sign() -> None:
    for text, sign, count in (("1.234,50", None, 2), ("12", None, 0), ("1.234", ",", 0)):
        number = number_of(text, sign)
        assert number is not None
        assert decimals_of(text, number, sign) == count
    assert decimals_of("1.234", Decimal("1.234"), ".") == 3

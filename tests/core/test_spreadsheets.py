"""No text of others is calculated by a spreadsheet, and every text comes back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.spreadsheets import as_it_was, inert

texts = st.text(st.one_of(st.sampled_from("=+-@＝－'';\t\r\n ,1.\u200b"), st.characters()))


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|calc.png",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠A1",
        " =1",
        "\u200b=1",
        "-12 -5",
    ],
)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "-12,5",
        "+3",
        "-1.234,5",
        "-",
        "-5 3,1 12",
        "12\n-5",
        "a=b",
        "",
        "2047",
        "a-b.png",
        "'",
        "it's",
    ],
)
def test_numbers_and_other_texts_stay(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=cmd.png", "a;'=cmd.png"),
        ("1\n=2", "1\n'=2"),
        ("a\t@b", "a\t'@b"),
        ("\ta", "'\ta"),
        ("\r=a", "'\r'=a"),
    ],
)
def test_a_cell_that_is_split_holds_no_formula(text: str, cell: str) -> None:
    assert inert(text) == cell


@given(texts)
def test_no_part_of_a_cell_is_a_formula(text: str) -> None:
    for part in re.split("[;\t\r\n]", inert(text)):
        assert part[:1] not in {*"=@＝＋－＠"}
        assert part[:1] not in {*"+-"} or not set(part[1:]) - set("0123456789., ")


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    assert as_it_was(inert(text)) == text


@given(texts)
def test_two_texts_are_two_cells(text: str) -> None:
    assert inert(f"'{text}") != inert(text)

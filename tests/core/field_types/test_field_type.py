from __future__ import annotations

import pickle

import pytest

from inkread.core.errors import FieldTypeUnknown, LettersUnread
from inkread.core.field_types.field_type import NAMES, FieldType
from inkread.core.line_labels import LINE_LABELS, OTHER


@pytest.mark.parametrize(
    ("kind", "fits", "others"),
    [
        ("digits", "0 123456", "1.2 -1"),
        ("Digits: 6", "000123", "12345 1234567"),
        ("999-99", "123-45", "12345 123-4"),
        ("9 999", "1234", "123"),
        ("one of: 12|15 | 20", "12 15 20", "1 1215 16"),
        ("integer 1..31", "1 31 07", "0 32 -1"),
        ("integer 1000..2000", "1500 1'500 1.500", "999 2'001"),
        ("integer ..5", "-7 5", "6"),
        ("digits 5..12", "5 12 07", "4 13"),
        ("decimal 0..1.5", "0,5 1.5 .25", "1.51 -0.1"),
        ("money 0..500", "499.99 12,- 500", "500.01 1'000.00 -1.00"),
        ("date 2020..2021-06", "1.1.2020 30.6.2021 2021-06-30", "1.7.2021 31.12.2019"),
        ("time 8:00..17:30", "8:00 17.30 9:15:30", "7:59 17:31 17:31:01"),
        ("DATE", "29.2.2024", "29.2.2023"),
    ],
)
def test_what_fits_a_type(kind: str, fits: str, others: str) -> None:
    found = FieldType.parse(kind)
    assert [text for text in fits.split() if not found.accepts(text)] == []
    assert [text for text in others.split() if found.accepts(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_names_are_types_that_pickle_and_compare_by_what_they_are(name: str) -> None:
    found = FieldType.parse(name)
    assert pickle.loads(pickle.dumps(found)) == found == FieldType.parse(name)  # noqa: S301
    assert not found.accepts("")


@pytest.mark.parametrize(
    "text",
    ["", " ", "dat", "digits:0", "digits:41", "9" * 41, "X9", "9#", "AB", "12-34", "integer 5..1",
     "integer a..b", "integer ..", "decimal 1,5..2", "one of:", "one of: 1||2", "one of: a|b",
     "date 20..30", "date 2021..2020", "time 8..9", "time 17:00..8:00", "999 1..2"],
)  # fmt: skip
def test_what_says_nothing_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(FieldTypeUnknown) as caught:
        FieldType.parse(text)
    assert str(caught.value).endswith("one of: 12|15|20.")


def test_letters_are_taken_in_a_pattern_but_not_read_yet() -> None:
    found = FieldType.parse("AA-9999")
    assert found.accepts("AB-1234")
    with pytest.raises(LettersUnread, match="letters are not read yet"):
        found.check_readable(LINE_LABELS)
    found.check_readable((*LINE_LABELS, "A", "B"))
    FieldType.parse("999-99").check_readable(LINE_LABELS)


def test_spaces_do_not_count() -> None:
    assert FieldType.parse("integer").accepts("12 345")
    assert FieldType.parse("  one   of: 1|2 ") == FieldType.parse("one of: 1|2")


def test_a_sign_without_a_label_is_a_currency_beside_money_alone() -> None:
    assert FieldType.parse("money").is_currency(OTHER)
    assert not FieldType.parse("date").is_currency(OTHER)
    assert not FieldType.parse("money").is_currency("-")


@pytest.mark.parametrize(
    ("kind", "rare", "usual"),
    [
        ("time", "7.30", "7:30 7:30:15"),
        ("Time 7:00..8:00", "7.30", "7:30"),
        ("date", "1.1.1456 2156-01-02 3/4/2100", "1.1.56 2056-01-02 3/4/1900 11.12.21"),
        ("money", "", "1456.00 2.156"),
        ("9999.9", "", "2156.0"),
    ],
)
def test_forms_that_people_seldom_use(kind: str, rare: str, usual: str) -> None:
    found = FieldType.parse(kind)
    assert [text for text in rare.split() if not found.is_rare(text)] == []
    assert [text for text in usual.split() if found.is_rare(text)] == []

"""Labels: normalised when written, read more leniently."""

from __future__ import annotations

import unicodedata

import pytest

from inkread.core.errors import LabelUnusable
from inkread.core.labels import MAX_LABEL_LENGTH, is_normal, is_readable, normalise_label
from inkread.ml.inference import metadata

#: Unassigned up to Unicode 16; a newer version may print it.
UNKNOWN = "\U000e0fff"


def test_models_take_labels_as_long() -> None:
    assert MAX_LABEL_LENGTH == metadata.MAX_LABEL_LENGTH


@pytest.mark.parametrize(
    "label", ["", " ", "a\nb", "\0", "x" * 65, "\u200b", "a\u202eb", " " * 10**6]
)
def test_what_cannot_be_one_is_refused(label: str) -> None:
    with pytest.raises(LabelUnusable, match="1 to 64 printable characters"):
        normalise_label(label)


def test_a_label_without_end_is_not_repeated() -> None:
    with pytest.raises(LabelUnusable) as refused:
        normalise_label("x" * 10**6)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("label", "tidy"),
    [
        (" 7 ", "7"),
        ("a   b", "a b"),
        ("é", "é"),
        ("e\u0301", "é"),
        ("x" * 64, "x" * 64),
        ("\udcff", "???"),
    ],
)
def test_what_can_is_tidied(label: str, tidy: str) -> None:
    assert normalise_label(label).replace("\ufffd", "?") == tidy


@pytest.mark.parametrize("label", ["7", "a b", "é", "x" * 64, "한글", "/"])
def test_what_is_normal_is_readable(label: str) -> None:
    assert is_normal(label)
    assert is_readable(label)


def test_a_character_of_a_newer_unicode_is_read_and_not_written() -> None:
    assert unicodedata.category(UNKNOWN) == "Cn"
    assert is_readable(f"a{UNKNOWN}")
    assert not is_normal(f"a{UNKNOWN}")


@pytest.mark.parametrize("label", ["", " ", "a\nb", "\0", "\x85", "\u2028", "\ud800", "x" * 65])
def test_what_no_version_stores_is_not_read(label: str) -> None:
    assert not is_readable(label)

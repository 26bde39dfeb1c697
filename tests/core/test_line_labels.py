from __future__ import annotations

import unicodedata

from inkread.core.line_labels import DIGIT_COUNT, LINE_LABELS, OTHER


def test_the_digits_come_first_and_the_other_sign_last() -> None:
    assert "".join(LINE_LABELS[:DIGIT_COUNT]) == "0123456789"
    assert LINE_LABELS[-1] == OTHER
    assert unicodedata.name(OTHER) == "REPLACEMENT CHARACTER"


def test_each_label_is_one_character_of_its_own() -> None:
    assert all(len(label) == 1 for label in LINE_LABELS)
    assert len(set(LINE_LABELS)) == len(LINE_LABELS) == 23

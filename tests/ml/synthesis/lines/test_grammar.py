from __future__ import annotations

import re
from collections import Counter

import numpy as np

from inkread.core.line_labels import LINE_LABELS
from inkread.ml.synthesis.lines.grammar import amount, random_text

TEXTS = [random_text(np.random.default_rng(seed)) for seed in range(4000)]


def test_texts_are_of_labels_and_single_spaces() -> None:
    for text in TEXTS:
        assert set(text) <= {*LINE_LABELS, " "}, text
        assert text.strip() == text, text
        assert "  " not in text, text
        assert text


def test_every_label_is_written_often() -> None:
    lines = Counter(label for text in TEXTS for label in set(text))
    assert min(lines[label] for label in LINE_LABELS) > 40


def test_there_are_dates_times_prices_phone_numbers_and_fractions() -> None:
    for pattern in (
        r"\d\d?\.\d\d?\.\d{2,4}", r"\d\d?:\d\d", r"\d+,00", r"\d+\.\d\d", r"\(\d+\) ?[\d-]+",
        r"\d+/\d+", r"-\d+", r"\d+\+\d+=\d+", r"\d{1,3}( \d{3})+", r"\d{20}", r"\d+%", r"\d",
        r"\d+'\d{3}", r"\d+,?=", r"\d+[.,]-",
    ):  # fmt: skip
        assert any(re.fullmatch(pattern, text) for text in TEXTS), pattern


def test_the_same_seed_gives_the_same_text() -> None:
    assert random_text(np.random.default_rng(5)) == random_text(np.random.default_rng(5))


def test_amounts_are_grouped_by_thousands() -> None:
    found = [amount(np.random.default_rng(seed)) for seed in range(500)]
    assert any(re.fullmatch(r"\d{1,3}(\.\d{3})+", text) for text in found)
    assert not any(re.search(r"\d\.\d{3}\d", text) for text in found)

"""The numbers with signs that `tests.benchmarks.signs` puts together, and how it counts them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.ink import Ink
from inkread.core.reading import Glyph, Guess, Reading
from tests.benchmarks.signs import KINDS, PLACES, Score, hand_for, hands, numbers, written_out

FORMS = {
    "dates": r"\d\d?\.\d\d?\.\d{2,4}|\d\d/\d\d/\d{4}|\d{4}-\d\d-\d\d",
    "times": r"\d\d?:\d\d(:\d\d)?",
    "prices": r"(\d+,)?\d+[.,]\d\d|\d+,-",
    "phone numbers": r"0\d+/\d+|\+\d+ \d+ \d+|\(0\d+\) \d+|\d+-\d+-\d+",
    "fractions": r"(\d )?\d+/\d+",
    "brackets": r"\(\d+([.+-]\d+)?\)",
    "percent": r"\d+([.,]\d)?%",
    "negative": r"-\d+([.,]\d\d)?",
    "sums": r"\d+[-+*]\d+=\d+",
    "thousands": r"\d{1,3}('\d{3}){1,2}(\.\d\d)?",
}


def samples(labels: Sequence[str], writer: str, fold: int) -> list[dict[str, object]]:
    """One or two strokes each, as long as a digit is high."""
    return [
        {
            "label": label,
            "writer": writer,
            "fold": fold,
            "strokes": [[[0, 0], [400, 1000]]] * (2 if label in "%:=+*" else 1),
        }
        for label in labels
    ]


def save(folder: Path, name: str, found: list[dict[str, object]]) -> None:
    with gzip.open(folder / f"{name}.json.gz", "wt", encoding="utf-8") as file:
        json.dump({"samples": found}, file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ada gives everything but brackets, Bob brackets and a 1, Eve of fold 2 all."""
    ada = [sign for sign in PLACES if sign not in "()"]
    save(
        tmp_path,
        "unipen-digits",
        [
            *samples("0123456789", "Ada", 1),
            *samples("1", "Bob", 1),
            *samples("0123456789", "Eve", 2),
        ],
    )
    signs = [*samples(ada, "Ada", 1), *samples("()", "Bob", 1), *samples(tuple(PLACES), "Eve", 2)]
    save(tmp_path, "unipen-symbols", signs)
    return tmp_path


def reading(text: str) -> Reading:
    cell = np.zeros((28, 28), np.float32)
    return Reading(tuple(Glyph(Box(0, 0, 9, 9), 0, (Guess(s, 0.99),), cell, ()) for s in text))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_written_in_its_forms(kind: str) -> None:
    rng = np.random.default_rng(0)
    texts = [KINDS[kind](rng) for _ in range(300)]
    assert all(re.fullmatch(FORMS[kind], text) for text in texts)
    assert all(any(sign in PLACES for sign in text) for text in texts)


def test_sums_add_up() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        left, right = KINDS["sums"](rng).split("=")
        one, sign, other = re.split(r"([-+*])", left)
        values = {"+": int(one) + int(other), "-": int(one) - int(other)}
        assert values.get(sign, int(one) * int(other)) == int(right)


def test_dates_and_times_exist() -> None:
    rng = np.random.default_rng(2)
    for _ in range(300):
        first, second, *_ = (int(v) for v in re.split(r"[./-]", KINDS["dates"](rng))[:2])
        assert 1 <= second <= 12 and (1 <= first <= 28 or first >= 1900)
        hour, *rest = (int(v) for v in KINDS["times"](rng).split(":"))
        assert hour < 24 and max(rest) < 60


def test_a_number_is_one_hand_and_takes_only_what_is_missing_from_others(folder: Path) -> None:
    hand = hand_for("(12)", hands(folder, {1}), np.random.default_rng(0))
    writers = {sign: {sample.writer for sample in own} for sign, own in hand.items()}
    # Bob gave three of the four signs.
    assert writers == {"(": {"Bob"}, "1": {"Bob"}, "2": {"Ada"}, ")": {"Bob"}}


def test_writers_of_other_folds_are_left_out(folder: Path) -> None:
    writers = {s.writer for hand in hands(folder, {1}) for own in hand.values() for s in own}
    assert writers == {"Ada", "Bob"}


def test_pieces_of_signs_and_signs_that_are_several_are_left_out(tmp_path: Path) -> None:
    stroke = [[0, 0], [400, 1000]]
    found = [
        {"label": label, "writer": str(count), "fold": 1, "strokes": [stroke] * count}
        for label in "%)"
        for count in (1, 2)
    ]
    save(tmp_path, "unipen-digits", [])
    save(tmp_path, "unipen-symbols", found)
    kept = {(label, s.writer) for h in hands(tmp_path, {1}) for label in h for s in h[label]}
    assert kept == {("%", "2"), (")", "1")}


def bounds(ink: Ink, index: int) -> Box:
    return ink.strokes[index].bounds


def test_signs_stand_where_people_write_them(folder: Path) -> None:
    known, rng = hands(folder, {2}), np.random.default_rng(3)
    for _ in range(20):
        ink = written_out("8.8'8,8-8", hand_for("8.8'8,8-8", known, rng), rng)
        eight, point, _, apostrophe, _, comma, _, minus, last = (bounds(ink, i) for i in range(9))
        top, base = eight.y, eight.y + eight.height
        assert point.height < 0.15 * eight.height and abs(point.y - base) < 0.2 * eight.height
        assert apostrophe.y + apostrophe.height < top + 0.45 * eight.height
        assert comma.y + comma.height > base
        assert top + 0.1 * eight.height < minus.y < base
        assert last.x > minus.x + minus.width


def test_the_kinds_take_turns_and_the_seed_decides(folder: Path) -> None:
    known = hands(folder, {1, 2})
    first, again = (list(numbers(known, 20, np.random.default_rng(5))) for _ in range(2))
    assert [kind for kind, _, _ in first] == [*KINDS, *KINDS]
    assert [text for _, text, _ in first] == [text for _, text, _ in again]
    assert all(not ink.is_empty for _, _, ink in first)


def test_a_sign_counts_as_found_where_it_is_read_in_its_place() -> None:
    score = Score()
    assert not score.count("times", "12:30:05", reading("1230:05"))
    assert not score.count("times", "7:15", reading("7.15-"))
    assert score.count("brackets", "(7)", reading("(7)"))
    assert (score.share("times"), score.share("brackets")) == ("33.33 % (1/3)", "100.00 % (2/2)")
    assert score.share(":") == "33.33 % (1/3)"
    assert score.share("all") == "60.00 % (3/5)"
    assert score.too_many == 2
    assert (score.whole.right, score.whole.total, score.whole.silent) == (1, 3, 2)

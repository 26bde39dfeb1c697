from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.core.field_types.automaton import determined, many, maybe, then, word
from inkread.core.recognition.ctc_decode import (
    Params,
    aligned,
    decoded,
    greedy,
    log_probabilities,
    softmax,
    texts_within,
)
from tests.core.recognition.ctc_paths import all_paths, rows

LABELS = "ab."
#: Bounds that never bind in small cases.
WIDE = Params(beam=10_000, count=10_000, min_sign=0.0, min_prefix=0.0)


@pytest.mark.parametrize("seed", range(5))
def test_without_bounds_it_finds_all_texts_in_the_order_of_their_sums(seed: int) -> None:
    logits = rows(seed, 5, 4)
    paths = all_paths(softmax(logits))
    sums = {"".join(LABELS[s] for s in text): sum(p.values()) for text, p in paths.items()}
    expected = sorted(sums, key=lambda text: -sums[text])
    found = decoded(logits, LABELS, WIDE)
    assert [hypothesis.text for hypothesis in found] == expected
    logs = [hypothesis.log_probability for hypothesis in found]
    np.testing.assert_allclose(np.exp(logs), [sums[text] for text in expected], rtol=1e-9)


@pytest.mark.parametrize("sure", [(), (0,), (5,), (3,), (0, 2, 5), (1, 4), (0, 1, 2, 3, 4, 5)])
def test_lines_that_sure_blanks_part_have_the_same_texts_and_sums(sure: tuple[int, ...]) -> None:
    logits = rows(7, 6, 3)
    logits[list(sure), 2] = 200.0
    paths = all_paths(softmax(logits))
    sums = {"".join("1."[s] for s in text): sum(each.values()) for text, each in paths.items()}
    sums = {text: each for text, each in sums.items() if each > 1e-60}
    found = decoded(logits, "1.", WIDE)
    assert {hypothesis.text for hypothesis in found} == set(sums)
    for hypothesis in found:
        assert math.exp(hypothesis.log_probability) == pytest.approx(
            sums[hypothesis.text], rel=1e-9
        )


@pytest.mark.parametrize("seed", range(5))
def test_what_else_may_be_in_nearly_sure_blanks_is_next_to_nothing(seed: int) -> None:
    logits = rows(seed, 9, 3)
    logits[[2, 5, 6], 2] = 10.0
    paths = all_paths(softmax(logits))
    sums = {"".join("1."[s] for s in text): sum(each.values()) for text, each in paths.items()}
    found = decoded(logits, "1.", WIDE)
    assert found[0].text == max(sums, key=lambda text: sums[text])
    for hypothesis in found[:4]:
        exact = math.log(sums[hypothesis.text])
        assert exact - 0.02 < hypothesis.log_probability <= exact + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_within_the_usual_bounds_the_best_texts_are_the_same(seed: int) -> None:
    logits = rows(seed + 50, 7, 4)
    few, all_texts = decoded(logits, LABELS), decoded(logits, LABELS, WIDE)
    assert [one.text for one in few[:2]] == [one.text for one in all_texts[:2]]
    assert few[0].log_probability == pytest.approx(all_texts[0].log_probability, rel=1e-9)


def test_many_alignments_together_win_over_the_single_best_one() -> None:
    # Greedy: blank twice. "a" has three alignments: 0.4 * 0.6 + 0.6 * 0.4 + 0.4 * 0.4 = 0.64.
    logits = np.log(np.array([[0.4, 0.6], [0.4, 0.6]], np.float32))
    best, empty = decoded(logits, "a")
    assert (best.text, empty.text) == ("a", "")
    assert math.exp(best.log_probability) == pytest.approx(0.64, rel=1e-6)
    assert math.exp(empty.log_probability) == pytest.approx(0.36, rel=1e-6)


def peaks(
    columns: str, labels: str, sure: float = 12.0
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Logits with one clear sign in each step; a space is blank."""
    order = labels + " "
    return np.array([[sure * (sign == c) for sign in order] for c in columns], np.float32)


def test_a_repeated_digit_needs_a_blank_between() -> None:
    assert decoded(peaks(" 11 1  1", "01"), "01")[0].text == "111"
    assert decoded(peaks(" 1111", "01"), "01")[0].text == "1"


def test_places_are_the_steps_of_the_peaks() -> None:
    best = decoded(peaks(" 00 1 1", "01"), "01")[0]
    assert [(place.first, place.last) for place in best.places] == [(1, 2), (4, 4), (6, 6)]
    assert all(place.probability > 0.99 for place in best.places)


def test_a_sign_that_may_be_another_or_none_is_as_uncertain_as_its_peak() -> None:
    odds = np.full((5, 3), 1e-9)
    odds[[0, 2, 4], 2] = 1.0
    odds[1, 0] = 1.0
    odds[3] = (0.1, 0.7, 0.2)
    best = decoded(np.log(odds).astype(np.float32), "01")[0]
    assert best.text == "01"
    assert best.places[0].probability == pytest.approx(1, abs=1e-6)
    assert best.places[1].probability == pytest.approx(0.7, abs=1e-6)


def test_hypotheses_are_different_and_few() -> None:
    found = decoded(rows(1, 40, 24, 0.5), "0123456789.,-/:()+=%*'?")
    texts = [hypothesis.text for hypothesis in found]
    assert len(set(texts)) == len(texts) == 4


def test_without_steps_the_line_is_surely_empty() -> None:
    (only,) = decoded(np.zeros((0, 4), np.float32), LABELS)
    assert (only.text, only.log_probability, only.places) == ("", 0.0, ())


@pytest.mark.parametrize("sharpness", [0.0, 0.3, 1000.0])
def test_long_lines_neither_overflow_nor_vanish(sharpness: float) -> None:
    logits = rows(2, 1000, 24, sharpness)
    for hypothesis in decoded(logits, "0123456789.,-/:()+=%*'?"):
        assert math.isfinite(hypothesis.log_probability) and hypothesis.log_probability <= 0
        assert len(hypothesis.places) == len(hypothesis.text)
        for place in hypothesis.places:
            assert 0 <= place.first <= place.last < 1000
            assert 0 <= place.probability <= 1


def test_a_line_of_hundreds_of_signs_is_read_to_its_end() -> None:
    written = "".join(str(i * i % 10) for i in range(300))
    steps = " ".join(written)
    best = decoded(peaks(steps, "0123456789", 20.0), "0123456789")[0]
    assert best.text == written
    assert [place.first for place in best.places] == list(range(0, 600, 2))


def test_the_second_best_of_a_long_line_differs_where_it_is_least_sure() -> None:
    logits = peaks("0 1 " * 60, "01")
    logits[142, 0] = 11.0
    best, second = decoded(logits, "01")[:2]
    assert best.text == "01" * 60
    assert second.text == "01" * 35 + "00" + "01" * 24
    assert best.log_probability - second.log_probability == pytest.approx(1, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from([0.1, 2.0, 8.0]))
def test_the_best_text_is_at_least_as_probable_as_the_greedy_one(
    seed: int, steps: int, sharpness: float
) -> None:
    logits = rows(seed, steps, 6, sharpness)
    found = decoded(logits, "01234")
    logs = [hypothesis.log_probability for hypothesis in found]
    assert logs == sorted(logs, reverse=True)
    probabilities = softmax(logits)
    # The greedy path alone has the product of the highest probabilities.
    assert logs[0] >= np.log(probabilities.max(axis=1)).sum() - 1e-9
    assert len(greedy(logits)) <= steps


def test_greedy_drops_repetitions_and_blanks() -> None:
    assert greedy(peaks("00 0 11 2", "012")) == (0, 0, 1, 2)
    assert greedy(peaks("   ", "012")) == ()


@pytest.mark.parametrize("seed", range(3))
def test_given_texts_have_the_sums_of_their_paths_and_the_places_of_the_search(seed: int) -> None:
    logits = rows(seed + 90, 6, 4)
    every = decoded(logits, LABELS, WIDE)
    wanted = [every[5].text, every[0].text]
    found = aligned(logits, LABELS, wanted)
    assert [each.text for each in found] == wanted
    for one, same in zip(found, (every[5], every[0]), strict=True):
        assert one.log_probability == pytest.approx(same.log_probability, rel=1e-9)
        assert [(p.first, p.last) for p in one.places] == [(p.first, p.last) for p in same.places]
    logs = log_probabilities(logits, LABELS, wanted)
    assert logs.tolist() == pytest.approx([each.log_probability for each in found])


def test_texts_that_cannot_be_are_left_out_and_hardly_probable() -> None:
    logits = rows(3, 2, 4)
    assert [each.text for each in aligned(logits, LABELS, ["aaa", "b"])] == ["b"]
    assert aligned(logits, LABELS, ["aaa"]) == aligned(logits, LABELS, []) == ()
    impossible, possible = log_probabilities(logits, LABELS, ["aaa", "b"])
    assert impossible < -600 < possible


@pytest.mark.parametrize("seed", range(5))
def test_texts_within_an_automaton_are_the_most_probable_that_it_accepts(seed: int) -> None:
    logits = rows(seed, 5, 4)
    automaton = determined(then(many(word("a")), word("b"), maybe(word("."))))
    paths = all_paths(softmax(logits))
    sums = {"".join(LABELS[s] for s in text): sum(p.values()) for text, p in paths.items()}
    expected = sorted(filter(automaton.accepts, sums), key=lambda text: -sums[text])
    assert len(expected) > 4
    assert texts_within(logits, LABELS, automaton, WIDE) == expected


def test_no_text_is_found_where_an_automaton_accepts_none() -> None:
    logits = np.full((3, 4), -20, np.float32)
    logits[:, 0] = 20
    assert texts_within(logits, LABELS, determined(word("bb"))) == []


def test_a_text_far_behind_the_best_is_found_within_an_automaton() -> None:
    logits = np.full((3, 4), -30, np.float32)
    logits[[0, 2], 3] = 0
    logits[1] = [0, -8, -30, -30]
    assert decoded(logits, LABELS)[0].text == "a"
    assert texts_within(logits, LABELS, determined(word("b"))) == ["b"]

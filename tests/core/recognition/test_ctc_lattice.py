from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.core.recognition.ctc_decode import softmax
from inkread.core.recognition.ctc_lattice import (
    Floats,
    Lattice,
    Signs,
    certainties,
    lattice,
    steps_of_signs,
)
from tests.core.recognition.ctc_paths import all_paths, rows, spans

#: Empty, repeated, alternating, as long as there are steps, and one that does not fit.
TEXTS: list[Signs] = [(), (0,), (1, 1), (0, 1, 0), (2, 0, 0, 1), (0, 1, 2, 0, 1), (1,) * 5]


def certainties_of(found: Lattice) -> Floats:
    return certainties(found, *steps_of_signs(found))


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_over_all_paths_one_by_one(seed: int) -> None:
    probabilities = softmax(rows(seed, 5, 4))
    paths = all_paths(probabilities)
    expected = [sum(paths.get(text, {}).values()) for text in TEXTS]
    np.testing.assert_allclose(lattice(probabilities, TEXTS).sums, expected, rtol=1e-12)
    assert expected[-1] == 0


def test_sums_at_each_step_join_to_the_whole() -> None:
    found = lattice(softmax(rows(5, 6, 4)), TEXTS)
    for row, sums in enumerate(found.sums):
        states = 2 * int(found.lengths[row]) + 1
        # State s after t steps, then either the same state, the next, or the one behind that.
        before, after = found.before[:, row, 2 : 2 + states], found.after[:, row]
        for step in range(1, 6):
            stays, moves = after[step, :states], after[step, 1 : states + 1]
            skips = after[step, 2 : states + 2] * skipping(found.signs[row], states)
            assert (before[step] * (stays + moves + skips)).sum() == pytest.approx(sums, rel=1e-12)


def skipping(signs: np.ndarray[tuple[int], np.dtype[np.int64]], states: int) -> list[float]:
    return [
        float(state % 2 == 1 and state + 2 < states and signs[state // 2] != signs[state // 2 + 1])
        for state in range(states)
    ]


def weighted_median(steps: list[int], weights: list[float]) -> int:
    order = np.argsort(steps, kind="stable")
    summed = np.cumsum(np.array(weights)[order])
    return int(np.array(steps)[order][np.searchsorted(summed, summed[-1] / 2)])


@pytest.mark.parametrize("seed", range(4))
def test_steps_are_the_medians_over_all_paths(seed: int) -> None:
    probabilities = softmax(rows(seed, 6, 4))
    paths = all_paths(probabilities)
    texts = TEXTS[:-1]
    first, last = steps_of_signs(lattice(probabilities, texts))
    for row, text in enumerate(texts):
        weights = list(paths[text].values())
        places = [spans(path, 3) for path in paths[text]]
        for sign in range(len(text)):
            assert first[row, sign] == weighted_median([p[sign][0] for p in places], weights)
            assert last[row, sign] == weighted_median([p[sign][1] for p in places], weights)


@pytest.mark.parametrize("seed", range(4))
def test_a_certainty_is_the_share_among_texts_that_differ_in_that_sign_alone(seed: int) -> None:
    probabilities = softmax(rows(seed, 6, 4))
    paths = all_paths(probabilities)
    texts = TEXTS[:-1]
    found = certainties_of(lattice(probabilities, texts))
    for row, text in enumerate(texts):
        for place in range(len(text)):
            others = [(*text[:place], sign, *text[place + 1 :]) for sign in range(3)]
            others.append((*text[:place], *text[place + 1 :]))
            total = sum(sum(paths.get(other, {}).values()) for other in others)
            expected = sum(paths[text].values()) / total
            assert found[row, place] == pytest.approx(expected, rel=1e-9)


def test_a_selection_of_texts_is_as_if_they_were_alone() -> None:
    probabilities = softmax(rows(3, 6, 4))
    chosen = lattice(probabilities, TEXTS).of(np.array([3, 1]))
    alone = lattice(probabilities, [TEXTS[3], TEXTS[1]])
    np.testing.assert_array_equal(chosen.sums, alone.sums)
    np.testing.assert_array_equal(steps_of_signs(chosen), steps_of_signs(alone))
    np.testing.assert_allclose(certainties_of(chosen), certainties_of(alone), rtol=1e-12)


def test_texts_with_steps_of_their_own_are_as_if_they_were_alone() -> None:
    own = np.stack([softmax(rows(seed, 20, 4)) for seed in range(4)], axis=1)
    texts: list[Signs] = [(0, 1), (2, 2, 0), (), (1,)]
    together = lattice(own, texts)
    first, last = steps_of_signs(together)
    for row, text in enumerate(texts):
        alone = lattice(own[:, row], [text])
        assert together.sums[row] == pytest.approx(alone.sums[0], rel=1e-12)
        (begins,), (ends,) = steps_of_signs(alone)
        assert first[row, : len(text)].tolist() == begins.tolist()
        assert last[row, : len(text)].tolist() == ends.tolist()
        np.testing.assert_allclose(
            certainties_of(together)[row, : len(text)], certainties_of(alone)[0], rtol=1e-12
        )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.sampled_from([0.0, 0.1, 3.0, 30.0]), st.data())
def test_signs_never_overlap_and_stay_in_the_line(
    seed: int, length: int, sharpness: float, data: st.DataObject
) -> None:
    text = tuple(data.draw(st.lists(st.integers(0, 3), min_size=length, max_size=length)))
    steps = 2 * length + data.draw(st.integers(0, 20))
    found = lattice(softmax(rows(seed, steps, 5, sharpness)), [text])
    first, last = steps_of_signs(found)
    order = np.stack([first[0], last[0]], axis=1).ravel()
    assert order[0] >= 0 and order[-1] < steps
    assert (np.diff(order)[::2] >= 0).all() and (np.diff(order)[1::2] > 0).all()
    probability = certainties_of(found)
    assert (probability >= 0).all() and (probability <= 1).all()

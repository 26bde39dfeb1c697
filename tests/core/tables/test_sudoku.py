from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.reading import SURE
from inkread.core.tables import sudoku

ROWS = """
534678912 672195348 198342567
859761423 426853791 713924856
961537284 287419635 345286179
"""
SOLVED = np.array([[int(digit) for digit in row] for row in ROWS.split()])
ALL = np.ones((9, 9), bool)


def seen(digits: NDArray[np.intp], sure: float = 0.99, size: int = 9) -> NDArray[np.float64]:
    """What a network says that reads each digit, and is as sure of it."""
    rest = (1 - sure) / (size - 1)
    return np.where(digits[..., None] - 1 == np.arange(size), sure, rest)


def found(probabilities: NDArray[np.float64], filled: NDArray[np.bool_] = ALL) -> NDArray[np.intp]:
    posterior = sudoku.posterior(probabilities, filled)
    assert posterior is not None
    return np.asarray(posterior.argmax(axis=2) + 1)


def test_digits_that_the_network_hardly_sees_follow_from_the_others() -> None:
    probabilities = seen(SOLVED)
    rng = np.random.default_rng(1)
    for row, column in rng.permutation(81)[:24].reshape(-1, 1) // [[9, 1]] % 9:
        wrong = rng.permutation(np.delete(np.arange(1, 10), SOLVED[row, column] - 1))[:1]
        probabilities[row, column] = 0.04
        probabilities[row, column, wrong - 1] = 0.6
        probabilities[row, column, SOLVED[row, column] - 1] = 0.12
    posterior = sudoku.posterior(probabilities, ALL)
    assert posterior is not None
    assert (posterior.argmax(axis=2) + 1 == SOLVED).all()
    assert (posterior.max(axis=2) >= SURE).mean() > 0.9
    assert np.allclose(posterior.sum(axis=2), 1)


def test_a_wrong_digit_that_is_plainly_written_stays_and_is_doubtful() -> None:
    digits = SOLVED.copy()
    digits[4, 4] = 7
    posterior = sudoku.posterior(seen(digits, 0.9999), ALL)
    assert posterior is not None
    assert posterior[4, 4].argmax() + 1 == 7
    assert posterior[4, 4].max() < SURE
    others = np.delete(posterior.max(axis=2).ravel(), 40)
    assert others.min() >= SURE


def test_where_the_network_is_sure_of_another_digit_the_solution_is_doubtful() -> None:
    probabilities = seen(SOLVED)
    probabilities[0, 0] = 0.001
    probabilities[0, 0, 2] = 0.95
    probabilities[0, 0, SOLVED[0, 0] - 1] = 0.04
    posterior = sudoku.posterior(probabilities, ALL)
    assert posterior is not None
    assert posterior[0, 0].argmax() + 1 == SOLVED[0, 0]
    assert posterior[0, 0].max() < SURE


def test_empty_cells_stay_empty_and_say_nothing() -> None:
    filled = np.random.default_rng(2).random((9, 9)) < 0.4
    probabilities = seen(SOLVED)
    probabilities[~filled] = seen(np.ones_like(SOLVED))[~filled]
    posterior = sudoku.posterior(probabilities, filled)
    assert posterior is not None
    assert not posterior[~filled].any()
    assert (posterior.argmax(axis=2) + 1 == SOLVED)[filled].all()


@pytest.mark.parametrize("seed", range(3))
def test_digits_of_any_kind_are_no_sudoku(seed: int) -> None:
    digits = np.random.default_rng(seed).integers(1, 10, (9, 9))
    assert sudoku.posterior(seen(digits), ALL) is None


def test_a_few_digits_are_too_little_to_tell() -> None:
    filled = np.zeros((9, 9), bool)
    filled[0, :4] = True
    assert sudoku.posterior(seen(SOLVED), filled) is None


def test_a_grid_that_nothing_is_sure_of_is_too_little_to_tell() -> None:
    assert sudoku.posterior(seen(SOLVED, 0.5), ALL) is None


def small_solutions() -> NDArray[np.intp]:
    """All 288 sudokus of 4 x 4 cells."""
    rows = list(permutations(range(4)))
    grids = [
        np.array([a, b, c, d])
        for a in rows
        for b in rows
        if not set(a[:2]) & set(b[:2])
        for c in rows
        for d in rows
        if not set(c[:2]) & set(d[:2])
    ]
    return np.array([g for g in grids if all(len(set(g[:, k])) == 4 for k in range(4))])


@pytest.mark.parametrize(("steps", "tolerance"), [(3000, 0.02), (0, 0.7)])
def test_it_agrees_with_a_sum_over_all_solutions(
    steps: int, tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no steps, belief propagation stands for the search; it is less sure."""
    monkeypatch.setattr(sudoku, "PARAMS", replace(sudoku.PARAMS, max_steps=steps))
    solutions = small_solutions()
    assert len(solutions) == 288
    wrong = sudoku.PARAMS.mistake / 3
    right = 1 - sudoku.PARAMS.mistake
    rng = np.random.default_rng(3)
    for _ in range(10):
        probabilities = seen(rng.choice(solutions) + 1, 0.93, 4)
        unsure = rng.permutation(16)[:6]
        probabilities.reshape(16, 4)[unsure] = rng.dirichlet(np.ones(4), 6)
        given = right * probabilities + wrong * (1 - probabilities)
        rows, columns = np.indices((4, 4))
        weights = given[rows, columns, solutions].prod(axis=(1, 2))
        # Of each written digit: over all solutions, those in which the cell is as written or not.
        is_solution = solutions[..., None] == np.arange(4)
        without = weights[:, None, None] / given[rows, columns, solutions]
        share = np.where(is_solution, right, wrong) * without[..., None]
        exact = probabilities * share.sum(axis=0)
        exact /= exact.sum(axis=2, keepdims=True)
        posterior = sudoku.posterior(probabilities, np.ones((4, 4), bool), order=2)
        assert posterior is not None
        plain = exact.max(axis=2) > 0.8
        assert (posterior.argmax(axis=2) == exact.argmax(axis=2))[plain].all()
        open_ = (probabilities.max(axis=2) < SURE) & (exact.max(axis=2) < 0.998)
        assert np.abs(posterior - exact)[open_].max(initial=0) < tolerance


def test_equal_digits_in_a_row_column_or_box_are_repeats() -> None:
    digits = np.zeros((9, 9), int)
    digits[0, 0] = digits[0, 8] = digits[4, 4] = 5
    digits[8, 8] = 5
    expected = np.zeros((9, 9), bool)
    expected[[0, 0, 8], [0, 8, 8]] = True
    assert (sudoku.repeats(digits) == expected).all()
    assert not sudoku.repeats(SOLVED).any()

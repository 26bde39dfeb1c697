from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from inkread.ml.inference.calibration import (
    ReadLine,
    Scores,
    best_line_temperature,
    best_temperature,
)


def drawn(true_temperature: float, count: int = 20_000) -> tuple[Scores, Scores]:
    """Logits, and targets that come up as often as softmax(logits / temperature) says."""
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, (count, 4))
    odds = np.exp(logits / true_temperature)
    shares = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    targets = (rng.random((count, 1)) > shares).sum(axis=1)
    return logits, np.minimum(targets, 3).astype(np.int64)


@pytest.mark.parametrize("true_temperature", [0.3, 0.66, 1.0, 2.5])
def test_it_finds_the_temperature_that_the_answers_were_drawn_with(
    true_temperature: float,
) -> None:
    assert best_temperature(*drawn(true_temperature)) == pytest.approx(true_temperature, rel=0.05)


def test_scaled_logits_scale_it() -> None:
    logits, targets = drawn(1.0)
    assert best_temperature(2 * logits, targets) == pytest.approx(
        2 * best_temperature(logits, targets), rel=0.02
    )


def test_a_few_right_answers_prove_no_certainty() -> None:
    logits = np.tile([[2.0, 0.0]], (5, 1))
    temperature = best_temperature(logits, np.zeros(5, np.int64))
    assert 0.8 < temperature < 1


def test_all_wrong_is_unsure_within_bounds() -> None:
    logits = np.tile([[50.0, 0.0]], (1000, 1))
    assert best_temperature(logits, np.ones(1000, np.int64)) == pytest.approx(10, rel=0.02)


def test_without_samples_it_stays() -> None:
    none = np.zeros((0, 3), np.float32)
    assert best_temperature(none, np.zeros(0, np.int64)) == pytest.approx(1, rel=0.01)


def test_infinitely_unlikely_answers_are_no_disaster() -> None:
    logits = np.array([[0.0, -1e30], [0.0, -1e30]], np.float32)
    assert 0.05 <= best_temperature(logits, np.zeros(2, np.int64)) <= 10


def lines_drawn(true_temperature: float, free: tuple[int, ...] = ()) -> list[ReadLine]:
    """Lines whose texts come up as often as softmax(logits / temperature) says of each step."""
    rng = np.random.default_rng(2)
    lines = []
    for _ in range(150):
        logits = rng.normal(0, 3, (8, 4)).astype(np.float32)
        # The greatest of logits with Gumbel noise is distributed as their softmax.
        path = (logits / true_temperature + rng.gumbel(size=logits.shape)).argmax(axis=1)
        path[np.isin(path, free)] = 3
        lines.append(ReadLine(logits, tuple(int(s) for s, _ in groupby(path) if s != 3), free))
    return lines


@pytest.mark.slow
@pytest.mark.parametrize(("true_temperature", "free"), [(0.6, ()), (1.5, ()), (1.5, (1, 2))])
def test_it_finds_the_temperature_that_whole_lines_were_drawn_with(
    true_temperature: float, free: tuple[int, ...]
) -> None:
    found = best_line_temperature(lines_drawn(true_temperature, free))
    assert found == pytest.approx(true_temperature, rel=0.15)


def test_without_lines_it_stays() -> None:
    assert best_line_temperature([]) == pytest.approx(1, rel=0.01)


def test_a_text_that_no_alignment_has_is_no_disaster() -> None:
    too_long = ReadLine(np.zeros((2, 4), np.float32), (0, 1, 2))
    assert 0.05 <= best_line_temperature([too_long]) <= 10

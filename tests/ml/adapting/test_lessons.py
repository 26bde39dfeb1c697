from __future__ import annotations

import numpy as np
import pytest

from app.ml.adapting.lessons import _MARGIN, _NEW_MARGIN, harder, wanted

#: Two samples, the second of a new class; the reference set; what was remembered.
TRUTH, SAMPLE, PART = np.array([0, 2, 1, -1]), np.array([0, 1, -1, -1]), np.array([-1, -1, 0, -1])


def test_known_samples_and_the_reference_set_are_made_harder_and_nothing_else() -> None:
    scores = np.arange(12, dtype=np.float32).reshape(4, 3)
    made = harder(scores, TRUTH, SAMPLE, PART, known=2)
    expected = [[-_MARGIN, 0, 0], [0, 0, 0], [0, 0, _NEW_MARGIN], [0, 0, 0]]
    assert made - scores == pytest.approx(np.array(expected, np.float32))
    assert (scores == np.arange(12).reshape(4, 3)).all()


def test_an_unsure_sample_shall_be_surer_and_a_sure_one_as_sure_as_it_is() -> None:
    answers = np.array([[9, 0, 0], [9, 0, 0], [9, 0, 0], [1, 2, 3]], np.float32)
    truth, targets = wanted(answers, TRUTH, SAMPLE, PART)
    assert (truth == TRUTH).all()
    assert targets.sum(axis=1) == pytest.approx(np.ones(4))
    assert targets[0, 0] == pytest.approx(1 / (1 + 2 * np.exp(-9)))
    assert targets[1, 2] == pytest.approx(0.95 + 0.05 / 3)
    assert (targets[2] == [0, 1, 0]).all()
    assert targets[3, 2] == pytest.approx(np.exp(3) / np.exp([1, 2, 3]).sum())

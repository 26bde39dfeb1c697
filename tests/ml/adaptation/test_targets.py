from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.adaptation.targets import _MARGIN, _NEW_MARGIN, distillation_targets, with_margin

#: Two samples, the second of a new class; the reference set; what was remembered.
TRUTH, SAMPLE, PART = np.array([0, 2, 1, -1]), np.array([0, 1, -1, -1]), np.array([-1, -1, 0, -1])


def added_margin(
    truth: list[int], sample_id: list[int], reference_id: list[int], known_classes: int
) -> np.ndarray:
    logits = np.arange(4 * len(truth), dtype=np.float32).reshape(-1, 4)
    before = logits.copy()
    made = with_margin(
        logits, np.array(truth), np.array(sample_id), np.array(reference_id), known_classes
    )
    assert (logits == before).all()
    return made - before


def test_a_sample_is_made_harder_by_the_other_classes_that_were_taught() -> None:
    added = added_margin([0, 0, 2, 3], [0, 0, 1, 2], [-1] * 4, known_classes=3)
    expected = [[0, 0, _MARGIN, 0]] * 2 + [[_MARGIN, 0, 0, 0], [0, 0, 0, 0]]
    assert added == pytest.approx(np.array(expected, np.float32))


def test_one_class_alone_gets_no_margin() -> None:
    assert (added_margin([2, 2, -1], [0, 1, -1], [-1] * 3, known_classes=4) == 0).all()


def test_the_reference_set_is_made_harder_by_new_classes() -> None:
    added = added_margin([1, 3, -1], [-1, 0, -1], [0, -1, -1], known_classes=2)
    assert added == pytest.approx(np.array([[0, 0, _NEW_MARGIN, _NEW_MARGIN], [0] * 4, [0] * 4]))


def test_an_unsure_sample_shall_be_surer_and_a_sure_one_as_sure_as_it_is() -> None:
    logits = np.array([[9, 0, 0], [9, 0, 0], [9, 0, 0], [1, 2, 3]], np.float32)
    truth, targets = distillation_targets(logits, TRUTH, SAMPLE, PART)
    assert (truth == TRUTH).all()
    assert targets.sum(axis=1) == pytest.approx(np.ones(4))
    assert targets[0, 0] == pytest.approx(1 / (1 + 2 * np.exp(-9)))
    assert targets[1, 2] == pytest.approx(0.95 + 0.05 / 3)
    assert (targets[2] == [0, 1, 0]).all()
    assert targets[3, 2] == pytest.approx(np.exp(3) / np.exp([1, 2, 3]).sum())

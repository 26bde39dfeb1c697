from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from inkread.core.generators import finished
from inkread.ml.adaptation.cross_validation import Trial
from inkread.ml.adaptation.cross_validation import _trial as trial_of
from inkread.ml.adaptation.examples import Example
from inkread.ml.adaptation.learn import adapt
from inkread.ml.adaptation.minimum import MIN_SAMPLES, TooFewSamples
from inkread.ml.adaptation.problem import Problem
from inkread.ml.adaptation.verdict import Phase, Reason, Score, Verdict
from inkread.ml.gradients.registry import Array
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.retraining.run import CurrentModel
from tests.ml.adaptation.hands import DIGITS, box, cell, reader, reference

CURRENT = CurrentModel(reader(temperature=0.5), "Reader", ("Reader (SHA-256 0)",))


@pytest.fixture(autouse=True)
def may_lose_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of so few is more than 0.1 points."""
    monkeypatch.setattr("inkread.ml.adaptation.cross_validation.MAX_REFERENCE_LOSS", 3.0)


def learned(samples: Sequence[Example], current: CurrentModel = CURRENT) -> Verdict:
    return finished(adapt(current, samples, reference(), threads=1))


def read(model: bytes | None, cells: Sequence[np.ndarray]) -> list[str]:
    assert model is not None
    classifier = OnnxClassifier(model, "new")
    fed = np.stack(cells)[:, np.newaxis].astype(np.float32) / np.float32(255)
    answers = classifier.probabilities(fed).argmax(axis=1)
    return [classifier.labels[i] for i in answers]


def digits(hands: int = 8) -> list[np.ndarray]:
    return [cell(digit, seed) for seed in range(hands) for digit in DIGITS]


def test_a_sign_that_was_read_wrongly_is_learned_and_the_others_are_not_forgotten() -> None:
    samples = [box("4", seed) for seed in range(6)]
    before = read(CURRENT.data, [box("4", seed).cell for seed in range(10, 20)])
    assert before.count("4") < 5
    verdict = learned(samples)
    assert verdict.reason is Reason.BETTER and verdict.is_accepted
    assert verdict.own_after.right > verdict.own_before.right
    assert read(verdict.model, [box("4", seed).cell for seed in range(10, 20)]) == ["4"] * 10
    assert read(verdict.model, digits()) == list(DIGITS) * 8


def test_a_new_class_is_added_and_the_old_ones_stay() -> None:
    verdict = learned([box("tick", seed) for seed in range(12)])
    assert verdict.labels == (*DIGITS, "tick") and verdict.new_labels == ("tick",)
    assert verdict.own_before.right == 0 and verdict.own_after.right == 12
    assert read(verdict.model, [box("tick", seed).cell for seed in range(20, 30)]) == ["tick"] * 10
    assert read(verdict.model, digits()) == list(DIGITS) * 8


def test_a_new_class_leaves_alone_how_the_old_ones_are_distinguished() -> None:
    verdict = learned([box("tick", seed) for seed in range(12)])
    assert verdict.model is not None
    fed = np.stack(digits())[:, np.newaxis].astype(np.float32) / np.float32(255)
    before = OnnxClassifier(CURRENT.data, "old").logits(fed)
    after = OnnxClassifier(verdict.model, "new").logits(fed)[:, : len(DIGITS)]
    assert after == pytest.approx(before, abs=1e-4)


def test_new_classes_are_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [box("tick", seed) for seed in range(12)]
    fed = np.stack(digits())[:, np.newaxis].astype(np.float32) / np.float32(255)
    found = []
    for penalty in (0.0, 2.0):
        monkeypatch.setattr("inkread.ml.adaptation.cross_validation.PENALTIES", (penalty,))
        verdict = learned(samples)
        assert verdict.model is not None and verdict.own_after.right == 12
        found.append(OnnxClassifier(verdict.model, "new").logits(fed))
    assert found[0][:, -1] - found[1][:, -1] == pytest.approx(np.full(len(fed), 2.0), abs=1e-3)
    assert found[0][:, :-1] == pytest.approx(found[1][:, :-1])


def test_what_was_learned_before_is_rehearsed() -> None:
    first = learned([box("tick", seed) for seed in range(12)])
    assert first.model is not None
    sevens = [Example("7", cell("7", 100 + seed)) for seed in range(6)]
    second = learned(sevens, CurrentModel(first.model, "first"))
    assert second.labels == first.labels and second.new_labels == ()
    assert read(second.model, [box("tick", seed).cell for seed in range(20, 30)]) == ["tick"] * 10
    assert read(second.model, digits()) == list(DIGITS) * 8


@pytest.mark.slow
def test_teaching_one_class_again_and_again_ruins_nothing() -> None:
    current = CURRENT
    for round_ in range(4):
        sevens = [Example("7", cell("7", 100 + 20 * round_ + i)) for i in range(20)]
        verdict = learned(sevens, current)
        if verdict.model is not None:
            current = CurrentModel(verdict.model, "again")
    assert current is not CURRENT
    assert read(current.data, digits()) == list(DIGITS) * 8


def test_lies_about_all_digits_are_not_taken() -> None:
    lies = [
        Example(DIGITS[(i + 1) % 10], cell(DIGITS[i], seed)) for i in range(10) for seed in (0, 1)
    ]
    verdict = learned(lies)
    if verdict.is_accepted:
        assert read(verdict.model, digits()) == list(DIGITS) * 8
    assert verdict.reference_after.accuracy >= verdict.reference_before.accuracy - 0.03 or (
        verdict.reason is Reason.FORGETS and verdict.model is None
    )


def test_many_small_losses_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    first = learned([box("4", seed) for seed in range(6)])
    assert first.model is not None
    info = OnnxClassifier(first.model, "first").info
    assert info.scores["reference_accuracy"] == first.reference_before.accuracy

    def worse(problem: Problem, logits: Array, *setting: float) -> Trial:
        found = trial_of(problem, logits, *setting)
        return replace(found, reference_correct=found.reference_correct & (np.arange(160) > 40))

    monkeypatch.setattr("inkread.ml.adaptation.cross_validation._trial", worse)
    second = learned([box("4", seed) for seed in range(6, 12)], CurrentModel(first.model, "first"))
    assert second.reason is Reason.FORGETS and second.model is None


def test_what_was_learned_already_makes_no_other_model() -> None:
    samples = [box("4", seed) for seed in range(6)]
    first = learned(samples)
    assert first.model is not None
    again = learned(samples[:4], CurrentModel(first.model, "first"))
    assert again.reason is Reason.KNOWN and again.model is None
    assert again.own_before == again.own_after == Score(4, 4)
    relabelled = [Example("5", sample.cell) for sample in samples[:4]]
    assert learned(relabelled, CurrentModel(first.model, "first")).reason is not Reason.KNOWN


def test_copies_do_not_judge_what_was_learned_from_one_another() -> None:
    lie = [Example("9", cell("3", 5))] * 3
    verdict = learned([*lie, *(Example(digit, cell(digit, 7)) for digit in DIGITS)])
    assert verdict.own_after.right <= 10


def test_a_model_tells_where_it_comes_from_and_keeps_its_calibration() -> None:
    verdict = learned([box("4", seed) for seed in range(6)])
    assert verdict.model is not None
    info = OnnxClassifier(verdict.model, "new").info
    assert info.parents == CURRENT.lineage
    assert info.name == "Reader, my hand"
    assert info.temperature == 0.5
    assert info.recipe["samples"] == 6


def test_the_same_samples_give_the_same_model() -> None:
    samples = [box("4", seed) for seed in range(3)]
    assert learned(samples).model == learned(samples).model


def test_a_few_samples_can_be_learned() -> None:
    verdict = learned([box("4", seed) for seed in range(MIN_SAMPLES)])
    assert verdict.own_before.count == verdict.own_after.count == MIN_SAMPLES


def test_progress_tells_every_phase_in_its_order() -> None:
    steps = list(adapt(CURRENT, [box("4", seed) for seed in range(3)], reference(), 1))
    phases = list(dict.fromkeys(step.phase for step in steps))
    assert set(phases) == set(Phase)
    assert phases[:2] == [Phase.RENDERING, Phase.EXTRACTING]
    assert all(0 <= step.done <= step.total for step in steps)


def test_a_network_that_knows_no_digit_is_held_to_its_own_answers() -> None:
    letters = tuple("ABCDEFGHIJ")
    verdict = learned(
        [box("C", seed) for seed in range(6)], CurrentModel(reader(letters), "Letters")
    )
    assert verdict.reference_before.accuracy == 1
    assert verdict.is_accepted == (verdict.reference_after.accuracy >= 0.97)


@pytest.mark.parametrize("count", [0, MIN_SAMPLES - 1])
def test_of_too_few_samples_nothing_is_learned(count: int) -> None:
    with pytest.raises(TooFewSamples, match=f"{count} of at least {MIN_SAMPLES}"):
        learned([box("C", seed) for seed in range(count)])

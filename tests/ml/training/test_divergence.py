"""Training that diverges or comes to nothing is reported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.ml.training.divergence import LossGrew, NothingLearned, TrainingDiverged
from inkread.ml.training.optimisers import Sgd
from inkread.ml.training.schedules import Constant
from inkread.ml.training.session import StepResult, TrainingSession
from inkread.ml.training.trainer import Trainer
from tests.ml.bars import bars, network
from tests.ml.training.runs import RECIPE, train


def test_a_divergence_is_reported() -> None:
    recipe = replace(RECIPE, rate=1e30, optimiser=Sgd(), schedule=Constant(), average=None)
    with pytest.raises(TrainingDiverged, match="lower learning rate"):
        train(recipe)


@pytest.mark.parametrize("ruin", [np.nan, np.inf])
def test_weights_that_diverged_in_the_last_step_are_reported(
    ruin: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its loss was measured before the step."""
    step = TrainingSession.step

    def ruined(session: TrainingSession, rate: float) -> StepResult:
        result = step(session, rate)
        for array in session.evaluation_values().values():
            array[...] = ruin
        return result

    monkeypatch.setattr(TrainingSession, "step", ruined)
    with pytest.raises(TrainingDiverged):
        train(replace(RECIPE, epochs=1, batch=64), bars(64), bars(20))


def test_a_loss_that_grows_and_stays_a_number_is_reported() -> None:
    recipe = replace(RECIPE, rate=1e5, schedule=Constant(), average=None)
    trainer = Trainer(network(), bars(300), bars(50), recipe, threads=1)
    with pytest.raises(LossGrew, match=r"grew to [\d,]+; choose a lower learning rate"):
        list(trainer.run())
    assert trainer.best is None


def test_a_network_that_only_guesses_is_reported_and_not_kept() -> None:
    recipe = replace(RECIPE, epochs=2, rate=1e-12)
    frequent = bars(300).take(np.flatnonzero(bars(300).targets == 0)[:50])
    data = replace(bars(300), cells=np.zeros_like(bars(300).cells))  # nothing to be seen
    trainer = Trainer(network(), data, frequent, recipe, threads=1)
    with pytest.raises(NothingLearned, match="no more than by guessing"):
        list(trainer.run())
    assert trainer.best is None


def test_few_held_out_samples_prove_nothing() -> None:
    few = bars(300).take(np.flatnonzero(bars(300).targets == 0)[:49])
    data = replace(bars(300), cells=np.zeros_like(bars(300).cells))
    _, trained = train(replace(RECIPE, epochs=1, rate=1e-12), data, few)
    assert len(trained.epochs) == 1


def test_held_out_samples_of_one_class_are_no_guesswork() -> None:
    frequent = bars(300, seed=9).take(np.flatnonzero(bars(300, seed=9).targets == 0))
    _, trained = train(held_out=frequent)
    assert trained.epochs[trained.best_epoch - 1].validation_accuracy == 1

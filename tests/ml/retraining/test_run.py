from __future__ import annotations

from pathlib import Path

import pytest

from inkread.core.errors import DataEmpty
from inkread.core.generators import finished
from inkread.data.paths import bundled
from inkread.ml.architecture.presets import presets
from inkread.ml.datasets.load import SourcePaths
from inkread.ml.retraining.preparation import FINE_TUNING, Choices
from inkread.ml.retraining.run import CurrentModel, Plan, retrain
from inkread.ml.retraining.stages import DataSplit
from inkread.ui.training.setup import FINE_TUNING_DEFAULTS
from tests.template_model import template_model
from tests.ui.training.training_data import write_data

PLACES = SourcePaths(Path("none.npz"), Path("none"))
FOLDER = bundled("models/architectures")
CURRENT = CurrentModel(template_model(), "Templates")
QUICK = Choices(epochs=2, batch=16, rate=0.003, augment=False)


def plan(folder: Path, hands: int = 6) -> Plan:
    data = write_data(folder / "digits.npz", hands=hands)
    return Plan((str(data),), FOLDER / "mlp-256-64.toml", QUICK, "New")


def test_the_verdict_is_given_on_samples_that_were_not_learned(tmp_path: Path) -> None:
    steps = retrain(plan(tmp_path, 12), CURRENT, PLACES)
    divided = next(step for step in steps if isinstance(step, DataSplit))
    verdict = finished(steps)
    assert (divided.training, divided.validation, divided.held_out) == (100, 10, 10)
    assert len(verdict.held_out) == verdict.comparison.candidate.count == 10


def test_the_same_seed_gives_the_same_model(tmp_path: Path) -> None:
    first = finished(retrain(plan(tmp_path), CURRENT, PLACES))
    second = finished(retrain(plan(tmp_path), CURRENT, PLACES))
    assert first.trained.data == second.trained.data


def test_too_few_to_hold_some_out(tmp_path: Path) -> None:
    with pytest.raises(DataEmpty, match="too few"):
        finished(retrain(plan(tmp_path, hands=1), CURRENT, PLACES))


def test_presets_say_how_they_are_trained() -> None:
    found = presets(FOLDER)
    assert found[0].name == "inkread"
    assert len(found) >= 7
    for preset in found:
        assert preset.title
        assert preset.epochs >= 1


def test_descriptions_that_are_none_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("title = [")
    (tmp_path / "worse.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "odd.toml").write_text("training = 3")
    assert presets(tmp_path) == ()


def test_the_form_goes_on_as_gently_as_the_engine() -> None:
    assert (FINE_TUNING.epochs, FINE_TUNING.batch, FINE_TUNING.rate) == FINE_TUNING_DEFAULTS

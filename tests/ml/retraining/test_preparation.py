"""From data and choices to a run: what is taken from where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from inkread.ml.architecture.description import Architecture, parse_architecture
from inkread.ml.architecture.presets import ArchitectureUnknown, preset_path, presets
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.retraining.preparation import (
    FINE_TUNING,
    Choices,
    LabelsUnknown,
    fine_tune,
    from_scratch,
    recipe_facts,
    relabelled,
)
from inkread.ml.training.augment import Augmentation
from inkread.ml.training.optimisers import Sgd
from inkread.ml.training.recipe import Recipe
from tests.ml.bars import bars, network

DESCRIPTION = b"""
input = [8, 8]
layers = [{ type = "dense", units = "classes" }]
[training]
epochs = 3
batch = 7
rate = 0.5
optimiser = { type = "sgd" }
"""


def architecture() -> Architecture:
    return parse_architecture(DESCRIPTION, "folder/small.toml")


def data(count: int = 100, labels: tuple[str, ...] = ("up", "flat")) -> Dataset:
    return replace(bars(count, labels=labels), sources=("bars",))


def theirs(info: ModelInfo) -> bytes:
    model = network(len(info.labels))
    helper.set_model_props(model, info.to_metadata())
    return bytes(model.SerializeToString())


class TestFromScratch:
    def test_the_description_decides_what_nobody_chose(self) -> None:
        recipe = from_scratch(data(), architecture(), Choices()).recipe
        assert (recipe.epochs, recipe.batch, recipe.rate) == (3, 7, 0.5)
        assert recipe.optimiser == Sgd()

    def test_choices_win(self) -> None:
        choices = Choices(epochs=1, batch=2, rate=0.1, augment=False, seed=9)
        recipe = from_scratch(data(), architecture(), choices).recipe
        assert (recipe.epochs, recipe.batch, recipe.rate, recipe.seed) == (1, 2, 0.1, 9)
        assert recipe.augment is None

    def test_a_part_of_each_class_is_held_out(self) -> None:
        whole = data()
        prepared = from_scratch(whole, architecture(), Choices(held_out=0.2))
        assert len(prepared.training) + len(prepared.held_out) == 100
        np.testing.assert_array_equal(prepared.held_out.counts, np.rint(whole.counts * 0.2))

    def test_the_model_will_describe_itself(self) -> None:
        info = from_scratch(data(), architecture(), Choices(seed=4)).info
        assert (info.name, info.labels, info.data) == ("small, bars", ("up", "flat"), ("bars",))
        assert info.preprocess_version == 1
        assert info.recipe["start"] == "small"
        assert (info.recipe["seed"], info.recipe["optimiser"]) == (4, "Sgd")

    def test_small_cells_are_changed_less(self) -> None:
        changed = from_scratch(data(), architecture(), Choices()).recipe.augment
        assert isinstance(changed, Augmentation)
        usual = Augmentation()
        assert changed.shift == pytest.approx(usual.shift * 8 / 28)
        assert changed.rotation == usual.rotation
        large = Dataset(np.full((9, 28, 28), 255, np.uint8), data(9).targets, ("up", "flat"))
        # Cells are changed as they are in the data, before they are made as small as the network's.
        assert from_scratch(large, architecture(), Choices()).recipe.augment == usual

    def test_the_same_seed_prepares_the_same(self) -> None:
        one, same, other = (
            from_scratch(data(), architecture(), Choices(seed=seed)) for seed in (1, 1, 2)
        )
        assert one.network == same.network
        np.testing.assert_array_equal(one.held_out.cells, same.held_out.cells)
        assert one.network != other.network

    def test_it_runs(self) -> None:
        trainer = from_scratch(data(), architecture(), Choices(epochs=1)).trainer(threads=1)
        *_, last = trainer.run()
        assert last.finished is not None
        assert last.finished.validation_accuracy is not None

    def test_of_single_samples_none_is_held_out(self) -> None:
        alone = data().take(np.array([np.flatnonzero(data().targets == t)[0] for t in (0, 1)]))
        *_, last = from_scratch(alone, architecture(), Choices(epochs=1)).trainer(1).run()
        assert last.finished is not None
        assert last.finished.validation_accuracy is None


class TestContinued:
    INFO = ModelInfo(("flat", "x", "up"), 1, "Theirs", temperature=2.0, licence="MIT")

    def test_gentle_unless_somebody_chose(self) -> None:
        model = theirs(self.INFO)
        recipe = fine_tune(data(), model, "m", Choices()).recipe
        assert (recipe.epochs, recipe.batch, recipe.rate) == (
            FINE_TUNING.epochs, FINE_TUNING.batch, FINE_TUNING.rate,
        )  # fmt: skip
        assert fine_tune(data(), model, "m", Choices(rate=0.5)).recipe.rate == 0.5

    def test_it_keeps_labels_weights_licence_and_its_parents(self) -> None:
        model = theirs(self.INFO)
        prepared = fine_tune(data(), model, "m", Choices(), ("Theirs", "Grandparent"))
        assert prepared.network == onnx.load_from_string(model)
        assert prepared.training.labels == ("flat", "x", "up")
        assert prepared.info.parents == ("Theirs", "Grandparent")
        assert (prepared.info.name, prepared.info.licence) == ("Theirs, bars", "MIT")
        assert prepared.info.temperature is None  # it was right for the old weights only

    def test_a_model_without_a_name_is_called_as_its_file(self) -> None:
        model = theirs(ModelInfo(("flat", "up")))
        assert fine_tune(data(), model, "m.onnx", Choices()).info.name == "m.onnx, bars"


class TestRelabelled:
    def test_targets_follow_their_labels(self) -> None:
        before = data()
        after = relabelled(before, ("x", "flat", "up"))
        names = np.array(before.labels)[before.targets], np.array(after.labels)[after.targets]
        np.testing.assert_array_equal(*names)
        assert relabelled(before, before.labels) is before

    def test_a_class_without_samples_may_be_unknown(self) -> None:
        some = replace(data(), labels=("up", "flat", "none"))
        assert relabelled(some, ("flat", "up")).labels == ("flat", "up")

    def test_other_classes_are_refused_by_name(self) -> None:
        with pytest.raises(LabelsUnknown, match=r"bars: .* does not know the classes up, flat;"):
            relabelled(data(), ("a", "b"))
        many = tuple(map(str, range(20)))
        with pytest.raises(LabelsUnknown, match=r"0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.;"):
            relabelled(data(400, many), ("a", "b"))


def test_a_recipe_as_facts_fits_into_metadata() -> None:
    facts = recipe_facts(Recipe(clip=1.0, augment=Augmentation()))
    assert facts["clip"] == 1.0
    assert facts["augment"] is True
    assert "average" not in facts
    info = ModelInfo(("a", "b"), 1, recipe=facts)
    assert ModelInfo.from_metadata(info.to_metadata(), "m") == info


class TestPresetPath:
    def test_a_name_or_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "b.toml").write_bytes(DESCRIPTION)
        (tmp_path / "inkread.toml").write_bytes(DESCRIPTION)
        assert [preset.name for preset in presets(tmp_path)] == ["inkread", "b"]
        assert preset_path("b", tmp_path) == tmp_path / "b.toml"
        assert preset_path("other.toml", tmp_path) == Path("other.toml")
        assert preset_path(str(tmp_path), tmp_path) == tmp_path
        with pytest.raises(ArchitectureUnknown, match=r"c: .* choose one of inkread, b, or"):
            preset_path("c", tmp_path)

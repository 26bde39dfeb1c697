"""A line network from a recipe and its data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from inkread.core.generators import finished
from inkread.core.line_labels import LINE_LABELS
from inkread.data.paths import bundled
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.synthesis.lines.model_recipe import prepare_lines
from inkread.ml.synthesis.lines.recipe_file import LineRecipe
from inkread.ml.synthesis.lines.source import make_line_source, validation_lines


@pytest.mark.slow
def test_a_recipe_and_its_data_make_a_model_that_says_how(recipe: LineRecipe, folder: Path) -> None:
    recipe = replace(recipe, lines=8, batch=4)
    source = finished(make_line_source(recipe, folder))
    path = bundled("models/architectures/lines.toml")
    architecture = parse_architecture(path.read_bytes(), "lines")
    trainer = prepare_lines(recipe, architecture, source, validation_lines(recipe, folder))
    model = onnx.load_from_string(finished(trainer.run()))
    info = ModelInfo.from_metadata({p.key: p.value for p in model.metadata_props}, "m")
    assert info.labels == LINE_LABELS
    assert info.name == recipe.title
    assert info.recipe["lines"] == 8
    assert info.recipe["average"] == recipe.average
    assert "orand-car" in info.data

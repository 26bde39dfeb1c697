"""Prepare the training of a line network from a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inkread.core.cell import PREPROCESS_VERSION
from inkread.core.line_labels import LINE_LABELS
from inkread.ml.architecture.description import Architecture
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.retraining.preparation import recipe_facts
from inkread.ml.synthesis.lines.recipe_file import LineRecipe
from inkread.ml.training.line_batches import LineSource, TrainingLine
from inkread.ml.training.lines import LineTrainer


def prepare_lines(
    recipe: LineRecipe,
    architecture: Architecture,
    source: LineSource,
    held_out: Sequence[TrainingLine],
    name: str | None = None,
    threads: int = 0,
) -> LineTrainer:
    """Prepare the training run that a recipe describes.

    Parameters
    ----------
    recipe : LineRecipe
        Network, batch, rate, seed and count of lines.
    architecture : Architecture
        Its network, which says the rest of how to train it.
    source : LineSource
        Its lines.
    held_out : sequence of TrainingLine
        For validation.
    name : str, optional
        What to call the model, if not as the recipe does.
    threads : int
        Of onnxruntime; 0 for one per core.

    Raises
    ------
    ArchitectureWrong
        If the network cannot be built for the labels of lines.
    """
    how = replace(
        architecture.recipe,
        batch=recipe.batch,
        rate=recipe.rate,
        average=recipe.average or None,
        seed=recipe.seed,
    )
    facts = {key: value for key, value in recipe_facts(how).items() if key not in _OF_CELLS}
    tables = (recipe.digits, recipe.numbers, recipe.symbols, recipe.letters, recipe.cells)
    info = ModelInfo(
        labels=LINE_LABELS,
        preprocess_version=PREPROCESS_VERSION,
        name=name or recipe.title,
        data=(*dict.fromkeys(table.file for table in tables), recipe.cheques.folder),
        licence=recipe.licence,
        recipe={"start": recipe.network, "lines": recipe.lines, **facts, "loss": "CTC"},
    )
    network = architecture.model(len(LINE_LABELS) + 1, recipe.seed)
    return LineTrainer(network, how, recipe.lines, source, held_out, info, threads=threads)


_OF_CELLS = ("epochs", "calm_epochs", "keeps_last", "augment")
"""What a recipe says of training on cells alone."""

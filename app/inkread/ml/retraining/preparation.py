"""Prepare a training run from data and options; shared by window and command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import PurePath

import numpy as np
import onnx
from onnx import ModelProto

from inkread.core.cell import CELL_SIDE, PREPROCESS_VERSION
from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.architecture.description import Architecture
from inkread.ml.datasets.dataset import Dataset, split
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import Fact, ModelInfo
from inkread.ml.training.augment import Augmentation
from inkread.ml.training.batches import Outliers, Teacher
from inkread.ml.training.recipe import Recipe
from inkread.ml.training.trainer import Trainer

FINE_TUNING = Recipe(epochs=6, batch=64, rate=0.001)
"""Recipe for networks that are trained already: a low learning rate."""


class LabelsUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the network does not know the classes {labels}; "
        "choose other data, or train a new network.",
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """Options of a training run; None takes the value of the network's description.

    Attributes
    ----------
    epochs, batch : int, optional
        Count of passes over the data; samples in a step. At least 1.
    rate : float, optional
        Maximum learning rate, > 0.
    augment : bool
        Whether training cells are augmented at random.
    seed : int
        For initial weights, order, augmentation and the split.
    held_out : float
        Share of the data that is held out for validation, between 0 and 1.
    """

    epochs: int | None = None
    batch: int | None = None
    rate: float | None = None
    augment: bool = True
    seed: int = 0
    held_out: float = 0.1


@dataclass(frozen=True)
class Prepared:
    """A training run that is ready to start.

    Attributes
    ----------
    network : ModelProto
        With random weights, or those to fine-tune.
    training, held_out : Dataset
        Without common samples.
    recipe : Recipe
    info : ModelInfo
        Metadata of the model.
    others : Outliers or None
        Cells of no class, mixed in among the samples.
    teacher : Teacher or None
        For a loss that needs one.
    """

    network: ModelProto
    training: Dataset
    held_out: Dataset
    recipe: Recipe
    info: ModelInfo
    outliers: Outliers | None = None
    teacher: Teacher | None = None

    def trainer(self, threads: int = 0) -> Trainer:
        """Build the trainer; `threads` of onnxruntime, 0 for one per core.

        Raises
        ------
        NotTrainable, NotDifferentiable, LabelsDiffer
            If the network cannot be trained on these data.
        """
        held_out = self.held_out if len(self.held_out) else None
        return Trainer(
            self.network, self.training, held_out, self.recipe,
            info=self.info, threads=threads, outliers=self.outliers,
            teacher=self.teacher,
        )  # fmt: skip


def from_scratch(data: Dataset, architecture: Architecture, choices: Choices) -> Prepared:
    """Prepare to train a new network.

    Parameters
    ----------
    data : Dataset
        Two classes or more.
    architecture : Architecture
        The network, and its training recipe, which `choices` may override.
    choices : Choices
        Overrides.

    Raises
    ------
    ArchitectureWrong
        If the network cannot be built for this count of classes.
    """
    network = architecture.model(len(data.labels), choices.seed)
    recipe = _recipe(architecture.recipe, choices, data.height)
    info = _info(PurePath(architecture.name).stem, data, recipe)
    return Prepared(network, *_split(data, choices), recipe, info)


def fine_tune(
    data: Dataset, model: bytes, name: str, choices: Choices, parents: Sequence[str] = ()
) -> Prepared:
    """Prepare to fine-tune a trained network.

    Parameters
    ----------
    data : Dataset
        Its classes must be a subset of the network's.
    model : bytes
        An ONNX file.
    name : str
        Its name in error messages.
    choices : Choices
        Missing values are taken from `FINE_TUNING`.
    parents : sequence of str
        The models that the new one is made from, the nearest first.

    Raises
    ------
    ModelUnusable, LabelsUnknown
    """
    old = OnnxClassifier(model, name).info
    data = relabelled(data, old.labels)
    recipe = _recipe(FINE_TUNING, choices, data.height)
    info = _info(old.name or name, data, recipe)
    info = replace(info, licence=old.licence, parents=tuple(parents))
    return Prepared(onnx.load_from_string(model), *_split(data, choices), recipe, info)


def relabelled(data: Dataset, labels: tuple[str, ...]) -> Dataset:
    """Convert the targets to the classes of a network, in its order.

    Raises
    ------
    LabelsUnknown
        If there are samples of other classes.
    """
    if data.labels == labels:
        return data
    indices = {label: index for index, label in enumerate(labels)}
    present = np.flatnonzero(data.counts)
    foreign = [data.labels[i] for i in present if data.labels[i] not in indices]
    if foreign:
        named = ", ".join(foreign[:10]) + (", ..." if len(foreign) > 10 else "")
        raise LabelsUnknown(name=", ".join(data.sources), labels=named)
    new = np.array([indices.get(label, 0) for label in data.labels], np.int64)
    return replace(data, targets=new[data.targets], labels=labels)


def _split(data: Dataset, choices: Choices) -> tuple[Dataset, Dataset]:
    return split(data, choices.held_out, choices.seed)


def _info(start: str, data: Dataset, recipe: Recipe) -> ModelInfo:
    return ModelInfo(
        labels=data.labels,
        preprocess_version=PREPROCESS_VERSION,
        name=f"{start}, {' and '.join(data.sources)}",
        data=data.sources,
        recipe={"start": start, **recipe_facts(recipe)},
    )


def recipe_facts(recipe: Recipe) -> dict[str, Fact]:
    """Convert a recipe to plain values: its numbers, and the names of its parts."""
    facts: dict[str, Fact] = {}
    for field in fields(recipe):
        value = getattr(recipe, field.name)
        if is_dataclass(value):
            facts[field.name] = type(value).__name__
        elif value is not None:
            facts[field.name] = value
    return facts | {"augment": recipe.augment is not None}


def _recipe(recipe: Recipe, choices: Choices, side: int) -> Recipe:
    return replace(
        recipe,
        epochs=choices.epochs or recipe.epochs,
        batch=choices.batch or recipe.batch,
        rate=choices.rate or recipe.rate,
        augment=_augmentation(side) if choices.augment else None,
        seed=choices.seed,
    )


def _augmentation(side: int) -> Augmentation:
    """Default augmentation, with lengths scaled from cells of 28 px."""
    default, factor = Augmentation(), side / CELL_SIDE
    return replace(
        default,
        shift=default.shift * factor,
        elastic=default.elastic * factor,
        smoothness=default.smoothness * factor,
        thickness=min(1.0, default.thickness * factor),
    )

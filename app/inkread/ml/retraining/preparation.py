"""From data and a few choices to a training run; the window and the command line share it."""

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
from inkread.ml.datasets import Dataset, split
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import Fact, ModelInfo
from inkread.ml.training.augment import Augmentation
from inkread.ml.training.batches import Outliers, Teacher
from inkread.ml.training.recipe import Recipe
from inkread.ml.training.trainer import Trainer

TRAINING_ON = Recipe(epochs=6, batch=64, rate=0.001)
"""How a network that is trained already goes on: gently."""


class LabelsUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the network does not know the classes {labels}; "
        "choose other data, or train a new network.",
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may choose; None: as the description of the network has it.

    Attributes
    ----------
    epochs, batch : int, optional
        Passes over the data; samples in a step. At least 1.
    rate : float, optional
        The highest learning rate, > 0.
    augment : bool
        Whether cells are bent, turned and shifted at random before they are learned.
    seed : int
        Of first weights, order, augmentation and of what is held out.
    held_out : float
        Share of the data that is not learned, but measures: between 0 and 1.
    """

    epochs: int | None = None
    batch: int | None = None
    rate: float | None = None
    augment: bool = True
    seed: int = 0
    held_out: float = 0.1


@dataclass(frozen=True)
class Prepared:
    """A training run that only has to be started.

    Attributes
    ----------
    network : ModelProto
        Random weights, or those to train on.
    training, held_out : Dataset
        Without a sample in common.
    recipe : Recipe
    info : ModelInfo
        What the model will say of itself.
    others : Outliers or None
        What is of no class, learned among the samples.
    teacher : Teacher or None
        For a loss that asks for one.
    """

    network: ModelProto
    training: Dataset
    held_out: Dataset
    recipe: Recipe
    info: ModelInfo
    outliers: Outliers | None = None
    teacher: Teacher | None = None

    def trainer(self, threads: int = 0) -> Trainer:
        """The run; `threads` of onnxruntime, 0 for one per core.

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
        What to make, and how to train it unless `choices` says otherwise.
    choices : Choices
        What a person wants to be different.

    Raises
    ------
    ArchitectureWrong
        If the network cannot be made for so many classes.
    """
    network = architecture.model(len(data.labels), choices.seed)
    recipe = _recipe(architecture.recipe, choices, data.height)
    info = _info(PurePath(architecture.name).stem, data, recipe)
    return Prepared(network, *_parts(data, choices), recipe, info)


def continued(
    data: Dataset, model: bytes, name: str, choices: Choices, parents: Sequence[str] = ()
) -> Prepared:
    """Prepare to train a network on.

    Parameters
    ----------
    data : Dataset
        Of classes that the network knows; not all of them need be there.
    model : bytes
        An ONNX file.
    name : str
        What error sentences call it.
    choices : Choices
        What it leaves open is taken from `TRAINING_ON`.
    parents : sequence of str
        The models that the new one comes from, the nearest first.

    Raises
    ------
    ModelUnusable, LabelsUnknown
    """
    old = OnnxClassifier(model, name).info
    data = relabelled(data, old.labels)
    recipe = _recipe(TRAINING_ON, choices, data.height)
    info = _info(old.name or name, data, recipe)
    info = replace(info, licence=old.licence, parents=tuple(parents))
    return Prepared(onnx.load_from_string(model), *_parts(data, choices), recipe, info)


def relabelled(data: Dataset, labels: tuple[str, ...]) -> Dataset:
    """The same samples with the classes of a network, in its order.

    Raises
    ------
    LabelsUnknown
        If there are samples of other classes.
    """
    if data.labels == labels:
        return data
    places = {label: place for place, label in enumerate(labels)}
    present = np.flatnonzero(data.counts)
    foreign = [data.labels[i] for i in present if data.labels[i] not in places]
    if foreign:
        named = ", ".join(foreign[:10]) + (", ..." if len(foreign) > 10 else "")
        raise LabelsUnknown(name=", ".join(data.sources), labels=named)
    new = np.array([places.get(label, 0) for label in data.labels], np.int64)
    return replace(data, targets=new[data.targets], labels=labels)


def _parts(data: Dataset, choices: Choices) -> tuple[Dataset, Dataset]:
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
    """A recipe as plain facts: its numbers, and what its parts are called."""
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
    """Of the usual strength, whose pixels are those of a cell of 28 px."""
    usual, share = Augmentation(), side / CELL_SIDE
    return replace(
        usual,
        shift=usual.shift * share,
        elastic=usual.elastic * share,
        smoothness=usual.smoothness * share,
        thickness=min(1.0, usual.thickness * share),
    )

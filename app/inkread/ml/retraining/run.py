"""Retraining from beginning to end: data, network, training, and the verdict on held-out data."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

from inkread.core.errors import DataEmpty
from inkread.core.files import MEGABYTE, read_file
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.datasets import MNIST, Dataset, Loading, Places, Purpose, loading, split
from inkread.ml.evaluation.results import Comparison
from inkread.ml.evaluation.run import comparing
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.retraining.preparation import Choices, Prepared, continued, from_scratch
from inkread.ml.retraining.stages import Divided, Stage
from inkread.ml.training.progress import TrainedModel


@dataclass(frozen=True, slots=True)
class Plan:
    """What to train, and how.

    Attributes
    ----------
    sources : tuple of str
        As `inkread.ml.datasets.loading` takes them; at least one.
    architecture : Path or None
        A network's description; None: train the model in use on.
    choices : Choices
        How. Its share of the data is held out for the verdict, and the same share of what is left
        chooses the best epoch.
    name : str
        What the model is called; empty: as its description or its parent is.
    """

    sources: tuple[str, ...]
    architecture: Path | None
    choices: Choices = field(default_factory=Choices)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Current:
    """The model in use.

    Attributes
    ----------
    data : bytes
        Its ONNX file.
    name : str
        What people and errors call it.
    lineage : tuple of str
        The `parents` of a model that is made from it.
    """

    data: bytes
    name: str
    lineage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The new model beside the one in use.

    Attributes
    ----------
    trained : TrainedModel
        The new one.
    held_out : Dataset
        What both have read, and the new one has not learned.
    comparison : Comparison
        How they read it.
    """

    trained: TrainedModel
    held_out: Dataset
    comparison: Comparison


def retraining(plan: Plan, current: Current, places: Places) -> Generator[Stage, None, Verdict]:
    """Train a model, and judge it beside the one in use.

    Parameters
    ----------
    plan : Plan
        What to do.
    current : Current
        The model in use.
    places : Places
        Where the sources that have a name are.

    Yields
    ------
    Loading, Divided, Progress, Evaluating
        What it is at; each is a point where it can be stopped.

    Returns
    -------
    Verdict

    Raises
    ------
    InkreadError
        Whatever is wrong with data, network or training.
    """
    data, held_out = yield from _data(plan, places)
    old = OnnxClassifier(current.data, current.name)
    prepared = _prepared(plan, current, data)
    counts = len(prepared.training), len(prepared.held_out), len(held_out)
    yield Divided(*counts, data.skipped)
    trained = yield from prepared.trainer().run()
    new = OnnxClassifier(trained.data, prepared.info.name)
    return Verdict(trained, held_out, (yield from comparing(new, old, held_out)))


def _data(plan: Plan, places: Places) -> Generator[Loading, None, tuple[Dataset, Dataset]]:
    """To learn, and for the verdict: MNIST alone has a part of its own for that."""
    data = yield from loading(plan.sources, places)
    if plan.sources == (MNIST,):
        return data, (yield from loading(plan.sources, places, Purpose.EVALUATION))
    data, held_out = split(data, plan.choices.held_out, plan.choices.seed)
    if not len(held_out):
        name = ", ".join(data.sources)
        raise DataEmpty(name=name, reason="there are too few to hold some out for comparison")
    return data, held_out


def _prepared(plan: Plan, current: Current, data: Dataset) -> Prepared:
    if plan.architecture is None:
        prepared = continued(data, current.data, current.name, plan.choices, current.lineage)
    else:
        description = read_file(plan.architecture, MEGABYTE)
        architecture = parse_architecture(description, plan.architecture.name)
        prepared = from_scratch(data, architecture, plan.choices)
    name = plan.name or prepared.info.name
    return replace(prepared, info=replace(prepared.info, name=name))

"""Retrain a model: load data, prepare the network, train, and compare on held-out data."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

from inkread.core.errors import DataEmpty
from inkread.core.files import MEGABYTE, read_file
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.datasets.dataset import Dataset, Loading, Purpose, split
from inkread.ml.datasets.load import MNIST, SourcePaths, loading
from inkread.ml.evaluation.results import Comparison
from inkread.ml.evaluation.run import comparing
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.retraining.preparation import Choices, Prepared, fine_tune, from_scratch
from inkread.ml.retraining.stages import DataSplit, Stage
from inkread.ml.training.progress import TrainedModel


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices for a retraining.

    Attributes
    ----------
    sources : tuple of str
        As `inkread.ml.datasets.load.loading` takes them; at least one.
    architecture : Path or None
        A network's description; None to fine-tune the model in use.
    choices : Choices
        Options. Their share of the data is held out for the verdict; the same share of the rest
        selects the best epoch.
    name : str
        Of the model; if empty, derived from its description or its parent.
    """

    sources: tuple[str, ...]
    architecture: Path | None
    choices: Choices = field(default_factory=Choices)
    name: str = ""


@dataclass(frozen=True, slots=True)
class CurrentModel:
    """The model in use.

    Attributes
    ----------
    data : bytes
        Its ONNX file.
    name : str
        Its name for people and in error messages.
    lineage : tuple of str
        The `parents` of models made from it.
    """

    data: bytes
    name: str
    lineage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The new model compared with the one in use.

    Attributes
    ----------
    trained : TrainedModel
        The new one.
    held_out : Dataset
        The data of the comparison; the new model was not trained on them.
    comparison : Comparison
        Answers of both.
    """

    trained: TrainedModel
    held_out: Dataset
    comparison: Comparison


def retrain(
    plan: Plan, current: CurrentModel, paths: SourcePaths
) -> Generator[Stage, None, Verdict]:
    """Train a model, and compare it with the one in use.

    Parameters
    ----------
    plan : Plan
        What to do.
    current : Current
        The model in use.
    paths : SourcePaths
        Paths of the sources that are known by name.

    Yields
    ------
    Loading, DataSplit, Progress, Evaluating
        Progress; the run can be stopped at each of them.

    Returns
    -------
    Verdict

    Raises
    ------
    InkreadError
        If data, network or training fail.
    """
    data, held_out = yield from _data(plan, paths)
    old = OnnxClassifier(current.data, current.name)
    prepared = _prepared(plan, current, data)
    counts = len(prepared.training), len(prepared.held_out), len(held_out)
    yield DataSplit(*counts, data.skipped)
    trained = yield from prepared.trainer().run()
    new = OnnxClassifier(trained.data, prepared.info.name)
    return Verdict(trained, held_out, (yield from comparing(new, old, held_out)))


def _data(plan: Plan, paths: SourcePaths) -> Generator[Loading, None, tuple[Dataset, Dataset]]:
    """Load training data and held-out data; MNIST alone has a test part of its own."""
    data = yield from loading(plan.sources, paths)
    if plan.sources == (MNIST,):
        return data, (yield from loading(plan.sources, paths, Purpose.EVALUATION))
    data, held_out = split(data, plan.choices.held_out, plan.choices.seed)
    if not len(held_out):
        name = ", ".join(data.sources)
        raise DataEmpty(name=name, reason="there are too few to hold some out for comparison")
    return data, held_out


def _prepared(plan: Plan, current: CurrentModel, data: Dataset) -> Prepared:
    if plan.architecture is None:
        prepared = fine_tune(data, current.data, current.name, plan.choices, current.lineage)
    else:
        description = read_file(plan.architecture, MEGABYTE)
        architecture = parse_architecture(description, plan.architecture.name)
        prepared = from_scratch(data, architecture, plan.choices)
    name = plan.name or prepared.info.name
    return replace(prepared, info=replace(prepared.info, name=name))

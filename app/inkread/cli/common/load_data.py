"""Labelled data for the commands, with progress and a report of skipped files."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from inkread.cli.common.progress_bars import bar, followed
from inkread.cli.common.streams import report
from inkread.core.batch.sources import SUFFIXES
from inkread.core.errors import InkreadError
from inkread.data.paths import bundled, home
from inkread.data.samples.importing import (
    ImportProgress,
    ImportResult,
    can_read,
    read_samples,
    samples_from_cells,
)
from inkread.ml.datasets.dataset import Dataset, Loading, Purpose, Skipped, Unit
from inkread.ml.datasets.detect import read_path
from inkread.ml.datasets.load import SourcePaths, loading

T = TypeVar("T")

#: At most this many skipped files are named.
_MAX_NAMED = 10
_SCALED = {Unit.BYTES: {"unit": "B", "unit_scale": True}}


def loaded(sources: Sequence[str], chosen_home: Path | None, purpose: Purpose) -> Dataset:
    """Load data sources, with a progress bar on a terminal.

    Parameters
    ----------
    sources : sequence of str
        As `inkread.ml.datasets.load.loading` takes them.
    chosen_home : Path or None
        The folder of ``--home``; downloads are kept there.
    purpose : Purpose
        Chooses between the training and the test part.

    Raises
    ------
    InkreadError
        Whatever is wrong with them.
    """
    paths = SourcePaths(bundled("assets/starter.npz"), home(chosen_home).cache)
    dataset = shown(loading(sources, paths, purpose))
    _report_skipped(dataset.skipped)
    return dataset


def shown(steps: Generator[Loading, None, T]) -> T:
    """Run the steps to their result, with a bar for each source and unit."""
    return followed(steps, lambda step: (step.source, step.unit), _bar)


class PictureUnlabelled(InkreadError):
    template: ClassVar[str] = (
        "{name}: this picture has no label; put it into a folder named after its label, or "
        'keep it with "inkread samples add --label".'
    )


def samples_in(path: str) -> ImportResult:
    """The labelled samples in InkML, NPZ, IDX, CSV, or a folder with a subfolder for each class.

    Raises
    ------
    InkreadError
        If there are none, or it cannot be read.
    """
    if can_read(path):
        return followed(read_samples(path), lambda _: path, lambda step: _files(step, path))
    if Path(path).is_file() and Path(path).suffix.lower() in SUFFIXES:
        raise PictureUnlabelled(name=path)
    data = shown(read_path(Path(path), Purpose.TRAINING))
    labels = (data.labels[target] for target in data.targets)
    return samples_from_cells(data.cells, labels, Path(path).name)


def _files(step: ImportProgress, path: str) -> Any:
    return bar(step.total, desc=Path(path).name, unit=" files")


def _bar(step: Loading) -> Any:
    settings = _SCALED.get(step.unit, {"unit": f" {step.unit}"})
    return bar(step.total or None, desc=Path(step.source).name, **settings)


def _report_skipped(skipped: Sequence[Skipped]) -> None:
    for name, reason in skipped[:_MAX_NAMED]:
        report(f"{name} is skipped: {reason}.")
    if len(skipped) > _MAX_NAMED:
        report(f"{len(skipped)} are skipped in all.")

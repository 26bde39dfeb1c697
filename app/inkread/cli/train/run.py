"""``inkread train`` at work: data and a network in, a model and a report out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

from inkread.cli.common.interrupts import ctrl_c_noted
from inkread.cli.common.library import gate_of
from inkread.cli.common.load_data import loaded
from inkread.cli.common.progress_bars import bar
from inkread.cli.common.save_model import keep, library_checked
from inkread.cli.common.streams import report
from inkread.cli.train.report import Outcome, epoch_line, write_report
from inkread.core.files import MEGABYTE, read_file, write_file
from inkread.data.models.card import card_of
from inkread.data.models.folder import MAX_MODEL_BYTES
from inkread.data.models.kept import sealed
from inkread.data.models.library import CURRENT, ModelLibrary
from inkread.data.paths import bundled
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.architecture.presets import DEFAULT, preset_path
from inkread.ml.datasets.dataset import Dataset, Purpose
from inkread.ml.datasets.load import STARTER
from inkread.ml.inference.gate import Gate
from inkread.ml.retraining.preparation import Choices, Prepared, fine_tune, from_scratch
from inkread.ml.training.divergence import TrainingDiverged
from inkread.ml.training.progress import Progress, TrainedModel
from inkread.ml.training.trainer import Trainer

DONE, FAILED, INTERRUPTED = 0, 1, 130
_BAR = "{desc} |{bar}|"

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Start:
    """A trained network to train further.

    Attributes
    ----------
    data : bytes
        Its file.
    name : str
        Its name in errors.
    title : str
        Its name for people.
    lineage : tuple of str
        The parents of a model that is made from it.
    in_use : str or None
        Its id, if it was chosen as the model in use.
    """

    data: bytes
    name: str
    title: str
    lineage: tuple[str, ...]
    in_use: str | None = None


def run(args: argparse.Namespace) -> int:
    """Run the command.

    Returns
    -------
    int
        Exit status: 0 if all went well, 1 if training or saving the model failed, 130 if
        Ctrl-C stopped it.

    Raises
    ------
    InkreadError
        If the arguments or the data cannot be used.
    """
    library = library_checked(args.out, args.home)
    return trained(args, library, _prepared(args, library), lambda model: model)


def trained(
    args: argparse.Namespace,
    library: ModelLibrary,
    prepared: Prepared,
    finished: Callable[[TrainedModel], TrainedModel],
) -> int:
    """Train, finish the best model, save it and report; returns the exit status."""
    if args.name:
        prepared = replace(prepared, info=replace(prepared.info, name=args.name))
    trainer = prepared.trainer()
    status = train(trainer, args.out if args.recipe else None)
    if trainer.best is None:
        if status == INTERRUPTED:
            report("no epoch came to its end, so there is no model to keep.")
        return status
    if status != DONE:
        report(f"the best model so far, of epoch {trainer.best.best_epoch}, is kept.")
    model = finished(trainer.best)
    place = keep(model, prepared, library, args.out)
    write_report(Outcome(prepared, model, place, status != DONE), args.json)
    return FAILED if place.failed else status


def _prepared(args: argparse.Namespace, library: ModelLibrary) -> Prepared:
    """Cheap checks first, so that a wrong name shows before data is loaded."""
    choices = Choices(args.epochs, args.batch, args.learning_rate, args.augment, args.seed)
    if args.start is not None:
        start = start_of(args.start, library, gate_of(library))
        data = _data(args)
        return fine_tune(data, start.data, start.name, choices, start.lineage)
    wanted = args.architecture or DEFAULT
    path = preset_path(wanted, bundled("models/architectures"))
    architecture = parse_architecture(read_file(path, MEGABYTE), wanted)
    return from_scratch(_data(args), architecture, choices)


def start_of(wanted: str, library: ModelLibrary, gate: Gate) -> Start:
    """The chosen model: a file, one of the library, or the one in use."""
    if wanted != CURRENT and Path(wanted).is_file():
        data, name = read_file(wanted, MAX_MODEL_BYTES), Path(wanted).stem
        card = sealed(card_of(gate.describe(data, wanted), name), data)
        return Start(data, wanted, card.name, card.lineage)
    if wanted == CURRENT:
        opened = library.read_current(gate.describe)
        for error in opened.passed_over:
            report(str(error))
        kept, data = opened.kept, opened.model
    else:
        kept = library.find(wanted)
        data = library.read(kept.id)
        kept = library.described(kept, data, gate.describe)
    card = kept.card
    return Start(data, card.name, card.name, card.lineage, kept.id if wanted == CURRENT else None)


def _data(args: argparse.Namespace) -> Dataset:
    return loaded(args.data or [STARTER], args.home, Purpose.TRAINING)


def train(trainer: Trainer, so_far: str | None = None) -> int:
    """Train to the end, to the first Ctrl-C, or until it diverges; returns the status.

    After each epoch the best model is written to the file `so_far`, if given.
    """
    shown = bar(100, unit="", bar_format=_BAR)

    def show(progress: Progress) -> None:
        _show(progress, shown)
        if progress.finished is not None and so_far:
            _keep_so_far(trainer, so_far)

    status = driven(trainer.run(), shown, show)
    if status == INTERRUPTED:
        report("stopped by Ctrl-C.")
    return status


def driven(steps: Generator[P, None, object], shown: Any, show: Callable[[P], None]) -> int:
    """Train to the end, to the first Ctrl-C, or until it diverges, which is reported.

    Parameters
    ----------
    steps : generator
        A run; closed if it is interrupted.
    shown : tqdm
        Its bar; closed before this returns.
    show : callable
        Is given each progress.

    Returns
    -------
    int
        DONE, INTERRUPTED or FAILED.
    """
    try:
        with shown, ctrl_c_noted() as is_noted:
            for progress in steps:
                show(progress)
                if is_noted():
                    steps.close()
                    return INTERRUPTED
    except TrainingDiverged as error:
        report(str(error))
        return FAILED
    return DONE


def _keep_so_far(trainer: Trainer, out: str) -> None:
    """Write the best model after each epoch, so that a killed run leaves it."""
    if trainer.best is not None:
        write_file(out, trainer.best.data)


def _show(progress: Progress, shown: Any) -> None:
    """Move the bar; without one, report each epoch on a line."""
    if shown.disable:
        if progress.finished is not None:
            report(epoch_line(progress.finished, progress.epochs))
        return
    done = (progress.epoch - 1 + progress.step / progress.steps) / progress.epochs
    shown.n = min(100 * done, 100)
    if progress.finished is not None and progress.finished.validation_accuracy is not None:
        shown.unit = f"held out {100 * progress.finished.validation_accuracy:.1f} %, "
    left = tqdm.format_interval(progress.seconds_left)
    shown.set_description_str(
        f"epoch {progress.epoch}/{progress.epochs}: {shown.unit}"
        f"{100 * progress.accuracy:.1f} % right, loss {progress.loss:.3f}, {left} left"
    )

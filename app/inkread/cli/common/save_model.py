"""Where a trained model goes: into the library, or into a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inkread.cli.common.library import library_of
from inkread.cli.common.streams import report
from inkread.core.errors import LibraryFailed, SaveFailed
from inkread.core.files import write_file
from inkread.data.models.card import Card, proper_name
from inkread.data.models.library import Kept, ModelLibrary
from inkread.ml.retraining.preparation import Prepared
from inkread.ml.training.progress import TrainedModel


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model is.

    Attributes
    ----------
    file : str
        Its ONNX file; empty: it could be kept nowhere.
    kept : Kept or None
        As the library has it; None: it is only in that file.
    failed : bool
        Whether it is not where it should be.
    instead : str
        Name of the model that is in use instead of it, though it was to be; empty: none is.
    """

    file: str = ""
    kept: Kept | None = None
    failed: bool = False
    instead: str = ""


def library_checked(out: str | None, chosen_home: Path | None) -> ModelLibrary:
    """The library, after a look whether a model can be kept in the file `out`, or else there:
    nobody trains one in vain.

    Raises
    ------
    SaveFailed, LibraryFailed
    """
    if out is not None:
        if Path(out).is_dir():
            raise SaveFailed(name=out, reason="this is a folder")
        if not Path(out).absolute().parent.is_dir():
            raise SaveFailed(name=out, reason="there is no such folder")
    library = library_of(chosen_home)
    if out is None:
        library.check_changeable()
    return library


def keep(model: TrainedModel, prepared: Prepared, library: ModelLibrary, out: str | None) -> Place:
    """Write a model to `out`; without it, or if that fails, into the library, not yet in use."""
    failed = False
    if out is not None:
        try:
            write_file(out, model.data)
            return Place(out)
        except SaveFailed as error:  # what took long to learn goes to the next best place
            report(str(error))
            failed = True
    try:
        kept = library.keep(model.data, card(model, prepared), use=False)
    except LibraryFailed as error:
        report(str(error))
        return Place(failed=True)
    return Place(str(kept.path), kept, failed)


def card(model: TrainedModel, prepared: Prepared) -> Card:
    """What the library knows of a model."""
    info, best = prepared.info, model.epochs[model.best - 1]
    after = {
        "validation_accuracy": best.validation_accuracy,
        "validation_loss": best.validation_loss,
    }
    return Card(
        name=proper_name(info.name) or "trained",
        source="trained",
        after={name: figure for name, figure in after.items() if figure is not None},
        data=info.data,
        recipe={**info.recipe, "best_epoch": model.best, "history": history(model)},
        parents=info.parents,
    )


def history(model: TrainedModel) -> list[list[float | None]]:
    """Of each epoch loss and accuracy, while training and on held-out data."""
    return [
        [epoch.loss, epoch.accuracy, epoch.validation_loss, epoch.validation_accuracy]
        for epoch in model.epochs
    ]

"""Save a trained model in the library or in a file."""

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
    """Where a model was saved.

    Attributes
    ----------
    file : str
        Its ONNX file; empty: it could not be saved.
    kept : Kept or None
        Its entry in the library; None: it is in the file only.
    failed : bool
        Whether it could not be saved where it should be.
    instead : str
        Name of the model that is in use although this one should be; empty: none.
    """

    file: str = ""
    kept: Kept | None = None
    failed: bool = False
    instead: str = ""


def library_checked(out: str | None, chosen_home: Path | None) -> ModelLibrary:
    """Check before training that a model can be saved in `out`, or in the library without it.

    Returns
    -------
    ModelLibrary
        The library.

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
    """Write a model to `out`; without it, or if that fails, to the library, not yet in use."""
    failed = False
    if out is not None:
        try:
            write_file(out, model.data)
            return Place(out)
        except SaveFailed as error:  # training took long: fall back to the library
            report(str(error))
            failed = True
    try:
        kept = library.keep(model.data, card(model, prepared), use=False)
    except LibraryFailed as error:
        report(str(error))
        return Place(failed=True)
    return Place(str(kept.path), kept, failed)


def card(model: TrainedModel, prepared: Prepared) -> Card:
    """The card of a model in the library."""
    info, best = prepared.info, model.epochs[model.best_epoch - 1]
    after = {
        "validation_accuracy": best.validation_accuracy,
        "validation_loss": best.validation_loss,
    }
    return Card(
        name=proper_name(info.name) or "trained",
        source="trained",
        after={name: figure for name, figure in after.items() if figure is not None},
        data=info.data,
        recipe={**info.recipe, "best_epoch": model.best_epoch, "history": model.history},
        parents=info.parents,
    )

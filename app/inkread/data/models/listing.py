"""List the models of a library with their state."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.core.errors import InkreadError
from inkread.data.models.kept import SHIPPED, Check, Kept, KeptModels
from inkread.data.models.usage import ModelUses, reason_of


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """An entry of the list.

    Attributes
    ----------
    kept : Kept
        The model.
    in_use : bool
        Whether it is the current model.
    problem : str
        Why it cannot be used; empty if it can.
    is_previous : bool
        Whether `ModelLibrary.revert` returns to it.
    """

    kept: Kept
    in_use: bool
    problem: str = ""
    is_previous: bool = False


def list_models(models: KeptModels, uses: ModelUses, check: Check | None) -> tuple[ModelEntry, ...]:
    """All models, the shipped one first, then in the order of import; `check` tests each."""
    checked = [_checked(models, kept, check) for kept in models.all()]
    usable = {kept.id for kept, problem in checked if not problem}
    best = (kept.id for kept in uses.best_first() if kept.id in usable)
    in_use, previous = next(best, SHIPPED), uses.before()
    return tuple(
        ModelEntry(kept, kept.id == in_use, problem, kept.id == previous)
        for kept, problem in checked
    )


def _checked(models: KeptModels, kept: Kept, check: Check | None) -> tuple[Kept, str]:
    """The model, and why it cannot be used; empty if it can."""
    try:
        data = models.read(kept)
        return (kept if check is None else models.described(kept, data, check)), ""
    except InkreadError as error:
        return kept, reason_of(error)

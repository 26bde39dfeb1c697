"""The list of a library: every model, which one is in use, and which cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.core.errors import InkreadError
from inkread.data.models.kept import SHIPPED, Check, Kept, KeptModels
from inkread.data.models.usage import ModelUses, reason_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the library's list.

    Attributes
    ----------
    kept : Kept
        The model.
    in_use : bool
        Whether it is the one to read with.
    problem : str
        Why it cannot be used, in words; empty if it can.
    is_before : bool
        Whether `ModelLibrary.revert` leads to it.
    """

    kept: Kept
    in_use: bool
    problem: str = ""
    is_before: bool = False


def listed(models: KeptModels, uses: ModelUses, check: Check | None) -> tuple[Listed, ...]:
    """All models, tried if somebody says how: the shipped one, then the others as they came in."""
    looked_at = [_looked_at(models, kept, check) for kept in models.all()]
    sound = {kept.id for kept, problem in looked_at if not problem}
    best = (kept.id for kept in uses.best_first() if kept.id in sound)
    in_use, before = next(best, SHIPPED), uses.before()
    return tuple(
        Listed(kept, kept.id == in_use, problem, kept.id == before) for kept, problem in looked_at
    )


def _looked_at(models: KeptModels, kept: Kept, check: Check | None) -> tuple[Kept, str]:
    """The model, and why it cannot be used, if so."""
    try:
        data = models.read(kept)
        return (kept if check is None else models.described(kept, data, check)), ""
    except InkreadError as error:
        return kept, reason_of(error)

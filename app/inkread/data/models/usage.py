"""Which model of the library is in use, and which were before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from inkread.core.errors import InkreadError, ModelPassedOver
from inkread.data.models.folder import ModelFolder
from inkread.data.models.kept import SHIPPED, Kept, KeptModels

#: Maximum length of the history to go back in.
MAX_USES = 200

T = TypeVar("T")


@dataclass(frozen=True)
class Opened(Generic[T]):
    """A model, opened, and how it came to be the one.

    Attributes
    ----------
    model : T
        The model in use, opened.
    kept : Kept
        Which one that is.
    passed_over : tuple of ModelPassedOver
        Those that were to be used before it, but could not be: to be reported.
    """

    model: T
    kept: Kept
    passed_over: tuple[ModelPassedOver, ...] = ()


class ModelUses:
    """The history of models in use; change it only inside the folder's `changing`."""

    def __init__(self, folder: ModelFolder, models: KeptModels) -> None:
        self._folder = folder
        self._models = models

    def best_first(self) -> Iterator[Kept]:
        """The models to read with: the last chosen one, those before it, the shipped one."""
        for model_id in dict.fromkeys([*reversed(self._ids()), SHIPPED]):
            yield self._models.named(model_id)
            if model_id == SHIPPED:
                return

    def current(self) -> Kept:
        """The last chosen one whose file is sound."""
        sound = (kept for kept in self.best_first() if self._models.is_sound(kept))
        return next(sound, self._models.shipped)

    def open_current(self, open_model: Callable[[bytes, str], T]) -> Opened[T]:
        """Open the first that can be opened.

        Raises
        ------
        InkreadError
            If none can: why the shipped one cannot.
        """
        refused = self._problem()
        for kept in self.best_first():
            try:
                model = open_model(self._models.read(kept), kept.card.name)
                break
            except InkreadError as error:
                if kept.id == SHIPPED:
                    raise
                refused.append((kept.card.name, reason_of(error)))
        instead = self._models.titled(kept).card.name if refused else ""
        passed_over = (ModelPassedOver(name=n, reason=r, instead=instead) for n, r in refused)
        return Opened(model, kept, tuple(passed_over))

    def note(self, model_id: str) -> None:
        """Put that one into use."""
        ids = self._ids()
        if ids[-1:] != [model_id]:
            self._folder.set_uses([*ids, model_id][-MAX_USES:])

    def go_back(self) -> bool:
        """Put the one before into use, at last the shipped one; whether there is one."""
        ids = self._ids_before()
        if ids is None:
            return False
        self._folder.set_uses(ids)
        return True

    def before(self) -> str:
        """The id of the one that `go_back` would put into use; empty: none."""
        ids = self._ids_before()
        return "" if ids is None else [SHIPPED, *ids][-1]

    def _ids_before(self) -> list[str] | None:
        """The history up to the one before; None: none is."""
        ids, left = self._ids(), self.current().id
        while ids and (ids[-1] == left or not self._models.is_sound(self._models.named(ids[-1]))):
            ids.pop()
        return None if left == (ids[-1] if ids else SHIPPED) else ids

    def forget(self, model_id: str) -> None:
        """Take it out of the history."""
        ids = self._ids()
        if model_id in ids:
            self._folder.set_uses([one for one in ids if one != model_id])

    def _ids(self) -> list[str]:
        try:
            return self._folder.uses()
        except ValueError:  # damaged; the next use rewrites it
            return []

    def _problem(self) -> list[tuple[str, str]]:
        try:
            self._folder.uses()
        except ValueError:
            return [("The model in use", "the file that names it is damaged")]
        return []


def reason_of(error: InkreadError) -> str:
    """The reason in words."""
    return str(error.facts.get("reason", error))

"""The models of the library, whichever of them is in use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inkread.core.errors import (
    FileMissing,
    InkreadError,
    ModelAmbiguous,
    ModelUnknown,
    ModelUnusable,
)
from inkread.core.files import read_file
from inkread.data.models.card import Card, SelfDescription, card_of, proper_name
from inkread.data.models.folder import MAX_MODEL_BYTES, ModelFolder

#: The id of the model that came with the program.
SHIPPED = "shipped"
#: What commands call the model in use.
CURRENT = "current"
#: Maximum candidates in the sentence about an ambiguous name.
_MAX_NAMED = 5
#: Tries the bytes of a model, under a name for error sentences, and returns its description of
#: itself; raises an `InkreadError` if it does not fit.
Check = Callable[[bytes, str], SelfDescription]


@dataclass(frozen=True, slots=True)
class Kept:
    """A model of the library.

    Attributes
    ----------
    id : str
        Never changes; ``shipped`` for the one that came with the program.
    path : Path
        Its ONNX file.
    card : Card
        The facts about it. Without a card file, `sha256` is empty and the name a stopgap.
    """

    id: str
    path: Path
    card: Card


class KeptModels:
    """Finds models, and reads their files after checking them against the cards."""

    def __init__(self, folder: ModelFolder, shipped: Path, describe: Check | None = None) -> None:
        self._folder = folder
        self._describe = describe
        self.shipped = Kept(SHIPPED, shipped, Card(name="Shipped model", source="shipped"))

    def all(self) -> list[Kept]:
        """The shipped one, then the others in the order in which they were taken in."""
        kept = [self.named(one) for one in self._folder.ids() if one != SHIPPED]
        return [self.shipped, *sorted(kept, key=lambda one: (one.card.created, one.id))]

    def named(self, model_id: str) -> Kept:
        """The model with that id, even if no file of it is there."""
        if model_id == SHIPPED:
            return self.shipped
        stopgap = Card(name=proper_name(model_id) or "?", source="imported")
        path = self._folder.model_path(model_id)
        return Kept(model_id, path, self._folder.card(model_id) or stopgap)

    def get(self, model_id: str) -> Kept:
        """The model with that id.

        Raises
        ------
        ModelUnknown
        """
        if model_id != SHIPPED and model_id not in self._folder.ids():
            raise ModelUnknown(name=model_id)
        return self.named(model_id)

    def find(self, wanted: str) -> Kept:
        """The model with that id, or else that name, or else the only one whose id or name begins
        so, or whose name holds that, whatever the case.

        Raises
        ------
        ModelUnknown, ModelAmbiguous
        """
        known = self.all()
        for kept in known:
            if kept.id == wanted:
                return self.titled(kept)
        known = [self.titled(kept) for kept in known]
        fits = next(filter(None, _fits(known, wanted)), [])
        if not fits:
            raise ModelUnknown(name=wanted)
        if len(fits) > 1:
            named = [f"{kept.id} {kept.card.name}" for kept in fits[:_MAX_NAMED]]
            more = ["..."] if len(fits) > _MAX_NAMED else []
            raise ModelAmbiguous(name=wanted, count=len(fits), models=", ".join(named + more))
        return fits[0]

    def titled(self, kept: Kept) -> Kept:
        """The model under the name that people see. The shipped one has no card: its description
        of itself is asked for the name, where a check was given.
        """
        if kept.id != SHIPPED or self._describe is None:
            return kept
        try:
            return self.described(kept, self.read(kept), self._describe)
        except InkreadError:
            return kept

    def names(self, but: str = "") -> set[str]:
        """The names of all models but one, and those that commands reserve."""
        others = (kept for kept in self.all() if kept.id != but)
        return {SHIPPED, CURRENT, *(self.titled(kept).card.name for kept in others)}

    def read(self, kept: Kept) -> bytes:
        """The bytes of a model's file, checked against its card.

        Raises
        ------
        ModelUnusable
        """
        try:
            data = read_file(kept.path, MAX_MODEL_BYTES)
        except InkreadError as error:
            missing = isinstance(error, FileMissing)
            reason = "its file is missing" if missing else "its file cannot be read"
            raise ModelUnusable(name=kept.card.name, reason=reason) from error
        if kept.card.sha256 and kept.card != sealed(kept.card, data):
            reason = "its file is damaged: it is not the one that was kept"
            raise ModelUnusable(name=kept.card.name, reason=reason)
        return data

    def is_sound(self, kept: Kept) -> bool:
        """Whether its file can be read and matches its card."""
        try:
            self.read(kept)
        except ModelUnusable:
            return False
        return True

    def is_copy(self, kept: Kept, data: bytes) -> bool:
        """Whether it is sound and consists of those bytes."""
        try:
            return self.read(kept) == data
        except ModelUnusable:
            return False

    def described(self, kept: Kept, data: bytes, check: Check) -> Kept:
        """Try a model; without a card, it gets one from its description of itself.

        Raises
        ------
        InkreadError
            What `check` raises.
        """
        description = check(data, kept.card.name)
        if kept.card.sha256:
            return kept
        card = replace(card_of(description, kept.card.name), source=kept.card.source)
        return replace(kept, card=sealed(card, data))


def _fits(known: Sequence[Kept], wanted: str) -> Iterator[list[Kept]]:
    """The models that may be meant, by ever less exact rules."""
    part = wanted.casefold()
    named = [(kept, kept.card.name.casefold()) for kept in known if part]
    yield [kept for kept in known if kept.card.name == wanted]
    yield [kept for kept, name in named if kept.id.startswith(part) or name.startswith(part)]
    yield [kept for kept, name in named if part in name]


def sealed(card: Card, data: bytes) -> Card:
    """The card with size and checksum of the model's file."""
    return replace(card, sha256=hashlib.sha256(data).hexdigest(), size=len(data))

"""The model library: the model that came with the program, and those that its user kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from inkread.core.errors import (
    ModelInUse,
    ModelNameTaken,
    ModelNameUnusable,
    ModelShipped,
    NothingToRevert,
    SaveFailed,
)
from inkread.core.files import read_file, write_file
from inkread.data.models.card import MAX_NAME_LENGTH, Card, card_of
from inkread.data.models.folder import MAX_MODEL_BYTES, ModelFolder
from inkread.data.models.kept import CURRENT, SHIPPED, Check, Kept, KeptModels, sealed
from inkread.data.models.listing import Listed, listed
from inkread.data.models.names import distinct
from inkread.data.models.usage import ModelUses, Opened
from inkread.data.paths import Home, bundled

__all__ = ["CURRENT", "SHIPPED", "Card", "Check", "Kept", "Listed", "ModelLibrary", "Opened"]

T = TypeVar("T")


class ModelLibrary:
    """The models in a folder, and which of them is in use.

    It keeps nothing in memory: several processes and threads may work on one folder. Changes
    exclude one another by a lock; readers need none, because every file is swapped whole.
    A model's file is never written again once it is published, damaged or not.
    """

    def __init__(self, folder: Path, shipped: Path, describe: Check | None = None) -> None:
        """Open the library in `folder`, which need not exist; nothing is made there.

        Parameters
        ----------
        folder : Path
            Where models are kept. What killed processes were just writing is removed from it.
        shipped : Path
            The ONNX file that came with the program: in use if no other is.
        describe : Check, optional
            Asks that file what it calls itself, when somebody has to be told.
        """
        self._folder = ModelFolder(folder)
        self._models = KeptModels(self._folder, shipped, describe)
        self._uses = ModelUses(self._folder, self._models)

    @classmethod
    def of(cls, home: Home, describe: Check | None = None) -> ModelLibrary:
        """The library in the home of a user."""
        return cls(home.data / "models", bundled("models/digits.onnx"), describe)

    def models(self, check: Check | None = None) -> tuple[Listed, ...]:
        """All models: the shipped one, then the others as they came in.

        Parameters
        ----------
        check : Check, optional
            Tries each of them; those without a card, as the shipped one, are listed with what
            they say of themselves.
        """
        return listed(self._models, self._uses, check)

    def current(self) -> Kept:
        """The model in use: the last one chosen whose file is sound."""
        return self._models.titled(self._uses.current())

    def open_current(self, open_model: Callable[[bytes, str], T]) -> Opened[T]:
        """Open the model in use; one that cannot be is passed over for the one before it.

        Parameters
        ----------
        open_model : callable
            From the bytes of a model and what errors call it; such as `OnnxClassifier`.

        Raises
        ------
        InkreadError
            If not even the shipped model can be opened.
        """
        return self._uses.open_current(open_model)

    def find(self, wanted: str) -> Kept:
        """The model with that id, or else that name, or else the only one whose id or name begins
        so, or whose name holds that, whatever the case.

        Raises
        ------
        ModelUnknown, ModelAmbiguous
        """
        return self._models.find(wanted)

    def titled(self, kept: Kept) -> Kept:
        """The model by the name that people know it by, which the shipped one itself tells."""
        return self._models.titled(kept)

    def read(self, model_id: str) -> bytes:
        """The bytes of a model's file, if they are what its card says.

        Raises
        ------
        ModelUnknown, ModelUnusable
        """
        return self._models.read(self._models.get(model_id))

    def keep(
        self, data: bytes, card: Card, use: bool = True, instead_of: str | None = None
    ) -> Kept:
        """Take a new model in; nothing of it is there if that fails.

        Parameters
        ----------
        data : bytes
            A whole ONNX file that is known to work.
        card : Card
            What is known of it; date, checksum and size are filled in here, and a number is put
            behind the name if another model has it.
        use : bool
            Read with it from now on.
        instead_of : str, optional
            Id: but only if the model in use is still that one.

        Raises
        ------
        LibraryFailed
        """
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._folder.changing():
            name = distinct(card.name, self._models.names())
            use = use and instead_of in (None, self._uses.current().id)
            card = sealed(replace(card, created=now, name=name), data)
            model_id = self._folder.add(data, card)
            try:
                if use:
                    self._uses.note(model_id)
            except SaveFailed:
                self._folder.remove(model_id)
                raise
        return self._models.named(model_id)

    def import_(self, path: str | os.PathLike[str], check: Check) -> Kept:
        """Take in a model from a file, without using it; once only, if it is there already.

        Raises
        ------
        FileMissing, FileNotAllowed, FileIsFolder, FileTooLarge, FileUnusable, LibraryFailed
        InkreadError
            What `check` raises if the model does not fit.
        """
        data = read_file(path, MAX_MODEL_BYTES)
        card = card_of(check(data, os.fspath(path)), Path(path).stem)
        for kept in self._models.all():
            if self._models.is_copy(kept, data):
                return self.titled(kept)
        return self.keep(data, card, use=False)

    def use(self, model_id: str, check: Check | None = None) -> Kept:
        """Read with that model from now on.

        Parameters
        ----------
        model_id : str
            As in `Kept`.
        check : Check, optional
            Tries the model first. One without a card gets one.

        Raises
        ------
        ModelUnknown, ModelUnusable, LibraryFailed
        """
        with self._folder.changing():
            kept = self._models.get(model_id)
            data = self._models.read(kept)
            if check is not None:
                described = self._models.described(kept, data, check)
                if described != kept and kept.id != SHIPPED:
                    self._folder.set_card(kept.id, described.card)
                kept = described
            self._uses.note(kept.id)
        return kept

    def check_changeable(self) -> None:
        """Look whether anything can be kept here; raises LibraryFailed if not."""
        with self._folder.changing():
            pass

    def revert(self) -> Kept:
        """Go back to the model that was in use before; the shipped one is at the beginning.

        Raises
        ------
        NothingToRevert, LibraryFailed
        """
        with self._folder.changing():
            if not self._uses.go_back():
                raise NothingToRevert(name=self.current().card.name)
            return self.current()

    def rename(self, model_id: str, name: str) -> Kept:
        """Give a model another name.

        Raises
        ------
        ModelUnknown, ModelShipped, ModelNameUnusable, ModelNameTaken, ModelUnusable,
        LibraryFailed
        """
        with self._folder.changing():
            kept = self._changeable(model_id)
            card = kept.card if kept.card.sha256 else sealed(kept.card, self._models.read(kept))
            try:
                card = replace(card, name=name.strip())
            except ValueError as error:
                raise ModelNameUnusable(name=name, limit=MAX_NAME_LENGTH) from error
            if card.name in self._models.names(but=kept.id):
                raise ModelNameTaken(name=card.name)
            self._folder.set_card(kept.id, card)
        return replace(kept, card=card)

    def export(self, model_id: str, path: str | os.PathLike[str]) -> None:
        """Write a model's ONNX file to `path`, whole or not at all.

        Raises
        ------
        ModelUnknown, ModelUnusable, SaveFailed
        """
        write_file(path, self.read(model_id))

    def delete(self, model_id: str) -> None:
        """Delete a model and its card; the one in use must be left first.

        Raises
        ------
        ModelUnknown, ModelShipped, ModelInUse, LibraryFailed
        """
        with self._folder.changing():
            kept = self._changeable(model_id)
            if self.current().id == kept.id:
                raise ModelInUse(name=kept.card.name)
            self._folder.remove(kept.id)
            with suppress(SaveFailed):  # of a full disk: deleting is what makes room there
                self._uses.forget(kept.id)

    def _changeable(self, model_id: str) -> Kept:
        kept = self._models.get(model_id)
        if kept.id == SHIPPED:
            raise ModelShipped(name=self.titled(kept).card.name)
        return kept

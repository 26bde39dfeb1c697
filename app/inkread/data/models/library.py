"""The model library: the shipped model, and those that the user has added."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from inkread.core.errors import (
    ModelDeleted,
    ModelInUse,
    ModelNameTaken,
    ModelNameUnusable,
    ModelShipped,
    ModelUnknown,
    NothingToRevert,
    SaveFailed,
)
from inkread.core.files import read_file, write_file
from inkread.data.models.card import MAX_NAME_LENGTH, Card, card_of
from inkread.data.models.folder import MAX_MODEL_BYTES, ModelFolder
from inkread.data.models.kept import CURRENT, SHIPPED, Check, Kept, KeptModels, sealed
from inkread.data.models.listing import ModelEntry, list_models
from inkread.data.models.names import unique_name
from inkread.data.models.tried import TriedModels
from inkread.data.models.usage import ModelUses, Opened
from inkread.data.models.watch import LibraryState, LibraryWatch, ModelNews
from inkread.data.paths import Home, bundled

__all__ = ["CURRENT", "SHIPPED", "Card", "Check", "Kept", "ModelEntry", "ModelLibrary", "Opened"]

T = TypeVar("T")


class ModelLibrary:
    """The models in a folder, and which of them is in use.

    Nothing is cached: several processes and threads may work on one folder. A lock serialises
    changes; readers need none, because files are replaced atomically. The file of a model is
    never changed after it is published.
    """

    def __init__(self, folder: Path, shipped: Path, describe: Check | None = None) -> None:
        """Open the library in `folder`, which may not exist; nothing is created.

        Parameters
        ----------
        folder : Path
            Folder of the models. Temporary files of killed processes are removed.
        shipped : Path
            The bundled ONNX file, used if no other model is.
        describe : Check, optional
            Reads the metadata of that file, when its name is needed.
        """
        #: Which models need not be tried before they are opened.
        self.tried = TriedModels(folder.parent / "tried-models", shipped)
        self._folder = ModelFolder(folder)
        self._models = KeptModels(self._folder, shipped, describe)
        self._uses = ModelUses(self._folder, self._models)
        #: Tells own changes from those of others.
        self.watch = LibraryWatch()

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._folder.path

    @classmethod
    def of(cls, home: Home, describe: Check | None = None) -> ModelLibrary:
        """The library in the user's data folder."""
        return cls(home.data / "models", bundled("models/digits.onnx"), describe)

    def models(self, check: Check | None = None) -> tuple[ModelEntry, ...]:
        """All models, the shipped one first, then in the order of import.

        Parameters
        ----------
        check : Check, optional
            Tests each of them; models without a card, such as the shipped one, are listed with
            their own metadata.
        """
        return list_models(self._models, self._uses, check)

    def current(self) -> Kept:
        """The model in use: the last one chosen whose file is intact."""
        return self._models.titled(self._uses.current())

    def news(self) -> ModelNews | None:
        """Changes by others since the last call; None: there are none, or this is the first call.

        A folder that cannot be reached, as on a network that is gone, is no news.
        """
        if not self._folder.is_there() and self.watch.has_models:
            return None
        names = {kept.id: kept.card.name for kept in self._models.all()}
        news = self.watch.news(LibraryState(self._uses.current(), names))
        return None if news is None else replace(news, in_use=self._models.titled(news.in_use))

    def open_current(self, open_model: Callable[[bytes, str], T]) -> Opened[T]:
        """Open the model in use; if that fails, the one before it, and so on.

        Parameters
        ----------
        open_model : callable
            Takes the bytes of a model and its name in errors, such as `OnnxClassifier`.

        Raises
        ------
        InkreadError
            If even the shipped model cannot be opened.
        """
        return self._uses.open_current(open_model)

    def read_current(self, check: Check) -> Opened[bytes]:
        """The model in use, its card complete, and its file, as of one moment.

        Raises
        ------
        InkreadError
            If no model passes `check`, not even the shipped one.
        """

        def tried(data: bytes, name: str) -> bytes:
            check(data, name)
            return data

        opened = self.open_current(tried)
        return replace(opened, kept=self._models.described(opened.kept, opened.model, check))

    def described(self, kept: Kept, data: bytes, check: Check) -> Kept:
        """A model with a complete card, made of its description of itself if it has none."""
        return self._models.described(kept, data, check)

    def find(self, wanted: str) -> Kept:
        """Find a model by id, by name, or by an unambiguous prefix of either or part of its name.

        Upper and lower case are equal.

        Raises
        ------
        ModelUnknown, ModelAmbiguous
        """
        return self._models.find(wanted)

    def titled(self, kept: Kept) -> Kept:
        """Fill in the name for people; that of the shipped model is in its file."""
        return self._models.titled(kept)

    def read(self, model_id: str) -> bytes:
        """Read a model's file and verify it against its card.

        Raises
        ------
        ModelUnknown, ModelUnusable
        """
        return self._models.read(self._get(model_id))

    def keep(
        self, data: bytes, card: Card, use: bool = True, instead_of: str | None = None
    ) -> Kept:
        """Add a new model, completely or not at all.

        Parameters
        ----------
        data : bytes
            A complete ONNX file that has been tested.
        card : Card
            Its description; date, checksum and size are filled in here, and the name is made
            unique.
        use : bool
            Make it the model in use.
        instead_of : str, optional
            Id; use it only if the model in use is still that one.

        Raises
        ------
        LibraryFailed
        """
        if card.source == "trained":
            self.tried.note_made(data)
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._folder.changing():
            name = unique_name(card.name, self._models.names())
            use = use and instead_of in (None, self._uses.current().id)
            card = sealed(replace(card, created=now, name=name), data)
            model_id = self._folder.add(data, card)
            try:
                if use:
                    self._uses.note(model_id)
            except SaveFailed:
                self._folder.remove(model_id)
                raise
        kept = self._models.named(model_id)
        self.watch.note_kept(kept, use)
        return kept

    def import_(self, path: str | os.PathLike[str], check: Check) -> Kept:
        """Add a model from a file without using it; an equal one is not added again.

        Raises
        ------
        FileMissing, FileNotAllowed, FileIsFolder, FileTooLarge, FileUnusable, LibraryFailed
        InkreadError
            Raised by `check` if the model does not fit.
        """
        data = read_file(path, MAX_MODEL_BYTES)
        card = card_of(check(data, os.fspath(path)), Path(path).stem)
        for kept in self._models.all():
            if self._models.is_copy(kept, data):
                return self.titled(kept)
        return self.keep(data, card, use=False)

    def use(self, model_id: str, check: Check | None = None) -> Kept:
        """Make a model the one in use.

        Parameters
        ----------
        model_id : str
            As in `Kept`.
        check : Check, optional
            Tests the model first. A model without a card gets one.

        Raises
        ------
        ModelUnknown, ModelUnusable, LibraryFailed
        """
        with self._folder.changing():
            kept = self._get(model_id)
            data = self._models.read(kept)
            if check is not None:
                described = self._models.described(kept, data, check)
                if described != kept and kept.id != SHIPPED:
                    self._folder.set_card(kept.id, described.card)
                kept = described
            self._uses.note(kept.id)
        self.watch.note_kept(kept, is_used=True)
        return kept

    def check_changeable(self) -> None:
        """Check that the folder can be written; raises LibraryFailed if not."""
        with self._folder.changing():
            pass

    def revert(self) -> Kept:
        """Return to the model that was in use before; the shipped one is the first.

        Raises
        ------
        NothingToRevert, LibraryFailed
        """
        with self._folder.changing():
            if not self._uses.go_back():
                raise NothingToRevert(name=self.current().card.name)
            kept = self.current()
        self.watch.note_used(kept.id)
        return kept

    def rename(self, model_id: str, name: str) -> Kept:
        """Rename a model.

        Raises
        ------
        ModelUnknown, ModelShipped, ModelNameUnusable, ModelNameTaken, ModelUnusable,
        LibraryFailed
        """
        with self._folder.changing():
            kept = self._user_model(model_id)
            card = kept.card if kept.card.sha256 else sealed(kept.card, self._models.read(kept))
            try:
                card = replace(card, name=name.strip())
            except ValueError as error:
                raise ModelNameUnusable(name=name, limit=MAX_NAME_LENGTH) from error
            if card.name in self._models.names(but=kept.id):
                raise ModelNameTaken(name=card.name)
            self._folder.set_card(kept.id, card)
        kept = replace(kept, card=card)
        self.watch.note_kept(kept)
        return kept

    def export(self, model_id: str, path: str | os.PathLike[str]) -> None:
        """Write a model's ONNX file to `path`, whole or not at all.

        Raises
        ------
        ModelUnknown, ModelUnusable, SaveFailed
        """
        write_file(path, self.read(model_id))

    def delete(self, model_id: str) -> None:
        """Delete a model that is not in use, and its card.

        Raises
        ------
        ModelUnknown, ModelShipped, ModelInUse, LibraryFailed
        """
        with self._folder.changing():
            kept = self._user_model(model_id)
            if self.current().id == kept.id:
                raise ModelInUse(name=kept.card.name)
            self._folder.remove(kept.id)
            with suppress(SaveFailed):  # disk full: deleting frees space
                self._uses.forget(kept.id)
        self.watch.note_deleted(kept.id)

    def _get(self, model_id: str) -> Kept:
        """The model with that id; if it was there, the error has the name that people knew."""
        try:
            return self._models.get(model_id)
        except ModelUnknown as error:
            name = self.watch.name_of(model_id)
            if name is None:
                raise
            raise ModelDeleted(name=name) from error

    def _user_model(self, model_id: str) -> Kept:
        kept = self._get(model_id)
        if kept.id == SHIPPED:
            raise ModelShipped(name=self.titled(kept).card.name)
        return kept

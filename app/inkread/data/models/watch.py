"""Find what other processes changed in a library of models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inkread.data.models.kept import SHIPPED, Kept


@dataclass(frozen=True, slots=True)
class LibraryState:
    """A library as of one moment: the model in use, and the name of each model by its id."""

    in_use: Kept
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ModelNews:
    """Changes that another process made.

    Attributes
    ----------
    in_use : Kept
        The model in use now.
    is_used : bool
        Whether it is another one than before.
    lost : str
        Name of the one before if it was deleted; empty: it is still there.
    is_renamed : bool
        Whether the model in use has a new name.
    added, deleted : tuple of str
        Names of other models.
    renamed : tuple of (str, str)
        Old and new names.
    """

    in_use: Kept
    is_used: bool = False
    lost: str = ""
    is_renamed: bool = False
    added: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


class LibraryWatch:
    """Compares a library with what this process knows of it.

    Own changes are noted; whatever else is different, another process did. So no change is
    overlooked because it came just before or after an own one.
    """

    def __init__(self) -> None:
        #: The id of the model in use; empty: not known yet.
        self._in_use = ""
        self._names: dict[str, str] | None = None

    @property
    def has_models(self) -> bool:
        """Whether models besides the shipped one are known."""
        return len(self._names or ()) > 1

    def name_of(self, model_id: str) -> str | None:
        """The name of a model as of the last news, perhaps deleted since; None: it is not known."""
        return (self._names or {}).get(model_id)

    def note_used(self, model_id: str) -> None:
        """This process uses that model now."""
        self._in_use = model_id

    def note_kept(self, kept: Kept, is_used: bool = False) -> None:
        """This process added or renamed a model, or puts it into use."""
        if self._names is not None and kept.id != SHIPPED:
            self._names[kept.id] = kept.card.name
        if is_used:
            self.note_used(kept.id)

    def note_deleted(self, model_id: str) -> None:
        """This process deleted a model."""
        if self._names is not None:
            self._names.pop(model_id, None)

    def news(self, now: LibraryState) -> ModelNews | None:
        """Differences from what is known; None: there are none, or nothing was known yet."""
        before = dict(now.names) if self._names is None else self._names
        was_in_use = self._in_use or now.in_use.id
        self._in_use, self._names = now.in_use.id, dict(now.names)
        is_lost = was_in_use not in now.names and was_in_use in before
        kept = before.keys() & now.names.keys()
        renamed = [one for one in now.names if one in kept and before[one] != now.names[one]]
        news = ModelNews(
            in_use=now.in_use,
            is_used=was_in_use != now.in_use.id,
            lost=before[was_in_use] if is_lost else "",
            is_renamed=now.in_use.id in renamed,
            added=tuple(now.names[one] for one in now.names if one not in before),
            deleted=tuple(
                before[one] for one in before if one not in now.names and one != was_in_use
            ),
            renamed=tuple((before[one], now.names[one]) for one in renamed),
        )
        return None if news == ModelNews(now.in_use) else news

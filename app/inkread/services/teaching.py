"""Keeps what a person writes when asked for it, off the GUI thread, in order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.reading import Glyph
from inkread.services.background.serial_queue import Errands, Told
from inkread.services.background.tasks import Executor, Lazy
from inkread.services.reader import Reader

if TYPE_CHECKING:
    from inkread.data.samples.sample import Sample
    from inkread.data.samples.store import SampleStore


class Teaching(QObject):
    """Each sign is a sample at once, and none any more if it is taken back.

    Signals
    -------
    kept(int), taken_back(int)
        What was written at that place of a lesson became a sample, or is none any more.
    failed(int, error)
        What was written there could not be kept, or not be taken back.
    """

    kept = Signal(int)
    taken_back = Signal(int)
    failed = Signal(int, object)

    def __init__(
        self,
        open_store: Callable[[], SampleStore],
        reader: Reader,
        executor: Executor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = Lazy(open_store)
        self._reader = reader
        self._errands = Errands(executor, self)
        self._errands.told.connect(self._on_told)
        #: The sample at each place of the lesson; the worker's.
        self._ids: dict[int, int] = {}

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be kept or taken back."""
        return self._errands.is_busy

    def begin(self) -> None:
        """A new lesson: what was kept before stays kept."""
        self._errands.do(self._forget)

    def keep(self, place: int, label: str, ink: Ink, model: str) -> None:
        """Keep a drawing of one sign; `model` is what would have read it, by name and checksum."""
        self._errands.do(lambda: self._tried(place, lambda: self._keep(place, label, ink, model)))

    def take_back(self, place: int) -> None:
        """Keep what was written at a place no longer."""
        self._errands.do(lambda: self._tried(place, lambda: self._delete(place)))

    def afterwards(self, act: Callable[[], None]) -> None:
        """Call `act`, in the thread of the window, once all that was written so far is kept."""
        self._errands.afterwards(act)

    def finish(self) -> None:
        """Do what is still to be done, now that no worker runs any more."""
        self._errands.finish()

    def _forget(self) -> Told:
        self._ids.clear()
        return None

    def _tried(self, place: int, act: Callable[[], Told]) -> Told:
        try:
            return act()
        except Exception as error:
            return "failed", (place, error)

    def _keep(self, place: int, label: str, ink: Ink, model: str) -> Told:
        self._ids[place] = self._store.get().add(self._sample(label, ink, model))
        return "kept", place

    def _delete(self, place: int) -> Told:
        from inkread.core.errors import SampleUnknown

        with suppress(KeyError, SampleUnknown):  # not kept, or taken out elsewhere
            self._store.get().delete([self._ids.pop(place)])
        return "taken_back", place

    def _sample(self, label: str, ink: Ink, model: str) -> Sample:
        """With what the model takes it for, if it can be read at all."""
        from inkread.data.samples.from_glyph import of_glyph
        from inkread.data.samples.sample import CANVAS, Origin, of_ink

        glyph = self._read(ink)
        if glyph is None:
            return of_ink(label, ink)
        sample = of_glyph(label, glyph, ink, CANVAS, model)
        return replace(sample, ink=ink, origin=Origin.TAUGHT)

    def _read(self, ink: Ink) -> Glyph | None:
        from inkread.core.errors import InkreadError

        try:
            glyphs = self._reader.read_ink(ink, Layout.DIGIT).glyphs
        except InkreadError:  # without a model one can teach all the same
            return None
        return glyphs[0] if len(glyphs) == 1 else None

    def _on_told(self, what: str, value: object) -> None:
        if what == "failed":
            assert isinstance(value, tuple)
            self.failed.emit(*value)
        else:
            (self.kept if what == "kept" else self.taken_back).emit(value)

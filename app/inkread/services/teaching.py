"""Keeps the drawings of a lesson as samples, off the GUI thread, in order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.reading import Glyph
from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor, Lazy
from inkread.services.reader import Reader

if TYPE_CHECKING:
    from inkread.data.samples.sample import Sample
    from inkread.data.samples.store import SampleStore


class Teaching(QObject):
    """Keeps each drawing as a sample at once, and deletes the sample of one that is taken back.

    Signals
    -------
    kept(int), taken_back(int)
        The drawing at that index of the lesson became a sample; that sample was deleted.
    failed(int, error)
        The drawing at that index could not be kept, or not be taken back.
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
        #: Samples to keep or delete, in order.
        self.queue = SerialQueue(executor)
        #: Sample id at each index of the lesson; used by the worker only.
        self._ids: dict[int, int] = {}

    def begin(self) -> None:
        """Start a new lesson; the samples of earlier ones stay."""
        self.queue.do(self._ids.clear)

    def keep(self, index: int, label: str, ink: Ink, model: str) -> None:
        """Keep a drawing; `model` names the model in use, with its checksum."""
        self._do(lambda: self._keep(index, label, ink, model), index, self.kept)

    def take_back(self, index: int) -> None:
        """Delete the sample at an index of the lesson."""
        self._do(lambda: self._delete(index), index, self.taken_back)

    def _do(self, act: Callable[[], None], index: int, done: SignalInstance) -> None:
        self.queue.do(act, lambda _: done.emit(index), lambda error: self.failed.emit(index, error))

    def _keep(self, index: int, label: str, ink: Ink, model: str) -> None:
        self._ids[index] = self._store.get().add(self._sample(label, ink, model))

    def _delete(self, index: int) -> None:
        from inkread.core.errors import SampleUnknown

        with suppress(KeyError, SampleUnknown):  # not kept, or deleted elsewhere
            self._store.get().delete([self._ids.pop(index)])

    def _sample(self, label: str, ink: Ink, model: str) -> Sample:
        """With the model's guess, if it can be read at all."""
        from inkread.data.samples.from_glyph import sample_from_glyph
        from inkread.data.samples.sample import CANVAS, Origin, sample_from_ink

        glyph = self._read(ink)
        if glyph is None:
            return sample_from_ink(label, ink)
        sample = sample_from_glyph(label, glyph, ink, CANVAS, model)
        return replace(sample, ink=ink, origin=Origin.TAUGHT)

    def _read(self, ink: Ink) -> Glyph | None:
        from inkread.core.errors import InkreadError

        try:
            glyphs = self._reader.read_ink(ink, Layout.DIGIT).glyphs
        except InkreadError:  # teaching needs no model
            return None
        return glyphs[0] if len(glyphs) == 1 else None

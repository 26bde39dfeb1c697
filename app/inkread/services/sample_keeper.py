"""Keeps what a person corrects or confirms as samples, off the GUI thread, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from inkread.core.errors import SampleUnknown
from inkread.core.ink import Ink
from inkread.core.reading import Glyph
from inkread.core.segmentation.mark_shapes import MARKS
from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.data.samples.store import SampleStore

#: Opens the store; called by the worker that first needs it.
OpenStore = Callable[[], "SampleStore"]

#: The signal to emit and the count for it; None: nothing changed.
Told = tuple[str, int] | None

#: The cell of a sample's own strokes is that of its glyph but for so much, of 1.
_SAME_CELL = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """What a person said of a glyph.

    Attributes
    ----------
    glyph : Glyph
        As it was before.
    label : str
        What it is.
    ink : Ink or None
        The drawing that it is part of; None: a picture.
    source : str
        Name of the picture; empty: the canvas.
    model : str
        What read it, by name and checksum.
    """

    glyph: Glyph
    label: str
    ink: Ink | None
    source: str
    model: str


class SampleKeeper(QObject):
    """One sample for each glyph that somebody said something of, as long as it is not undone.

    What cannot be kept is told once, not with every further correction, until one is kept again.

    Signals
    -------
    kept(int), taken_out(int)
        A correction became a sample, or is none any more; how many there are now.
    failed(error)
        A correction could not be kept or taken out; the correction itself holds.
    """

    kept = Signal(int)
    taken_out = Signal(int)
    failed = Signal(object)

    def __init__(
        self, open_store: OpenStore, executor: Executor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = Lazy(open_store)
        #: What is still to be kept or taken back, in order.
        self.queue = SerialQueue(executor, self._on_failed)
        self._is_failing = False
        #: Which sample each glyph became; the worker's.
        self._samples: dict[bytes, int] = {}
        #: What glyphs were corrected to before the program started; looked up when need be.
        self._earlier: dict[bytes, str] = {}

    def keep(self, correction: Correction) -> None:
        """Keep it as a sample; of a glyph that is kept already, the new label counts."""
        self.queue.do(lambda: self._keep(correction), self._on_done)

    def take_out(self, glyph: Glyph) -> None:
        """A correction was undone: `glyph` is what it was before."""
        self.queue.do(lambda: self._restore(glyph), self._on_done)

    def expect(self, glyph: Glyph, label: str) -> None:
        """A glyph was corrected to `label` before the program started: there may be a sample."""
        self._earlier[_key(glyph)] = label

    def _keep(self, correction: Correction) -> Told:
        self._find_earlier(correction.glyph)
        # Marks are told by shape and place, not by a network: nothing is learnt from them.
        if correction.label in MARKS:
            return self._delete(correction.glyph)
        return self._relabel(correction.glyph, correction.label) or self._add(correction)

    def _restore(self, glyph: Glyph) -> Told:
        self._find_earlier(glyph)
        if glyph.confirmed is None or glyph.confirmed in MARKS:
            return self._delete(glyph)
        return self._relabel(glyph, glyph.confirmed)

    def _find_earlier(self, glyph: Glyph) -> None:
        label = self._earlier.pop(_key(glyph), None)
        if label is None or label in MARKS:
            return
        for sample in self._store.get().samples(label):
            if np.allclose(sample.cell / 255.0, glyph.cell, atol=_SAME_CELL):
                self._samples[_key(glyph)] = sample.id

    def _add(self, correction: Correction) -> Told:
        from inkread.data.samples.from_glyph import sample_from_glyph
        from inkread.data.samples.sample import CANVAS

        said, source = correction, correction.source or CANVAS
        sample = sample_from_glyph(said.label, said.glyph, said.ink, source, said.model)
        self._samples[_key(said.glyph)] = self._store.get().add(sample)
        return "kept", self._count()

    def _relabel(self, glyph: Glyph, label: str) -> Told:
        number = self._samples.get(_key(glyph))
        if number is None:
            return None
        try:
            self._store.get().relabel([number], label)
        except SampleUnknown:
            return None  # somebody took it out elsewhere
        return "kept", self._count()

    def _delete(self, glyph: Glyph) -> Told:
        number = self._samples.get(_key(glyph))
        if number is None:
            return None
        with suppress(SampleUnknown):
            self._store.get().delete([number])
        del self._samples[_key(glyph)]
        return "taken_out", self._count()

    def _count(self) -> int:
        return sum(self._store.get().counts().values())

    def _on_done(self, told: Told) -> None:
        if told is not None:
            self._is_failing = False
            what, count = told
            (self.kept if what == "kept" else self.taken_out).emit(count)

    def _on_failed(self, error: Exception) -> None:
        was_failing, self._is_failing = self._is_failing, True
        if not was_failing:
            self.failed.emit(error)


def _key(glyph: Glyph) -> bytes:
    """The same for a glyph before and after it was corrected, and when it is read again."""
    box = glyph.box
    place = np.array([box.x, box.y, box.width, box.height], np.float64)
    return hashlib.sha256(glyph.cell.tobytes() + place.tobytes()).digest()

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
from inkread.services.background.failure_report import FailureReport
from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.data.samples.store import SampleStore

#: Opens the store; called by the worker that first needs it.
OpenStore = Callable[[], "SampleStore"]

#: Name of the signal to emit, and the count for it; None: nothing changed.
Change = tuple[str, int] | None

#: Maximum difference between the cell of a sample and that of its glyph, of 1.
_SAME_CELL = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """A label that a person gave a glyph.

    Attributes
    ----------
    glyph : Glyph
        As it was before.
    label : str
        The label.
    ink : Ink or None
        The drawing that it is part of; None: a picture.
    source : str
        Name of the picture; empty: the canvas.
    model : str
        The model that read it, by name and checksum.
    """

    glyph: Glyph
    label: str
    ink: Ink | None
    source: str
    model: str


class SampleKeeper(QObject):
    """Keeps one sample for each glyph that a person corrected, until that is undone.

    Of several failures in a row only the first is emitted.

    Signals
    -------
    kept(int), taken_out(int)
        A correction became a sample, or its sample was deleted; the count of samples.
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
        self._failures = FailureReport(self.failed.emit)
        #: Samples to keep or delete, in order.
        self.queue = SerialQueue(executor, self._failures.fail)
        #: Which sample each glyph became; the worker's.
        self._samples: dict[bytes, int] = {}
        #: Labels that glyphs were given in earlier sessions; looked up on demand.
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

    def _keep(self, correction: Correction) -> Change:
        self._find_earlier(correction.glyph)
        # Signs are recognised by shape or by the line network, which learns nothing here; as
        # classes of the network of cells they would keep the line network from reading with it.
        if correction.glyph.confirmed_as(correction.label).is_sign:
            return self._delete(correction.glyph)
        return self._relabel(correction.glyph, correction.label) or self._add(correction)

    def _restore(self, glyph: Glyph) -> Change:
        self._find_earlier(glyph)
        if glyph.confirmed is None or glyph.is_sign:
            return self._delete(glyph)
        return self._relabel(glyph, glyph.confirmed)

    def _find_earlier(self, glyph: Glyph) -> None:
        label = self._earlier.pop(_key(glyph), None)
        if label is None or glyph.confirmed_as(label).is_sign:
            return
        for sample in self._store.get().listed(label):
            if np.allclose(sample.pixels / 255.0, glyph.cell, atol=_SAME_CELL):
                self._samples[_key(glyph)] = sample.id

    def _add(self, correction: Correction) -> Change:
        from inkread.data.samples.from_glyph import sample_from_glyph
        from inkread.data.samples.sample import CANVAS

        said, source = correction, correction.source or CANVAS
        sample = sample_from_glyph(said.label, said.glyph, said.ink, source, said.model)
        self._samples[_key(said.glyph)] = self._store.get().add(sample)
        return "kept", self._count()

    def _relabel(self, glyph: Glyph, label: str) -> Change:
        sample_id = self._samples.get(_key(glyph))
        if sample_id is None:
            return None
        try:
            self._store.get().relabel([sample_id], label)
        except SampleUnknown:
            return None  # deleted elsewhere
        return "kept", self._count()

    def _delete(self, glyph: Glyph) -> Change:
        sample_id = self._samples.get(_key(glyph))
        if sample_id is None:
            return None
        with suppress(SampleUnknown):
            self._store.get().delete([sample_id])
        del self._samples[_key(glyph)]
        return "taken_out", self._count()

    def _count(self) -> int:
        return sum(self._store.get().counts().values())

    def _on_done(self, change: Change) -> None:
        if change is not None:
            self._failures.succeed()
            signal, count = change
            (self.kept if signal == "kept" else self.taken_out).emit(count)


def _key(glyph: Glyph) -> bytes:
    """The same for a glyph before and after it was corrected, and when it is read again."""
    box = glyph.box
    place = np.array([box.x, box.y, box.width, box.height], np.float64)
    return hashlib.sha256(glyph.cell.tobytes() + place.tobytes()).digest()

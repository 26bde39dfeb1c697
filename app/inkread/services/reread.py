"""Reads what a person marks on a page or in ink, off the GUI thread, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.classifier import Classifier
from inkread.core.geometry import Box
from inkread.core.ink import Ink
from inkread.core.reading import Glyph, Seen
from inkread.services.background.tasks import Executor, Lazy, Task, in_one_step

if TYPE_CHECKING:
    from inkread.core.correction.reread_page import PageInk
    from inkread.core.picture.page import Page
    from inkread.services.reader import Reader

Read = Callable[[Classifier], Sequence[Glyph]]


class Rereading(QObject):
    """Each question has one answer: `answered` with its glyphs (perhaps none), or `failed`.

    While it is busy, further questions are refused.
    """

    answered = Signal(tuple)
    failed = Signal(object)

    def __init__(self, reader: Reader, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._executor = executor
        self._page: tuple[Page, Seen | None] | None = None
        self._page_ink: Lazy[PageInk] | None = None
        self._task: Task | None = None

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def read_box(self, page: Page, box: Box, seen: Seen | None = None) -> bool:
        """Read what lies in a box, px of the file, as one glyph; whether it is going to be.

        The page is seen again as it was when it was read: `Reading.seen`.
        """
        ink = self._ink_of(page, seen)

        def read(classifier: Classifier) -> Sequence[Glyph]:
            glyph = ink.get().read_box(box, classifier)
            return () if glyph is None else (glyph,)

        return self._start(read)

    def split_box(self, page: Page, box: Box, seen: Seen | None = None) -> bool:
        """Read what lies in a box as two glyphs."""
        ink = self._ink_of(page, seen)
        return self._start(lambda classifier: ink.get().split(box, classifier) or ())

    def read_strokes(self, ink: Ink, boxes: Sequence[Box]) -> bool:
        """Read the strokes in some boxes as one glyph."""

        def read(classifier: Classifier) -> Sequence[Glyph]:
            from inkread.core.correction.reread_ink import read_strokes

            glyph = read_strokes(ink, boxes, classifier)
            return () if glyph is None else (glyph,)

        return self._start(read)

    def split_strokes(self, ink: Ink, box: Box) -> bool:
        """Read the strokes in a box as two glyphs."""

        def read(classifier: Classifier) -> Sequence[Glyph]:
            from inkread.core.correction.reread_ink import split_strokes

            return split_strokes(ink, box, classifier) or ()

        return self._start(read)

    def forget(self) -> None:
        """Free what was kept of the page; no answer comes to what was asked."""
        self._page = self._page_ink = None
        if self._task is not None:
            self._task.cancel()

    def _ink_of(self, page: Page, seen: Seen | None) -> Lazy[PageInk]:
        """The ink of the page; a worker separates it from the background at its first use."""
        if self._page != (page, seen) or self._page_ink is None:

            def make() -> PageInk:
                from inkread.core.correction.reread_page import PageInk

                return PageInk.of(page, seen)

            self._page, self._page_ink = (page, seen), Lazy(make)
        return self._page_ink

    def _start(self, read: Read) -> bool:
        if self.is_busy:
            return False

        work = in_one_step(lambda: tuple(read(self._reader.classifier())))
        self._task = Task(work, self._executor)
        self._task.succeeded.connect(self.answered)
        self._task.failed.connect(self.failed)
        self._task.finished.connect(self._on_finished)
        self._task.start()
        return True

    def _on_finished(self) -> None:
        self._task = None

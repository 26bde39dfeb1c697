"""Traces of pages, computed off the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.services.background.tasks import Executor, Latest

if TYPE_CHECKING:
    from inkread.core.page.trace import TraceStep
    from inkread.core.picture.page import Page
    from inkread.core.reading import Seen


class PageTraces(QObject):
    """Traces one page at a time; of several requests the last counts.

    Signals
    -------
    traced(Page, tuple of TraceStep)
        A page after each stage.
    failed(error)
        A stage failed.
    """

    traced = Signal(object, object)
    failed = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest = Latest(executor, self)
        self._latest.answered.connect(lambda answer: self.traced.emit(*answer))
        self._latest.failed.connect(self.failed)

    def request(self, page: Page, seen: Seen | None = None) -> None:
        """Trace a page as it was seen when it was read; reported as `traced`."""
        self._latest.request(partial(_trace, page, seen))


def _trace(page: Page, seen: Seen | None) -> tuple[Page, tuple[TraceStep, ...]]:
    from inkread.core.page.pipeline import trace_of

    return page, trace_of(page, seen)

"""Decides when to offer learning: after ten new samples, and only once for the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inkread.services.background.tasks import Executor, Latest
from inkread.services.settings import Settings

if TYPE_CHECKING:
    from inkread.data.samples.store import SampleStore

#: New samples that are worth a run of learning.
MIN_NEW_SAMPLES = 10
#: Delay of the first count, ms: loading SQLite must not slow down the first digits.
_START_DELAY = 1000


class LearningOffer(QObject):
    """Counts the samples since the last learning, or since an offer was dismissed.

    An offer that is left open is made again at the next start.

    Signals
    -------
    made(int)
        Count of new samples: enough to learn from.
    withdrawn()
        There are too few, or offers are switched off.
    """

    made = Signal(int)
    withdrawn = Signal()

    def __init__(
        self,
        open_store: Callable[[], SampleStore],
        settings: Settings,
        executor: Executor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_store = open_store
        self._settings = settings
        self._newest = 0
        self._is_declined = False
        self._latest = Latest(executor, self)
        self._latest.answered.connect(self._on_counted)
        settings.offers_learning_changed.connect(self.count_new)
        settings.learned_up_to_changed.connect(self._on_learned)

    def count_later(self) -> None:
        """Count new samples when the program has started."""
        QTimer.singleShot(_START_DELAY, self, self.count_new)

    def count_new(self) -> None:
        """Count new samples. Errors of the store are left to those who keep samples in it."""
        if self._settings.offers_learning:
            seen = self._settings.learned_up_to
            self._latest.request(lambda: self._open_store().count_after(seen))
        else:
            self._latest.forget()
            self.withdrawn.emit()

    def dismiss(self) -> None:
        """Make no other offer for the samples counted last."""
        if self._newest > self._settings.learned_up_to:
            self._settings.learned_up_to = self._newest  # which withdraws the offer
        else:
            self.withdrawn.emit()

    def decline(self) -> None:
        """A person declined elsewhere to learn the samples there are now."""
        self._is_declined = True
        self.count_new()

    def settle(self, newest: int) -> None:
        """All samples up to that id were learned, or the verdict refused them."""
        self._newest = newest
        self.dismiss()

    def _on_learned(self, up_to: int) -> None:
        """Here or in another window the samples counted last were learned, or dismissed."""
        if up_to >= self._newest > 0:
            self.withdrawn.emit()

    def _on_counted(self, found: tuple[int, int]) -> None:
        count, self._newest = found
        is_declined, self._is_declined = self._is_declined, False
        if self._newest < self._settings.learned_up_to:
            # This is another store: its ids started again.
            self._settings.learned_up_to = 0
            self._is_declined = is_declined
            self.count_new()
        elif count >= MIN_NEW_SAMPLES and is_declined:
            self.dismiss()
        elif count >= MIN_NEW_SAMPLES:
            self.made.emit(count)
        else:
            self.withdrawn.emit()

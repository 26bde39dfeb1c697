"""When to ask whether to learn: after ten new samples, and not again for the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inkread.services.background.tasks import Executor, Latest
from inkread.services.settings import Settings

if TYPE_CHECKING:
    from inkread.data.samples.store import SampleStore

#: So many new samples are worth learning.
ENOUGH = 10
#: What SQLite takes to load is spared the first digits, ms.
_AT_THE_START = 1000


class LearningOffer(QObject):
    """Counts the samples since the last learning, or since an offer was dismissed.

    Whoever leaves an offer open finds it at the next start.

    Signals
    -------
    made(int)
        So many samples are new: enough to learn from them.
    withdrawn()
        There are not enough, or nobody wants to be asked.
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
        settings.offers_learning_changed.connect(self.look)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AT_THE_START)
        self._timer.timeout.connect(self.look)

    def look_later(self) -> None:
        """Count anew when the start of the program is over."""
        self._timer.start()

    def look(self) -> None:
        """Count anew; what the store has against that, those tell who keep samples."""
        if self._settings.offers_learning:
            seen = self._settings.learned_up_to
            self._latest.request(lambda: self._open_store().count_after(seen))
        else:
            self._latest.forget()
            self.withdrawn.emit()

    def dismiss(self) -> None:
        """Do not ask again for those that were counted last."""
        self._settings.learned_up_to = max(self._newest, self._settings.learned_up_to)
        self.withdrawn.emit()

    def decline(self) -> None:
        """Somebody was asked elsewhere and does not want to learn now."""
        self._is_declined = True
        self.look()

    def settle(self, newest: int) -> None:
        """All samples up to that number were learned, or tried in vain."""
        self._newest = newest
        self.dismiss()

    def _on_counted(self, found: tuple[int, int]) -> None:
        count, self._newest = found
        is_declined, self._is_declined = self._is_declined, False
        if self._newest < self._settings.learned_up_to:
            # The store is another one than it was: its numbers began anew.
            self._settings.learned_up_to = 0
            self._is_declined = is_declined
            self.look()
        elif count >= ENOUGH and is_declined:
            self.dismiss()
        elif count >= ENOUGH:
            self.made.emit(count)
        else:
            self.withdrawn.emit()

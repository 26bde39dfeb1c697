"""The undo histories of pictures; the same content has the same history."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QObject, Signal

from inkread.services.corrections import PictureCorrections
from inkread.ui.history.undo import PictureHistory

#: Maximum number of histories; those of pictures shown longest ago are dropped first.
_MAX = 100


class PictureHistories(QObject):
    """Knows a picture by the digest of its content, whatever file it is in.

    Signals
    -------
    stepped()
        A step of some picture was done, undone or redone.
    """

    stepped = Signal()

    def __init__(self, corrections: PictureCorrections, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._corrections = corrections
        self._histories: dict[str, PictureHistory] = {}
        self._unknown = count()

    def known(self, digest: str) -> PictureHistory | None:
        """The history of a picture that was shown before."""
        return self._histories.get(digest)

    def history(self, digest: str) -> PictureHistory:
        """The history of a picture that is shown now; without a digest it is always a new one."""
        digest = digest or f"unknown {next(self._unknown)}"
        history = self._histories.pop(digest, None)
        if history is None:
            history = PictureHistory(digest, self._corrections)
            history.stack.index_changed.connect(self.stepped)
        self._histories[digest] = history  # now the last to be dropped
        for old in list(self._histories)[:-_MAX]:
            del self._histories[old]
            self._corrections.forget_steps(old)
        return history

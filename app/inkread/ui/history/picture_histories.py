"""The histories of the pictures that were shown: the same content has the same corrections."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inkread.ui.history.undo import History

#: So many histories are remembered; those of pictures shown longest ago are forgotten first.
_MAX = 100


class Pictures(QObject):
    """Knows a picture by the digest of its content, whatever file it is in.

    Signals
    -------
    first_shown(History)
        A picture that was not shown before.
    shown_again(History)
        A picture that was shown before.
    stepped()
        A step of some picture was done, undone or done again.
    """

    first_shown = Signal(object)
    shown_again = Signal(object)
    stepped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._histories: dict[str, History] = {}

    def known(self, digest: str) -> History | None:
        """The history of a picture that was shown before."""
        return self._histories.get(digest)

    def history(self, digest: str) -> History:
        """The history of a picture that is shown now."""
        history = self._histories.pop(digest, None)
        if history is not None:
            self._histories[digest] = history  # now the last to be forgotten
            self.shown_again.emit(history)
            return history
        history = History(digest)
        history.stack.indexChanged.connect(self.stepped)
        if digest:
            self._histories[digest] = history
            self._forget_old()
            self.first_shown.emit(history)
        return history

    def _forget_old(self) -> None:
        for digest in list(self._histories)[:-_MAX]:
            del self._histories[digest]

"""What of a folder's table is shown, and in which order."""

from __future__ import annotations

from PySide6.QtCore import QSortFilterProxyModel

from inkread.ui.folder.model import FolderModel, Index


class FolderFilter(QSortFilterProxyModel):
    """The rows that are shown, in the order that was clicked."""

    def __init__(self, model: FolderModel) -> None:
        super().__init__(model)
        self._model = model
        self._only_doubtful = False
        self.setSourceModel(model)

    def set_only_doubtful(self, only: bool) -> None:
        self._only_doubtful = only
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, _source_parent: Index) -> bool:
        return not self._only_doubtful or self._model.is_doubtful(source_row)

    def lessThan(self, left: Index, right: Index) -> bool:
        return self._model.sort_key(left) < self._model.sort_key(right)

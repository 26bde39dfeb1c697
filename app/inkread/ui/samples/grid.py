"""The samples as a grid of thumbnails, by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QPixmap, QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView

from inkread.core.escapes import MAX_TEXT, visible
from inkread.ui.widgets.grey_image import grey_image
from inkread.ui.widgets.plain_text import plain_tooltip, shown

if TYPE_CHECKING:
    from inkread.data.samples.sample import ListedSample

_SIDE = 56  # px
_GAP = 34  # px; room for the label
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class SampleModel(QAbstractListModel):
    """Sample cells, dark on light, with labels; thumbnails are made when shown."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: tuple[ListedSample, ...] = ()

    def set_samples(self, samples: Sequence[ListedSample]) -> None:
        self.beginResetModel()
        self._samples = tuple(samples)
        self.endResetModel()

    def sample(self, index: Index) -> ListedSample:
        return self._samples[index.row()]

    def samples(self, start: int, stop: int) -> Sequence[ListedSample]:
        return self._samples[start:stop]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._samples)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        sample = self.sample(index)
        if role == Role.DisplayRole:
            return visible(sample.label)
        if role == Role.DecorationRole:
            return _thumbnail(sample)
        if role == Role.ToolTipRole:
            return plain_tooltip(self._details(sample))
        return None

    def _details(self, sample: ListedSample) -> str:
        if sample.guess is None or sample.probability is None:
            return shown(sample.source, MAX_TEXT)
        return self.tr("{source}: read as {guess} with {percent} %").format(
            source=shown(sample.source, MAX_TEXT),
            guess=shown(sample.guess),
            percent=round(100 * sample.probability),
        )


class SampleGrid(QListView):
    """Grid with multiple selection."""

    def __init__(self, model: SampleModel) -> None:
        super().__init__()
        self.setObjectName("samples_grid")
        self.setModel(model)
        self._samples = model
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setGridSize(QSize(_SIDE + _GAP, _SIDE + _GAP))

    @property
    def chosen(self) -> list[int]:
        """Ids of the selected samples."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(index) for index in range(selection.count())]
        return [
            one.id
            for found in ranges
            for one in self._samples.samples(found.top(), found.bottom() + 1)
        ]

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        """Repaint all that is visible: Qt would unite the places of all selected items."""
        return QRegion(self.viewport().rect())


def _thumbnail(sample: ListedSample) -> QPixmap:
    smooth = Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(grey_image(255 - sample.pixels).scaled(_SIDE, _SIDE, mode=smooth))

"""Thumbnails of the stages that a page passes before its text is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from inkread.ui.result.stage_view import LARGE, SMALL, StageView
from inkread.ui.widgets.retranslated import Retranslated

if TYPE_CHECKING:
    from inkread.core.page.trace import TraceStep


class PageStages(Retranslated, QScrollArea):
    """Stages from left to right, scrolled where there is no room for all; each tells what it did.

    The first is the page as it is or rectified; of the others, those that change the picture.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = 0
        self._steps: list[TraceStep] = []
        self._views: list[StageView] = []
        self._inside = QWidget()
        self._row = QHBoxLayout(self._inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch()
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_side(LARGE)

    @property
    def has_steps(self) -> bool:
        return bool(self._steps)

    def views(self) -> tuple[StageView, ...]:
        """The stages that are shown, from left to right."""
        return tuple(self._views)

    def set_side(self, side: int) -> None:
        """The size of a picture with the scroll bar, px."""
        self._side = max(SMALL, side - self.horizontalScrollBar().sizeHint().height())
        self.updateGeometry()
        for view in self._views:
            view.thumbnail.set_side(side)

    def set_steps(self, steps: Sequence[TraceStep]) -> None:
        """Show what the stages did to a page."""
        self._steps = list(steps[:1])
        for step in steps[1:]:
            if not np.array_equal(step.picture, self._steps[-1].picture):
                self._steps.append(step)
        for view in self._views:
            self._row.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._views = [StageView(self._side, self._inside, is_square=False) for _ in self._steps]
        for position, (view, step) in enumerate(zip(self._views, self._steps, strict=True)):
            view.thumbnail.set_picture(step.picture)
            self._row.insertWidget(position, view)
            view.arrow.setVisible(position > 0)
        self.retranslate()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as with a square picture, so that no page moves what is above."""
        square = StageView.height_of(self._side, self)
        bar = self.horizontalScrollBar().sizeHint()
        return QSize(self._inside.sizeHint().width(), square + bar.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side, self.sizeHint().height())

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("What happens to the page"))
        captions = {
            "rectify sheet": self.tr("Sheet"),
            "even illumination": self.tr("Even light"),
            "find line polarity": self.tr("Dark on light"),
            "separate tight crop": self.tr("Two greys"),
            "find polarity": self.tr("Dark on light"),
            "denoise": self.tr("Less noise"),
            "estimate background": self.tr("Ink"),
            "turn page": self.tr("Turned"),
            "remove edge lines": self.tr("No lines at the sides"),
            "remove rulings": self.tr("No ruling lines"),
            "reject texture": self.tr("No texture"),
            "threshold": self.tr("Threshold"),
            "remove form boxes": self.tr("No form boxes"),
            "drop non text": self.tr("Text"),
        }
        for view, step in zip(self._views, self._steps, strict=True):
            view.set_caption(captions.get(step.name, step.name))
            view.setToolTip(step.note)
            view.setAccessibleDescription(step.note)

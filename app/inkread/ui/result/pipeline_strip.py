"""The stages from ink or picture to the 28 x 28 cell, or those of a whole page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from inkread.core.reading import OF_INK, Glyph, StageName
from inkread.ui.result.page_stages import PageStages
from inkread.ui.result.stage_view import LARGE, SMALL, StageView
from inkread.ui.widgets.layouts import STRETCH, bare, fill
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated

if TYPE_CHECKING:
    from inkread.core.page.trace import TraceStep


class PipelineStrip(Retranslated, QWidget):
    """The stages of one glyph from left to right; the cell is the last and the largest.

    Where there is no room for all of them, the heading and the first ones are left out. Of a
    picture, a button shows what happens to the whole page instead.

    Signals
    -------
    trace_wanted()
        The stages of the page are to be shown.
    """

    trace_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pipeline")
        self._names: tuple[StageName, ...] = ()
        self._is_picture = False
        self._cell_side = LARGE
        self._views: dict[StageName, StageView] = {}
        self._heading = PlainLabel(wordWrap=True)
        self._heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._heading.setMaximumWidth(110)
        self._row = bare(QHBoxLayout(self), 8)
        self._row.addWidget(self._heading)
        self.page_stages = PageStages(self)
        fill(self._row, (self.page_stages, 1), STRETCH)
        self.page_button = QPushButton()
        self.page_button.setObjectName("page_stages")
        self.page_button.setCheckable(True)
        self.page_button.toggled.connect(self._on_toggled)
        self._row.addWidget(self.page_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.show_stages(OF_INK)

    @property
    def stage_names(self) -> tuple[StageName, ...]:
        """The stages that are shown, from left to right."""
        return self._names

    def views(self) -> tuple[StageView, ...]:
        """The same as they are shown."""
        return tuple(self._views[name] for name in self._names)

    def set_compact(self, is_compact: bool) -> None:
        """Whether the cell, too, is small."""
        self._cell_side = SMALL if is_compact else LARGE
        self._views[StageName.CELL].thumbnail.set_side(self._cell_side)
        self.page_stages.set_side(self._cell_side)
        self._show_what_fits()

    def set_glyph(self, glyph: Glyph | None) -> None:
        """Show how the cell of a glyph came about; None empties the thumbnails."""
        stages = {stage.name: stage for stage in glyph.stages} if glyph else {}
        if stages:
            self.show_stages(tuple(stages))
        for name, view in self._views.items():
            stage = stages.get(name)
            picture = stage.image if stage else None
            view.thumbnail.set_picture(picture, name is not StageName.CELL)

    def set_is_picture(self, is_picture: bool) -> None:
        """Whether there is a page whose stages can be shown; without one, they are freed."""
        self._is_picture = is_picture
        if not is_picture:
            self.page_stages.set_steps(())
        self._show_what_fits()

    def want_trace(self) -> None:
        """The page was read, perhaps in another way: its stages are yet to come, if wanted."""
        self.page_stages.set_steps(())
        if self._is_of_page:
            self.trace_wanted.emit()

    def set_trace(self, steps: Sequence[TraceStep]) -> None:
        """Show what the stages did to the page."""
        self.page_stages.set_steps(steps)

    @property
    def _is_of_page(self) -> bool:
        return self._is_picture and self.page_button.isChecked()

    def _on_toggled(self) -> None:
        if self._is_of_page and not self.page_stages.has_steps:
            self.trace_wanted.emit()
        self._show_what_fits()

    def show_stages(self, names: tuple[StageName, ...]) -> None:
        """Show these stages, from left to right."""
        if names == self._names:
            return
        self._names = names
        for view in self._views.values():
            view.hide()
        for position, name in enumerate(names, start=1):
            if name not in self._views:
                side = self._cell_side if name is StageName.CELL else SMALL
                self._views[name] = StageView(side, self)
            self._row.insertWidget(position, self._views[name])
        self.retranslate()
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        views, gap = self.views(), self._row.spacing()
        self.page_button.setVisible(self._is_picture)
        self.page_stages.setVisible(self._is_of_page)
        if self._is_of_page:
            self._heading.hide()
            for view in views:
                view.hide()
            return
        room = self.width() + gap
        if self._is_picture:
            room -= self.page_button.sizeHint().width() + gap
        first = len(views)
        while first > 0 and (needed := views[first - 1].sizeHint().width() + gap) <= room:
            room -= needed
            first -= 1
        first = min(first, len(views) - 1)
        for position, view in enumerate(views):
            view.arrow.setVisible(position > first)
            view.setVisible(position >= first)
        self._heading.setVisible(first == 0 and room >= self._heading.sizeHint().width() + gap)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.views()[-1].sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("What the network sees"))
        self._heading.setText(self.tr("What the network sees"))
        captions = {
            StageName.GREY: self.tr("Greyscale"),
            StageName.THRESHOLD: self.tr("Threshold"),
            StageName.INVERT: self.tr("Inverted"),
            StageName.INK: self.tr("Ink"),
            StageName.CROP: self.tr("Cropped"),
            StageName.CENTRE: self.tr("Centred"),
            StageName.CELL: self.tr("28 × 28 cell"),
        }
        for name, view in self._views.items():
            view.set_caption(captions[name])
        self.page_button.setText(self.tr("Page"))
        self.page_button.setToolTip(self.tr("Show what happens to the whole page"))

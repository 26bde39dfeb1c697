"""Pass readings to all views, and keep their selection the same."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker

from inkread.core.geometry import Box
from inkread.core.ink import Ink
from inkread.core.reading import Reading
from inkread.ui.glyphs.glyph_widget import GlyphWidget
from inkread.ui.glyphs.selection import glyph_near
from inkread.ui.result.pipeline_strip import PipelineStrip
from inkread.ui.result.result_panel import ResultPanel


class Presenter(QObject):
    """Shows in detail the glyph that is being written, until another is selected."""

    def __init__(
        self, view: GlyphWidget, panel: ResultPanel, pipeline: PipelineStrip, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._panel = panel
        self._pipeline = pipeline
        self._pen: Box | None = None
        self.waiting = False

    def watch(self, *views: GlyphWidget) -> None:
        for view in views:
            view.selected_changed.connect(self._on_selected)

    def set_view(self, view: GlyphWidget) -> None:
        """Set the widget that further readings belong to."""
        self._view = view
        self._pen = None
        self._pipeline.show_stages(view.stages)

    def follow(self, ink: Ink) -> None:
        """Note that the pen is, or was last, at the end of `ink`."""
        if ink.is_empty:
            self._pen = None
        else:
            last = ink.strokes[-1]
            self._pen = last.bounds.grown(last.width / 2)

    def show(self, reading: Reading, place: Box | None = None) -> None:
        """Show a reading; with a `place` of something edited, the glyph there in detail."""
        self.waiting = False
        if place is not None:
            self._pen = None
        with QSignalBlocker(self._view):
            self._view.set_reading(reading)
            self._select(reading, place)
        index = self._view.selected
        self._panel.set_reading(reading, index)
        self._pipeline.set_glyph(reading.glyphs[index] if index >= 0 else None)

    def wait(self) -> None:
        """Show that the picture is still being read."""
        self.waiting = True
        self._panel.set_waiting()
        self._pipeline.set_glyph(None)

    def fail(self, why: str) -> None:
        """Show that reading failed."""
        self.waiting = False
        with QSignalBlocker(self._view):
            self._view.set_reading(Reading())
        self._panel.set_unread(why)
        self._pipeline.set_glyph(None)

    def _select(self, reading: Reading, place: Box | None) -> None:
        if place is not None:
            self._view.select_near(place)
        elif self._pen is not None:
            self._view.set_selected(glyph_near(reading, self._pen))
        elif not self._view.has_selection:
            self._view.select_first()

    def _on_selected(self, index: int) -> None:
        self._pen = None
        glyphs = self._view.reading.glyphs
        self._panel.set_selected(index)
        self._pipeline.set_glyph(glyphs[index] if 0 <= index < len(glyphs) else None)

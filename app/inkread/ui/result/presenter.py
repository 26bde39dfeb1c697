"""Pass readings to all views, and keep their selection the same."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker

from inkread.core.geometry import Box
from inkread.core.ink import Ink
from inkread.core.reading import Reading
from inkread.ui.glyphs.glyph_widget import GlyphWidget
from inkread.ui.result.pipeline_strip import PipelineStrip
from inkread.ui.result.result_panel import ResultPanel


def glyph_near(reading: Reading, place: Box) -> int:
    """Index of the glyph that overlaps a box most, or else is nearest; -1 if there is none."""

    def nearness(index: int) -> tuple[float, float]:
        box = reading.glyphs[index].box
        across, down = box.overlap_x(place), box.overlap_y(place)
        gap = max(0.0, -across) + max(0.0, -down)
        return max(0.0, across) * max(0.0, down), -gap

    return max(range(len(reading.glyphs)), key=nearness, default=-1)


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
            self._view.set_selected(
                self._choose(reading) if place is None else glyph_near(reading, place)
            )
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

    def _choose(self, reading: Reading) -> int:
        if self._pen is not None:
            return glyph_near(reading, self._pen)
        if self._view.selected >= 0 or reading.is_empty:
            return self._view.selected
        return 0

    def _on_selected(self, index: int) -> None:
        self._pen = None
        glyphs = self._view.reading.glyphs
        self._panel.set_selected(index)
        self._pipeline.set_glyph(glyphs[index] if 0 <= index < len(glyphs) else None)

"""The heart of the window: what is written on one side, what was read of it on the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from inkread.core.geometry import Box
from inkread.core.ink import Ink
from inkread.core.line_labels import SIGNS
from inkread.core.reading import Reading
from inkread.core.tables.cell_map import CellMap
from inkread.services.corrections import PictureCorrections
from inkread.services.recognition import Recognition
from inkread.ui.actions.actions import Actions
from inkread.ui.canvas.canvas import Canvas
from inkread.ui.canvas.documents import Documents
from inkread.ui.canvas.drawings_bar import DrawingsBar
from inkread.ui.canvas.scroll import CanvasScroll
from inkread.ui.glyphs.glyph_widget import GlyphWidget
from inkread.ui.history.picture_histories import PictureHistories
from inkread.ui.history.reading_editor import ReadingEditor
from inkread.ui.history.undo import History, Picture, Shown
from inkread.ui.learning.offer_bar import LearningBar
from inkread.ui.page.page_view import PageView
from inkread.ui.page.pages_bar import PagesBar
from inkread.ui.page.picture_bar import PictureBar
from inkread.ui.result.pipeline_strip import PipelineStrip
from inkread.ui.result.presenter import Presenter
from inkread.ui.result.result_panel import ResultPanel
from inkread.ui.result.table_panel import TablePanel
from inkread.ui.result.table_split import TableSplit
from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.layouts import fill
from inkread.ui.widgets.messages import reason

if TYPE_CHECKING:
    from inkread.core.classifier import Classifier
    from inkread.core.inkml import Drawing
    from inkread.core.page.trace import TraceStep
    from inkread.core.picture.page import Page


_LOW = 480  # px; in a lower window the strip is smaller


class Workspace(QWidget):
    """Canvas or picture; reads whichever is shown."""

    #: Undo, save, copy or back may be possible now, or not any more.
    changed = Signal()

    def __init__(
        self, recognition: Recognition, corrections: PictureCorrections, actions: Actions
    ) -> None:
        super().__init__()
        self._recognition = recognition
        self.canvas = Canvas()
        self.page_view = PageView()
        self.banner = Banner()
        self.learning_bar = LearningBar()
        self._drawings_bar = DrawingsBar(actions)
        self.documents = Documents(self.canvas, self._drawings_bar, self)
        self._picture_bar = PictureBar(actions)
        self._pages_bar = PagesBar(actions)
        self._pages_bar.chosen.connect(self._turn_to)
        self._coming = self.name = ""
        #: The picture that is shown, if one is.
        self.picture: Picture | None = None
        #: A reading that came before the corrections of its picture are loaded.
        self._held: Reading | None = None
        self.pictures = PictureHistories(corrections, self)
        self.pictures.stepped.connect(self.changed)
        #: Why no model could be opened; empty while one is, or may be.
        self._problem = ""
        self._has_model = False
        self.panel = ResultPanel()
        self.table_panel = TablePanel(self.page_view.label_of)
        self.table_panel.cell_chosen.connect(self.page_view.set_place)
        self.table_panel.wrong_changed.connect(self.page_view.set_wrong)
        self.page_view.cell_changed.connect(self.table_panel.set_place)
        self.pipeline = PipelineStrip()
        self.pipeline.trace_wanted.connect(self._trace_page)
        recognition.traces.traced.connect(self._on_traced)
        self._views = QStackedWidget()
        self._split = TableSplit(self._views, self.table_panel)
        self._paper = CanvasScroll(self.canvas)
        self._presenter = Presenter(self.canvas, self.panel, self.pipeline, self)
        self._presenter.watch(self.canvas, self.page_view)
        self.editor = ReadingEditor(recognition.rereading, lambda: self.shown, self)
        self.editor.reading_edited.connect(self._on_reading_edited)
        self.editor.restored.connect(self._on_restored)
        self.editor.step_made.connect(self._on_step_made)
        self._lay_out()
        self.canvas.ink_changing.connect(self._read)
        self.canvas.ink_changed.connect(self._on_ink_changed)
        self.canvas.history_changed.connect(self.changed)
        recognition.reading_changed.connect(self._on_reading)
        recognition.page_opened.connect(self._on_page_opened)
        recognition.drawings_opened.connect(self._on_drawings_opened)
        recognition.model_changed.connect(self._on_model_changed)
        recognition.unread.connect(self._on_unread)
        recognition.busy_changed.connect(self._on_busy_changed)

    def _lay_out(self) -> None:
        self._views.addWidget(self._paper)
        self._views.addWidget(self.page_view)
        self._picture_bar.hide()
        left = QVBoxLayout()
        left.setSpacing(8)
        fill(left, self.banner, self.learning_bar)
        bars = self._picture_bar, self._pages_bar, self._drawings_bar
        fill(left, *bars, (self._split, 1), self.pipeline)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(12, 8, 12, 4)
        columns.setSpacing(16)
        fill(columns, (left, 3), (self.panel, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pipeline.set_compact(self.height() < _LOW)

    @property
    def is_drawing(self) -> bool:
        """Whether the canvas is shown, not a picture."""
        return self._views.currentWidget() is self._paper

    @property
    def text(self) -> str:
        """The text of the reading; empty if nothing is written."""
        return self.panel.text

    @property
    def has_tables(self) -> bool:
        """Whether there are tables in what is shown."""
        return not self.is_drawing and self.page_view.cells.has_tables

    @property
    def view(self) -> GlyphWidget:
        """Canvas or page view, whichever is shown."""
        return self.canvas if self.is_drawing else self.page_view

    @property
    def _steps(self) -> Documents | History:
        return self.documents if self.picture is None else self.picture.history

    @property
    def undo_text(self) -> str | None:
        """The step that undo would take back; None: there is none."""
        return self._steps.undo_text

    @property
    def redo_text(self) -> str | None:
        """The step that redo would do again; None: there is none."""
        return self._steps.redo_text

    def undo(self) -> None:
        self._steps.undo()

    def redo(self) -> None:
        self._steps.redo()

    @property
    def shown(self) -> Shown:
        """Picture or drawing, with its corrections."""
        return self.canvas.drawing if self.picture is None else self.picture

    @property
    def digest(self) -> str:
        """Of the content that is shown, if it is in a file as it is; else empty."""
        if self.picture is not None:
            return self.picture.history.digest
        return self.documents.current.digest if self.documents.current.is_filed else ""

    def back_to_drawing(self) -> None:
        """Leave the picture; the ink is still there."""
        self._leave_picture()
        self._read(self.canvas.ink)

    def start_anew(self) -> None:
        """An empty canvas; undo brings the ink back."""
        if not self.is_drawing:
            self.back_to_drawing()
        self.documents.start_anew()

    def set_picture_name(self, name: str) -> None:
        """The path of the picture that comes next, or what it is called without one."""
        self._coming = name

    def open_part(self, page: Page) -> None:
        """Show and read a page that was made of the one that is shown."""
        self.set_picture_name(self.name)
        self._recognition.open_part(page, self.name)

    def _turn_to(self, index: int) -> None:
        self.set_picture_name(self.name)
        self._recognition.turn_to(index)

    def _leave_picture(self) -> None:
        self.picture, self.name = None, ""
        self._forget_reading()
        self._show(self.canvas)
        self._pages_bar.show_page(None)
        self.page_view.clear()
        self._show_tables()

    def _forget_reading(self) -> None:
        self._held = None
        self._recognition.rereading.forget()
        self.editor.clear()

    def _show(self, view: Canvas | PageView) -> None:
        self._views.setCurrentWidget(self._paper if view is self.canvas else view)
        self._picture_bar.setVisible(view is self.page_view)
        self._drawings_bar.set_active(view is self.canvas)
        self._presenter.set_view(view)
        self.pipeline.set_is_picture(view is self.page_view)
        view.setFocus()
        self.changed.emit()

    def _read(self, ink: Ink) -> None:
        self._presenter.follow(ink)
        self._recognition.read_ink(ink)

    def _on_ink_changed(self, ink: Ink) -> None:
        if self.is_drawing:
            self._read(ink)

    def _on_reading(self, reading: Reading) -> None:
        if not self.shown.is_loaded:
            self._held = reading
        elif self._problem and reading.is_empty:
            self.editor.clear()
            self._fail(self._problem)
        else:
            self._show_reading(self.editor.show(reading))
            if self.picture is not None:
                self.pipeline.want_trace()
        self.changed.emit()

    def _show_reading(self, reading: Reading, place: Box | None = None) -> None:
        self._presenter.show(reading, place)
        self._show_tables()

    def _show_tables(self) -> None:
        """Show the tables of a picture, or none, beside it."""
        cells = CellMap(Reading()) if self.is_drawing else self.page_view.cells
        had_none = self.table_panel.isHidden()
        self.table_panel.set_cells(cells, self.page_view.place)
        if had_none and cells.has_tables and self.picture is not None:
            height, width = self.picture.page.colour.shape[:2]
            self._split.arrange(QSize(width, height))

    def _on_restored(self, history: History) -> None:
        if self._held is not None and history is self.shown.history:
            held, self._held = self._held, None
            self._on_reading(held)

    def _on_reading_edited(self, reading: Reading, place: Box) -> None:
        self._show_reading(reading, place)
        self.changed.emit()

    def _on_step_made(self) -> None:
        """The step is one of the drawing's history, as its strokes are."""
        if self.is_drawing:
            self.canvas.step_made.emit()

    def _on_page_opened(self, page: Page) -> None:
        self.name = self._coming
        self._picture_bar.set_name(Path(self.name).name)
        self._forget_reading()
        self.picture = Picture(page, self.pictures.history(page.digest))
        self.page_view.set_page(page)
        self._pages_bar.show_page(page)
        self._show(self.page_view)
        self._presenter.wait()
        self._show_tables()
        self.pipeline.set_trace(())

    def _trace_page(self) -> None:
        """Trace the page as it was read; while it is being read, that is not known."""
        if self.picture is not None and not self._presenter.waiting:
            self._recognition.traces.request(self.picture.page, self.view.reading.seen)

    def _fail(self, why: str) -> None:
        self._presenter.fail(why)
        self._show_tables()
        self.pipeline.want_trace()

    def _on_traced(self, page: Page, steps: tuple[TraceStep, ...]) -> None:
        if self.picture is not None and self.picture.page is page:
            self.pipeline.set_trace(steps)

    def _on_drawings_opened(self, drawings: tuple[Drawing, ...], digest: str) -> None:
        self._leave_picture()
        self.documents.open(drawings, digest)

    def _on_model_changed(self, classifier: Classifier) -> None:
        self.panel.set_model(classifier.labels, classifier.is_calibrated)
        for view in (self.canvas, self.page_view):
            view.set_labels(
                (*classifier.labels, *SIGNS)
            )  # models of cells read none; they are typed
        had_none, self._problem, self._has_model = bool(self._problem), "", True
        if had_none:
            self.banner.dismiss()
            self._on_reading(Reading())

    def _on_unread(self, error: BaseException) -> None:
        why = reason(error)
        self.editor.clear()
        if not self._has_model:
            self._problem = why
        self._fail(why)

    def _on_busy_changed(self, is_busy: bool) -> None:
        if self._presenter.waiting and not is_busy and self._held is None:
            self._fail(self.tr("it was cancelled"))

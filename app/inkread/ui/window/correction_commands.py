"""Walks through what is doubtful and corrects it: from the menu's commands to what is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inkread.core.correction.reread_ink import strokes_in
from inkread.core.reading import Reading
from inkread.core.tables.cell_map import CellMap, Place
from inkread.ui.actions.reading_actions import ReadingActions
from inkread.ui.glyphs import selection
from inkread.ui.glyphs.glyph_widget import GlyphWidget
from inkread.ui.page import cell_moves
from inkread.ui.window.workspace import Workspace


class Correcting(QObject):
    """Does what the actions say to the selected glyph; they are enabled where there is one."""

    #: A sentence for the status bar.
    reported = Signal(str)

    def __init__(self, actions: ReadingActions, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._workspace = workspace
        self._editor = workspace.editor
        #: The page that boxes are drawn on; another page ends the mode.
        self._page = workspace.page_view.page
        self._editor.reported.connect(self.reported)
        do = actions
        do.next_doubtful.triggered.connect(lambda: self._go_to_doubtful(1))
        do.previous_doubtful.triggered.connect(lambda: self._go_to_doubtful(-1))
        do.confirm.triggered.connect(self._confirm)
        do.split.triggered.connect(lambda: self._editor.split(self._index))
        do.join.triggered.connect(lambda: self._editor.join(self._index))
        do.delete.triggered.connect(self._delete)
        do.draw_box.toggled.connect(workspace.page_view.set_draws_boxes)
        do.zoom_in.triggered.connect(workspace.page_view.zoom_in)
        do.zoom_out.triggered.connect(workspace.page_view.zoom_out)
        do.show_whole.triggered.connect(workspace.page_view.show_whole)
        workspace.page_view.zoom_changed.connect(self._update)
        workspace.page_view.box_drawn.connect(self._editor.add)
        workspace.page_view.boxes_ended.connect(lambda: do.draw_box.setChecked(False))
        for tables in (workspace.page_view, workspace.table_panel):
            tables.cell_typed.connect(self._editor.type_cell)
            tables.cell_confirmed.connect(self._confirm_cell)
        workspace.page_view.cell_changed.connect(self._update)
        for view in (workspace.page_view, workspace.canvas):
            view.selected_changed.connect(self._update)
            view.label_typed.connect(self._on_label_typed)
        workspace.panel.label_chosen.connect(self._on_label_typed)
        workspace.changed.connect(self._update)
        self._update()

    @property
    def _view(self) -> GlyphWidget:
        return self._workspace.view

    @property
    def _index(self) -> int:
        return self._view.selected

    @property
    def _reading(self) -> Reading:
        return self._editor.reading

    @property
    def _cells(self) -> CellMap:
        """The cells of what is shown; a drawing has none."""
        page_view = self._workspace.page_view
        return CellMap(Reading()) if self._workspace.is_drawing else page_view.cells

    @property
    def _place(self) -> Place | None:
        """The selected cell of a table."""
        return None if self._workspace.is_drawing else self._workspace.page_view.place

    def _go_to_doubtful(self, step: int) -> None:
        if self._cells.has_tables:
            self._go_to_doubtful_cell(step)
            return
        index = selection.doubtful(self._reading, self._index, step)
        if index == selection.NONE:
            self.reported.emit(self.tr("No digit is doubtful"))
            return
        self._view.set_selected(index)
        self._workspace.page_view.bring_into_sight(index)
        self._view.setFocus()
        left = [i for i, glyph in enumerate(self._reading.glyphs) if glyph.is_doubtful]
        if any(self._reading.glyphs[i].is_sign for i in left):
            words = self.tr(
                "Doubtful character {number} of {count}: type what it is, or Return if right"
            )
        else:
            words = self.tr(
                "Doubtful digit {number} of {count}: type what it is, or Return if right"
            )
        self.reported.emit(words.format(number=left.index(index) + 1, count=len(left)))

    def _go_to_doubtful_cell(self, step: int) -> None:
        cells, view, place = self._cells, self._workspace.page_view, self._place
        here = place if place is not None or self._index < 0 else self._index
        stop = cell_moves.next_doubtful(cells, here, step)
        if stop is None:
            self.reported.emit(self.tr("No cell is doubtful"))
            return
        if isinstance(stop, Place):
            view.set_place(stop)
            words = self.tr("Doubtful cell {number} of {count}: type it, or Return if right")
        else:
            view.set_selected(stop)
            words = self.tr(
                "Doubtful digit {number} of {count}: type what it is, or Return if right"
            )
        if not self._workspace.table_panel.has_focus:
            view.setFocus()
        left = cell_moves.doubtful(cells)
        self.reported.emit(words.format(number=left.index(stop) + 1, count=len(left)))

    def _confirm_cell(self, place: Place) -> None:
        self._editor.type_cell(place, self._cells.text(place))

    def _on_label_typed(self, label: str) -> None:
        self._editor.relabel(self._index, label)

    def _confirm(self) -> None:
        if self._place is not None:
            self._confirm_cell(self._place)
        elif self._has_selection:
            self._editor.relabel(self._index, self._reading.glyphs[self._index].label)

    def _delete(self) -> None:
        """Of ink the strokes go, where they are of that glyph only; a cell is emptied."""
        if self._place is not None:
            self._editor.type_cell(self._place, "")
            return
        if not self._has_selection:
            return
        canvas = self._workspace.canvas
        gone = self._own_strokes() if self._workspace.is_drawing else []
        if gone:
            ink = canvas.ink
            canvas.do(self.tr("Delete digit"), ink.without([ink.strokes[i] for i in gone]))
        else:
            self._editor.remove(self._index)

    def _own_strokes(self) -> list[int]:
        """Indexes of the strokes in the selected box that lie in no smaller one."""
        ink, boxes = self._workspace.canvas.ink, [glyph.box for glyph in self._reading.glyphs]
        own = boxes[self._index]
        others = set(strokes_in(ink, [box for box in boxes if box.area < own.area]))
        return [i for i in strokes_in(ink, [own]) if i not in others]

    @property
    def _has_selection(self) -> bool:
        return 0 <= self._index < len(self._reading.glyphs)

    def _update(self) -> None:
        do, is_picture = self._actions, not self._workspace.is_drawing
        do.set_of_cell(self._place is not None)
        for action in (do.confirm, do.split, do.join, do.delete):
            action.setEnabled(self._has_selection)
        for action in (do.next_doubtful, do.previous_doubtful, do.save_text):
            action.setEnabled(not self._reading.is_empty)
        do.save_table.setEnabled(self._cells.has_tables)
        do.draw_box.setEnabled(is_picture)
        if self._page is not self._workspace.page_view.page:
            self._page = self._workspace.page_view.page
            do.draw_box.setChecked(False)
        do.zoom_in.setEnabled(is_picture)
        is_large = is_picture and not self._workspace.page_view.zoom.is_whole
        do.zoom_out.setEnabled(is_large)
        do.show_whole.setEnabled(is_large)
        do.set_of_picture(is_picture)

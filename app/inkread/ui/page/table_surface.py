"""A page with the grid of its tables: the keys go from cell to cell, typing corrects a cell."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from inkread.core.geometry import Box
from inkread.core.picture.page import Page
from inkread.core.reading import Reading
from inkread.core.tables.cell_map import CellMap, Place
from inkread.ui.glyphs import selection
from inkread.ui.glyphs.glyph_boxes import box_at
from inkread.ui.glyphs.selection import Direction
from inkread.ui.page import cell_moves
from inkread.ui.page.cell_editor import CellEditor
from inkread.ui.page.grid_painter import paint_grid
from inkread.ui.page.page_picture import Colour
from inkread.ui.page.page_surface import PageSurface
from inkread.ui.page.zoom import Zoom

_WAYS = {
    Qt.Key.Key_Left: Direction.LEFT,
    Qt.Key.Key_Right: Direction.RIGHT,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
    Qt.Key.Key_Home: Direction.FIRST,
    Qt.Key.Key_End: Direction.LAST,
}
_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MIN_EDITOR = 72.0  # px


class TableSurface(PageSurface):
    """Of the selected cell, a glyph is selected too, if it has one: the first that is doubtful.

    Signals
    -------
    cell_changed(Place or None)
        Another cell is selected, or none.
    cell_typed(Place, str)
        A cell is to have a text.
    cell_confirmed(Place)
        The text of a cell is right.
    """

    cell_changed = Signal(object)
    cell_typed = Signal(object, str)
    cell_confirmed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = CellMap(Reading())
        #: The selected cell, if one is.
        self.place: Place | None = None
        self._wrong: tuple[Place, ...] = ()
        self._editor: CellEditor | None = None

    def set_page(self, page: Page, preview: Colour | None = None) -> None:
        self._end_editing()
        super().set_page(page, preview)

    def set_reading(self, reading: Reading) -> None:
        self._end_editing()
        before = None if self.place is None else self.cells.cell(self.place)
        had_tables, self._wrong = self.cells.has_tables, ()
        self.place, self.cells = None, CellMap(reading)
        super().set_reading(reading)
        place = None if before is None else self.cells.place_at(*before.box.centre)
        if place is None:
            place = self.cells.place_of(self.selected)
        if place is None or self.selected in self.cells.indexes(place):
            self.place = place
        else:
            self.set_place(place)
        if had_tables or self.cells.has_tables:
            self.update()
        if before is not None or place is not None:
            self.cell_changed.emit(self.place)

    def set_wrong(self, places: Iterable[Place]) -> None:
        """Mark cells whose sum is not what it should be."""
        self._wrong = tuple(places)
        self.update()

    @property
    def has_selection(self) -> bool:
        return super().has_selection or self.place is not None

    def select_first(self) -> None:
        super().select_first()
        if not self.has_selection and self.cells.has_tables:
            self.set_place(Place(0, 0))

    def select_near(self, place: Box) -> None:
        """In a table the glyph that stands there, or its cell if that has none there."""
        cell, index = self.cells.place_at(*place.centre), selection.glyph_near(self.reading, place)
        if cell is None or cell == self.cells.place_of(index):
            self.set_selected(index)
        else:
            self.set_place(cell)

    def select_at(self, at: QPointF) -> None:
        """Select the glyph or the cell at a point of the widget."""
        index = box_at(self.boxes(), at)
        if index == selection.NONE and self.page is not None:
            box = self.in_file(QRectF(at.x() - 0.5, at.y() - 0.5, 1, 1))
            if (place := self.cells.place_at(*box.centre)) is not None:
                self.set_place(place)
                return
        self.set_selected(index)

    def set_place(self, place: Place | None) -> None:
        """Select a cell, and of its glyphs the first doubtful one, or else the first."""
        own = () if place is None else self.cells.indexes(place)
        unsure = [i for i in own if self.reading.glyphs[i].is_doubtful]
        index = next(iter((*unsure, *own)), selection.NONE)
        self.show_selection(index, place)

    def _select(self, index: int) -> None:
        self.show_selection(index, self.cells.place_of(index))

    def show_selection(self, index: int, place: Place | None) -> None:
        """Select a glyph and the cell around it; either may be none."""
        is_other, self.place = place != self.place, place
        super()._select(index)
        if is_other:
            self._end_editing()
            self.update()
            self.cell_changed.emit(place)

    def go(self, way: str) -> None:
        """Go to the next or previous cell, or the one below or above."""
        if self.place is None:
            return
        if way in ("next", "previous"):
            self.set_place(
                cell_moves.step(self.cells, self.place, 1 if way == "next" else -1) or self.place
            )
        elif way:
            direction = Direction.DOWN if way == "down" else Direction.UP
            self.set_place(cell_moves.neighbour(self.cells, self.place, direction))

    def edit_cell(self, text: str | None = None) -> None:
        """Open the line to type the selected cell in, with its text or another one."""
        if self.place is None or self.page is None:
            return
        self._end_editing()
        known = " ".join(self.cells.text(self.place).split())
        editor = self._editor = CellEditor(known if text is None else text, self.label_of, self)
        editor.setAccessibleName(self.tr("Text of the cell"))
        if text is None:
            editor.selectAll()
        place = self.place
        editor.done.connect(lambda typed, way: self._on_done(place, typed, way))
        editor.cancelled.connect(self._end_editing)
        self._place_editor()
        editor.show()
        editor.setFocus()

    def _on_done(self, place: Place, text: str, way: str) -> None:
        is_changed = " ".join(text.split()) != " ".join(self.cells.text(place).split())
        self._end_editing()
        if is_changed or way:
            self.cell_typed.emit(place, text)
        self.go(way)

    def _end_editing(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.close_unchanged()
            if editor.hasFocus():  # before it is hidden: Qt would go to the next, as by Tab
                self.setFocus()
            editor.hide()
            editor.deleteLater()

    def _place_editor(self) -> None:
        if self._editor is None or self.place is None:
            return
        around = self._polygon(self.place).boundingRect()
        hint = self._editor.sizeHint()
        width = max(_MIN_EDITOR, around.width())
        height = max(float(hint.height()), around.height())
        font = self._editor.font()
        font.setPixelSize(round(min(max(0.5 * height, 13.0), 32.0)))
        self._editor.setFont(font)
        centre, room = around.center(), QRectF(self.rect())
        x = min(max(centre.x() - width / 2, 0.0), max(room.width() - width, 0.0))
        y = min(max(centre.y() - height / 2, 0.0), max(room.height() - height, 0.0))
        self._editor.setGeometry(QRect(round(x), round(y), round(width), round(height)))

    def _set_zoom(self, zoom: Zoom) -> None:
        super()._set_zoom(zoom)
        self._place_editor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_editor()

    def _polygon(self, place: Place) -> QPolygonF:
        return QPolygonF([self.in_widget(x, y) for x, y in self.cells.cell(place).corners])

    def paint_below_boxes(self, painter: QPainter) -> None:
        if self.cells.has_tables:
            cells = (self._polygon(place) for place in self.cells.places())
            wrong = (self._polygon(place) for place in self._wrong)
            current = None if self.place is None else self._polygon(self.place)
            paint_grid(painter, cells, wrong, current, self.box_colours())

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes through the cells, and from the last one on to the next widget."""
        if self.cells.has_tables and self._editor is None:
            if self.place is None:
                to = Place(0, 0) if is_next else None
            else:
                to = cell_moves.step(self.cells, self.place, 1 if is_next else -1)
            if to is not None:
                self.set_place(to)
                return True
        return super().focusNextPrevChild(is_next)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self._is_for_cell(event):
                event.accept()
                return True
        return super().event(event)

    def _is_for_cell(self, event: QKeyEvent) -> bool:
        keys, key = Qt.KeyboardModifier, Qt.Key(event.key())
        modified = event.modifiers() & ~(keys.KeypadModifier | keys.ShiftModifier)
        if self.place is None or modified:
            return False
        is_known = key in _RETURNS or key in _WAYS or key == Qt.Key.Key_F2
        return is_known or len(self.label_of(event.text())) == 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.place is None or not self._is_for_cell(event):
            super().keyPressEvent(event)
            return
        key, place = Qt.Key(event.key()), self.place
        if key in _RETURNS:
            is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if self.cells.is_doubtful(place):
                self.cell_confirmed.emit(place)
            self.go("up" if is_back else "down")
        elif key == Qt.Key.Key_F2:
            self.edit_cell()
        elif key in _WAYS:
            self._move(place, _WAYS[key])
        elif self.cells.table(place).has_single_signs:
            self.cell_typed.emit(place, self.label_of(event.text()))
        else:
            self.edit_cell(self.label_of(event.text()))

    def _move(self, place: Place, direction: Direction) -> None:
        to = cell_moves.neighbour(self.cells, place, direction)
        if to == place and direction in (Direction.UP, Direction.DOWN):
            beside = cell_moves.beyond(self.cells, place, direction)
            if beside != selection.NONE:
                self.set_selected(beside)
                return
        self.set_place(to)

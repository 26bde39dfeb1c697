"""Base of canvas and page view: a Reading over the picture, one glyph selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from inkread.core.geometry import Box
from inkread.core.labels import composed
from inkread.core.reading import Glyph, Reading, StageName
from inkread.ui.glyphs import selection
from inkread.ui.glyphs.glyph_boxes import CONFIRMED, DOUBT, TAG, GlyphBox, lay_out, paint_boxes
from inkread.ui.glyphs.overlay_colours import CanvasColours
from inkread.ui.glyphs.selection import Direction
from inkread.ui.widgets.plain_text import shown
from inkread.ui.widgets.retranslated import Retranslated

_WAYS = {
    Qt.Key.Key_Left: Direction.LEFT,
    Qt.Key.Key_Right: Direction.RIGHT,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
    Qt.Key.Key_Home: Direction.FIRST,
    Qt.Key.Key_End: Direction.LAST,
}


class GlyphWidget(Retranslated, QWidget):
    """Shows the boxes of a reading; arrow keys move the selection, a typed label corrects it.

    A new reading keeps the selection on the glyph that stands at the same place. Whatever
    moves the selection, `selected_changed` reports its new index; -1 is none.
    """

    selected_changed = Signal(int)
    #: The label typed for the selected glyph; Return types the label that was read.
    label_typed = Signal(str)

    #: The stages from a glyph to its cell.
    stages: tuple[StageName, ...] = ()
    min_boxes = 1  # a reading of fewer glyphs is shown without boxes
    smallest_tag = TAG

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = CanvasColours.of(self.palette())
        self.reading = Reading()
        #: Index of the selected glyph, or -1.
        self.selected = selection.NONE
        self._boxes: tuple[GlyphBox, ...] | None = None
        self._labels: frozenset[str] = frozenset()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def set_reading(self, reading: Reading) -> None:
        had_boxes = bool(self.boxes())
        index = selection.follow(self.reading, self.selected, reading)
        self.reading = reading
        self.move_boxes()
        if had_boxes or self.boxes():
            self.update()
        self._select(index)

    def set_labels(self, labels: Iterable[str]) -> None:
        """Labels that can be typed; while a glyph is selected, they win over shortcuts."""
        self._labels = frozenset(labels)

    def set_selected(self, index: int) -> None:
        """Select a glyph by its index; an index out of range selects none."""
        known = 0 <= index < len(self.reading.glyphs)
        self._select(index if known else selection.NONE)

    @property
    def has_selection(self) -> bool:
        """Whether something is selected."""
        return self.selected != selection.NONE

    def select_first(self) -> None:
        """Select the first of what was read, if there is something."""
        self.set_selected(0)

    def select_near(self, place: Box) -> None:
        """Select what stands at a place of the reading, or else is nearest."""
        self.set_selected(selection.glyph_near(self.reading, place))

    def _select(self, index: int) -> None:
        if index == self.selected:
            return
        changed, self.selected = (self.selected, index), index
        for i, box in enumerate(self.boxes()):
            if i in changed:
                self.update(box.reach)
        self.selected_changed.emit(index)

    def frame_of(self, box: Box) -> QRectF:
        """The frame of a glyph's box, widget px."""
        raise NotImplementedError

    def boxes(self) -> tuple[GlyphBox, ...]:
        """The boxes as they are shown now."""
        if self._boxes is None:
            glyphs = self.reading.glyphs if len(self.reading.glyphs) >= self.min_boxes else ()
            frames = [self.frame_of(glyph.box) for glyph in glyphs]
            labels = [_marked(glyph) for glyph in glyphs]
            boxes = lay_out(frames, labels, QRectF(self.rect()), self.smallest_tag)
            self._boxes = tuple(map(self.as_seen, boxes))
        return self._boxes

    def as_seen(self, box: GlyphBox) -> GlyphBox:
        """A box as this view shows it."""
        return box

    def move_boxes(self) -> None:
        """Lay the boxes out again: the reading or the view has changed."""
        self._boxes = None

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.move_boxes()

    def paint_boxes(self, painter: QPainter, dirty: QRegion) -> None:
        paint_boxes(painter, self.boxes(), self.selected, self.box_colours(), dirty)

    def box_colours(self) -> CanvasColours:
        return self.colours

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = _WAYS.get(Qt.Key(event.key()))
        modified = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if label := self._typed(event):
            self.label_typed.emit(label)
        elif direction is None or modified or self.reading.is_empty:
            super().keyPressEvent(event)
        else:
            self._select(selection.neighbour(self.reading, self.selected, direction))

    def _typed(self, event: QKeyEvent) -> str:
        """The label that a key gives the selected glyph; empty: none."""
        keys = Qt.KeyboardModifier
        modified = event.modifiers() & ~(keys.KeypadModifier | keys.ShiftModifier)
        if modified or not 0 <= self.selected < len(self.reading.glyphs):
            return ""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.reading.glyphs[self.selected].label
        return self.label_of(event.text())

    def label_of(self, typed: str) -> str:
        """The label that a typed character stands for, perhaps in another case; empty: none."""
        text = composed(typed)
        return next((t for t in (text, text.lower(), text.upper()) if t in self._labels), "")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self._typed(event):
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def set_colours(self) -> None:
        self.colours = CanvasColours.of(self.palette())
        self.colours_changed()

    def colours_changed(self) -> None:
        """Repaint in the new colours."""
        self.update()


def _marked(glyph: Glyph) -> str:
    """The label with a mark if it is doubtful or confirmed: colour is not the only sign."""
    if glyph.confirmed is not None:
        return shown(glyph.label) + CONFIRMED
    return shown(glyph.label) + DOUBT * glyph.is_doubtful

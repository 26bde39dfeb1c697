"""What a person corrects in what was read: each correction is one step of undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.core.edits import Edit, edited, inside, relabelled
from app.core.geometry import Box
from app.core.reading import Glyph, Reading
from app.core.rereading import turn_of
from app.services.rereading import Rereading
from app.ui.history import EditReading, Picture, Sheet

Glyphs = tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is being read again: what it is called, of what, and the edit that the answer makes."""

    text: str
    sheet: Sheet | Picture
    edit: Callable[[Glyphs], Edit]
    nothing: str


class Corrections(QObject):
    """Lays a person's edits over the machine's reading of what is shown.

    Signals
    -------
    reading_edited(Reading, Box)
        The reading as corrected now, and where it is different.
    glyph_corrected(Glyph, str, Page | Ink)
        A person says what a glyph is, or that it is right: the glyph as it was, its label, and
        the picture or the ink that it is of.
    correction_undone(Glyph, str, Page | Ink)
        That was taken back; if it is done again, `glyph_corrected` comes again.
    step_made()
        Something new is going to be done.
    told(str)
        A sentence on why something was not done.
    """

    reading_edited = Signal(object, object)
    glyph_corrected = Signal(object, str, object)
    correction_undone = Signal(object, str, object)
    step_made = Signal()
    told = Signal(str)

    def __init__(
        self, rereading: Rereading, current: Callable[[], Sheet | Picture], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._rereading = rereading
        self._current = current
        self._shown: Sheet | Picture | None = None
        self._machine = Reading()
        self._reading = Reading()
        self._question: _Question | None = None
        rereading.answered.connect(self._on_answered)

    @property
    def reading(self) -> Reading:
        """What is shown: the machine's reading with all corrections."""
        return self._reading

    def show(self, machine: Reading) -> Reading:
        """Something was read anew; returns it as corrected so far."""
        self._shown, self._machine = self._current(), machine
        self._reading = edited(machine, self._shown.edits)
        return self._reading

    def clear(self) -> None:
        """Nothing is read yet of what is shown."""
        self._shown = self._question = None
        self._machine = self._reading = Reading()

    def relabel(self, index: int, label: str) -> None:
        """Say what a glyph is; the label that it has already: that it is right."""
        glyph, sheet = self._glyph(index), self._sheet
        if glyph is not None and sheet is not None and glyph.confirmed != label:
            text = self.tr("Confirm") if glyph.label == label else self.tr("Correct")
            self._push(text, sheet, relabelled(glyph, label, isinstance(sheet, Picture)))

    def remove(self, index: int) -> None:
        """Say that there is no glyph."""
        glyph, sheet = self._glyph(index), self._sheet
        if glyph is not None and sheet is not None:
            is_firm = isinstance(sheet, Picture)
            self._push(self.tr("Delete digit"), sheet, Edit((glyph,), is_firm=is_firm))

    def add(self, box: Box) -> None:
        """Read what lies in a box of the picture as one glyph."""
        sheet = self._current()
        turn = turn_of(self._machine)
        if isinstance(sheet, Picture) and self._rereading.read_box(sheet.page, box, turn):

            def edit(glyphs: Glyphs) -> Edit:
                known = self._reading.glyphs
                return Edit(tuple(known[i] for i in inside(known, box)), glyphs, area=box)

            nothing = self.tr("Nothing is written in the box")
            self._question = _Question(self.tr("Draw box"), sheet, edit, nothing)

    def split(self, index: int) -> None:
        """Read a glyph as two."""
        glyph, sheet = self._glyph(index), self._sheet
        if glyph is None or sheet is None:
            return
        if isinstance(sheet, Picture):
            asked = self._rereading.split_box(sheet.page, glyph.box, turn_of(self._machine))
        else:
            asked = self._rereading.split_strokes(sheet.ink, glyph.box)
        if asked:
            nothing = self.tr("This cannot be split")
            self._ask(self.tr("Split"), sheet, (glyph,), nothing)

    def join(self, index: int) -> None:
        """Read a glyph and its neighbour on the line as one: the next one, or else the last."""
        sheet, pair = self._sheet, self._neighbours(index)
        if sheet is None:
            return
        if len(pair) < 2:
            self.told.emit(self.tr("There is no digit beside it to join it with"))
            return
        boxes = [glyph.box for glyph in pair]
        if isinstance(sheet, Picture):
            asked = self._rereading.join_boxes(sheet.page, boxes, turn_of(self._machine))
        else:
            asked = self._rereading.read_strokes(sheet.ink, boxes)
        if asked:
            self._ask(self.tr("Join"), sheet, pair, self.tr("These cannot be joined"))

    @property
    def _sheet(self) -> Sheet | Picture | None:
        """What is shown, if it is still that which the reading is of."""
        current = self._current()
        return current if current is self._shown else None

    def _glyph(self, index: int) -> Glyph | None:
        known = 0 <= index < len(self._reading.glyphs)
        return self._reading.glyphs[index] if known else None

    def _neighbours(self, index: int) -> Glyphs:
        """A glyph and the next one of its line, or the one before it."""
        glyphs = self._reading.glyphs
        for first in (index, index - 1):
            pair = glyphs[max(0, first) : first + 2]
            if index >= 0 and len(pair) == 2 and pair[0].line == pair[1].line:
                return pair
        return ()

    def _ask(self, text: str, sheet: Sheet | Picture, removed: Glyphs, nothing: str) -> None:
        is_firm = isinstance(sheet, Picture)
        self._question = _Question(
            text, sheet, lambda added: Edit(removed, added, is_firm=is_firm), nothing
        )

    def _on_answered(self, glyphs: Glyphs) -> None:
        question, self._question = self._question, None
        if question is None or question.sheet is not self._current():
            return
        if glyphs:
            self._push(question.text, question.sheet, question.edit(glyphs))
        else:
            self.told.emit(question.nothing)

    def _push(self, text: str, sheet: Sheet | Picture, edit: Edit) -> None:
        self.step_made.emit()
        sheet.stack.push(EditReading(text, sheet, edit, self._on_edit))

    def _on_edit(self, edit: Edit, is_done: bool) -> None:
        """An edit of the sheet on show was done, undone or done again."""
        sheet = self._current()
        self._reading = edited(self._machine, sheet.edits)
        self.reading_edited.emit(self._reading, edit.touched[0])
        if edit.label is not None:
            source = sheet.page if isinstance(sheet, Picture) else sheet.ink
            told = self.glyph_corrected if is_done else self.correction_undone
            told.emit(edit.removed[0], edit.label, source)

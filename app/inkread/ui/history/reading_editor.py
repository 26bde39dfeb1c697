"""What a person corrects in what was read: each correction is one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from inkread.core.correction.edits import Edit, edited, inside, relabelled
from inkread.core.correction.reread_page import turn_of
from inkread.core.correction.retype import retyped
from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Reading
from inkread.services.reread import Rereading
from inkread.ui.history.undo import EditReading, History, Picture, Sheet

Glyphs = tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is being read again, the edit that the answer makes, and what is said if it is none."""

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
    correction_undone(Glyph, str)
        That was taken back; if it is done again, `glyph_corrected` comes again.
    step_made()
        Something new is going to be done.
    edits_changed(History)
        A correction of what is shown was done, undone or done again.
    restored(History)
        What was made of it earlier is known now.
    told(str)
        A sentence on why something was not done.
    """

    reading_edited = Signal(object, object)
    glyph_corrected = Signal(object, str, object)
    correction_undone = Signal(object, str)
    step_made = Signal()
    edits_changed = Signal(object)
    restored = Signal(object)
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
        self._is_restoring = False
        rereading.answered.connect(self._on_answered)

    @property
    def reading(self) -> Reading:
        """What is shown: the machine's reading with all corrections."""
        return self._reading

    @property
    def is_read(self) -> bool:
        """Whether the reading is of what is shown."""
        return self._sheet is not None

    def show(self, machine: Reading) -> Reading:
        """Something was read anew; returns it as corrected so far."""
        self._shown, self._machine = self._current(), machine
        self._reading = edited(machine, self._shown.history.edits)
        return self._reading

    def clear(self) -> None:
        """Nothing is read yet of what is shown."""
        self._shown = self._question = None
        self._machine = self._reading = Reading()

    def relabel(self, index: int, label: str) -> None:
        """Say what a glyph is; the label that it has already: that it is right."""
        glyph, sheet = self._glyph(index), self._sheet
        if glyph is not None and sheet is not None and glyph.confirmed != label:
            self._push(sheet, relabelled(glyph, label, isinstance(sheet, Picture)))

    def remove(self, index: int) -> None:
        """Say that there is no glyph."""
        glyph, sheet = self._glyph(index), self._sheet
        if glyph is not None and sheet is not None:
            is_firm = isinstance(sheet, Picture)
            self._push(sheet, Edit((glyph,), is_firm=is_firm))

    def add(self, box: Box) -> None:
        """Read what lies in a box of the picture as one glyph."""
        sheet = self._current()
        if not isinstance(sheet, Picture) or sheet.history.is_awaited:
            return
        if self._rereading.read_box(sheet.page, box, turn_of(self._machine)):

            def edit(glyphs: Glyphs) -> Edit:
                known = self._reading.glyphs
                return Edit(tuple(known[i] for i in inside(known, box)), glyphs, area=box)

            nothing = self.tr("Nothing is written in the box")
            self._question = _Question(sheet, edit, nothing)

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
            self._ask(sheet, (glyph,), self.tr("This cannot be split"))

    def join(self, index: int) -> None:
        """Read a glyph and the next one of its line as one."""
        sheet, pair = self._sheet, self._reading.glyphs[max(0, index) : index + 2]
        if sheet is None or index < 0:
            return
        if len(pair) < 2 or pair[0].line != pair[1].line:
            self.told.emit(self.tr("It is the last of its line: there is none to join it with"))
            return
        boxes = [glyph.box for glyph in pair]
        if isinstance(sheet, Picture):
            asked = self._rereading.join_boxes(sheet.page, boxes, turn_of(self._machine))
        else:
            asked = self._rereading.read_strokes(sheet.ink, boxes)
        if asked:
            self._ask(sheet, pair, self.tr("These cannot be joined"))

    def restore(self, history: History, edits: Iterable[Edit]) -> None:
        """Lay edits of an earlier time over what they were made in; each of them can be undone."""
        history.is_awaited = False
        self._is_restoring = True
        for edit in edits:
            self._lay_over(history, edit)
        self._is_restoring = False
        self.restored.emit(history)

    def retype(self, text: str, is_new: bool = True) -> bool:
        """Make what is shown say a text, typed elsewhere; False: that takes more than labels.

        If it is not new, the window itself said so earlier.
        """
        sheet, edits = self._sheet, retyped(self._reading, text)
        if edits is None or sheet is None:
            return False
        if edits:
            self.step_made.emit()
            sheet.history.stack.beginMacro(self.tr("Correct"))
            self._is_restoring = not is_new
            for edit in edits:
                self._lay_over(sheet.history, edit)
            self._is_restoring = False
            sheet.history.stack.endMacro()
            if not is_new:
                self.restored.emit(sheet.history)
                self._show_edited(sheet.history, edits[-1])
        return True

    @property
    def _sheet(self) -> Sheet | Picture | None:
        """What is shown, if it is still that which the reading is of."""
        current = self._current()
        return current if current is self._shown else None

    def _glyph(self, index: int) -> Glyph | None:
        known = 0 <= index < len(self._reading.glyphs)
        return self._reading.glyphs[index] if known else None

    def _ask(self, sheet: Sheet | Picture, removed: Glyphs, nothing: str) -> None:
        is_firm = isinstance(sheet, Picture)
        self._question = _Question(
            sheet, lambda added: Edit(removed, added, is_firm=is_firm), nothing
        )

    def _on_answered(self, glyphs: Glyphs) -> None:
        question, self._question = self._question, None
        if question is None or question.sheet is not self._current():
            return
        if glyphs:
            self._push(question.sheet, question.edit(glyphs))
        else:
            self.told.emit(question.nothing)

    def _push(self, sheet: Sheet | Picture, edit: Edit) -> None:
        self.step_made.emit()
        self._lay_over(sheet.history, edit)

    def _lay_over(self, history: History, edit: Edit) -> None:
        history.stack.push(EditReading(self._name(edit), history, edit, self._on_edit))

    def _name(self, edit: Edit) -> str:
        """The step that an edit is, told by what it does."""
        if edit.label is not None:
            is_right = edit.removed[0].label == edit.label
            return self.tr("Confirm") if is_right else self.tr("Correct")
        if edit.area is not None:
            return self.tr("Draw box")
        if not edit.added:
            return self.tr("Delete digit")
        return self.tr("Split") if len(edit.added) > 1 else self.tr("Join")

    def _on_edit(self, history: History, edit: Edit, is_done: bool) -> None:
        """An edit was done, undone or done again, perhaps of a picture that is not shown now."""
        if self._is_restoring:
            return
        sheet = self._current()
        is_shown = history is sheet.history
        if is_shown and self.is_read:
            self._show_edited(history, edit)
        if edit.label is not None and not is_done:
            self.correction_undone.emit(edit.removed[0], edit.label)
        elif edit.label is not None and is_shown:
            source = sheet.page if isinstance(sheet, Picture) else sheet.ink
            self.glyph_corrected.emit(edit.removed[0], edit.label, source)
        if is_shown:
            self.edits_changed.emit(history)

    def _show_edited(self, history: History, edit: Edit) -> None:
        self._reading = edited(self._machine, history.edits)
        self.reading_edited.emit(self._reading, edit.touched[0])

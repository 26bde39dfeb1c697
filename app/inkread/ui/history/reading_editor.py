"""Corrects a reading by hand: each correction is one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from inkread.core.correction.edits import Edit, edited, inside, relabelled
from inkread.core.correction.retype import retyped
from inkread.core.correction.retype_cell import is_typed, retyped_cell
from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Reading
from inkread.core.tables.cell_map import CellMap, Place
from inkread.services.reread import Rereading
from inkread.ui.history.undo import EditReading, Edits, History, Shown

Glyphs = tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """A pending re-read: of what, the edit that its answer makes, the words for no answer."""

    shown: Shown
    edit: Callable[[Glyphs], Edit]
    nothing: str


class ReadingEditor(QObject):
    """Lays a person's edits over the machine's reading of what is shown.

    Signals
    -------
    reading_edited(Reading, Box)
        The reading as corrected now, and where it is different.
    glyph_corrected(Glyph, str, Ink or None)
        A glyph was relabelled or confirmed: the glyph before, its label, and the ink that it
        belongs to; None: it belongs to a picture. Not one that was typed into a cell of a table:
        of its ink nothing is known.
    correction_undone(Glyph, str)
        That was undone; redo emits `glyph_corrected` again.
    step_made()
        A new step is about to be pushed.
    edits_changed(History)
        A correction of what is shown was done, undone or redone.
    restored(History)
        The corrections of earlier sessions were laid over it.
    reported(str)
        Why something was not done, one sentence.
    """

    reading_edited = Signal(object, object)
    glyph_corrected = Signal(object, str, object)
    correction_undone = Signal(object, str)
    step_made = Signal()
    edits_changed = Signal(object)
    restored = Signal(object)
    reported = Signal(str)

    def __init__(self, rereading: Rereading, current: Callable[[], Shown], parent: QObject) -> None:
        super().__init__(parent)
        self._rereading = rereading
        self._current = current
        self._read: Shown | None = None
        self._machine = Reading()
        #: The reading on show: the machine's with all corrections.
        self.reading = Reading()
        self._question: _Question | None = None
        rereading.answered.connect(self._on_answered)

    @property
    def is_read(self) -> bool:
        """Whether the reading is of what is shown."""
        return self._current() is self._read

    def show(self, machine: Reading) -> Reading:
        """Something was read anew; returns it as corrected so far."""
        self._read, self._machine = self._current(), machine
        self.reading = edited(machine, self._read.history.edits)
        return self.reading

    def clear(self) -> None:
        """Forget the reading: the content on show is not read yet."""
        self._read = self._question = None
        self._machine = self.reading = Reading()

    def relabel(self, index: int, label: str) -> None:
        """Set the label of a glyph; the label that it has already confirms it."""
        glyph, shown = self._glyph(index), self._current()
        if glyph is not None and glyph.confirmed != label:
            self._push(shown, relabelled(glyph, label, shown.is_firm))

    def type_cell(self, place: Place, text: str) -> None:
        """Make a cell of a table say a text; the text that it has already confirms it."""
        if self.is_read and place.table < len(self.reading.tables):
            cells, shown = CellMap(self.reading), self._current()
            edits = retyped_cell(self.reading, cells.cell(place), cells.glyphs(place), text)
            if edits:
                self._push(shown, *edits)

    def remove(self, index: int) -> None:
        """Remove a glyph."""
        glyph, shown = self._glyph(index), self._current()
        if glyph is not None:
            self._push(shown, Edit((glyph,), is_firm=shown.is_firm))

    def add(self, box: Box) -> None:
        """Read what lies in a box of the picture as one glyph."""
        shown = self._current()
        if shown.read_box(self._rereading, self._machine, box):

            def edit(glyphs: Glyphs) -> Edit:
                known = self.reading.glyphs
                return Edit(tuple(known[i] for i in inside(known, box)), glyphs, area=box)

            nothing = self.tr("Nothing is written in the box")
            self._question = _Question(shown, edit, nothing)

    def split(self, index: int) -> None:
        """Read a glyph as two."""
        glyph, shown = self._glyph(index), self._current()
        if glyph is not None and shown.split(self._rereading, self._machine, glyph.box):
            self._ask(shown, (glyph,), self.tr("This cannot be split"))

    def join(self, index: int) -> None:
        """Read a glyph and the next one of its line as one."""
        if self._glyph(index) is None:
            return
        shown, pair = self._current(), self.reading.glyphs[index : index + 2]
        if len(pair) < 2 or pair[0].line != pair[1].line:
            self.reported.emit(self.tr("It is the last of its line: there is none to join it with"))
        elif shown.join(self._rereading, self._machine, [glyph.box for glyph in pair]):
            self._ask(shown, pair, self.tr("These cannot be joined"))

    def restore(self, history: History, before: Edits, steps: Iterable[Edits]) -> None:
        """Push edits that are done already, as steps that can be undone."""
        for edits in steps:
            step = EditReading(self._name(edits), history, before, edits, self._on_step, True)
            history.stack.push(step)
            before = step.after
        history.correct(before, None)
        self.restored.emit(history)

    def retype(self, text: str, is_new: bool = True) -> bool:
        """Relabel what is shown so that it says a text; False: that takes more than labels.

        A text that is not new was corrected in the window earlier.
        """
        edits = retyped(self.reading, text) if self.is_read else None
        if edits is None:
            return False
        history = self._current().history
        if edits and is_new:
            self._push(self._current(), *edits)
        elif edits:
            self.restore(history, history.edits, [edits])
            self._show_edited(edited(self._machine, history.edits), edits)
        return True

    def _glyph(self, index: int) -> Glyph | None:
        """A glyph of the reading, if that is still of what is shown."""
        known = self.is_read and 0 <= index < len(self.reading.glyphs)
        return self.reading.glyphs[index] if known else None

    def _ask(self, shown: Shown, removed: Glyphs, nothing: str) -> None:
        self._question = _Question(
            shown, lambda added: Edit(removed, added, is_firm=shown.is_firm), nothing
        )

    def _on_answered(self, glyphs: Glyphs) -> None:
        question, self._question = self._question, None
        if question is None or question.shown is not self._current():
            return
        if glyphs:
            self._push(question.shown, question.edit(glyphs))
        else:
            self.reported.emit(question.nothing)

    def _push(self, shown: Shown, *edits: Edit) -> None:
        self.step_made.emit()
        history = shown.history
        step = EditReading(self._name(edits), history, history.edits, edits, self._on_step)
        history.stack.push(step)

    def _name(self, edits: Edits) -> str:
        """The name of a step, by what its edits do."""
        if len(edits) != 1:
            are_right = all(edit.removed[0].label == edit.label for edit in edits)
            return self.tr("Confirm") if are_right else self.tr("Correct")
        (edit,) = edits
        if edit.label is not None:
            is_right = edit.removed[0].label == edit.label
            return self.tr("Confirm") if is_right else self.tr("Correct")
        if edit.area is not None and all(glyph.confirmed for glyph in edit.added):
            return self.tr("Correct") if edit.added else self.tr("Empty cell")
        if edit.area is not None:
            return self.tr("Draw box")
        if not edit.added:
            return self.tr("Delete digit")
        return self.tr("Split") if len(edit.added) > 1 else self.tr("Join")

    def _on_step(self, step: EditReading, is_done: bool) -> None:
        """A step was done, undone or redone, perhaps of a picture that is not shown."""
        shown, edits = self._current(), step.after if is_done else step.before
        is_shown = step.history is shown.history
        reading = edited(self._machine, edits) if is_shown and self.is_read else None
        step.history.correct(edits, reading)
        if reading is not None:
            self._show_edited(reading, step.edits)
        labels = [
            (edit.removed[0], edit.label)
            for edit in step.edits
            if edit.label is not None and not is_typed(edit.removed[0])
        ]
        for glyph, label in labels:
            if not is_done:
                self.correction_undone.emit(glyph, label)
            elif is_shown:
                self.glyph_corrected.emit(glyph, label, shown.ink)
        if is_shown:
            self.edits_changed.emit(step.history)

    def _show_edited(self, reading: Reading, edits: Edits) -> None:
        self.reading = reading
        self.reading_edited.emit(reading, edits[-1].touched[0])

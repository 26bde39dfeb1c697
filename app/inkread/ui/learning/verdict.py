"""Result of learning: scores before and after, and Revert."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from inkread.core.escapes import MAX_TEXT
from inkread.services.learning import Learned
from inkread.ui.learning.verdict_text import explanation, has_scores, headline, not_in_use, score
from inkread.ui.widgets.by_font import enlarge
from inkread.ui.widgets.layouts import STRETCH, button_box, fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.retranslated import Retranslated


class LearningVerdict(Retranslated, QWidget):
    """Shows the result; it is in effect already, and can be reverted."""

    revert_wanted = Signal()
    use_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learning_verdict")
        self._learned: Learned | None = None
        #: Name of the model in use instead of the new one; empty if the new one is.
        self._instead = ""
        self.headline = PlainLabel()
        self.explanation = PlainLabel()
        self._heads = tuple(PlainLabel() for _ in range(2))
        self._captions = tuple(PlainLabel() for _ in range(2))
        self._notes = tuple(PlainLabel() for _ in range(2))
        #: Own samples before and after, then the reference set.
        self.figures = tuple(PlainLabel() for _ in range(4))
        self.revert_button = push_button(self.revert_wanted, "revert", autoDefault=False)
        self.use_button = push_button(self.use_wanted, autoDefault=False)
        self.close_button = push_button(self.closed, autoDefault=False)
        self._table = QWidget()
        enlarge(self.headline, 1.3)
        self.headline.setObjectName("verdict")
        for label in (self.headline, self.explanation, *self._notes):
            label.setWordWrap(True)
        bold = self.font()
        bold.setBold(True)
        for label in (*self._heads, *self._captions):
            label.setFont(bold)
        for figure in self.figures:
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self.retranslate()

    def set_learned(self, learned: Learned) -> None:
        """Show the result of a run."""
        self._learned, self._instead = learned, learned.instead
        self.retranslate()

    def set_in_use(self, instead: str) -> None:
        """Set the model in use instead of the new one; empty for the new one."""
        self._instead = instead
        self.retranslate()

    def _lay_out(self) -> None:
        table = QGridLayout(self._table)
        table.setContentsMargins(0, 0, 0, 0)
        table.setHorizontalSpacing(24)
        for column, head in enumerate(self._heads, start=1):
            table.addWidget(head, 0, column)
        for row, (caption, note) in enumerate(zip(self._captions, self._notes, strict=True)):
            table.addWidget(caption, 1 + 2 * row, 0)
            table.addWidget(self.figures[2 * row], 1 + 2 * row, 1)
            table.addWidget(self.figures[2 * row + 1], 1 + 2 * row, 2)
            table.addWidget(note, 2 + 2 * row, 0, 1, 3)
        table.setColumnStretch(2, 1)
        buttons = button_box(self.revert_button, self.use_button, reject=self.close_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        fill(layout, self.headline, self._table, self.explanation, STRETCH, buttons)

    def retranslate(self) -> None:
        self._heads[0].setText(self.tr("Before"))
        self._heads[1].setText(self.tr("After"))
        self._captions[0].setText(self.tr("Your samples"))
        self._captions[1].setText(self.tr("Reference set"))
        self._notes[0].setText(self.tr("Each was read by a network that had not learned it."))
        self._notes[1].setText(
            self.tr("Digits of many people, to see whether anything was forgotten.")
        )
        self.revert_button.setText(self.tr("&Revert"))
        self.revert_button.setToolTip(self.tr("Use the model that was in use before"))
        self.use_button.setText(self.tr("&Use it"))
        self.use_button.setToolTip(self.tr("Use the model that was learned"))
        self.close_button.setText(self.tr("Close"))
        self._show_verdict()

    def _show_verdict(self) -> None:
        learned = self._learned
        if learned is None or learned.verdict is None:
            return
        verdict = learned.verdict
        scores = (
            verdict.own_before,
            verdict.own_after,
            verdict.reference_before,
            verdict.reference_after,
        )
        for label, figure in zip(self.figures, scores, strict=True):
            label.setText(score(figure))
        self._table.setVisible(has_scores(verdict))
        self.revert_button.setVisible(verdict.is_accepted and not self._instead)
        self.use_button.setVisible(verdict.is_accepted and bool(self._instead))
        if self._instead:
            self.headline.setText(not_in_use(learned, self._instead))
            self.explanation.setText(self.tr("What was learned stays in the library."))
            return
        self.headline.setText(headline(verdict))
        words = explanation(verdict)
        if verdict.new_labels and verdict.is_accepted:
            new = self.tr("New classes: {labels}.").format(
                labels=shown(", ".join(verdict.new_labels), MAX_TEXT)
            )
            words = f"{new} {words}"
        self.explanation.setText(words)

"""Bar in the window: offers to learn from new samples, and shows the result."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inkread.services.learning import Learned
from inkread.ui.learning.verdict_text import headline, not_in_use
from inkread.ui.widgets.layouts import push_button
from inkread.ui.widgets.notice_bar import Notice
from inkread.ui.widgets.plain_text import PlainLabel


class LearningBar(Notice):
    """Takes no focus; hidden at first.

    Signals
    -------
    accepted()
        Learn from the samples.
    dismissed()
        Not now; ask again after other samples.
    revert_wanted(), use_wanted(), figures_wanted()
        Of the new model: revert it; use it anyway; show its scores.
    """

    accepted = Signal()
    dismissed = Signal()
    revert_wanted = Signal()
    use_wanted = Signal()
    figures_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QPalette.ColorRole.Highlight, parent)
        self.setObjectName("learning_bar")
        self._offered = 0
        self._learned: Learned | None = None
        #: Name of the model in use instead of the new one; empty if the new one is.
        self._instead = ""
        self.text = PlainLabel(wordWrap=True)
        self.learn_button = push_button(self.accepted)
        self.figures_button = push_button(self.figures_wanted)
        self.revert_button = push_button(self.revert_wanted)
        self.use_button = push_button(self.use_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addWidget(self.text, 1)
        buttons = self.learn_button, self.figures_button, self.revert_button, self.use_button
        for button in buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            layout.addWidget(button)
        layout.addWidget(self.close_button)
        self.close_button.clicked.connect(self._on_closed)
        self.clear()

    @property
    def is_offering(self) -> bool:
        return self._offered > 0

    def offer(self, count: int) -> None:
        """Ask whether to learn from `count` new samples."""
        self._show(count, None)

    def report(self, learned: Learned) -> None:
        """Show the result of learning."""
        self._show(0, learned)

    def set_in_use(self, instead: str) -> None:
        """Set the model in use instead of the new one; empty for the new one."""
        self._instead = instead
        self.retranslate()

    def clear(self) -> None:
        """Hide the bar."""
        self._show(0, None)

    def _show(self, offered: int, learned: Learned | None) -> None:
        is_news = (offered > 0) > self.is_offering or learned is not None
        self._offered, self._learned = offered, learned
        self._instead = learned.instead if learned else ""
        self.retranslate()
        self.setVisible(offered > 0 or learned is not None)
        if is_news:
            self.alert()

    def _on_closed(self) -> None:
        if self.is_offering:
            self.dismissed.emit()
        self.clear()

    def retranslate(self) -> None:
        super().retranslate()
        self.learn_button.setText(self.tr("Learn from them"))
        self.figures_button.setText(self.tr("Figures"))
        self.revert_button.setText(self.tr("Revert"))
        self.revert_button.setToolTip(self.tr("Use the model that was in use before"))
        self.use_button.setText(self.tr("Use it"))
        self.use_button.setToolTip(self.tr("Use the model that was learned"))
        self.text.setText(self._words())
        self.setAccessibleName(self.text.text())
        verdict = self._learned.verdict if self._learned else None
        self.learn_button.setVisible(self.is_offering)
        self.figures_button.setVisible(verdict is not None)
        is_accepted = verdict is not None and verdict.is_accepted
        self.revert_button.setVisible(is_accepted and not self._instead)
        self.use_button.setVisible(is_accepted and bool(self._instead))

    def _words(self) -> str:
        if self.is_offering:
            count = self._offered
            return self.tr("You have corrected or taught %n digits. Learn from them?", "", count)
        if self._learned is None or self._learned.verdict is None:
            return ""
        if self._instead:
            return not_in_use(self._learned, self._instead)
        return headline(self._learned.verdict)

"""Progress of learning: phase, share done, Cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from inkread.ml.adaptation.verdict import AdaptationProgress, Phase
from inkread.ui.widgets.by_font import enlarge
from inkread.ui.widgets.formatting import duration
from inkread.ui.widgets.layouts import STRETCH, button_box, fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated

_BAR_STEPS = 1000
#: Shares of the whole at which each phase begins and ends; by measured durations.
_SPANS = {
    Phase.RENDERING: (0.0, 0.08),
    Phase.EXTRACTING: (0.08, 0.84),
    Phase.VALIDATING: (0.84, 0.97),
    Phase.FITTING: (0.97, 1.0),
}
#: Steps that count as half of a fit, as the total is unknown.
_HALF = 10
#: Minimum share done before the remaining time is shown.
_MIN_SHARE = 0.2


class LearningShare:
    """Share of the whole that is done, 0 to 1, from progress reports; it never falls."""

    def __init__(self) -> None:
        self._tried = 0.0
        self._each = 0.0
        self._share = 0.0

    def add(self, step: AdaptationProgress) -> float:
        if step.phase is Phase.FITTING:
            share = self._of_fit(step.done)
        else:
            done = step.done / max(1, step.total)
            begin, end = _SPANS[step.phase]
            share = begin + done * (end - begin)
            if step.phase is Phase.VALIDATING:
                self._tried, self._each = done, 1 / max(1, step.total)
        self._share = max(self._share, min(share, 1.0))
        return self._share

    def _of_fit(self, steps: int) -> float:
        """There is one fit per fold, and then one of all samples."""
        part = steps / (steps + _HALF)
        if self._tried >= 1:
            begin, end = _SPANS[Phase.FITTING]
            return begin + part * (end - begin)
        begin, end = _SPANS[Phase.VALIDATING]
        return begin + (self._tried + part * self._each) * (end - begin)


class LearningProgress(Retranslated, QWidget):
    """Shows one run."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learning_progress")
        self.title = PlainLabel()
        self.phase = PlainLabel()
        self.bar = QProgressBar(textVisible=False)
        self.cancel_button = push_button(self.cancelled, "cancel", autoDefault=False)
        enlarge(self.title, 1.3)
        self._note = PlainLabel(wordWrap=True)
        buttons = button_box(reject=self.cancel_button)
        layout = QVBoxLayout(self)
        for part in (self.title, self.bar, self.phase):
            layout.addWidget(part)
        fill(layout, STRETCH, self._note, buttons)
        self.start()

    def start(self) -> None:
        """Reset for a new run."""
        self._step: AdaptationProgress | None = None
        self._share = LearningShare()
        self._done = 0.0
        self._began = time.monotonic()
        self.bar.setRange(0, 0)
        self.retranslate()

    def set_step(self, step: AdaptationProgress) -> None:
        """Show the progress."""
        self._step = step
        self._done = self._share.add(step)
        self.bar.setRange(0, _BAR_STEPS)
        self.bar.setValue(round(_BAR_STEPS * self._done))
        self._show_texts()

    def _show_texts(self) -> None:
        title = self.tr("Learning your hand")
        if self._done >= _MIN_SHARE:
            gone = time.monotonic() - self._began
            left = duration(gone * (1 - self._done) / self._done)
            title = self.tr("Learning your hand, about {left} left").format(left=left)
        self.title.setText(title)
        self.bar.setAccessibleName(title)
        self.phase.setText(self._phase())

    def _phase(self) -> str:
        step = self._step
        if step is None:
            return self.tr("Preparing")
        if step.phase is Phase.RENDERING:
            return self.tr("Varying your samples as a hand does")
        if step.phase is Phase.EXTRACTING:
            return self.tr("Reading your samples and the reference set")
        return self.tr("Measuring how much can be learned with nothing forgotten")

    def retranslate(self) -> None:
        self.cancel_button.setText(self.tr("&Cancel"))
        self._note.setText(
            self.tr(
                "You can go on drawing, and close this window: it goes on meanwhile, and says "
                "what came of it."
            )
        )
        self._show_texts()

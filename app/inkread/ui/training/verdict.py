"""Comparison of the new model with the one in use, on held-out samples."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inkread.ml.evaluation.results import Evaluation
from inkread.services.training import Outcome
from inkread.ui.training.class_table import ClassTable
from inkread.ui.training.confusion_view import ConfusionView
from inkread.ui.training.thumbnails import MAX_SAMPLES, SampleList
from inkread.ui.widgets.by_font import enlarge
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.layouts import button_box, fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.retranslated import Retranslated

#: The model in use, and the new one.
_OLD, _NEW = 0, 1


class TrainingVerdict(Retranslated, QWidget):
    """Keep or Discard; `kept` emits the name of the new model."""

    kept = Signal(str)
    discarded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_verdict")
        self._outcome: Outcome | None = None
        self._chosen: tuple[int, int, int] | None = None
        self.headline = PlainLabel(wordWrap=True)
        self.facts = PlainLabel(wordWrap=True)
        self.titles = (PlainLabel(), PlainLabel())
        self.matrices = (ConfusionView(), ConfusionView())
        self.caption = PlainLabel()
        self.samples = SampleList()
        self.classes = ClassTable()
        self.name = QLineEdit()
        self.keep_button = push_button(lambda: self.kept.emit(self.name.text().strip()), "keep")
        self.discard_button = push_button(self.discarded, "discard")
        self._name_label = PlainLabel()
        self._tabs = QTabWidget()
        enlarge(self.headline, 1.3)
        self.headline.setObjectName("verdict")
        self.name.setMaxLength(100)
        self._name_label.setBuddy(self.name)
        for which, matrix in enumerate(self.matrices):
            matrix.chosen.connect(partial(self._show_samples, which))
        self.name.textChanged.connect(self._on_name_changed)
        self._lay_out()
        self.retranslate()

    def set_outcome(self, outcome: Outcome) -> None:
        """Show the outcome of a run; suggest to keep a model that is not worse."""
        self._outcome, self._chosen = outcome, None
        comparison = outcome.verdict.comparison
        shown = _shown(comparison.current, comparison.candidate)
        for matrix, evaluation in zip(self.matrices, self._evaluations(), strict=True):
            matrix.set_evaluation(evaluation, shown)
        self.classes.set_comparison(comparison)
        self.name.setText(outcome.request.name)
        self.samples.clear()
        self._tabs.setCurrentIndex(0)
        self.retranslate()
        self._choose_largest_mistake()

    def focus_suggestion(self) -> None:
        """Put the focus on the suggested button, for Enter."""
        if self._outcome is not None:
            is_better = self._outcome.verdict.comparison.is_not_worse
            suggested = self.keep_button if is_better else self.discard_button
            suggested.setDefault(True)
            suggested.setFocus()

    def _lay_out(self) -> None:
        confusion = QWidget()
        grid = QGridLayout(confusion)
        for column in (_OLD, _NEW):
            grid.addWidget(self.titles[column], 0, column)
            grid.addWidget(self.matrices[column], 1, column)
        grid.addWidget(self.caption, 2, 0, 1, 2)
        grid.addWidget(self.samples, 3, 0, 1, 2)
        grid.setRowStretch(1, 3)
        grid.setRowStretch(3, 1)
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(confusion, "")
        self._tabs.addTab(self.classes, "")
        buttons = button_box(self.keep_button, self.discard_button)
        bottom = QGridLayout()
        bottom.addWidget(self._name_label, 0, 0)
        bottom.addWidget(self.name, 0, 1)
        bottom.addWidget(buttons, 0, 2)
        fill(QVBoxLayout(self), self.headline, self.facts, (self._tabs, 1), bottom)

    def _evaluations(self) -> tuple[Evaluation, Evaluation]:
        assert self._outcome is not None
        comparison = self._outcome.verdict.comparison
        return comparison.current, comparison.candidate

    def _choose_largest_mistake(self) -> None:
        """Select the most frequent mistake of the new model; nothing if there is none."""
        model = self.matrices[_NEW].model()
        size = model.rowCount()
        cells = [(row, column) for row in range(size) for column in range(size) if row != column]
        counts = [(len(self.matrices[_NEW].samples(*cell)), cell) for cell in cells]
        count, cell = max(counts, key=lambda pair: pair[0], default=(0, (0, 0)))
        if count:
            self.matrices[_NEW].setCurrentIndex(model.index(*cell))

    def _show_samples(self, which: int, row: int, column: int) -> None:
        self._chosen = (which, row, column)
        if self._outcome is None:
            return
        self.matrices[1 - which].clearSelection()
        held_out = self._outcome.verdict.held_out
        numbers = self.matrices[which].samples(row, column)
        shown = numbers[:MAX_SAMPLES]
        self.samples.set_samples((held_out.cells[n], self._description(n)) for n in shown)
        self._show_caption()

    def _description(self, number: int) -> str:
        old, new = self._evaluations()
        return self.tr("Is {label}; in use: {old} ({sure}), new: {new} ({new_sure})").format(
            label=shown(old.labels[old.targets[number]]),
            old=shown(old.labels[old.answers[number]]),
            sure=percent(float(old.confidences[number])),
            new=shown(new.labels[new.answers[number]]),
            new_sure=percent(float(new.confidences[number])),
        )

    def _show_caption(self) -> None:
        if self._chosen is None or self._outcome is None:
            text = self.tr("Click a cell to see its samples.")
        else:
            which, row, column = self._chosen
            model = self.matrices[which].model()
            labels = [model.headerData(i, Qt.Orientation.Vertical) for i in (row, column)]
            count = len(self.matrices[which].samples(row, column))
            pattern = (
                self.tr("{label} read as {answer} by the model in use: {count}")
                if which == _OLD
                else self.tr("{label} read as {answer} by the new model: {count}")
            )
            text = pattern.format(label=labels[0], answer=labels[1], count=count)
            if count > MAX_SAMPLES:
                text += " " + self.tr("(the first {count})").format(count=MAX_SAMPLES)
        self.caption.setText(text)
        self.samples.setAccessibleName(text)

    def _show_figures(self) -> None:
        if self._outcome is None:
            return
        comparison = self._outcome.verdict.comparison
        old, new = comparison.current, comparison.candidate
        self.headline.setText(self._headline())
        locale = QLocale()
        pattern = self.tr(
            "{count} samples were held out. {repaired} of them only the new model reads, "
            "{broken} only the one in use."
        )
        self.facts.setText(
            pattern.format(
                count=locale.toString(new.count),
                repaired=locale.toString(len(comparison.repaired)),
                broken=locale.toString(len(comparison.broken)),
            )
        )
        in_use = self.tr("In use: {name}, {accuracy}")
        self.titles[_OLD].setText(
            in_use.format(name=shown(self._outcome.current.name), accuracy=percent(old.accuracy))
        )
        self.titles[_NEW].setText(self.tr("New: {accuracy}").format(accuracy=percent(new.accuracy)))

    def _headline(self) -> str:
        assert self._outcome is not None
        comparison = self._outcome.verdict.comparison
        right, before = comparison.candidate.right.sum(), comparison.current.right.sum()
        if right > before:
            text = self.tr("The new model reads better: {new} right, the one in use {old}")
        elif right == before:
            text = self.tr("The new model reads as well as the one in use: {new} right")
        else:
            text = self.tr("The new model reads worse: {new} right, the one in use {old}")
        return text.format(
            new=percent(comparison.candidate.accuracy), old=percent(comparison.current.accuracy)
        )

    def _on_name_changed(self, text: str) -> None:
        self.keep_button.setEnabled(bool(text.strip()))

    def retranslate(self) -> None:
        self._tabs.setTabText(0, self.tr("&Confusion"))
        self._tabs.setTabText(1, self.tr("C&lasses"))
        self.matrices[_OLD].setAccessibleName(self.tr("Confusion matrix of the model in use"))
        self.matrices[_NEW].setAccessibleName(self.tr("Confusion matrix of the new model"))
        self._name_label.setText(self.tr("&Name"))
        self.name.setAccessibleName(self.tr("Name of the new model"))
        self.keep_button.setText(self.tr("&Keep"))
        self.discard_button.setText(self.tr("&Discard"))
        self._show_figures()
        self._show_caption()


def _shown(*evaluations: Evaluation) -> list[int]:
    """Indices of the classes that occur in the data or among the answers."""
    counts = sum((e.confusion.sum(axis=0) + e.confusion.sum(axis=1)) for e in evaluations)
    return [int(i) for i in counts.nonzero()[0]]

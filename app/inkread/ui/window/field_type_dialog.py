"""A pattern or list of a person's own that says what is written."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from inkread.core.errors import InkreadError
from inkread.core.field_types.field_type import FieldType
from inkread.core.line_labels import LINE_LABELS
from inkread.services.settings import Settings
from inkread.ui.widgets.layouts import fill
from inkread.ui.widgets.messages import sentence
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated


class FieldTypeDialog(Retranslated, QDialog):
    """One line to write the pattern in; below it what is wrong with it."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("field_type")
        self._settings = settings
        self._explanation = PlainLabel(wordWrap=True)
        self.pattern = QLineEdit(settings.field_type)
        self.problem = PlainLabel(wordWrap=True)
        self.problem.setMinimumHeight(3 * self.problem.fontMetrics().height())
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        fill(QVBoxLayout(self), self._explanation, self.pattern, self.problem, self.buttons)
        self.setMinimumWidth(420)
        self.pattern.textChanged.connect(self._check)
        self.finished.connect(self.deleteLater)
        self.retranslate()

    def accept(self) -> None:
        self._settings.field_type = FieldType.parse(self.pattern.text()).text
        super().accept()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("What is written"))
        self._explanation.setText(
            self.tr(
                "In a pattern 9 is a digit, and signs stand for themselves: 999-99. Or a list: "
                "one of: 12|15|20. Or a name with a range: integer 1..31, money 0..500, "
                "date 2020.., time 8:00..17:30. Or so many digits: digits:6."
            )
        )
        self.pattern.setAccessibleName(self.tr("Pattern"))
        self._check()

    def _check(self) -> None:
        text, problem = self.pattern.text(), ""
        try:
            FieldType.parse(text).check_readable(LINE_LABELS)
        except InkreadError as error:
            problem = sentence(error)
        self.problem.setText(problem if text else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

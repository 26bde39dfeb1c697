"""Choice of the classes to teach, and of the count of each."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inkread.core.errors import LabelUnusable
from inkread.core.escapes import visible
from inkread.core.labels import composed, normalise_label
from inkread.core.line_labels import SIGNS
from inkread.ui.widgets.forms import add_fields, set_captions, show_ticks
from inkread.ui.widgets.layouts import STRETCH, button_box, fill, push_button
from inkread.ui.widgets.messages import sentence
from inkread.ui.widgets.plain_text import PlainLabel
from inkread.ui.widgets.retranslated import Retranslated

#: Counts to choose from; the first is the default.
EACH = (2, 5, 10)


class TeachSetup(Retranslated, QWidget):
    """All classes of the model are ticked at first; others can be typed."""

    started = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teach_setup")
        self.classes = QListWidget()
        self.others = QLineEdit()
        self.each = QComboBox()
        self.start_button = push_button(self.started, "start")
        self.close_button = push_button(self.closed, autoDefault=False)
        self.note = PlainLabel(wordWrap=True)
        self._form = QFormLayout()
        self._lay_out()
        self.classes.itemChanged.connect(self._update)
        self.others.textChanged.connect(self._update)
        self.each.currentIndexChanged.connect(self._update)
        self.set_colours()
        self.retranslate()

    def set_known(self, labels: Iterable[str]) -> None:
        """Set the classes of the model; unticked ones stay unticked."""
        left_out = {_label(item) for item in self._items() if not _is_ticked(item)}
        self.classes.clear()
        metrics = self.fontMetrics()
        known = {label: visible(label) for label in labels}
        widest = max(map(metrics.horizontalAdvance, known.values()), default=0)
        size = QSize(widest + 3 * metrics.height(), round(1.4 * metrics.height()))
        for label, text in known.items():
            item = QListWidgetItem(text, self.classes)
            item.setData(Qt.ItemDataRole.UserRole, label)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setSizeHint(size)
            state = Qt.CheckState.Unchecked if label in left_out else Qt.CheckState.Checked
            item.setCheckState(state)
        self.classes.setCurrentRow(0)
        self._update()

    @property
    def labels(self) -> tuple[str, ...]:
        """The ticked classes, then the typed ones, without duplicates."""
        ticked = [_label(item) for item in self._items() if _is_ticked(item)]
        return tuple(dict.fromkeys((*ticked, *composed(self.others.text()).split())))

    @property
    def count(self) -> int:
        """Count of samples per class."""
        return EACH[self.each.currentIndex()]

    def _items(self) -> list[QListWidgetItem]:
        return [self.classes.item(row) for row in range(self.classes.count())]

    def _lay_out(self) -> None:
        self.classes.setObjectName("classes")
        self.classes.setFlow(QListWidget.Flow.LeftToRight)
        self.classes.setWrapping(True)
        self.classes.setMovement(QListWidget.Movement.Static)
        self.classes.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.classes.setSpacing(4)
        self.classes.setMaximumHeight(9 * self.fontMetrics().height())
        self.others.setMaxLength(1000)
        self.each.addItems([""] * len(EACH))
        self.start_button.setDefault(True)
        add_fields(self._form, self.classes, self.others, self.each)
        buttons = button_box(self.start_button, reject=self.close_button)
        fill(QVBoxLayout(self), self._form, self.note, STRETCH, buttons)

    def _update(self) -> None:
        problem = self._problem()
        self.start_button.setEnabled(not problem)
        self.start_button.setDefault(True)  # which a disabled button does not stay
        self.note.setText(problem or self._promise())

    def _problem(self) -> str:
        """Why a set cannot be started; empty if it can."""
        labels = self.labels
        if not labels:
            return self.tr("Tick at least one class, or type one.")
        known = set(map(_label, self._items()))  # there are models with classes such as "+"
        if any(label in SIGNS and label not in known for label in labels):
            return self.tr("Signs beside digits, such as . and /, cannot be taught.")
        try:
            for label in labels:
                normalise_label(label)
        except LabelUnusable as error:
            return sentence(error)
        return ""

    def _promise(self) -> str:
        return self.tr(
            "You will be asked to write %n digits, one after the other. What is kept stays "
            "kept if you stop before the end; all of it stays on this computer.",
            "",
            len(self.labels) * self.count,
        )

    def set_colours(self) -> None:
        show_ticks(self.classes, palette=self.palette())

    def retranslate(self) -> None:
        captions = {
            self.classes: self.tr("Cl&asses"),
            self.others: self.tr("&Others"),
            self.each: self.tr("&How many"),
        }
        set_captions(self._form, captions)
        self.others.setPlaceholderText(self.tr("new labels, with spaces between them: a b tick"))
        for index, count in enumerate(EACH):
            self.each.setItemText(index, self.tr("%n of each", "", count))
        self.start_button.setText(self.tr("&Start"))
        self.close_button.setText(self.tr("Close"))
        self._update()


def _label(item: QListWidgetItem) -> str:
    return str(item.data(Qt.ItemDataRole.UserRole))


def _is_ticked(item: QListWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked

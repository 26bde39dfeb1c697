"""Model > Library: the models that can be used, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDateTime, QEvent, QLocale, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.data.models import SHIPPED, Card, Listed
from app.services.models import Models
from app.ui.banner import Banner
from app.ui.messages import Messages, show_error
from app.ui.percent import percent
from app.ui.questions import ask

_NAME, _STATE, _FIGURES, _DATA, _CREATED = range(5)
_LISTED = Qt.ItemDataRole.UserRole
_PATTERN = "*.onnx"
#: Of a column, letters.
_WIDEST = 34


class LibraryDialog(QDialog):
    """The list and what can be done; the model in use is marked. Changes hold at once."""

    def __init__(self, models: Models, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("library")
        self._models = models
        self._messages = messages
        self._wanted = ""
        self._listed: tuple[Listed, ...] = ()
        self.banner = Banner()
        self.list = QTreeWidget()
        self.details = QLabel()
        self.use_button = QPushButton()
        self.revert_button = QPushButton()
        self.rename_button = QPushButton()
        self.export_button = QPushButton()
        self.import_button = QPushButton()
        self.delete_button = QPushButton()
        self.close_button = QPushButton()
        self._prepare()
        self._lay_out()
        self._connect()
        self.retranslate()

    def present(self) -> None:
        """Bring the dialog to the front, with the library as it is now."""
        self._models.refresh()
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    @property
    def chosen(self) -> Listed | None:
        """The model whose row is selected."""
        item = self.list.currentItem()
        return item.data(0, _LISTED) if item is not None else None

    def choose(self, name: str) -> None:
        """Select the first model of that name."""
        found = self.list.findItems(name, Qt.MatchFlag.MatchExactly, _NAME)
        if found:
            self.list.setCurrentItem(found[0])

    def _prepare(self) -> None:
        self.list.setObjectName("models")
        self.list.setColumnCount(5)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.details.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.resize(1000, 460)

    def _lay_out(self) -> None:
        buttons = QVBoxLayout()
        for button in self._buttons():
            button.setAutoDefault(False)
            if button is self.close_button:
                buttons.addStretch()
            buttons.addWidget(button)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self.details)
        sides = QHBoxLayout()
        sides.addLayout(left, 1)
        sides.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self.banner)
        layout.addLayout(sides, 1)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (
            self.use_button,
            self.revert_button,
            self.rename_button,
            self.export_button,
            self.import_button,
            self.delete_button,
            self.close_button,
        )

    def _connect(self) -> None:
        self._models.listed.connect(self._on_listed)
        self._models.failed.connect(self._on_failed)
        self.list.currentItemChanged.connect(self._update)
        self.list.itemActivated.connect(self._use)
        self.list.itemChanged.connect(self._on_item_changed)
        self.use_button.clicked.connect(self._use)
        self.revert_button.clicked.connect(lambda: self._do(self._models.revert))
        self.rename_button.clicked.connect(self._rename)
        self.export_button.clicked.connect(self._ask_where_to_export)
        self.import_button.clicked.connect(self._ask_what_to_import)
        self.delete_button.clicked.connect(self._ask_whether_to_delete)
        self.close_button.clicked.connect(self.close)

    def _do(self, act: Callable[[], None]) -> None:
        self.banner.dismiss()
        act()

    def _use(self) -> None:
        chosen = self.chosen
        if chosen is not None and not chosen.in_use:
            self._do(lambda: self._models.use(chosen.kept.id))

    def _rename(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.list.editItem(item, _NAME)

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        listed: Listed = item.data(0, _LISTED)
        name = item.text(_NAME)
        if column == _NAME and name != self._name(listed):
            self._do(lambda: self._models.rename(listed.kept.id, name))

    def _ask_where_to_export(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        dialog = self._file_dialog("export", self.tr("Export the model"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("onnx")
        dialog.selectFile(f"{chosen.kept.id}.onnx")
        model_id = chosen.kept.id
        dialog.fileSelected.connect(lambda path: self._models.export(model_id, Path(path)))
        dialog.open()

    def _ask_what_to_import(self) -> None:
        dialog = self._file_dialog("import", self.tr("Import a model"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._models.import_file(Path(path)))
        dialog.open()

    def _file_dialog(self, name: str, title: str) -> QFileDialog:
        self.banner.dismiss()
        dialog = QFileDialog(self, title)
        dialog.setObjectName(name)
        models = self.tr("ONNX models ({patterns})").format(patterns=_PATTERN)
        dialog.setNameFilters([models, self.tr("All files (*)")])
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _ask_whether_to_delete(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        model_id = chosen.kept.id
        ask(
            self,
            "delete_model",
            self.tr("Delete {name}?").format(name=self._name(chosen)),
            self.tr("Its file will be gone. Export it first if you may want it again."),
            self.tr("&Delete"),
            self.tr("&Go back"),
            lambda: self._do(lambda: self._models.delete(model_id)),
        )

    def _on_failed(self, error: BaseException) -> None:
        if self.isVisible():
            show_error(error, self.banner, self._messages)
            self._models.refresh()

    def _on_listed(self, listed: tuple[Listed, ...]) -> None:
        new = {one.kept.id for one in listed} - {one.kept.id for one in self._listed}
        chosen = self.chosen
        wanted = chosen.kept.id if chosen else ""
        if self._listed and len(new) == 1:
            (wanted,) = new
        self._listed = listed
        self._fill(wanted)

    def _fill(self, wanted: str) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        items = [self._item(listed) for listed in self._listed]
        self.list.addTopLevelItems(items)
        self.list.blockSignals(False)
        by_id = {listed.kept.id: item for listed, item in zip(self._listed, items, strict=True)}
        in_use = next((listed.kept.id for listed in self._listed if listed.in_use), SHIPPED)
        current = by_id.get(wanted) or by_id.get(in_use)
        if current is not None:
            self.list.setCurrentItem(current)
        for column in (_NAME, _STATE, _FIGURES, _DATA):
            self.list.resizeColumnToContents(column)
            widest = _WIDEST * self.fontMetrics().averageCharWidth()
            self.list.setColumnWidth(column, min(self.list.columnWidth(column), widest) + 8)
        self._update()

    def _item(self, listed: Listed) -> QTreeWidgetItem:
        card = listed.kept.card
        texts = [
            self._name(listed),
            self._state(listed),
            self._figures(card),
            ", ".join(card.data),
            _date(card.created),
        ]
        item = QTreeWidgetItem(texts)
        item.setData(0, _LISTED, listed)
        if listed.kept.id != SHIPPED:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        font = self.list.font()
        font.setBold(listed.in_use)
        item.setSizeHint(_CREATED, QSize(0, round(1.6 * self.fontMetrics().height())))
        for column, text in enumerate(texts):
            item.setFont(column, font)
            item.setToolTip(column, text)
        return item

    def _name(self, listed: Listed) -> str:
        return listed.kept.card.name

    def _state(self, listed: Listed) -> str:
        if listed.problem:
            return self.tr("cannot be used")
        if listed.in_use:
            return self.tr("in use")
        sources = {
            "shipped": self.tr("came with Inkread"),
            "trained": self.tr("trained here"),
            "imported": self.tr("imported"),
        }
        return sources[listed.kept.card.source]

    def _update(self) -> None:
        chosen = self.chosen
        is_own = chosen is not None and chosen.kept.id != SHIPPED
        can_be_used = chosen is not None and not chosen.problem
        in_use = chosen is not None and chosen.in_use
        self.use_button.setEnabled(can_be_used and not in_use)
        self.revert_button.setEnabled(any(o.in_use and o.kept.id != SHIPPED for o in self._listed))
        self.rename_button.setEnabled(is_own)
        self.export_button.setEnabled(can_be_used)
        self.delete_button.setEnabled(is_own and not in_use)
        self.details.setText(self._details(chosen) if chosen else "")

    def _details(self, listed: Listed) -> str:
        card = listed.kept.card
        if listed.problem:
            return self.tr("It cannot be used: {reason}.").format(reason=listed.problem)
        facts = {
            self.tr("Figures: {text}"): self._figures(card),
            self.tr("Trained: {text}"): self._recipe(card),
            self.tr("Made from: {text}"): ", ".join(card.parents),
            self.tr("File: {text}"): str(listed.kept.path),
        }
        return "\n".join(pattern.format(text=text) for pattern, text in facts.items() if text)

    def _figures(self, card: Card) -> str:
        """Such as "accuracy 98.8 %, before 97.2 %"."""
        before = self.tr("{figure}, before {other}")
        return "; ".join(
            before.format(figure=figure(key, value), other=_number(card.before[key]))
            if key in card.before
            else figure(key, value)
            for key, value in card.after.items()
        )

    def _recipe(self, card: Card) -> str:
        """What is known of the training, in words."""
        known = {
            "architecture": self.tr("network {value}"),
            "epochs": self.tr("{value} passes"),
            "best_epoch": self.tr("the best was pass {value}"),
            "batch": self.tr("batch {value}"),
            "rate": self.tr("learning rate {value}"),
        }
        return ", ".join(
            pattern.format(value=card.recipe[key])
            for key, pattern in known.items()
            if card.recipe.get(key) not in (None, "")
        )

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Library of models"))
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setHeaderLabels(
            [
                self.tr("Name"),
                self.tr("State"),
                self.tr("Figures"),
                self.tr("Learned from"),
                self.tr("Since"),
            ]
        )
        texts = (
            self.tr("&Use"),
            self.tr("&Revert"),
            self.tr("Re&name"),
            self.tr("&Export..."),
            self.tr("&Import..."),
            self.tr("&Delete..."),
            self.tr("Close"),
        )
        for button, text in zip(self._buttons(), texts, strict=True):
            button.setText(text)
        self.revert_button.setToolTip(self.tr("Use the model that was in use before"))
        chosen = self.chosen
        self._fill(chosen.kept.id if chosen else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def figure(name: str, value: float) -> str:
    """Such as "accuracy 98.8 %"."""
    return f"{name.replace('_', ' ')} {_number(value)}"


def _number(value: float) -> str:
    return percent(value) if 0 <= value <= 1 else QLocale().toString(value)


def _date(created: str) -> str:
    moment = QDateTime.fromString(created, Qt.DateFormat.ISODate).toLocalTime()
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat) if created else ""

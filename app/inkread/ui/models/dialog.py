"""Model > Library: the models that can be used, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inkread.data.models.library import SHIPPED, ModelEntry
from inkread.services.models import Models
from inkread.ui.models.facts import details
from inkread.ui.models.list import NAME, ModelList, model_of
from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.confirm import ask
from inkread.ui.widgets.messages import Messages, show_error
from inkread.ui.widgets.window_size import resize_by_font

_PATTERN = "*.onnx"


class LibraryDialog(QDialog):
    """The list and what can be done; the model in use is marked. Changes hold at once."""

    def __init__(self, models: Models, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("library")
        self._models = models
        self._messages = messages
        self.banner = Banner()
        self.list = ModelList()
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

    def _prepare(self) -> None:
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.details.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        resize_by_font(self, 1000, 460)

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
        chosen = self.list.chosen
        if chosen is not None and not chosen.in_use:
            self._do(lambda: self._models.use(chosen.kept.id))

    def _rename(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.list.editItem(item, NAME)

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        kept, name = model_of(item).kept, item.text(NAME)
        if column == NAME and name != kept.card.name:
            self._do(lambda: self._models.rename(kept.id, name))

    def _ask_where_to_export(self) -> None:
        chosen = self.list.chosen
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
        chosen = self.list.chosen
        if chosen is None:
            return
        model_id = chosen.kept.id
        ask(
            self,
            "delete_model",
            self.tr("Delete {name}?").format(name=chosen.kept.card.name),
            self.tr("Its file will be gone. Export it first if you may want it again."),
            self.tr("&Delete"),
            self.tr("&Go back"),
            lambda: self._do(lambda: self._models.delete(model_id)),
        )

    def _on_failed(self, error: BaseException) -> None:
        if self.isVisible():
            show_error(error, self.banner, self._messages)
            self._models.refresh()

    def _on_listed(self, listed: tuple[ModelEntry, ...]) -> None:
        self.list.set_listed(listed)
        self._update()

    def _update(self) -> None:
        chosen = self.list.chosen
        is_own = chosen is not None and chosen.kept.id != SHIPPED
        can_be_used = chosen is not None and not chosen.problem
        in_use = chosen is not None and chosen.in_use
        self.use_button.setEnabled(can_be_used and not in_use)
        self.revert_button.setEnabled(any(one.is_previous for one in self.list.listed))
        self.rename_button.setEnabled(is_own)
        self.export_button.setEnabled(can_be_used)
        self.delete_button.setEnabled(is_own and not in_use)
        self.details.setText(details(chosen) if chosen else "")

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Library of models"))
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
        self._update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

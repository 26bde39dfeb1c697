"""Model > Library: the models and their details."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inkread.data.models.library import SHIPPED, ModelEntry
from inkread.services.models import Models
from inkread.ui.models.facts import details
from inkread.ui.models.list import NAME, ModelList, model_of
from inkread.ui.widgets.ask_path import Mode, ask_path
from inkread.ui.widgets.confirm import ask
from inkread.ui.widgets.layouts import add_buttons, fill, push_button, set_texts
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.tool_dialog import ToolDialog

_PATTERN = "*.onnx"


class LibraryDialog(ToolDialog):
    """List of models with actions; the model in use is marked. Changes apply at once."""

    def __init__(self, models: Models, messages: Messages, parent: QWidget) -> None:
        super().__init__("library", messages, parent, (1000, 460))
        self._models = models
        self._is_importing = False
        self.list = ModelList()
        self.details = PlainLabel(
            wordWrap=True,
            textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse,
        )
        self.use_button = push_button(self._use)
        self.revert_button = push_button(lambda: self._do(self._models.revert))
        self.rename_button = push_button(self._rename)
        self.export_button = push_button(self._ask_where_to_export)
        self.import_button = push_button(self._import)
        self.delete_button = push_button(self._ask_whether_to_delete)
        self.close_button = push_button(self.close)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.details.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        buttons = QVBoxLayout()
        add_buttons(buttons, self._texts())
        left = fill(QVBoxLayout(), (self.list, 1), self.details)
        sides = fill(QHBoxLayout(), (left, 1), buttons)
        self.column.addLayout(sides, 1)
        self._models.listed.connect(self._on_listed)
        self._models.failed.connect(self._on_failed)
        self._models.importing.connect(self._on_importing)
        self.list.currentItemChanged.connect(self._update)
        self.list.itemActivated.connect(self._use)
        self.list.itemChanged.connect(self._on_item_changed)
        self.retranslate()

    def present(self) -> None:
        """Refresh the list and bring the dialog to the front."""
        self._models.refresh()
        super().present()
        self.list.setFocus()

    def _texts(self) -> dict[QPushButton, str]:
        return {
            self.use_button: self.tr("&Use"),
            self.revert_button: self.tr("&Revert"),
            self.rename_button: self.tr("Re&name"),
            self.export_button: self.tr("&Export..."),
            self.import_button: self._import_text(),
            self.delete_button: self.tr("&Delete..."),
            self.close_button: self.tr("Close"),
        }

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
        name, export = f"{chosen.kept.id}.onnx", partial(self._models.export, chosen.kept.id)
        title = self.tr("Export the model")
        self._ask("export", title, export, mode=Mode.AnyFile, suggested=name, suffix="onnx")

    def _import_text(self) -> str:
        return self.tr("Cancel &import") if self._is_importing else self.tr("&Import...")

    def _import(self) -> None:
        """Ask what to import; while a model is tried, give that up."""
        if self._is_importing:
            self._models.cancel_import()
        else:
            self._ask("import", self.tr("Import a model"), self._models.import_file)

    def _on_importing(self, is_importing: bool) -> None:
        self._is_importing = is_importing
        self.import_button.setText(self._import_text())

    def _ask(self, name: str, title: str, then: Callable[[Path], None], **settings: Any) -> None:
        models = self.tr("ONNX models ({patterns})").format(patterns=_PATTERN)
        filters = models, self.tr("All files (*)")
        self._do(lambda: ask_path(self, name, title, then, filters=filters, **settings))

    def _ask_whether_to_delete(self) -> None:
        chosen = self.list.chosen
        if chosen is None:
            return
        model_id = chosen.kept.id
        ask(
            self,
            "delete_model",
            self.tr("Delete {name}?").format(name=shown(chosen.kept.card.name)),
            self.tr("Its file will be gone. Export it first if you may want it again."),
            self.tr("&Delete"),
            lambda: self._do(lambda: self._models.delete(model_id)),
        )

    def _on_failed(self, error: BaseException) -> None:
        if self.isVisible():
            self.show_error(error)
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
        set_texts(self._texts())
        self.revert_button.setToolTip(self.tr("Use the model that was in use before"))
        self._update()

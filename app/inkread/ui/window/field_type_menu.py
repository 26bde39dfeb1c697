"""What is written: the menu that says what may stand in the lines of a picture or drawing."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from inkread.services.settings import Settings
from inkread.ui.widgets.plain_text import menu_text
from inkread.ui.widgets.retranslated import Retranslated

#: Types of fields; the empty one: anything.
TYPES = ("", "integer", "decimal", "money", "date", "time", "digits")


class FieldTypeMenu(Retranslated, QMenu):
    """One entry for each type, and one for a pattern of the person's own."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self.types: dict[str, QAction] = {}
        group = QActionGroup(self)
        for text in TYPES:
            action = self.types[text] = QAction(self, checkable=True)
            action.setData(text)
            group.addAction(action)
            self.addAction(action)
        self.addSeparator()
        self.own = QAction(self, checkable=True)
        group.addAction(self.own)
        self.addAction(self.own)
        for action in self.types.values():
            action.triggered.connect(self._on_chosen)
        self.own.triggered.connect(self._ask)
        settings.field_type_changed.connect(self._show)
        self.retranslate()

    def retranslate(self) -> None:
        self.setTitle(self.tr("What is wr&itten"))
        entries = (
            self.tr("&Anything"),
            self.tr("&Whole numbers"),
            self.tr("D&ecimal numbers"),
            self.tr("&Money"),
            self.tr("&Dates"),
            self.tr("&Times of day"),
            self.tr("D&igits only"),
        )
        for text, entry in zip(TYPES, entries, strict=True):
            self.types[text].setText(entry)
        self._show(self._settings.field_type)

    def _show(self, text: str) -> None:
        is_own = text not in self.types
        chosen = self.own if is_own else self.types[text]
        chosen.setChecked(True)
        pattern = self.tr("&Own pattern ({pattern})...").format(pattern=menu_text(text))
        self.own.setText(pattern if is_own else self.tr("&Own pattern..."))

    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._settings.field_type = action.data()

    def _ask(self) -> None:
        from inkread.ui.window.field_type_dialog import FieldTypeDialog

        dialog = FieldTypeDialog(self._settings, self.parentWidget())
        dialog.rejected.connect(lambda: self._show(self._settings.field_type))
        dialog.open()

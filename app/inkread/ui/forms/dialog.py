"""File > Form template: mark the fields of a form, name them, try them, and save them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inkread.core.forms.template import FormField, Template
from inkread.core.geometry import Box
from inkread.core.picture.page import Page
from inkread.services.forms import Draft, Forms
from inkread.ui.forms.field_model import NAME, TYPE, FieldModel, TypeDelegate
from inkread.ui.forms.field_view import NONE, FieldView
from inkread.ui.widgets.ask_path import Mode, ask_path
from inkread.ui.widgets.forms import show_ticks
from inkread.ui.widgets.layouts import add_buttons, bare, fill, push_button, set_texts
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.tool_dialog import ToolDialog

if TYPE_CHECKING:
    from inkread.core.forms.read_form import FormReading

#: The picture that is shown in the window, and its name; None: there is none.
Current = Callable[[], tuple[Page, str] | None]


class FormDialog(ToolDialog):
    """Not modal: the next scan is opened in the window and tried here."""

    #: A folder of forms is to be read with this draft.
    folder_wanted = Signal(object)

    def __init__(self, forms: Forms, current: Current, messages: Messages, parent: QWidget) -> None:
        super().__init__("form_template", messages, parent, (1040, 640), Qt.WindowType.Window)
        self._forms, self._current = forms, current
        self._source: Page | Template | None = None
        self._tried: Page | None = None
        self._is_changed = False
        self.model = FieldModel(self)
        self.view = FieldView()
        self.table = QTableView()
        self.note = PlainLabel(wordWrap=True)
        self.is_blank = QCheckBox()
        self.propose_button = push_button(self._propose)
        self.delete_button = push_button(self._delete)
        self.try_button = push_button(self._try)
        self.open_button = push_button(self._ask_what_to_open)
        self.anew_button = push_button(self.start_anew)
        self.save_button = push_button(self._ask_where_to_save)
        self.folder_button = push_button(self._want_folder)
        self.close_button = push_button(self.close)
        self._lay_out()
        self._connect()
        self.set_colours()
        self.retranslate()

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.table.setObjectName("form_fields")
        self.table.setItemDelegateForColumn(TYPE, TypeDelegate(self.table))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        side = QWidget()
        buttons = fill(QHBoxLayout(), self.propose_button, self.delete_button, self.try_button)
        fill(bare(QVBoxLayout(side), 6), (self.table, 1), self.is_blank, buttons)
        split = QSplitter()
        split.addWidget(self.view)
        split.addWidget(side)
        split.setSizes([580, 440])
        split.setChildrenCollapsible(False)
        below = QHBoxLayout()
        add_buttons(below, self._below())
        for button in (self.propose_button, self.delete_button, self.try_button):
            button.setAutoDefault(False)
        fill(self.column, (split, 1), self.note, below)

    def _connect(self) -> None:
        self._forms.loaded.connect(self._on_loaded)
        self._forms.saved.connect(self._on_saved)
        self._forms.proposed.connect(self._on_proposed)
        self._forms.tried.connect(self._on_tried)
        self._forms.failed.connect(self.show_error)
        self.view.box_drawn.connect(self._on_drawn)
        self.view.field_clicked.connect(self._on_clicked)
        self.table.selectionModel().currentRowChanged.connect(self._show_fields)
        for changed in (self.model.dataChanged, self.model.rowsInserted, self.model.rowsRemoved):
            changed.connect(self._on_changed)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._delete)

    @property
    def draft(self) -> Draft | None:
        """The template as it is now; None: there is none."""
        if self._source is None or not self.model.fields:
            return None
        return Draft(self._source, self.model.fields, self.is_blank.isChecked())

    @property
    def has_unsaved(self) -> bool:
        """Whether fields were changed since they were saved."""
        return self._is_changed and bool(self.model.fields)

    def present(self) -> None:
        """Begin with the picture in the window, if no template is being made."""
        if self._source is None:
            self.start_anew()
        super().present()
        self.view.setFocus()

    def start_anew(self) -> None:
        """A new template on the picture in the window."""
        self.banner.dismiss()
        current = self._current()
        if current is None:
            self._update()
            if self.isVisible():
                self.note.setText(self.tr("Open a picture of the form in the window first."))
            return
        self._begin(current[0], current[0], ())
        self.note.setText(self.tr("Draw a rectangle around each field, or let them be proposed."))

    def _begin(self, source: Page | Template, page: Page, fields: tuple[FormField, ...]) -> None:
        self._source, self._tried = source, None
        self.view.set_page(page)
        self.model.set_fields(fields)
        self._is_changed = False
        self._update()

    def _on_drawn(self, box: Box) -> None:
        if self._source is None or self._tried is not None:
            self.note.setText(self.tr("Fields are drawn on the template: go back to it first."))
            return
        if self.model.add(box):
            row = len(self.model.fields) - 1
            self.table.setCurrentIndex(self.model.index(row, NAME))
            self.table.edit(self.model.index(row, NAME))

    def _on_clicked(self, index: int) -> None:
        if index == NONE:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        else:
            self.table.setCurrentIndex(self.model.index(index, NAME))

    def _on_changed(self, *_: object) -> None:
        self._is_changed = True
        if self._tried is not None and self.model.reading is None:
            self._show_template()
        self._show_fields()

    def _show_template(self) -> None:
        """From a picture on trial back to that of the template."""
        self._tried = None
        if isinstance(self._source, Page):
            self.view.set_page(self._source)
        elif self._source is not None:
            self.view.set_page(page_of_template(self._source))

    def _show_fields(self, *_: object) -> None:
        reading = self.model.reading
        if reading is not None and self._tried is not None:
            fields = [(field.name, field.box) for field in reading.fields]
            doubtful = frozenset(k for k, f in enumerate(reading.fields) if f.is_doubtful)
        else:
            fields, doubtful = [(field.name, field.box) for field in self.model.fields], frozenset()
        current = self.table.currentIndex()
        chosen = current.row() if current.isValid() else NONE
        self.view.set_fields(fields, chosen, doubtful, is_trial=self._tried is not None)
        self._update()

    def _delete(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.model.remove(index.row())

    def _propose(self) -> None:
        if isinstance(self._source, Page):
            self.banner.dismiss()
            self.note.setText(self.tr("Looking for fields..."))
            self._forms.propose(self._source)

    def _on_proposed(self, fields: tuple[FormField, ...]) -> None:
        count = 0
        for field in fields:
            if not any(field.box.likeness(old.box) > 0.5 for old in self.model.fields):
                count += self.model.add(field.box)
        self.note.setText(self.tr("Fields that were proposed: %n", "", count))

    def _try(self) -> None:
        current, draft = self._current(), self.draft
        self.banner.dismiss()
        if current is None or draft is None:
            self.note.setText(self.tr("Open a picture of the form in the window first."))
            return
        self._tried = current[0]
        self.note.setText(self.tr("Reading {name}...").format(name=shown(Path(current[1]).name)))
        self._forms.try_on(current[0], draft, current[1])

    def _on_tried(self, reading: FormReading) -> None:
        if self._tried is None or len(reading.fields) != len(self.model.fields):
            return
        self.view.set_page(self._tried)
        changed = self._is_changed
        self.model.set_reading(reading)
        self._is_changed = changed
        text = self.tr("{share} % of the form was found.").format(share=round(100 * reading.fit))
        if count := len(reading.doubtful):
            text += " " + self.tr("Doubtful fields: %n", "", count)
        self.note.setText(text)
        self._show_fields()

    def _ask_what_to_open(self) -> None:
        self.banner.dismiss()
        title, filters = self.tr("Open a form template"), (self.tr("Form templates (*.json)"),)
        ask_path(self, "open_template", title, self._forms.load, filters=filters)

    def _on_loaded(self, template: Template) -> None:
        self._begin(template, page_of_template(template), template.fields)
        self.note.clear()

    def _ask_where_to_save(self) -> None:
        self.banner.dismiss()
        title, filters = self.tr("Save the form template"), (self.tr("Form templates (*.json)"),)
        ask = partial(ask_path, self, "save_template", title, self._save, Mode.AnyFile, filters)
        ask(suggested=self.tr("form") + ".json", suffix="json")

    def _save(self, path: Path) -> None:
        if (draft := self.draft) is not None:
            self._forms.save(path, draft)

    def _on_saved(self, name: str) -> None:
        self._is_changed = False
        self.note.setText(self.tr("Saved {name}").format(name=shown(name)))

    def _want_folder(self) -> None:
        if (draft := self.draft) is not None:
            self.folder_wanted.emit(draft)

    def _update(self) -> None:
        has_fields = self.draft is not None
        self.propose_button.setEnabled(isinstance(self._source, Page) and self._tried is None)
        self.delete_button.setEnabled(self.table.currentIndex().isValid())
        self.is_blank.setEnabled(isinstance(self._source, Page))
        for button in (self.try_button, self.save_button, self.folder_button):
            button.setEnabled(has_fields)

    def _below(self) -> dict[QPushButton, str]:
        return {
            self.open_button: self.tr("&Open template..."),
            self.anew_button: self.tr("&New on this picture"),
            self.save_button: self.tr("&Save template..."),
            self.folder_button: self.tr("&Read folder..."),
            self.close_button: self.tr("Close"),
        }

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Form template"))
        set_texts(self._below())
        self.propose_button.setText(self.tr("&Propose fields"))
        self.delete_button.setText(self.tr("&Delete field"))
        self.try_button.setText(self.tr("&Try on this picture"))
        self.try_button.setToolTip(self.tr("Reads the fields on the picture in the window"))
        self.is_blank.setText(self.tr("Nothing is &written on this picture"))
        self.is_blank.setToolTip(self.tr("Then what stands in its fields is printed"))
        self.table.setAccessibleName(self.tr("Fields"))
        self.model.retranslate()
        self._update()

    def set_colours(self) -> None:
        show_ticks(self.is_blank, palette=self.palette())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._update()


def page_of_template(template: Template) -> Page:
    """The print of a template as a page, to draw its fields on."""
    grey = np.asarray(cv2.bitwise_not(template.printed.image), np.uint8)
    colour = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    return Page(colour, grey, grey.shape[1] / template.width)

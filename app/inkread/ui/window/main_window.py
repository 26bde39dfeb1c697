"""The window: menus, tools and status around the workspace, and what its commands do."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QMimeData, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow

from inkread.core.encoding import encoded
from inkread.core.field_types.field_type import FieldType
from inkread.core.layout import Layout
from inkread.core.spreadsheets import inert
from inkread.core.tables.cell_map import CellMap
from inkread.core.tables.texts import html_tables, tab_separated
from inkread.services.corrections import PictureCorrections
from inkread.services.language import Language
from inkread.services.recognition import Recognition
from inkread.services.saving import Saving
from inkread.services.settings import MAX_PEN, MIN_PEN, Settings
from inkread.ui.actions.actions import Actions
from inkread.ui.widgets.busy_indicator import BusyIndicator
from inkread.ui.widgets.by_font import resize_by_font
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.plain_text import shown
from inkread.ui.widgets.retranslated import Retranslated
from inkread.ui.window.correction_commands import Correcting
from inkread.ui.window.file_commands import Files
from inkread.ui.window.menus import MenuBar, ToolBar
from inkread.ui.window.picture_commands import PictureCommands
from inkread.ui.window.status_bar import Status
from inkread.ui.window.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from inkread.core.classifier import Classifier
    from inkread.ui.window.screen_region import ScreenRegion

_PEN_STEP = 2.0


class MainWindow(Retranslated, QMainWindow):
    """Inkread's one window."""

    #: The window is about to close; a receiver vetoes by ignoring the event.
    closing = Signal(QCloseEvent)
    #: Whether the window can be seen: it is open, and not minimised.
    seen_changed = Signal(bool)

    def __init__(
        self,
        recognition: Recognition,
        corrections: PictureCorrections,
        saving: Saving,
        settings: Settings,
        language: Language,
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self._recognition = recognition
        self._saving = saving
        self._settings = settings
        self._language = language
        self._classifier: Classifier | None = None
        self.commands = Actions(self)
        self.workspace = Workspace(recognition, corrections, self.commands)
        self.messages = Messages(self.workspace.banner, self)
        self.files = Files(recognition, saving, settings, self)
        self.tools = ToolBar(self.commands, settings, self)
        self.menus = MenuBar(self.commands, settings, self)
        self.busy = BusyIndicator()
        self.setCentralWidget(self.workspace)
        self.setMenuBar(self.menus)
        self.addToolBar(self.tools)
        self.status = Status(self.statusBar(), self.workspace)
        self.statusBar().addPermanentWidget(self.busy)
        self.statusBar().setSizeGripEnabled(False)
        self.setAcceptDrops(True)
        self._connect_commands()
        self._connect_settings()
        self._connect_services()
        self._restore()
        self.retranslate()

    def _connect_commands(self) -> None:
        do, workspace, canvas = self.commands, self.workspace, self.workspace.canvas
        do.new.triggered.connect(workspace.start_anew)
        do.open.triggered.connect(self.files.ask_what_to_open)
        do.paste.triggered.connect(self._paste)
        do.capture.triggered.connect(self._capture)
        do.save_as.triggered.connect(self.files.ask_where_to_save)
        do.quit.triggered.connect(self.close)
        do.undo.triggered.connect(workspace.undo)
        do.redo.triggered.connect(workspace.redo)
        do.reading.save_text.triggered.connect(self.files.ask_where_to_save_text)
        do.reading.save_table.triggered.connect(self.files.ask_where_to_save_table)
        do.copy.triggered.connect(self._copy)
        do.clear.triggered.connect(canvas.clear)
        do.eraser.toggled.connect(canvas.set_eraser)
        do.wider.triggered.connect(lambda: self._change_pen(_PEN_STEP))
        do.thinner.triggered.connect(lambda: self._change_pen(-_PEN_STEP))
        do.back.triggered.connect(self._back)
        do.preferences.triggered.connect(self._show_preferences)
        do.about_model.triggered.connect(self._about_model)
        do.about.triggered.connect(self._about)
        self.menus.recent.chosen.connect(lambda path: self.files.open_path(path))
        workspace.changed.connect(self._update_commands)
        self.correcting = Correcting(do.reading, workspace, self)
        self.picturing = PictureCommands(do, workspace, self)
        self.picturing.reported.connect(self.status.report)
        self.correcting.reported.connect(self.status.report)

    def _connect_settings(self) -> None:
        settings, do = self._settings, self.commands
        settings.pen_width_changed.connect(self._show_pen_width)
        settings.theme_changed.connect(self._show_theme)
        settings.pipeline_shown_changed.connect(self._show_pipeline)
        self.tools.width_slider.valueChanged.connect(partial(setattr, settings, "pen_width"))
        do.show_pipeline.toggled.connect(partial(setattr, settings, "pipeline_shown"))
        settings.checks_sums_changed.connect(self._show_checks_sums)
        do.reading.check_sums.toggled.connect(partial(setattr, settings, "checks_sums"))
        do.theme_group.triggered.connect(self._set_theme)
        settings.layout_changed.connect(self._show_layout)
        do.layout_group.triggered.connect(self._set_layout)
        settings.field_type_changed.connect(self._show_field_type)

    def _connect_services(self) -> None:
        self._recognition.failed.connect(self.messages.report)
        self._recognition.busy_changed.connect(self.busy.setVisible)
        self._recognition.model_changed.connect(self._on_model_changed)
        self.busy.cancelled.connect(self._recognition.cancel)
        self._saving.failed.connect(self.messages.report)
        self.files.opening.connect(self._on_opening)
        self.files.save_chosen.connect(self._save)
        self.files.save_text_chosen.connect(self._save_text)
        self.files.save_table_chosen.connect(self._save_table)
        self.files.saved.connect(self._on_saved)

    def _restore(self) -> None:
        settings = self._settings
        resize_by_font(self, 1000, 680)
        if settings.geometry:
            self.restoreGeometry(QByteArray(settings.geometry))
        self._show_pen_width(settings.pen_width)
        self._show_theme(settings.theme)
        self._show_layout(settings.layout)
        self._show_field_type(settings.field_type)
        self._show_pipeline(settings.pipeline_shown)
        self._show_checks_sums(settings.checks_sums)
        self._update_commands()
        self.workspace.canvas.setFocus()

    def _update_commands(self) -> None:
        do, workspace = self.commands, self.workspace
        drawing, canvas = workspace.is_drawing, workspace.canvas
        undo, redo = workspace.undo_text, workspace.redo_text
        do.pen.setEnabled(drawing)
        do.eraser.setEnabled(drawing)
        do.undo.setEnabled(undo is not None)
        do.redo.setEnabled(redo is not None)
        do.clear.setEnabled(drawing and not canvas.is_blank)
        do.save_as.setEnabled(drawing and not canvas.ink.is_empty)
        do.back.setEnabled(not drawing)
        do.copy.setEnabled(bool(workspace.text) or workspace.has_tables)
        do.set_undo_texts(undo or "", redo or "")

    def _back(self) -> None:
        self.messages.dismiss()
        self.workspace.back_to_drawing()

    def _copy(self) -> None:
        self.messages.dismiss()
        cells = CellMap(self.workspace.editor.reading)
        if not cells.has_tables:
            QGuiApplication.clipboard().setText(inert(self.workspace.text))
            self.status.report(self.tr("Copied as text"))
            return
        tables = [cells.rows(index) for index in range(len(cells.reading.tables))]
        mime = QMimeData()
        mime.setText(tab_separated(tables))
        mime.setData("text/html", encoded(html_tables(tables)))
        QGuiApplication.clipboard().setMimeData(mime)
        words = self.tr("Copied as a table, to be pasted into a spreadsheet")
        if left := len(cells.lines_beside()):
            words += " · " + self.tr("Lines that stand in no table, left out: %n", "", left)
        self.status.report(words)

    def _paste(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        if self.files.can_open(mime):
            self.files.open_mime(mime, self.tr("The clipboard"))
        else:
            self.status.report(self.tr("There is no picture to paste"))

    def _capture(self) -> None:
        self.messages.dismiss()
        self.region.ask()

    @cached_property
    def region(self) -> ScreenRegion:
        """Asks for a region of the screen."""
        from inkread.ui.window.screen_region import ScreenRegion

        region = ScreenRegion(self)
        region.taken.connect(self._on_captured)
        region.refused.connect(self._on_capture_refused)
        return region

    def _on_captured(self, image: QImage) -> None:
        self.files.open_image(image, self.tr("The screen"))

    def _on_capture_refused(self) -> None:
        words = self.tr(
            "This desktop lets no program see the screen: "
            "use its own tool for screenshots, and File > Paste picture."
        )
        self.workspace.banner.show_text(words)

    def _save(self, path: Path) -> None:
        documents = self.workspace.documents
        self.messages.dismiss()
        self.status.forget()
        self._saving.save(
            path, documents.saved_drawings, documents.current.current, documents.snapshot(path)
        )

    def _save_text(self, path: Path) -> None:
        self.messages.dismiss()
        self.status.forget()
        name = self.workspace.name or self.tr("drawing")
        picture = self.workspace.picture
        page = 1 if picture is None else picture.page.number
        self._saving.save_text(path, name, self.workspace.editor.reading, page)

    def _save_table(self, path: Path) -> None:
        self.messages.dismiss()
        self.status.forget()
        self._saving.save_table(path, self.workspace.name, self.workspace.editor.reading)

    def _on_opening(self, name: str) -> None:
        self.messages.dismiss()
        self.status.forget()
        self.workspace.set_picture_name(name)

    def _on_saved(self, name: str) -> None:
        self.status.report(self.tr("Saved {name}").format(name=shown(name)))

    def _on_model_changed(self, classifier: Classifier) -> None:
        if self._classifier is not None:
            self.messages.dismiss()
        self._classifier = classifier
        self.commands.about_model.setEnabled(True)

    def _show_pen_width(self, width: float) -> None:
        self.workspace.canvas.set_pen_width(width)
        self.tools.width_slider.setValue(round(width))

    def _change_pen(self, by: float) -> None:
        width = self._settings.pen_width + by
        self._settings.pen_width = min(max(width, MIN_PEN), MAX_PEN)

    def _show_theme(self, name: str) -> None:
        self.commands.themes[name].setChecked(True)

    def _set_theme(self, action: QAction) -> None:
        self._settings.theme = action.data()

    def _show_layout(self, name: str) -> None:
        layout = Layout(name)
        self.commands.layouts[layout].setChecked(True)
        self._recognition.set_layout(layout)

    def _set_layout(self, action: QAction) -> None:
        self._settings.layout = action.data()

    def _show_field_type(self, text: str) -> None:
        self._recognition.set_field_type(FieldType.parse(text) if text else None)

    def _show_pipeline(self, shown: bool) -> None:
        self.workspace.pipeline.setVisible(shown)
        self.commands.show_pipeline.setChecked(shown)

    def _show_checks_sums(self, checks: bool) -> None:
        self.workspace.table_panel.set_checks_sums(checks)
        self.commands.reading.check_sums.setChecked(checks)

    def _show_preferences(self) -> None:
        from inkread.ui.window.preferences_dialog import PreferencesDialog

        PreferencesDialog(self._settings, self._language.available(), self).open()

    def _about(self) -> None:
        from inkread.ui.window.about_dialog import AboutDialog

        AboutDialog(self).open()

    def _about_model(self) -> None:
        from inkread.ui.window.about_dialog import ModelDialog

        if self._classifier is not None:
            ModelDialog(self._classifier, self).open()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Inkread"))
        self.commands.retranslate()
        self._update_commands()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.files.can_open(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.open_mime(event.mimeData(), self.tr("The dropped picture"))

    @property
    def is_seen(self) -> bool:
        return self.isVisible() and not self.isMinimized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen_changed.emit(self.is_seen)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen_changed.emit(self.is_seen)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.seen_changed.emit(self.is_seen)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)
        if not event.isAccepted():
            return
        self._recognition.cancel()
        self._settings.geometry = bytes(self.saveGeometry().data())
        self._settings.save()
        super().closeEvent(event)

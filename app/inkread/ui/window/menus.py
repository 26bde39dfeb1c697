"""The menu bar and the tool bar."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QMenu, QMenuBar, QSlider, QToolBar, QWidget

from inkread.core.escapes import MAX_TEXT
from inkread.services.settings import MAX_PEN, MIN_PEN, Settings
from inkread.ui.actions.actions import Actions
from inkread.ui.widgets.icons import GRID
from inkread.ui.widgets.layouts import tool_button
from inkread.ui.widgets.plain_text import PlainLabel, menu_text, shown
from inkread.ui.widgets.retranslated import Retranslated
from inkread.ui.window.field_type_menu import FieldTypeMenu


class RecentMenu(QMenu):
    """The files opened or saved last."""

    chosen = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._on_triggered)
        settings.recent_files_changed.connect(self._on_files_changed)
        self._on_files_changed(settings.recent_files)

    def fill(self) -> None:
        self.clear()
        for number, path in enumerate(self._settings.recent_files, start=1):
            action = QAction(f"&{number}  {menu_text(Path(path).name)}", self)
            action.setStatusTip(shown(path, MAX_TEXT))
            action.setData(path)
            self.addAction(action)

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())

    def _on_files_changed(self, files: tuple[str, ...]) -> None:
        self.setEnabled(bool(files))


class MenuBar(Retranslated, QMenuBar):
    """All actions, by what they are about."""

    def __init__(self, actions: Actions, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.recent = RecentMenu(settings, self)
        self.field_types = FieldTypeMenu(settings, self)
        self._file = _menu(self, actions.new, actions.open, self.recent, actions.read_folder)
        _extend(
            self._file, actions.form_template, actions.paste, actions.capture, None, actions.save_as
        )
        _extend(self._file, actions.reading.save_text, actions.reading.save_table)
        _extend(self._file, None, actions.quit)
        self._edit = _menu(self, actions.undo, actions.redo, None, actions.copy)
        _extend(self._edit, actions.clear, None, actions.preferences)
        self._correct = _menu(self, *actions.reading.correcting)
        self._draw = _menu(self, actions.pen, actions.eraser, None, actions.wider, actions.thinner)
        self._picture = _menu(self, *actions.picture.entries)
        self._view = _menu(self, actions.back, actions.previous_drawing, actions.next_drawing)
        _extend(self._view, actions.previous_page, actions.next_page)
        look = actions.reading
        _extend(self._view, None, look.zoom_in, look.zoom_out, look.show_whole)
        _extend(
            self._view,
            None,
            actions.show_pipeline,
            look.check_sums,
            None,
            *actions.layouts.values(),
            self.field_types,
        )
        _extend(self._view, None, *actions.themes.values())
        self._model = _menu(self, actions.learn, actions.teach, actions.samples, None)
        _extend(self._model, actions.retrain, actions.library, None, actions.about_model)
        self._help = _menu(self, actions.about)
        self.retranslate()

    def retranslate(self) -> None:
        self._file.setTitle(self.tr("&File"))
        self.recent.setTitle(self.tr("Open &recent"))
        self._edit.setTitle(self.tr("&Edit"))
        self._correct.setTitle(self.tr("&Correct"))
        self._draw.setTitle(self.tr("&Draw"))
        self._picture.setTitle(self.tr("&Picture"))
        self._view.setTitle(self.tr("&View"))
        self._model.setTitle(self.tr("&Model"))
        self._help.setTitle(self.tr("&Help"))


def _menu(bar: QMenuBar, *entries: QAction | QMenu | None) -> QMenu:
    menu = QMenu(bar)
    _extend(menu, *entries)
    bar.addMenu(menu)
    return menu


def _extend(menu: QMenu, *entries: QAction | QMenu | None) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(entry)


class ToolBar(Retranslated, QToolBar):
    """The most used commands, and the width of the pen."""

    def __init__(self, actions: Actions, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tools")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self.width_slider.setRange(round(MIN_PEN), round(MAX_PEN))
        self.width_slider.setValue(round(settings.pen_width))
        self.width_slider.setMaximumWidth(110)
        self._width_label = PlainLabel()
        self._width_label.setBuddy(self.width_slider)
        self._add_buttons(actions.pen, actions.eraser)
        self.addWidget(self._width_label)
        self.addWidget(self.width_slider)
        self.addSeparator()
        self._add_buttons(actions.undo, actions.redo, actions.clear)
        self.addSeparator()
        self._add_buttons(actions.open, actions.copy)
        self.retranslate()

    def _add_buttons(self, *actions: QAction) -> None:
        """Buttons that, other than those that a tool bar makes, the keyboard can reach."""
        for action in actions:
            button = tool_button(action, Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(GRID, GRID))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.addWidget(button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Flat, with one thin line below: the style's own has bright edges on dark colours."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Tools"))
        self._width_label.setText(self.tr("Wid&th"))
        self.width_slider.setAccessibleName(self.tr("Pen width"))
        self.width_slider.setToolTip(self.tr("Pen width"))

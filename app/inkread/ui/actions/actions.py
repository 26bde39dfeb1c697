"""All actions of the window with their shortcuts, shared by menus and toolbar."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup

from inkread.core.layout import Layout
from inkread.ui.actions.action_set import ActionSet, Key, explain
from inkread.ui.actions.picture_actions import PictureActions
from inkread.ui.actions.reading_actions import ReadingActions


class Actions(ActionSet):
    """The window's actions."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.reading = ReadingActions(self)
        self.picture = PictureActions(self)
        self.new = self.add(lambda: self.tr("&New drawing"), Key.New)
        self.open = self.add(lambda: self.tr("&Open..."), Key.Open, icon="open")
        self.read_folder = self.add(lambda: self.tr("Read &folder..."), "Ctrl+Shift+O")
        self.form_template = self.add(lambda: self.tr("For&m template..."), "Ctrl+Shift+F")
        self.paste = self.add(lambda: self.tr("&Paste picture"), Key.Paste)
        self.capture = self.add(lambda: self.tr("&Capture screen region..."), "Ctrl+Shift+C")
        self.save_as = self.add(lambda: self.tr("&Save drawing as..."), Key.Save, Key.SaveAs)
        self.quit = self.add(lambda: self.tr("&Quit"), Key.Quit, role=QAction.MenuRole.QuitRole)
        self.undo = self.add(str, Key.Undo, icon="undo")
        self.redo = self.add(str, Key.Redo, icon="redo")
        self.copy = self.add(lambda: self.tr("&Copy result as text"), Key.Copy, icon="copy")
        self.clear = self.add(lambda: self.tr("C&lear"), Key.Delete, icon="clear")
        self.preferences = self.add(
            lambda: self.tr("Pre&ferences..."),
            Key.Preferences,
            role=QAction.MenuRole.PreferencesRole,
        )
        self.pen = self.add(lambda: self.tr("&Pen"), "P", icon="pen", checkable=True)
        self.eraser = self.add(lambda: self.tr("&Eraser"), "E", icon="eraser", checkable=True)
        self.wider = self.add(lambda: self.tr("&Wider pen"), "]")
        self.thinner = self.add(lambda: self.tr("&Thinner pen"), "[")
        self.back = self.add(lambda: self.tr("&Back to drawing"), Qt.Key.Key_Escape, icon="back")
        self.previous_drawing = self.add(
            lambda: self.tr("&Previous drawing"), Key.MoveToPreviousPage, icon="previous"
        )
        self.next_drawing = self.add(
            lambda: self.tr("&Next drawing"), Key.MoveToNextPage, icon="next"
        )
        self.previous_page = self.add(
            lambda: self.tr("Previous p&age"), "Ctrl+PgUp", icon="previous"
        )
        self.next_page = self.add(lambda: self.tr("Ne&xt page"), "Ctrl+PgDown", icon="next")
        self.show_pipeline = self.add(
            lambda: self.tr("&What the network sees"), "Ctrl+I", checkable=True
        )
        self.themes = {
            "system": self.add(lambda: self.tr("&System theme"), checkable=True),
            "light": self.add(lambda: self.tr("&Light theme"), checkable=True),
            "dark": self.add(lambda: self.tr("&Dark theme"), checkable=True),
        }
        self.layouts = {
            Layout.AUTO: self.add(lambda: self.tr("&Read as it looks"), checkable=True),
            Layout.DIGIT: self.add(lambda: self.tr("Read as one di&git"), checkable=True),
            Layout.LINE: self.add(lambda: self.tr("Read as &one line"), checkable=True),
            Layout.PAGE: self.add(lambda: self.tr("Read as s&everal lines"), checkable=True),
        }
        self.retrain = self.add(lambda: self.tr("&Retrain..."), "Ctrl+R")
        self.learn = self.add(lambda: self.tr("L&earn from my samples"), "Ctrl+Shift+L")
        self.teach = self.add(lambda: self.tr("&Teach a set..."), "Ctrl+Shift+T")
        self.library = self.add(lambda: self.tr("&Library..."), "Ctrl+L")
        self.samples = self.add(lambda: self.tr("&My samples..."), "Ctrl+M")
        self.about_model = self.add(lambda: self.tr("&About the model..."))
        self.about_model.setEnabled(False)  # until there is one
        self.about = self.add(lambda: self.tr("&About Inkread"), role=QAction.MenuRole.AboutRole)
        self._group(self.pen, self.eraser)
        self.theme_group = self._group(*self.themes.values())
        self.layout_group = self._group(*self.layouts.values())
        for name, action in self.themes.items():
            action.setData(name)
        for layout, action in self.layouts.items():
            action.setData(layout.value)
            action.setObjectName(f"layout_{layout}")
        self.pen.setChecked(True)
        self.retranslate()

    def _group(self, *actions: QAction) -> QActionGroup:
        group = QActionGroup(self)
        for action in actions:
            group.addAction(action)
        return group

    def set_undo_texts(self, undo: str, redo: str) -> None:
        """Name the next undo and redo steps; empty for none."""
        self.undo.setText(self.tr("&Undo {step}").format(step=undo).rstrip())
        self.redo.setText(self.tr("&Redo {step}").format(step=redo).rstrip())
        for action, short in ((self.undo, self.tr("Undo")), (self.redo, self.tr("Redo"))):
            action.setIconText(short)
            explain(action)

    def retranslate(self) -> None:
        super().retranslate()
        self.open.setIconText(self.tr("Open"))
        self.copy.setIconText(self.tr("Copy"))
        self.reading.retranslate()
        self.picture.retranslate()
        self.set_undo_texts("", "")

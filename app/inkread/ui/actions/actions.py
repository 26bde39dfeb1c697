"""Everything that can be done in the window, with its keys: menus and toolbar share these."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from inkread.core.layout import Layout
from inkread.ui.actions.reading_actions import ReadingActions
from inkread.ui.widgets.icons import icon

Key = QKeySequence.StandardKey


class Actions(QObject):
    """The window's actions; whoever does the work connects to `triggered` or `toggled`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.reading = ReadingActions(self)
        self._icons = dict(self.reading.icons)
        self.new = self._add(Key.New)
        self.open = self._add(Key.Open, icon_name="open")
        self.read_folder = self._add("Ctrl+Shift+O")
        self.paste = self._add(Key.Paste)
        self.save_as = self._add(Key.Save, Key.SaveAs)
        self.quit = self._add(Key.Quit, role=QAction.MenuRole.QuitRole)
        self.undo = self._add(Key.Undo, icon_name="undo")
        self.redo = self._add(Key.Redo, icon_name="redo")
        self.copy = self._add(Key.Copy, icon_name="copy")
        self.clear = self._add(Key.Delete, icon_name="clear")
        self.preferences = self._add(Key.Preferences, role=QAction.MenuRole.PreferencesRole)
        self.pen = self._add("P", icon_name="pen", checkable=True)
        self.eraser = self._add("E", icon_name="eraser", checkable=True)
        self.wider = self._add("]")
        self.thinner = self._add("[")
        self.back = self._add(Qt.Key.Key_Escape, icon_name="back")
        self.previous_drawing = self._add(Key.MoveToPreviousPage, icon_name="previous")
        self.next_drawing = self._add(Key.MoveToNextPage, icon_name="next")
        self.show_pipeline = self._add("Ctrl+I", checkable=True)
        self.themes = {name: self._add(checkable=True) for name in ("system", "light", "dark")}
        self.layouts = {layout: self._add(checkable=True) for layout in Layout}
        self.retrain = self._add("Ctrl+R")
        self.learn = self._add("Ctrl+Shift+L")
        self.teach = self._add("Ctrl+Shift+T")
        self.library = self._add("Ctrl+L")
        self.samples = self._add("Ctrl+M")
        self.about_model = self._add()
        self.about_model.setEnabled(False)  # until there is one
        self.about = self._add(role=QAction.MenuRole.AboutRole)
        self._group(self.pen, self.eraser)
        self.theme_group = self._group(*self.themes.values())
        self.layout_group = self._group(*self.layouts.values())
        for name, action in self.themes.items():
            action.setData(name)
        for layout, action in self.layouts.items():
            action.setData(layout.value)
            action.setObjectName(f"layout_{layout}")
        for name, action in self._icons.items():
            action.setIcon(icon(name))
        self.pen.setChecked(True)
        self.retranslate()

    def _add(
        self,
        *keys: Key | Qt.Key | str,
        icon_name: str = "",
        checkable: bool = False,
        role: QAction.MenuRole = QAction.MenuRole.NoRole,
    ) -> QAction:
        action = QAction(self)
        action.setShortcuts([sequence for key in keys for sequence in _sequences(key)])
        action.setCheckable(checkable)
        action.setMenuRole(role)
        if icon_name:
            self._icons[icon_name] = action
        return action

    def _group(self, *actions: QAction) -> QActionGroup:
        group = QActionGroup(self)
        for action in actions:
            group.addAction(action)
        return group

    def set_undo_texts(self, undo: str, redo: str) -> None:
        """Name the steps that undo and redo would go; empty: none."""
        self.undo.setText(self.tr("&Undo {step}").format(step=undo).rstrip())
        self.redo.setText(self.tr("&Redo {step}").format(step=redo).rstrip())
        for action, short in ((self.undo, self.tr("Undo")), (self.redo, self.tr("Redo"))):
            action.setIconText(short)
            _explain(action)

    def retranslate(self) -> None:
        self.new.setText(self.tr("&New drawing"))
        self.open.setText(self.tr("&Open..."))
        self.read_folder.setText(self.tr("Read &folder..."))
        self.open.setIconText(self.tr("Open"))
        self.paste.setText(self.tr("&Paste picture"))
        self.save_as.setText(self.tr("&Save drawing as..."))
        self.quit.setText(self.tr("&Quit"))
        self.copy.setText(self.tr("&Copy result as text"))
        self.copy.setIconText(self.tr("Copy"))
        self.clear.setText(self.tr("C&lear"))
        self.preferences.setText(self.tr("Pre&ferences..."))
        self.pen.setText(self.tr("&Pen"))
        self.eraser.setText(self.tr("&Eraser"))
        self.wider.setText(self.tr("&Wider pen"))
        self.thinner.setText(self.tr("&Thinner pen"))
        self.back.setText(self.tr("&Back to drawing"))
        self.previous_drawing.setText(self.tr("&Previous drawing"))
        self.next_drawing.setText(self.tr("&Next drawing"))
        self.show_pipeline.setText(self.tr("&What the network sees"))
        self.themes["system"].setText(self.tr("&System theme"))
        self.themes["light"].setText(self.tr("&Light theme"))
        self.themes["dark"].setText(self.tr("&Dark theme"))
        self.layouts[Layout.AUTO].setText(self.tr("&Read as it looks"))
        self.layouts[Layout.DIGIT].setText(self.tr("Read as one di&git"))
        self.layouts[Layout.LINE].setText(self.tr("Read as &one line"))
        self.layouts[Layout.PAGE].setText(self.tr("Read as s&everal lines"))
        self.retrain.setText(self.tr("&Retrain..."))
        self.learn.setText(self.tr("L&earn from my samples"))
        self.teach.setText(self.tr("&Teach a set..."))
        self.library.setText(self.tr("&Library..."))
        self.samples.setText(self.tr("&My samples..."))
        self.about_model.setText(self.tr("&About the model..."))
        self.about.setText(self.tr("&About Inkread"))
        self.reading.retranslate()
        self.set_undo_texts("", "")
        for action in self._icons.values():
            _explain(action)


def _sequences(key: Key | Qt.Key | str) -> list[QKeySequence]:
    if isinstance(key, Key):
        return QKeySequence.keyBindings(key)
    return [QKeySequence(key)]


def _explain(action: QAction) -> None:
    """The tool tip: what the menu says, and the key."""
    text = action.text().replace("&", "").removesuffix("...")
    key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{text} ({key})" if key else text)

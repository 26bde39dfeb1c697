"""Keep menu, setting and recognition on the same layout."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from inkread.core.layout import Layout
from inkread.services.recognition import Recognition
from inkread.services.settings import Settings
from inkread.ui.actions.actions import Actions


class LayoutChoice(QObject):
    """Connects the radio actions, the setting and the recognition."""

    def __init__(
        self, actions: Actions, settings: Settings, recognition: Recognition, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._settings = settings
        self._recognition = recognition
        actions.layout_group.triggered.connect(self._on_triggered)
        settings.layout_changed.connect(self._on_changed)
        self._on_changed(settings.layout)

    def _on_triggered(self, action: QAction) -> None:
        self._settings.layout = action.data()

    def _on_changed(self, name: str) -> None:
        layout = Layout(name)
        self._actions.layouts[layout].setChecked(True)
        self._recognition.set_layout(layout)

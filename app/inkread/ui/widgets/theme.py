"""Light, dark and the system's choice: two palettes over one style."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

_Role = QPalette.ColorRole

#: Each role's colour on light and on dark.
_COLOURS = {
    _Role.Window: ("#f3f4f6", "#1d2026"),
    _Role.WindowText: ("#1c2230", "#e9ebef"),
    _Role.Base: ("#ffffff", "#14161b"),
    _Role.AlternateBase: ("#e9ebef", "#262a32"),
    _Role.Text: ("#1c2230", "#f2f3f5"),
    _Role.Button: ("#f8f9fa", "#343a46"),
    _Role.ButtonText: ("#1c2230", "#e9ebef"),
    _Role.BrightText: ("#b3261e", "#ff8a80"),
    _Role.Highlight: ("#2456c8", "#7fb0ff"),
    _Role.HighlightedText: ("#ffffff", "#0d1526"),
    _Role.Accent: ("#2456c8", "#7fb0ff"),
    _Role.Link: ("#2456c8", "#7fb0ff"),
    _Role.LinkVisited: ("#6b3fa0", "#c4a5f5"),
    _Role.ToolTipBase: ("#1c2230", "#e9ebef"),
    _Role.ToolTipText: ("#ffffff", "#14161b"),
    _Role.PlaceholderText: ("#5b6473", "#a0a8b5"),
    _Role.Light: ("#ffffff", "#3a3f4a"),
    _Role.Midlight: ("#e9ebef", "#30343e"),
    _Role.Mid: ("#c5cad3", "#3f4551"),
    _Role.Dark: ("#8d95a3", "#6d7584"),
    _Role.Shadow: ("#5b6473", "#08090b"),
}
LIGHT = {role: light for role, (light, _) in _COLOURS.items()}
DARK = {role: dark for role, (_, dark) in _COLOURS.items()}
_TEXTS = (_Role.WindowText, _Role.Text, _Role.ButtonText)


def palette(dark: bool) -> QPalette:
    """Build a palette; disabled texts are blended half into the background."""
    colours = DARK if dark else LIGHT
    result = QPalette()
    for role, name in colours.items():
        result.setColor(role, QColor(name))
    for role in _TEXTS:
        faded = QColor(colours[role])
        faded.setAlphaF(0.45)
        result.setColor(QPalette.ColorGroup.Disabled, role, faded)
    result.setColor(QPalette.ColorGroup.Disabled, _Role.Highlight, QColor(colours[_Role.Dark]))
    return result


class Theme(QObject):
    """Applies the palette; "system" follows the desktop while the program runs."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        self._name = "system"
        application.styleHints().colorSchemeChanged.connect(self._apply)

    def set_name(self, name: str) -> None:
        """Choose "system", "light" or "dark"."""
        self._name = name
        scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        # Makes title bars and file dialogs, drawn by the system, match.
        self._application.styleHints().setColorScheme(scheme.get(name, Qt.ColorScheme.Unknown))
        self._apply()

    @property
    def is_dark(self) -> bool:
        if self._name == "system":
            return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._name == "dark"

    def _apply(self) -> None:
        self._application.setPalette(palette(self.is_dark))

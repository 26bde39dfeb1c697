"""Widgets whose texts follow the language of the program, and their colours the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Base
else:
    _Base = object


class Retranslated(_Base):
    """Stands before the class of a widget, and tells it of a new language or palette."""

    def retranslate(self) -> None:
        """Set all texts; a widget calls it once itself, when it is complete."""
        raise NotImplementedError

    def set_colours(self) -> None:
        """Take over the colours of the palette, where they are not Qt's own affair."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self.set_colours()

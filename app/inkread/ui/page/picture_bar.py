"""The bar above an opened picture: its name, the way back, the most used commands."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from inkread.ui.actions.actions import Actions
from inkread.ui.widgets.layouts import bare, fill, tool_button
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.retranslated import Retranslated

_WORDS = 75  # average letters; in a narrower bar the buttons have no words


class PictureBar(Retranslated, QWidget):
    """Where it is narrow, the buttons are without words."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_bar")
        self._worded = (tool_button(actions.back), tool_button(actions.reading.next_doubtful))
        back, next_doubtful = self._worded
        back.setAutoRaise(False)
        self._label = PlainLabel()
        # A long name is cut off; it must not make the window wide.
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = fill(bare(QHBoxLayout(self), 12), back, (self._label, 1), next_doubtful)
        look = actions.reading
        shown = (
            actions.picture.read_region,
            look.draw_box,
            look.zoom_out,
            look.zoom_in,
            look.show_whole,
        )
        layout.addLayout(fill(bare(QHBoxLayout(), 0), *map(tool_button, shown)))
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        has_room = event.size().width() >= _WORDS * self.fontMetrics().averageCharWidth()
        for button in self._worded:
            button.setToolButtonStyle(
                styles.ToolButtonTextBesideIcon if has_room else styles.ToolButtonIconOnly
            )

    def set_name(self, name: str) -> None:
        self._label.setText(shown(name))

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Opened picture"))

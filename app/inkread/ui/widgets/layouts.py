"""Layouts filled and buttons connected, each in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialogButtonBox,
    QLayout,
    QPushButton,
    QToolButton,
    QWidget,
)

L = TypeVar("L", bound=QBoxLayout)
#: Room that grows.
STRETCH = None


def fill(layout: L, *parts: QWidget | QLayout | tuple[QWidget | QLayout, int] | int | None) -> L:
    """Add widgets and layouts, each alone or with its stretch factor; a number is a space in px."""
    for part in parts:
        item, stretch = part if isinstance(part, tuple) else (part, 0)
        if isinstance(item, QWidget):
            layout.addWidget(item, stretch)
        elif isinstance(item, QLayout):
            layout.addLayout(item, stretch)
        elif item is STRETCH:
            layout.addStretch()
        else:
            layout.addSpacing(item)
    return layout


def bare(layout: L, spacing: int | None = None) -> L:
    """A layout without margins, of parts that lie `spacing` px apart."""
    layout.setContentsMargins(0, 0, 0, 0)
    if spacing is not None:
        layout.setSpacing(spacing)
    return layout


def button_box(*actions: QPushButton, reject: QPushButton | None = None) -> QDialogButtonBox:
    """Buttons in the order of the platform; `reject` is the one that closes or cancels."""
    box = QDialogButtonBox()
    for button in actions:
        box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
    if reject is not None:
        box.addButton(reject, QDialogButtonBox.ButtonRole.RejectRole)
    return box


def push_button(
    then: Callable[..., object] | SignalInstance, name: str = "", **properties: bool
) -> QPushButton:
    """A button whose click calls or emits `then`; its text is yet to be set."""
    button = QPushButton()
    button.setObjectName(name)
    for key, value in properties.items():
        button.setProperty(key, value)
    button.clicked.connect(then)
    return button


def add_buttons(layout: QBoxLayout, buttons: Iterable[QPushButton]) -> None:
    """Add the buttons of a dialog; none is the default, and the last one stands apart."""
    *actions, last = buttons
    for button in (*actions, last):
        button.setAutoDefault(False)
    fill(layout, *actions, STRETCH, last)


def set_texts(texts: Mapping[QPushButton, str]) -> None:
    """Set the text of each button."""
    for button, text in texts.items():
        button.setText(text)


def tool_button(
    action: QAction, style: Qt.ToolButtonStyle = Qt.ToolButtonStyle.ToolButtonIconOnly
) -> QToolButton:
    """A flat button for an action."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setToolButtonStyle(style)
    return button

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from inkread.ui.widgets.theme import Theme, palette

Role = QPalette.ColorRole


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    before = qapp.palette()
    theme = Theme(qapp)
    yield theme
    theme.set_name("system")
    qapp.setPalette(before)


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.2."""

    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colours: QPalette, front: Role, back: Role) -> float:
    pair = sorted(luminance(colours.color(role)) for role in (front, back))
    return (pair[1] + 0.05) / (pair[0] + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        (Role.WindowText, Role.Window, 7.0),
        (Role.Text, Role.Base, 7.0),
        (Role.ButtonText, Role.Button, 7.0),
        (Role.HighlightedText, Role.Highlight, 4.5),
        (Role.PlaceholderText, Role.Window, 4.5),
        (Role.BrightText, Role.Window, 4.5),
        (Role.Link, Role.Window, 4.5),
        (Role.ToolTipText, Role.ToolTipBase, 7.0),
        # Bars need 3 (WCAG 1.4.11), against the window and against their track.
        (Role.Highlight, Role.Window, 3.0),
        (Role.Highlight, Role.Midlight, 3.0),
        (Role.Dark, Role.Window, 2.5),
    ],
)
def test_everything_can_be_distinguished_from_its_background(
    dark: bool, front: Role, back: Role, least: float
) -> None:
    assert contrast(palette(dark), front, back) >= least


@pytest.mark.parametrize(("name", "dark"), [("light", False), ("dark", True)])
def test_a_theme_dresses_the_application(
    qapp: QApplication, theme: Theme, name: str, dark: bool
) -> None:
    theme.set_name(name)
    assert (qapp.palette().color(Role.Window).lightness() < 128) == dark
    assert theme.is_dark == dark


def test_system_follows_the_desktop(qapp: QApplication, theme: Theme) -> None:
    theme.set_name("dark")
    theme.set_name("system")
    assert theme.is_dark == (qapp.styleHints().colorScheme().name == "Dark")

"""The icons: SVG files of 24 x 24 px, their lines in a colour of the palette."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)

from inkread.data.paths import bundled

GRID = 24
_FOLDER = bundled("assets/icons")


def pixmap(name: str, colour: QColor, side: int, ratio: float) -> QPixmap:
    """One icon, `side` logical px large, for a screen with `ratio` device px for each."""
    key = f"{name} {colour.name(QColor.NameFormat.HexArgb)} {side} {ratio}"
    result = QPixmap()
    if not QPixmapCache.find(key, result):
        result = _loaded(name, colour, round(side * ratio))
        result.setDevicePixelRatio(ratio)
        QPixmapCache.insert(key, result)
    return result


def icon(name: str) -> QIcon:
    """An icon in the application's text colour, faded where disabled; it follows the theme."""
    return QIcon(_Engine(name))


class _Engine(QIconEngine):
    """Loads an icon when it is shown: at the window's start, most are hidden."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        return _Engine(self._name)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float
    ) -> QPixmap:
        disabled = mode == QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
        colour = QGuiApplication.palette().color(group, QPalette.ColorRole.ButtonText)
        return pixmap(self._name, colour, min(size.width(), size.height()), scale)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))


def _loaded(name: str, colour: QColor, pixels: int) -> QPixmap:
    """By Qt's plugin for pictures: importing QtSvg takes 2 ms longer."""
    svg = (_FOLDER / f"{name}.svg").read_text()
    for before, after in {
        f'width="{GRID}" height="{GRID}"': f'width="{pixels}" height="{pixels}"',
        '"currentColor"': f'"{colour.name()}" stroke-opacity="{colour.alphaF():.3f}"',
    }.items():
        svg = svg.replace(before, after)
    result = QPixmap()
    result.loadFromData(svg.encode(), "SVG")
    return result

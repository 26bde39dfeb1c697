"""File > Capture screen region: a rectangle drawn over the screen becomes a picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QScreen,
)
from PySide6.QtWidgets import QWidget

#: Time for menu and window to be gone from the screen, ms. *Chosen*: desktops fade them out.
_DELAY = 300
#: Minimum width and height of a region, px; *chosen*: less is a click.
_MIN_SIDE = 8
_SHADE = QColor(0, 0, 0, 110)

Grab = Callable[[QScreen], QPixmap]


def grabbed(screen: QScreen) -> QPixmap:
    """All that is on a screen; null where the desktop allows no program to see it."""
    if QGuiApplication.platformName().startswith("wayland"):
        return QPixmap()
    return screen.grabWindow(0)


class ScreenRegion(QObject):
    """Asks for a region of any screen; meanwhile the window is not seen.

    Signals
    -------
    taken(QImage)
        What is in the region.
    refused()
        The desktop allows no program to see the screen.
    """

    taken = Signal(object)
    refused = Signal()

    def __init__(self, window: QWidget, grab: Grab = grabbed) -> None:
        super().__init__(window)
        self._window, self._grab = window, grab
        #: One for each screen, while the person is asked.
        self.shades: list[Shade] = []
        self._is_asking = False

    def ask(self) -> None:
        """Let the person draw a rectangle; Escape gives it up."""
        if not self._is_asking:
            self._is_asking = True
            # Hidden, it would be the last window that closes, which ends the program.
            self._window.setWindowOpacity(0)
            QTimer.singleShot(_DELAY, self, self.show_screens)

    def show_screens(self) -> None:
        """Cover every screen with a picture of itself."""
        pictures = [(screen, self._grab(screen)) for screen in QGuiApplication.screens()]
        if any(picture.isNull() for _, picture in pictures):
            self._end()
            self.refused.emit()
            return
        for screen, picture in pictures:
            shade = Shade(picture)
            shade.drawn.connect(self._on_drawn)
            shade.given_up.connect(self._end)
            shade.setGeometry(screen.geometry())
            shade.showFullScreen()
            self.shades.append(shade)
        self.shades[0].activateWindow()

    def _on_drawn(self, picture: QPixmap) -> None:
        self._end()
        self.taken.emit(picture.toImage())

    def _end(self) -> None:
        shades, self.shades = self.shades, []
        self._is_asking = False
        for shade in shades:
            shade.hide()
            shade.deleteLater()
        self._window.setWindowOpacity(1)
        self._window.activateWindow()


class Shade(QWidget):
    """A picture of a screen, shaded but for the rectangle that is drawn on it."""

    #: The part of the picture, a QPixmap.
    drawn = Signal(object)
    given_up = Signal()

    def __init__(self, picture: QPixmap) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Tool)
        self.setObjectName("screen_shade")
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("The screen: draw a rectangle around what is to be read"))
        self._picture = picture
        self._start: QPoint | None = None
        self._region = QRect()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.position().toPoint()
            self._region = QRect(self._start, QSize(0, 0))
        else:
            self.given_up.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is not None:
            self._region = QRect(self._start, event.position().toPoint()).normalized()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        region, self._region, self._start = self._region, QRect(), None
        self.update()
        if min(region.width(), region.height()) >= _MIN_SIDE:
            ratio = self._picture.width() / max(1, self.width())
            corner, size = region.topLeft() * ratio, region.size() * ratio
            self.drawn.emit(self._picture.copy(QRect(corner, size)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(self.rect(), self._picture)
        painter.setClipRegion(QRegion(self.rect()) - QRegion(self._region))
        painter.fillRect(self.rect(), _SHADE)
        painter.end()

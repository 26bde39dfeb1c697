"""Sends a widget what mouse, tablet and touch screen would send."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

Place = tuple[float, float]
LEFT = Qt.MouseButton.LeftButton
NO_BUTTON = Qt.MouseButton.NoButton
NO_KEY = Qt.KeyboardModifier.NoModifier

PRESS, MOVE, RELEASE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
)


class Mouse:
    def __init__(
        self, widget: QWidget, made_up: bool = False, keys: Qt.KeyboardModifier = NO_KEY
    ) -> None:
        self._widget = widget
        self._keys = keys
        sources = Qt.MouseEventSource
        self._source = (
            sources.MouseEventSynthesizedBySystem if made_up else sources.MouseEventNotSynthesized
        )

    def press(self, at: Place, button: Qt.MouseButton = LEFT, double: bool = False) -> None:
        kind = QEvent.Type.MouseButtonDblClick if double else PRESS
        self._send(kind, at, button, button)

    def move(self, *places: Place, buttons: Qt.MouseButton = LEFT) -> None:
        for at in places:
            self._send(MOVE, at, NO_BUTTON, buttons)

    def release(self, at: Place, button: Qt.MouseButton = LEFT) -> None:
        self._send(RELEASE, at, button, NO_BUTTON)

    def drag(self, *places: Place, button: Qt.MouseButton = LEFT) -> None:
        self.press(places[0], button)
        self.move(*places[1:], buttons=button)
        self.release(places[-1], button)

    def turn_wheel(self, at: Place, notches: float, sideways: float = 0) -> bool:
        """Whether the widget took the event."""
        place, angle = QPointF(*at), QPoint(round(120 * sideways), round(120 * notches))
        away = self._widget.mapToGlobal(place)
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(place, away, QPoint(), angle, NO_BUTTON, self._keys, phase, False)
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()

    def _send(
        self, kind: QEvent.Type, at: Place, button: Qt.MouseButton, buttons: Qt.MouseButton
    ) -> None:
        place = QPointF(*at)
        away = self._widget.mapToGlobal(place)
        event = QMouseEvent(kind, place, place, away, button, buttons, self._keys, self._source)
        QApplication.sendEvent(self._widget, event)


class Tablet:
    def __init__(self, widget: QWidget, eraser: bool = False) -> None:
        self._widget = widget
        kinds = QPointingDevice.PointerType
        self._device = QPointingDevice(
            "tablet",
            1,
            QInputDevice.DeviceType.Stylus,
            kinds.Eraser if eraser else kinds.Pen,
            QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
            1,
            1,
        )

    def press(self, at: Place, pressure: float, button: Qt.MouseButton = LEFT) -> bool:
        return self._send(QEvent.Type.TabletPress, at, pressure, button)

    def move(self, at: Place, pressure: float) -> bool:
        return self._send(QEvent.Type.TabletMove, at, pressure, NO_BUTTON)

    def release(self, at: Place) -> bool:
        return self._send(QEvent.Type.TabletRelease, at, 0.0, LEFT)

    def drag(self, *places: Place, pressure: float = 0.5) -> None:
        self.press(places[0], pressure)
        for at in places[1:]:
            self.move(at, pressure)
        self.release(places[-1])

    def _send(self, kind: QEvent.Type, at: Place, pressure: float, button: Qt.MouseButton) -> bool:
        """Whether the widget took the event; what it leaves becomes a mouse event."""
        place = QPointF(*at)
        away = self._widget.mapToGlobal(place)
        event = QTabletEvent(
            kind, self._device, place, away, pressure, 0, 0, 0, 0, 0, NO_KEY, button, button
        )
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()


class TouchScreen:
    """Fingers by number."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._device = QTest.createTouchDevice()

    def down(self, finger: int, at: Place, *resting: int) -> None:
        self._send(resting).press(finger, self._at(at), self._widget).commit()

    def move(self, finger: int, at: Place, *resting: int) -> None:
        self._send(resting).move(finger, self._at(at), self._widget).commit()

    def up(self, finger: int, at: Place, *resting: int) -> None:
        self._send(resting).release(finger, self._at(at), self._widget).commit()

    def drag(self, *places: Place) -> None:
        self.down(0, places[0])
        for at in places[1:]:
            self.move(0, at)
        self.up(0, places[-1])

    def _send(self, resting: Sequence[int]) -> QTest.QTouchEventSequence:
        touch = QTest.touchEvent(self._widget, self._device, False)
        for finger in resting:
            touch.stationary(finger)
        return touch

    def _at(self, at: Place) -> QPoint:
        return QPoint(round(at[0]), round(at[1]))

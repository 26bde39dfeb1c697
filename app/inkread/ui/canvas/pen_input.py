"""Mouse, tablet and touch as one pen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QEventPoint, QMouseEvent, QPointingDevice, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class PenPoint:
    """Where the pen is.

    Attributes
    ----------
    x, y : float
        Widget px; outside the widget while a pen is dragged out of it.
    pressure : float or None
        0 to 1; None from devices that do not report it.
    eraser : bool
        Whether the pen is turned round.
    """

    x: float
    y: float
    pressure: float | None = None
    eraser: bool = False


class _Device(Enum):
    MOUSE = auto()
    TOUCH = auto()
    TABLET = auto()


class PenInput(QObject):
    """Watches a widget and reports the pen that went down first; others are ignored.

    A tablet's pen alone takes over from a finger, which was the palm then. Mouse events that
    the system makes up from pens and fingers count until the first real one of those arrives:
    else every stroke would come twice.
    """

    pressed = Signal(object)
    moved = Signal(object)
    released = Signal()
    cancelled = Signal()

    # Defaults of the class: while Python clears a cycle that the widget is in, Qt may still send
    # events to a filter that has lost its own attributes.
    _down: _Device | None = None
    _finger = -1
    _knows_real_pen = False

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        widget.installEventFilter(self)

    def lift(self) -> None:
        """Ignore the pen that is down until its next press."""
        self._down = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        handler = _HANDLERS.get(event.type())
        return handler is not None and handler(self, event)

    def _press(self, device: _Device, point: PenPoint) -> None:
        if device is _Device.TABLET and self._down is _Device.TOUCH:
            self._cancel()
        if self._down is None:
            self._down = device
            self.pressed.emit(point)

    def _move(self, device: _Device, point: PenPoint) -> bool:
        if self._down is device:
            self.moved.emit(point)
        return self._down is device

    def _release(self, device: _Device, point: PenPoint) -> bool:
        ours = self._move(device, point)
        if self._down is device:
            self._down = None
            self.released.emit()
        return ours

    def _cancel(self) -> None:
        self._down = None
        self.cancelled.emit()

    def _mouse_pressed(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        made_up = event.source() != Qt.MouseEventSource.MouseEventNotSynthesized
        if not (made_up and self._knows_real_pen):
            self._press(_Device.MOUSE, _place(event.position()))
        return True

    def _mouse_moved(self, event: QMouseEvent) -> bool:
        if event.buttons() & Qt.MouseButton.LeftButton:
            return self._move(_Device.MOUSE, _place(event.position()))
        return self._release(_Device.MOUSE, _place(event.position()))

    def _mouse_released(self, event: QMouseEvent) -> bool:
        left = event.button() == Qt.MouseButton.LeftButton
        return left and self._release(_Device.MOUSE, _place(event.position()))

    def _tablet_pressed(self, event: QTabletEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._knows_real_pen = True
        self._press(_Device.TABLET, _nib(event))
        event.accept()
        return True

    def _tablet_moved(self, event: QTabletEvent) -> bool:
        return self._move(_Device.TABLET, _nib(event))

    def _tablet_released(self, event: QTabletEvent) -> bool:
        left = event.button() == Qt.MouseButton.LeftButton
        # A lifted pen has no pressure: every line would end thin.
        return left and self._release(_Device.TABLET, replace(_nib(event), pressure=None))

    def _touched(self, event: QTouchEvent) -> bool:
        self._knows_real_pen = True
        for finger in event.points():
            self._finger_used(finger)
        event.accept()
        return True

    def _finger_used(self, finger: QEventPoint) -> None:
        place = _place(finger.position())
        if self._down is None and finger.state() == QEventPoint.State.Pressed:
            self._finger = finger.id()
            self._press(_Device.TOUCH, place)
        elif finger.id() == self._finger:
            if finger.state() == QEventPoint.State.Released:
                self._release(_Device.TOUCH, place)
            elif finger.state() == QEventPoint.State.Updated:
                self._move(_Device.TOUCH, place)

    def _touch_cancelled(self, _event: QEvent) -> bool:
        if self._down is _Device.TOUCH:
            self._cancel()
        return True

    def _hidden(self, _event: QEvent) -> bool:
        """A hidden widget gets no release: keep what was drawn."""
        if self._down is not None:
            self._down = None
            self.released.emit()
        return False


_HANDLERS: dict[QEvent.Type, Callable[[PenInput, Any], bool]] = {
    QEvent.Type.MouseButtonPress: PenInput._mouse_pressed,
    QEvent.Type.MouseButtonDblClick: PenInput._mouse_pressed,
    QEvent.Type.MouseMove: PenInput._mouse_moved,
    QEvent.Type.MouseButtonRelease: PenInput._mouse_released,
    QEvent.Type.TabletPress: PenInput._tablet_pressed,
    QEvent.Type.TabletMove: PenInput._tablet_moved,
    QEvent.Type.TabletRelease: PenInput._tablet_released,
    QEvent.Type.TouchBegin: PenInput._touched,
    QEvent.Type.TouchUpdate: PenInput._touched,
    QEvent.Type.TouchEnd: PenInput._touched,
    QEvent.Type.TouchCancel: PenInput._touch_cancelled,
    QEvent.Type.Hide: PenInput._hidden,
}


def _place(position: QPointF) -> PenPoint:
    return PenPoint(position.x(), position.y())


def _nib(event: QTabletEvent) -> PenPoint:
    eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
    return PenPoint(event.position().x(), event.position().y(), event.pressure(), eraser)

"""A display of its own (Xvfb) and a mouse and keyboard for it (XTEST): events as of real devices.

Only what a person can do: move, press, type, and resize a window. No Qt is imported here.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import shutil
import subprocess
import time
from collections.abc import Iterable
from types import TracebackType

DISPLAY_PROCESS = "DISPLAY_PROCESS"  # environment variable: the id of the display's process
SIZE = (1600, 1100)  # px
_LEFT = 1
_SHIFT = "Shift_L"
_PAUSE = 0.008  # s between two movements of the mouse; chosen: as most mice report
_REVERT_TO_PARENT = 2


class Screen:
    """Xvfb on a free display, for as long as the context lasts."""

    def __init__(self) -> None:
        program = shutil.which("Xvfb")
        if program is None:
            raise SystemExit("Xvfb is not installed: install the package xvfb, then try again")
        self._x11, self._xtst = _library("X11"), _library("Xtst")
        size = "{}x{}x24".format(*SIZE)
        command = [program, "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
        self._server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._server.stdout is not None
        number = self._server.stdout.readline().strip()
        if not number:
            raise SystemExit("Xvfb could not be started")
        #: As the environment variable DISPLAY.
        self.name = f":{number}"
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(self.name.encode()))
        self._x11.XStringToKeysym.restype = ctypes.c_ulong
        self._x11.XkbKeycodeToKeysym.restype = ctypes.c_ulong

    @property
    def process_id(self) -> int:
        return self._server.pid

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self._x11.XCloseDisplay(self._display)
        self._server.terminate()
        self._server.wait()

    def move(self, x: float, y: float) -> None:
        """Move the mouse, px of the display."""
        self._xtst.XTestFakeMotionEvent(self._display, -1, round(x), round(y), ctypes.c_ulong(0))
        self._flush()

    def click(self, x: float, y: float, count: int = 1) -> None:
        """Click where the mouse is moved to."""
        self.move(x, y)
        for _ in range(count):
            self._button(True)
            self._button(False)

    def drag(self, points: Iterable[tuple[float, float]]) -> None:
        """Draw a line with the button pressed."""
        is_pressed = False
        for x, y in points:
            self.move(x, y)
            if not is_pressed:
                self._button(True)
                is_pressed = True
            time.sleep(_PAUSE)
        self._button(False)

    def press(self, keys: str) -> None:
        """Press keys together, such as ``ctrl+shift+z``; X11's names for those without a letter."""
        names = {"ctrl": "Control_L", "shift": _SHIFT, "alt": "Alt_L"}
        codes = [self._code(names.get(key, key)) for key in keys.split("+")]
        for code in codes:
            self._key(code, True)
        for code in reversed(codes):
            self._key(code, False)

    def type(self, text: str) -> None:
        """Type ASCII text, letter by letter."""
        for letter in text:
            code = self._x11.XKeysymToKeycode(self._display, ctypes.c_ulong(ord(letter)))
            is_plain = self._x11.XkbKeycodeToKeysym(self._display, code, 0, 0) == ord(letter)
            if not is_plain:
                self._key(self._code(_SHIFT), True)
            self._key(code, True)
            self._key(code, False)
            if not is_plain:
                self._key(self._code(_SHIFT), False)

    def focus(self, window: int) -> None:
        """Give a window the keyboard: there is no window manager that would."""
        self._x11.XSetInputFocus(
            self._display, ctypes.c_ulong(window), _REVERT_TO_PARENT, ctypes.c_ulong(0)
        )
        self._flush()

    def resize(self, window: int, width: int, height: int) -> None:
        self._x11.XResizeWindow(self._display, ctypes.c_ulong(window), width, height)
        self._flush()

    def _code(self, name: str) -> int:
        symbol = self._x11.XStringToKeysym(name.encode())
        code: int = self._x11.XKeysymToKeycode(self._display, ctypes.c_ulong(symbol))
        assert code, f"no key is called {name}"
        return code

    def _button(self, is_down: bool) -> None:
        self._xtst.XTestFakeButtonEvent(self._display, _LEFT, is_down, ctypes.c_ulong(0))
        self._flush()

    def _key(self, code: int, is_down: bool) -> None:
        self._xtst.XTestFakeKeyEvent(self._display, code, is_down, ctypes.c_ulong(0))
        self._flush()

    def _flush(self) -> None:
        self._x11.XSync(self._display, 0)


def _library(name: str) -> ctypes.CDLL:
    found = ctypes.util.find_library(name)
    if found is None:
        raise SystemExit(f"lib{name} is not installed: install the package xdotool, then try again")
    return ctypes.CDLL(found)

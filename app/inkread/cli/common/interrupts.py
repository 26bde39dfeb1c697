"""Ctrl-C as a request to stop at the next point where nothing is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ctrl_c_noted() -> Iterator[Callable[[], bool]]:
    """Within the body the first Ctrl-C is only recorded; a second one interrupts as usual.

    Yields
    ------
    callable
        Whether Ctrl-C was pressed.
    """
    noted = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal noted
        if noted:
            signal.default_int_handler(number, frame)
        noted = True

    with _handled_by(note):
        yield lambda: noted


@contextmanager
def ctrl_c_remembered() -> Iterator[Callable[[], bool]]:
    """Within the body Ctrl-C interrupts as usual and is recorded.

    Some libraries turn the interrupt into another error, as during their import.

    Yields
    ------
    callable
        Whether Ctrl-C was pressed.
    """
    remembered = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal remembered
        remembered = True
        signal.default_int_handler(number, frame)

    with _handled_by(remember):
        yield lambda: remembered


@contextmanager
def ctrl_c_ends_at_once() -> Iterator[None]:
    """Within the body Ctrl-C ends the process by the signal itself, whatever it does.

    Python sees Ctrl-C only between calls of other libraries. Nothing may be half written there.
    """
    with _handled_by(signal.SIG_DFL):
        yield


@contextmanager
def _handled_by(
    handler: Callable[[int, FrameType | None], None] | signal.Handlers,
) -> Iterator[None]:
    """Ctrl-C calls the handler, unless it is ignored, as for background commands."""
    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, None):
        yield
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

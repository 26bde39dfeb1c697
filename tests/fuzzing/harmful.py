"""Readers that do each kind of harm, so that a test sees each of them counted."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from pathlib import Path

from inkread.core.errors import PictureEmpty
from tests.fuzzing.byte_changes import BYTES
from tests.fuzzing.formats import Format
from tests.fuzzing.worker import serve


def _sound() -> list[bytes]:
    return [b"a sound file"]


def _read(data: bytes, folder: Path) -> bool:
    return True


def _refuse(data: bytes, folder: Path) -> bool:
    raise PictureEmpty(name="file")


def _refuse_at_length(data: bytes, folder: Path) -> bool:
    raise PictureEmpty(name="a file\nwith a second line")


def _surprise(data: bytes, folder: Path) -> bool:
    raise KeyError("surprise")


def _hang(data: bytes, folder: Path) -> bool:
    while True:
        pass


def _crash(data: bytes, folder: Path) -> bool:
    os.kill(os.getpid(), signal.SIGSEGV)
    return True


def _grow(data: bytes, folder: Path) -> bool:
    return bool(bytearray(8_000_000_000))


def _grow_a_little(data: bytes, folder: Path) -> bool:
    return len(b"a" * 50_000_000) > 0


def _warn(data: bytes, folder: Path) -> bool:
    warnings.warn("overflow", RuntimeWarning, stacklevel=1)
    return True


_READERS = {
    "read": _read,
    "refuse": _refuse,
    "refuse at length": _refuse_at_length,
    "surprise": _surprise,
    "hang": _hang,
    "crash": _crash,
    "grow": _grow,
    "grow a little": _grow_a_little,
    "warn": _warn,
}

if __name__ == "__main__":
    serve({name: Format(_sound, BYTES, read) for name, read in _READERS.items()}, sys.argv[1])

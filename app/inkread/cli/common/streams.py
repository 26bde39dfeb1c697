"""Standard output and standard error: UTF-8 in every locale, one line a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from inkread.core.encoding import encoded
from inkread.core.errors import SaveFailed

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    ord("\t"): "\\t",
    ord("\n"): "\\n",
    ord("\r"): "\\r",
}


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """The binary stream of standard output.

    Raises
    ------
    BrokenPipeError
        If the reader is gone.
    SaveFailed
        If it is closed or the disk is full.
    """
    try:
        if sys.stdout is None:
            raise SaveFailed(name="Standard output", reason="it is closed")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _let_go()
        raise
    except OSError as error:
        _let_go()
        raise SaveFailed(name="Standard output", reason=error.strerror) from error


def _let_go() -> None:
    """Keep Python from flushing the broken stream at exit, which would print an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def report(sentence: str) -> None:
    """Write one line to standard error."""
    if sys.stderr is not None:
        print(f"inkread: {readable(printable(sentence))}", file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """`text` on one line: control characters, as file names may hold, become escapes."""
    return text.translate(_ESCAPES)


def readable(text: str) -> str:
    """`text` as valid UTF-8: bytes of file names that are not become escapes."""
    return encoded(text).decode("utf-8", "backslashreplace")

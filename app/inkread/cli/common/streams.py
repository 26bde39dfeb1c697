"""Standard output and standard error: UTF-8 in every locale, one line a sentence.

File names, labels and names of models are other people's: nothing in them controls the terminal.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from inkread.core.encoding import encoded
from inkread.core.errors import SaveFailed
from inkread.core.escapes import visible

_KEPT = re.compile(r"(\r?\n|\t)")


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """The binary stream of standard output; on a terminal, with everything hidden as an escape.

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
        buffer = sys.stdout.buffer
        yield cast("BinaryIO", _Terminal(buffer)) if buffer.isatty() else buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _let_go()
        raise
    except OSError as error:
        _let_go()
        raise SaveFailed(name="Standard output", reason=error.strerror) from error


class _Terminal:
    """Lines for people: only line ends and tabs are left as they are."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.flush = stream.flush

    def write(self, data: bytes) -> int:
        parts = _KEPT.split(data.decode(errors="surrogateescape"))
        parts[::2] = map(visible, parts[::2])
        self._stream.write(encoded("".join(parts)))
        return len(data)


def _let_go() -> None:
    """Keep Python from flushing the broken stream at exit, which would print an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def report(sentence: str) -> None:
    """Write one line to standard error."""
    if sys.stderr is not None:
        print(f"inkread: {visible(sentence)}", file=sys.stderr, flush=True)

"""Gives free memory back to the system.

glibc keeps what a program frees for its next request. After a few pictures of 12 megapixels that is
three times the memory in use (measured by `tests.benchmarks.endurance`: 245 MB beside 80 MB), as
small things that live on lie between the large ones that do not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from inkread.services.background.tasks import Executor, Latest

#: Interval between two looks at the memory, ms. Chosen: what rises and falls within it is at work.
_INTERVAL_MS = 3000
#: Growth after which it is worth giving back, bytes. Chosen: below it there is little to gain.
_MIN_GROWTH = 8 << 20
#: Change from one look to the next up to which memory stands still, bytes. Chosen: a canvas is
#: drawn on in less.
_STILL = 1 << 20
#: Blocks from this size on are the system's again when they are freed, bytes. Measured: 16 MB
#: leaves 70 MB after `malloc_trim` where glibc's own rising limit leaves 110 MB; 1 MB leaves 83 MB
#: without it, but pictures then take 40 % more computing, for pages that are cleared again.
_LARGE_BLOCK = 16 << 20
#: Maximum free memory at the end of the heap, bytes. Measured: with glibc's 128 kB, pictures take
#: 10 % more computing.
_MAX_TOP = 64 << 20
#: Heaps that threads allocate from. Measured: with glibc's own, one for each thread, 193 MB stay
#: after pictures of 0.2 to 12 megapixels were opened and left, as `malloc_trim` keeps the end of
#: all heaps but the main one; with one heap 71 MB. Reading pages in one to four threads takes the
#: same time within the noise.
_HEAPS = 1
#: Names of `mallopt` for these three.
_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD, _M_ARENA_MAX = -3, -1, -8


def resident() -> int:
    """Memory of this process that is in use, bytes; 0: unknown."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def allocated() -> int:
    """Memory that the C library has given and not got back, bytes; 0: it does not count.

    It takes 0.1 ms, but 50 ms where there are 100,000 holes (measured): ask in a worker.
    """
    library = _glibc()
    if library is None or not hasattr(library, "mallinfo2"):
        return 0
    import ctypes

    class Mallinfo2(ctypes.Structure):
        """As in malloc.h."""

        _fields_ = [
            (name, ctypes.c_size_t)
            for name in (
                *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
                *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
            )
        ]

    count = library.mallinfo2
    count.restype = Mallinfo2
    counts = count()
    return int(counts.uordblks + counts.hblkhd)  # in the heap, and large blocks beside it


def unused() -> int:
    """Memory of this process in which nothing lies that was allocated, bytes.

    Only this grows when something large is freed: the memory stays the process's. It counts the
    program itself, too. Where the C library does not count, it is all memory in use.
    """
    return resident() - allocated()


def give_back() -> None:
    """Give all free memory back to the system; other threads may have to wait for 50 ms."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def share_one_heap() -> None:
    """Let all threads to come allocate from the main heap: the only one given back whole."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, _HEAPS)


def keep_large_blocks_apart() -> None:
    """Let large blocks be the system's again as soon as they are freed."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        library.mallopt(_M_TRIM_THRESHOLD, _MAX_TOP)


def _glibc() -> Any:
    """The C library, if it is glibc: others have no such functions."""
    if sys.platform != "linux":
        return None
    import ctypes

    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


class FreeMemory(QObject):
    """Between `start` and `stop`, unused memory that has grown and stands still is given back.

    So nothing is given back in the middle of work that takes it again at once. While nobody sees
    the window, looking ends as soon as there is nothing to give back.
    """

    def __init__(
        self,
        executor: Executor,
        unused: Callable[[], int] = unused,
        give_back: Callable[[], None] = give_back,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._executor = executor
        self._looks = Latest(executor)
        self._looks.answered.connect(self._on_seen)
        self._returns = Latest(executor)
        self._returns.answered.connect(self._on_given_back)
        self._unused = unused
        self._give_back = give_back
        self._level = self._last = 0
        self._is_due = self._is_started = False
        self._is_seen = True
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """The window comes first: nothing is done before the first interval is over."""
        self._is_started = True
        self._timer.start()
        QTimer.singleShot(_INTERVAL_MS, self, self._set_limits)

    def stop(self) -> None:
        """Look no more; what a worker still finds is dropped."""
        self._is_started = False
        self._timer.stop()
        self._looks.forget()
        self._returns.forget()

    @property
    def is_looking(self) -> bool:
        """Whether the next look comes by itself."""
        return self._timer.isActive()

    def set_seen(self, is_seen: bool) -> None:
        """Note whether somebody sees the window."""
        self._is_seen = is_seen
        if is_seen and self._is_started:
            self._timer.start()

    def _set_limits(self) -> None:
        if self._is_started:
            self._executor.submit(keep_large_blocks_apart)

    def look(self) -> None:
        """Look at the memory that is unused; a worker does it, and gives it back."""
        self._looks.request(self._unused)

    def _on_seen(self, now: int) -> None:
        last, self._last = self._last, now
        self._level = self._level or now  # before any work
        if self._is_due or abs(now - last) > _STILL:
            return
        if now - self._level > _MIN_GROWTH:
            self._is_due = True
            self._returns.request(self._give_back_and_look)
        else:
            self._level = min(self._level, now)
            if not self._is_seen:
                self._timer.stop()

    def _give_back_and_look(self) -> int:
        """Memory that is left; looked at in the worker, as the next look may find more again."""
        self._give_back()
        return self._unused()

    def _on_given_back(self, left: int) -> None:
        self._is_due, self._level = False, left

"""Many files, read by whatever is quickest: one thread, several, or several processes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

import cv2

from inkread.core.batch.sources import Source
from inkread.core.batch.thread_pool import cores, in_order
from inkread.core.classifier import Classifier
from inkread.core.layout import Layout

#: About how long it takes to read a file, and a byte of it, seconds.
_FILE, _BYTE = 1.5e-3, 2e-7
#: From so much work on, seconds, processes gain more than it takes to begin them.
WORTH = 1.0
#: Threads that read smaller files than these, seconds, wait for one another's Python.
_SMALL = 0.01

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


class Read(Protocol[R_co]):
    """Reads one file; a function of a module."""

    def __call__(self, source: Source, classifier: Classifier, layout: Layout) -> R_co: ...


@runtime_checkable
class Portable(Protocol):
    """A classifier that another process can have, too."""

    @property
    def maker(self) -> Callable[[], Classifier]:
        """Makes one like it: a `partial` of plain data, which can be sent."""
        ...


def read_many(
    sources: Sequence[Source],
    read: Read[R],
    lost: Callable[[Source], R],
    classifier: Classifier,
    layout: Layout,
    workers: int = 0,
) -> Generator[R, None, None]:
    """Read files on all cores.

    Parameters
    ----------
    sources : sequence of Source
        What to read.
    read : callable
        Reads one file; what is wrong with it is part of the result.
    lost : callable
        What comes of a file that ended the process that read it.
    classifier : Classifier
        Asked by several threads at once, as an onnxruntime session may be; sent to processes.
    layout : Layout
        For all of them.
    workers : int
        How many threads; 0: as many as there are cores, or as many processes, or none but the
        caller's.

    Yields
    ------
    object
        One for each source, in their order; only a few are ever waiting.
    """
    seconds = _seconds(sources) if workers == 0 and cores() > 1 else 0.0
    if seconds >= WORTH and isinstance(classifier, Portable):
        from inkread.core.batch.process_pool import (  # for little work it need not be loaded
            in_processes,
        )

        yield from in_processes(sources, partial(_work, read, classifier.maker, layout), lost)
        return
    if workers == 0 and seconds < _SMALL * len(sources):
        workers = 1
    work = partial(read, classifier=classifier, layout=layout)
    yield from in_order(sources, work, workers)


def _seconds(sources: Sequence[Source]) -> float:
    """About how long it takes to read them one after the other."""
    return sum(_FILE + _BYTE * _size(source) for source in sources)


def _size(source: Source) -> int:
    try:
        return Path(source.name).stat().st_size
    except (OSError, ValueError):  # reading it will tell
        return 0


def _work(read: Read[R], maker: Callable[[], Classifier], layout: Layout) -> Callable[[Source], R]:
    """All the work on one file."""
    from inkread.core.batch.process_pool import is_process

    if is_process():
        cv2.setNumThreads(1)  # every core has a process
    return partial(read, classifier=maker(), layout=layout)

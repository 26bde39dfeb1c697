"""Many files, read in one thread, several threads or several processes: whichever is quickest."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

import cv2

from inkread.core.batch.sources import Source
from inkread.core.batch.thread_pool import cores, in_order
from inkread.core.classifier import Classifier
from inkread.core.errors import ReaderEnded
from inkread.core.layout import Layout

#: Estimated time to read a file: seconds a file, and seconds a byte.
_FILE_SECONDS, _BYTE_SECONDS = 1.5e-3, 2e-7
#: Minimum estimated work for processes, s: less is done before they have started.
MIN_SECONDS = 1.0
#: Minimum estimated mean time a file for threads, s: with less they wait for the interpreter lock.
_MIN_THREAD_SECONDS = 0.01

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


class Read(Protocol[R_co]):
    """Reads one file; defined at the top of a module, so that it can be pickled."""

    def __call__(self, source: Source, classifier: Classifier, layout: Layout) -> R_co: ...


@runtime_checkable
class Portable(Protocol):
    """A classifier that other processes can open too."""

    @property
    def maker(self) -> Callable[[], Classifier]:
        """Makes an equal one; can be pickled."""
        ...


def read_many(
    sources: Sequence[Source],
    read: Read[R],
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
        Reads one file; its errors are part of the result. A file whose process died comes to it
        as a source of the error `ReaderEnded`.
    classifier : Classifier
        Must be safe to use from several threads. Processes are started only if it is `Portable`.
    layout : Layout
        For all of them.
    workers : int
        Threads; 0: as many threads or processes as there are cores, where that pays; 1: the
        caller's thread alone.

    Yields
    ------
    object
        One for each source, in order. Bounded: few results wait for an earlier one.
    """
    work = partial(read, classifier=classifier, layout=layout)
    if len(sources) < 2:
        workers = 1
    seconds = _seconds(sources) if workers == 0 and cores() > 1 else 0.0
    if seconds >= MIN_SECONDS and isinstance(classifier, Portable):
        # Imported here: little work does not need it.
        from inkread.core.batch.process_pool import in_processes, is_process

        # A process of somebody's pool may not start others, and its siblings use the other cores.
        if not is_process():
            yield from in_processes(
                sources,
                partial(_work, read, classifier.maker, layout),
                lambda lost: work(Source(lost.name, ReaderEnded(name=lost.name))),
            )
            return
    if workers == 0 and seconds < _MIN_THREAD_SECONDS * len(sources):
        workers = 1
    yield from in_order(sources, work, workers)


def _seconds(sources: Sequence[Source]) -> float:
    """Estimated time to read them one by one."""
    return sum(_FILE_SECONDS + _BYTE_SECONDS * _size(source) for source in sources)


def _size(source: Source) -> int:
    try:
        return Path(source.name).stat().st_size
    except (OSError, ValueError):  # reading it reports that
        return 0


def _work(read: Read[R], maker: Callable[[], Classifier], layout: Layout) -> Callable[[Source], R]:
    """The work on one file."""
    from inkread.core.batch.process_pool import is_process

    if is_process():
        cv2.setNumThreads(1)  # there is a process for every core
    return partial(read, classifier=maker(), layout=layout)

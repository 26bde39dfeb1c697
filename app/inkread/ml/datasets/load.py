"""Load named sources as one data set; their content determines their format."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inkread.core.errors import DataTooLarge
from inkread.core.files import MEGABYTE
from inkread.core.generators import finished
from inkread.ml.datasets.arrays import MAX_BYTES
from inkread.ml.datasets.combine import (
    check_trainable,
    combined,
    without_blanks,
    without_duplicates,
)
from inkread.ml.datasets.dataset import Dataset, Loader, Loading, Purpose
from inkread.ml.datasets.detect import read_path
from inkread.ml.datasets.mnist import MIRRORS, read_mnist
from inkread.ml.datasets.npz import read_npz

STARTER, MNIST = "starter", "mnist"


@dataclass(frozen=True, slots=True)
class SourcePaths:
    """Paths of the sources that are known by name.

    Attributes
    ----------
    starter : Path
        File of the starter set.
    cache : Path
        Folder for downloads.
    mirrors : tuple of str
        Base addresses of MNIST.
    """

    starter: Path
    cache: Path
    mirrors: tuple[str, ...] = MIRRORS


def load(
    sources: Sequence[str],
    paths: SourcePaths | None = None,
    purpose: Purpose = Purpose.TRAINING,
) -> Dataset:
    """Load sources in one call; see `loading`, which reports progress."""
    return finished(loading(sources, paths, purpose))


def loading(
    sources: Sequence[str],
    paths: SourcePaths | None = None,
    purpose: Purpose = Purpose.TRAINING,
) -> Generator[Loading, None, Dataset]:
    """Load one or several sources as one data set.

    Parameters
    ----------
    sources : sequence of str
        ``starter``, ``mnist``, or paths: NPZ, IDX, CSV, InkML, or a folder: of a folder of
        pictures for each class, of text bitmaps, of IDX or InkML files, or of two folders
        ``train...`` and ``test...`` of any of these.
    paths : SourcePaths, optional
        Needed for the sources that are known by name.
    purpose : Purpose
        Selects the part of sources that have a training and a test part. Training data need two
        classes or more, all with samples.

    Returns
    -------
    Dataset
        Without blank cells and without samples that an earlier source has; both are listed as
        skipped.

    Raises
    ------
    InkreadError
        If a source cannot be used; see `inkread.core.errors`.
    """
    if not sources:
        raise ValueError("no sources")
    parts = []
    for source in sources:
        found = yield from _source(source, paths, purpose)
        parts.append(without_blanks(found, source))
        if sum(part.cells.nbytes for part in parts) > MAX_BYTES:
            raise DataTooLarge(name=source, limit=MAX_BYTES // MEGABYTE)
    title = ", ".join(Path(source).name for source in sources)
    dataset = combined(without_duplicates(parts))
    if purpose is Purpose.TRAINING:
        check_trainable(dataset, title)
    return dataset


def _source(source: str, paths: SourcePaths | None, purpose: Purpose) -> Loader:
    if source in (STARTER, MNIST):
        if paths is None:
            raise ValueError(f"no path was given for {source}")
        if source == MNIST:
            return (yield from read_mnist(paths.cache, purpose, paths.mirrors))
        starter = yield from read_npz(paths.starter, purpose)
        return replace(starter, sources=(STARTER,))
    return (yield from read_path(Path(source), purpose))

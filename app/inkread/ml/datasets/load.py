"""From what a person names to one data set: the kind of each source is told from its content."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inkread.core.errors import DataTooLarge
from inkread.core.files import MEGABYTE
from inkread.core.generators import finished
from inkread.ml.datasets.arrays import LIMIT
from inkread.ml.datasets.combine import (
    check_trainable,
    combined,
    without_blanks,
    without_repetitions,
)
from inkread.ml.datasets.dataset import Dataset, Loader, Loading, Purpose
from inkread.ml.datasets.detect import read_path
from inkread.ml.datasets.mnist import MIRRORS, read_mnist
from inkread.ml.datasets.npz import read_npz

STARTER, MNIST = "starter", "mnist"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the sources that have a name are.

    Attributes
    ----------
    starter : Path
        The file of the starter set.
    cache : Path
        Folder for what is fetched.
    mirrors : tuple of str
        Where MNIST is fetched from.
    """

    starter: Path
    cache: Path
    mirrors: tuple[str, ...] = MIRRORS


def load(
    sources: Sequence[str],
    places: Places | None = None,
    purpose: Purpose = Purpose.TRAINING,
) -> Dataset:
    """Load sources at one go; see `loading`, which tells of its progress."""
    return finished(loading(sources, places, purpose))


def loading(
    sources: Sequence[str],
    places: Places | None = None,
    purpose: Purpose = Purpose.TRAINING,
) -> Generator[Loading, None, Dataset]:
    """Load one or several sources as one data set.

    Parameters
    ----------
    sources : sequence of str
        ``starter``, ``mnist``, or paths: NPZ, IDX, CSV, InkML, or a folder: of a folder of
        pictures for each class, of text bitmaps, of IDX or InkML files, or of two folders
        ``train...`` and ``test...`` of any of these.
    places : Places, optional
        Needed for the sources that have a name.
    purpose : Purpose
        Of a source with a part to train on and one to test with, which is taken. To train on,
        data need two classes or more, and none without samples.

    Returns
    -------
    Dataset
        Blank cells are left out, and what another source has already; both are listed among
        what was skipped.

    Raises
    ------
    InkreadError
        Whatever is wrong, in one sentence; see `inkread.core.errors`.
    """
    if not sources:
        raise ValueError("no sources")
    parts = []
    for source in sources:
        found = yield from _source(source, places, purpose)
        parts.append(without_blanks(found, source))
        if sum(part.cells.nbytes for part in parts) > LIMIT:
            raise DataTooLarge(name=source, limit=LIMIT // MEGABYTE)
    title = ", ".join(Path(source).name for source in sources)
    dataset = combined(without_repetitions(parts))
    if purpose is Purpose.TRAINING:
        check_trainable(dataset, title)
    return dataset


def _source(source: str, places: Places | None, purpose: Purpose) -> Loader:
    if source in (STARTER, MNIST):
        if places is None:
            raise ValueError(f"nobody said where {source} is")
        if source == MNIST:
            return (yield from read_mnist(places.cache, purpose, places.mirrors))
        starter = yield from read_npz(places.starter, purpose)
        return replace(starter, sources=(STARTER,))
    return (yield from read_path(Path(source), purpose))

"""Combine data sets, and check the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from inkread.core.errors import ClassEmpty, ClassSingle, DataBlank, DataEmpty, SizesDiffer
from inkread.ml.datasets.dataset import Dataset, Skipped
from inkread.ml.datasets.labels import sorted_labels


def combined(parts: Sequence[Dataset]) -> Dataset:
    """Concatenate data sets with cells of one size; equal labels become one class.

    Raises
    ------
    SizesDiffer
    """
    if len(parts) == 1:
        return parts[0]
    for part in parts[1:]:
        _check_sizes(parts[0], part)
    labels = sorted_labels(label for part in parts for label in part.labels)
    index = {label: i for i, label in enumerate(labels)}
    targets = [np.array([index[label] for label in p.labels], np.int64)[p.targets] for p in parts]
    return Dataset(
        np.concatenate([part.cells for part in parts]),
        np.concatenate(targets),
        labels,
        tuple(dict.fromkeys(name for part in parts for name in part.sources)),
        tuple(skipped for part in parts for skipped in part.skipped),
    )


def without_duplicates(parts: Sequence[Dataset]) -> list[Dataset]:
    """Remove samples that an earlier source has: they could be both trained on and held out.

    Duplicates within one source are kept, as they may be intended. The removed ones are listed as
    skipped, in one entry per source.
    """
    if len(parts) < 2:
        return list(parts)
    seen: set[bytes] = set()
    kept = []
    for part in parts:
        prints = [_fingerprint(part, i) for i in range(len(part))]
        repeated = np.array([each in seen for each in prints], np.bool_)
        seen.update(prints)
        if repeated.any():
            reason = f"{int(repeated.sum())} of its samples are in another source too"
            removed = Skipped(", ".join(part.sources), reason)
            part = replace(part.take(~repeated), skipped=(*part.skipped, removed))
        kept.append(part)
    return kept


def _fingerprint(dataset: Dataset, index: int) -> bytes:
    """Hash of a cell and its label."""
    label = dataset.labels[dataset.targets[index]].encode("utf-8", "surrogatepass")
    cell = dataset.cells[index]
    return blake2b(
        bytes(str(cell.shape), "ascii") + cell.tobytes() + label, digest_size=16
    ).digest()


def _check_sizes(first: Dataset, other: Dataset) -> None:
    if (first.height, first.width) != (other.height, other.width):
        raise SizesDiffer(
            name=", ".join(other.sources),
            width=other.width,
            height=other.height,
            other=", ".join(first.sources),
            other_width=first.width,
            other_height=first.height,
        )


def without_blanks(dataset: Dataset, source: str) -> Dataset:
    """Remove blank samples and list them as skipped.

    Parameters
    ----------
    dataset : Dataset
        Any.
    source : str
        Its name in error messages.

    Raises
    ------
    DataEmpty, DataBlank
    """
    if not len(dataset):
        raise DataEmpty(name=source, reason="it has none")
    flat = dataset.cells.reshape(len(dataset), -1)
    blank = flat.max(axis=1) == flat.min(axis=1)
    if blank.all():
        raise DataBlank(name=source)
    if not blank.any():
        return dataset
    name = dataset.sources[0]
    gone = (Skipped(f"{name}[{i}]", "it is blank") for i in np.flatnonzero(blank))
    return replace(dataset.take(~blank), skipped=(*dataset.skipped, *gone))


def check_trainable(dataset: Dataset, title: str) -> None:
    """Reject data with a class without samples, or with a single class.

    Raises
    ------
    ClassEmpty, ClassSingle
    """
    for label, count in zip(dataset.labels, dataset.counts, strict=True):
        if not count:
            raise ClassEmpty(name=title, label=label)
    if len(dataset.labels) < 2:
        raise ClassSingle(name=title, label=dataset.labels[0])

"""Convert labels of data sets to texts and class indices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from inkread.core.errors import DataMisshapen
from inkread.core.labels import composed
from inkread.ml.datasets.dataset import Targets
from inkread.ml.inference.metadata import MAX_LABEL_LENGTH

#: More distinct values are not classes but, for instance, measurements.
MAX_CLASSES = 4096


def clean(text: str) -> str:
    """Normalise a label: valid UTF-8, composed, without surrounding spaces."""
    return composed(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")).strip()


def fault(label: str) -> str | None:
    """Why a normalised label is invalid, or None."""
    if not label:
        return "it has no label"
    if len(label) > MAX_LABEL_LENGTH:
        return f"its label has more than {MAX_LABEL_LENGTH} characters"
    return None


def sorted_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Distinct labels: numbers by value, then texts alphabetically."""
    return tuple(sorted(set(labels), key=_sort_key))


def _sort_key(label: str) -> tuple[bool, int, str]:
    whole = label.removeprefix("-")
    is_number = whole.isascii() and whole.isdecimal()
    return not is_number, int(label) if is_number else 0, label


def from_texts(texts: Sequence[str], name: str) -> tuple[Targets, tuple[str, ...]]:
    """Class indices and labels of normalised texts.

    Raises
    ------
    DataMisshapen
        If there are more classes than `MAX_CLASSES`.
    """
    labels = sorted_labels(texts)
    if len(labels) > MAX_CLASSES:
        raise DataMisshapen(name=name, reason=f"they have {len(labels)} different labels")
    index = {label: i for i, label in enumerate(labels)}
    return np.array([index[text] for text in texts], np.int64), labels


def from_array(values: NDArray[np.generic], name: str) -> tuple[Targets, tuple[str, ...]]:
    """Class indices and labels of numbers, texts, or one-hot rows.

    Parameters
    ----------
    values : (n,), (n, 1) or (n, k) array
        Integers, whole floats, bools, texts or bytes; or one-hot rows.
    name : str
        Name of the data set in error messages.

    Raises
    ------
    DataMisshapen
        If they are none of these.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 2 and values.dtype.kind in "biuf":
        return _from_one_hot(values, name)
    if values.ndim != 1:
        raise DataMisshapen(name=name, reason=f"the labels have the shape {values.shape}")
    distinct, inverse = np.unique(values, return_inverse=True)
    if len(distinct) > MAX_CLASSES:
        raise DataMisshapen(name=name, reason=f"they have {len(distinct)} different labels")
    texts = [_text(value, name) for value in distinct.tolist()]
    positions, labels = from_texts(texts, name)
    return positions[inverse.reshape(-1)], labels


def _text(value: object, name: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, int | str):
        text = clean(str(value))
        if (reason := fault(text)) is None:
            return text
        raise DataMisshapen(name=name, reason=f"of a sample, {reason}")
    raise DataMisshapen(name=name, reason=f"{value!r} is no label")


def _from_one_hot(rows: NDArray[np.generic], name: str) -> tuple[Targets, tuple[str, ...]]:
    count = rows.shape[1]
    if count > MAX_CLASSES:
        raise DataMisshapen(name=name, reason=f"they have {count} different labels")
    ones = rows == np.ones((), rows.dtype)
    zeros = rows == np.zeros((), rows.dtype)
    if not (ones | zeros).all() or not (ones.sum(axis=1) == 1).all():
        raise DataMisshapen(name=name, reason="the rows of the labels do not have a single 1")
    return ones.argmax(axis=1).astype(np.int64), tuple(str(i) for i in range(count))

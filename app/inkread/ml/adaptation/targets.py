"""What each cell shall be taken for, how hard that is made, and how much it counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.ml.adaptation.head import probabilities
from inkread.ml.gradients.registry import Array

_CERTAIN = 0.95
"""How probable a sample's class shall be, if it is not more probable already."""
_MARGIN = 2.0
"""Added, while a sample is learned, to the scores of the other classes that were taught: what the
network is sure of tells how its neighbours are meant, too. Samples of new classes get none: they
would spread over the old ones."""
_NEW_MARGIN = 1.0
"""Added to the scores of new classes while the reference set is rehearsed."""
_SATURATION = 8.0
"""A class of so many samples counts half of what it could with endless ones: fifty 7s do not
make everything a 7."""
_REHEARSED, _REMEMBERED = 0.004, 0.1
"""How much a cell of the reference set counts beside a sample, and what was remembered before."""

Numbers = NDArray[np.int64]


def wanted(answers: Array, truth: Numbers, sample: Numbers, part: Numbers) -> tuple[Numbers, Array]:
    """The answers as they are (Li and Hoiem 2016, "Learning without forgetting"), but right
    ones for the reference set, and surer ones for the samples.

    A network that knows no class of the reference set is to answer as it does now.

    Parameters
    ----------
    answers : (n, k) array of float32
        Scores of each cell.
    truth, sample, part : (n,) array of int64
        As in `Material`.

    Returns
    -------
    (n,) array of int64
        The classes, those that were not known filled in.
    (n, k) array of float32
        How probable each class shall be.
    """
    targets = probabilities(answers)
    found = answers.argmax(axis=1)
    if (truth[part >= 0] < 0).all():
        truth = np.where(part >= 0, found, truth)
    count = answers.shape[1]
    hot = np.eye(count, dtype=np.float32)[truth]
    wrong = (part >= 0) & (found != truth)
    targets[wrong] = hot[wrong]
    unsure = (sample >= 0) & ((targets * hot).sum(axis=1) < _CERTAIN)
    targets[unsure] = _CERTAIN * hot[unsure] + np.float32((1 - _CERTAIN) / count)
    return truth, targets


def harder(scores: Array, truth: Numbers, sample: Numbers, part: Numbers, known: int) -> Array:
    """The scores with a margin against what is wanted (as Liu, Wen, Yu and Yang 2016, "Large-margin
    softmax loss", but added to the score).

    Parameters
    ----------
    scores : (n, k) array of float32
        What the network says.
    truth, sample, part : (n,) array of int64
        As in `Material`.
    known : int
        So many classes are not new.

    Returns
    -------
    (n, k) array of float32
    """
    made = scores.copy()
    own = np.flatnonzero((sample >= 0) & (truth < known))
    rivals = np.unique(truth[own])
    is_rival = truth[own, np.newaxis] != rivals
    made[np.ix_(own, rivals)] += np.float32(_MARGIN) * is_rival
    made[part >= 0, known:] += _NEW_MARGIN
    return made


def importance(truth: Numbers, sample: Numbers, remembered: int) -> Array:
    """A class of n samples counts s n / (n + s) in all, the variants of each sample alike.

    Parameters
    ----------
    truth, sample : (n,) array of int64
        As in `Material`.
    remembered : int
        So many cells at the end are of a former memory.

    Returns
    -------
    (n,) array of float32
    """
    weights = np.full(len(truth), _REHEARSED)
    weights[len(truth) - remembered :] = _REMEMBERED
    own = sample >= 0
    each = np.count_nonzero(sample == 0)
    lessons = np.bincount(truth[own])[truth[own]]
    weights[own] = _SATURATION / (lessons + each * _SATURATION)
    return weights.astype(np.float32)

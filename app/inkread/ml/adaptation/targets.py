"""Targets, margins and weights of the cells that adaptation trains on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.ml.adaptation.head import softmax
from inkread.ml.gradients.registry import Array

_MIN_PROBABILITY = 0.95
"""Minimum target probability of a sample's class; a higher probability is kept."""
_MARGIN = 2.0
"""Added, during training, to the logits of the other classes that have samples: the network's
confident answers also show how the neighbours of a sample are meant. Samples of new classes get
no margin: with one they would spread over the old classes."""
_NEW_MARGIN = 1.0
"""Added to the logits of new classes while the reference set is rehearsed."""
_SATURATION = 8.0
"""A class with this many samples has half the weight that it approaches with ever more samples:
fifty 7s do not turn everything into a 7."""
_REFERENCE_WEIGHT, _MEMORY_WEIGHT = 0.004, 0.1
"""Weight of a cell of the reference set, and of a centre of the former memory."""

Indices = NDArray[np.int64]


def distillation_targets(
    logits: Array, truth: Indices, sample_id: Indices, reference_id: Indices
) -> tuple[Indices, Array]:
    """Targets of each cell: the network's own answers, corrected where the class is known.

    As in "Learning without forgetting" (Li and Hoiem 2016), the present output is the target;
    wrong answers on the reference set become one-hot targets, and samples get at least
    `_MIN_PROBABILITY` for their class. If the network knows no class of the reference set, its
    own answers there count as true.

    Parameters
    ----------
    logits : (n, k) array of float32
        Of each cell.
    truth, sample_id, reference_id : (n,) array of int64
        As in `Problem`.

    Returns
    -------
    (n,) array of int64
        The classes, with the unknown ones of the reference set filled in.
    (n, k) array of float32
        Target probabilities.
    """
    targets = softmax(logits)
    found = logits.argmax(axis=1)
    if (truth[reference_id >= 0] < 0).all():
        truth = np.where(reference_id >= 0, found, truth)
    count = logits.shape[1]
    one_hot = np.eye(count, dtype=np.float32)[truth]
    wrong = (reference_id >= 0) & (found != truth)
    targets[wrong] = one_hot[wrong]
    unsure = (sample_id >= 0) & ((targets * one_hot).sum(axis=1) < _MIN_PROBABILITY)
    smoothed = np.float32((1 - _MIN_PROBABILITY) / count)
    targets[unsure] = _MIN_PROBABILITY * one_hot[unsure] + smoothed
    return truth, targets


def with_margin(
    logits: Array, truth: Indices, sample_id: Indices, reference_id: Indices, known_classes: int
) -> Array:
    """Add a margin to the logits of the rival classes.

    As Liu, Wen, Yu and Yang 2016, "Large-margin softmax loss", but additive.

    Parameters
    ----------
    logits : (n, k) array of float32
        Of the network.
    truth, sample_id, reference_id : (n,) array of int64
        As in `Problem`.
    known_classes : int
        Count of classes that are not new.

    Returns
    -------
    (n, k) array of float32
    """
    raised = logits.copy()
    own = np.flatnonzero((sample_id >= 0) & (truth < known_classes))
    rivals = np.unique(truth[own])
    is_rival = truth[own, np.newaxis] != rivals
    raised[np.ix_(own, rivals)] += np.float32(_MARGIN) * is_rival
    raised[reference_id >= 0, known_classes:] += _NEW_MARGIN
    return raised


def sample_weights(truth: Indices, sample_id: Indices, replayed: int) -> Array:
    """Weight of each cell: s n / (n + s) in total for a class of n samples, s `_SATURATION`.

    All variants of a sample weigh the same.

    Parameters
    ----------
    truth, sample_id : (n,) array of int64
        As in `Problem`.
    replayed : int
        Count of the cells, at the end, that stem from the former memory.

    Returns
    -------
    (n,) array of float32
    """
    weights = np.full(len(truth), _REFERENCE_WEIGHT)
    weights[len(truth) - replayed :] = _MEMORY_WEIGHT
    own = sample_id >= 0
    per_sample = np.count_nonzero(sample_id == 0)
    class_cells = np.bincount(truth[own])[truth[own]]
    weights[own] = _SATURATION / (class_cells + per_sample * _SATURATION)
    return weights.astype(np.float32)

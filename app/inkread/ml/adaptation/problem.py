"""The fitting problem of an adaptation: cells, targets, weights and the centres of the memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.ml.adaptation.fit import TrainingSet
from inkread.ml.adaptation.head import Head, softmax
from inkread.ml.adaptation.rbf_memory import RbfMemory, rbf_kernel
from inkread.ml.adaptation.targets import (
    Indices,
    distillation_targets,
    sample_weights,
    with_margin,
)
from inkread.ml.gradients.registry import Array

_MAX_REHEARSED = 3000
"""Maximum number of cells of the reference set that are rehearsed: those nearest the samples."""
_BANDWIDTH = 0.6
"""Bandwidth of the memory, as a share of the root mean square norm of the features."""
_MAX_OWN, _MAX_REFERENCE, _MAX_OLD = 350, 200, 150
"""Maximum numbers of centres: of the samples, of the reference set, of the former memory."""
_MAX_VALUES = 600_000
"""Maximum number of values in all centres; bounds the size of the file."""
_DUPLICATE = 0.999
"""Kernel value above which two inputs are the same one."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Everything that fitting needs.

    There are n cells: the samples with their variants, the reference set plain and augmented,
    scribbles of no class, and the centres of the former memory.

    Attributes
    ----------
    head : Head
        The present one, with outputs for new classes.
    examples : TrainingSet
        Targets and weights of the cells, and their logits with margins added.
    logits : (n, k) array of float32
        Of the network without its memory.
    current_logits : (n, k) array of float32
        Of the network with its memory.
    unbiased_logits : (n, k) array of float32
        As `current_logits`, but without the memory for cells that the memory was fitted on
        (samples and reference set alike): they would flatter the present network.
    is_memorised : (n,) array of bool
        Whether the memory was fitted on the cell; with a memory, so is the reference set.
    truth : (n,) array of int64
        The class; -1 if there is none.
    sample_id : (n,) array of int64
        Index of the sample that the cell is a variant of; -1 for all other cells.
    reference_id : (n,) array of int64
        Index in the reference set of the cell that it is a variant of; -1 for all other cells.
    is_used : (n,) array of bool
        Whether the cell takes part in training.
    centres : (m,) array of int64
        Indices of the cells that may become centres of a memory.
    features : (m, d) array of float32
        Of the centres.
    bandwidth : float
        Of the memory.
    kernel : (n, m) array of float32
        Of each cell with each centre.
    known_classes : int
        Count of classes that are not new.
    hidden : (n, p) array of float32
        Inputs of the last layer times `hidden_scale`.
    hidden_scale : float
        Makes their root mean square norm 1.
    """

    head: Head
    examples: TrainingSet
    logits: Array
    current_logits: Array
    unbiased_logits: Array
    is_memorised: Mask
    truth: Indices
    sample_id: Indices
    reference_id: Indices
    is_used: Mask
    centres: Indices
    features: Array
    bandwidth: float
    kernel: Array
    known_classes: int
    hidden: Array
    hidden_scale: float

    @property
    def sample_rows(self) -> Indices:
        """Indices of the cells that are samples themselves, in the order of the samples."""
        return np.unique(self.sample_id, return_index=True)[1][-self.sample_count :]

    @property
    def is_all_known(self) -> bool:
        """Whether the memory holds every sample already and each is read correctly."""
        rows = self.sample_rows
        is_right = self.current_logits[rows].argmax(axis=1) == self.truth[rows]
        return bool((self.is_memorised[rows] & is_right).all())

    @property
    def sample_count(self) -> int:
        return int(self.sample_id.max()) + 1


def build_problem(
    head: Head,
    known_classes: int,
    features: Array,
    truth: Indices,
    sample_id: Indices,
    reference_id: Indices,
    old: RbfMemory | None = None,
) -> Problem:
    """Compute targets, weights, kernel and centres.

    Parameters
    ----------
    head : Head
        With outputs for new classes.
    known_classes : int
        Count of classes that are not new.
    features : (n, d) array of float32
        Of each cell.
    truth, sample_id, reference_id : (n,) array of int64
        As in `Problem`.
    old : RbfMemory or None
        The present memory; its centres that are not samples again are rehearsed.
    """
    bandwidth = _BANDWIDTH * _rms_norm(features[reference_id >= 0])
    is_memorised, others = np.zeros(len(features), np.bool_), old
    if old is not None:
        same: Mask = rbf_kernel(features, old.centres, bandwidth) >= _DUPLICATE
        others = old.take(np.logical_not(same.any(axis=0)))
        none = np.full(len(others.centres), -1)
        features = np.concatenate([features, others.centres])
        is_memorised = np.concatenate([same.any(axis=1) | (reference_id >= 0), none > 0])
        truth, sample_id, reference_id = (
            np.concatenate([ids, none]) for ids in (truth, sample_id, reference_id)
        )
    logits = head.logits(features)
    current = _with_memory(logits, features, known_classes, old)
    plain = _with_memory(logits, features, known_classes, None)
    unbiased = np.where(is_memorised[:, np.newaxis], plain, current)
    answers = np.where(sample_id[:, np.newaxis] < 0, current, unbiased)
    truth, targets = distillation_targets(answers, truth, sample_id, reference_id)
    weights = sample_weights(truth, sample_id, 0 if others is None else len(others.centres))
    harder = with_margin(logits, truth, sample_id, reference_id, known_classes)
    hidden = head.hidden(features)
    hidden_scale = 1 / _rms_norm(hidden[reference_id >= 0])
    own = _own_centres(softmax(current), truth, sample_id, features.shape[1])
    density = rbf_kernel(features, features[own], bandwidth).sum(axis=1)
    nearness = np.where(reference_id >= 0, density, -1)
    centres = _add_centres(own, nearness, features, bandwidth, others)
    return Problem(
        head=head,
        examples=TrainingSet(harder, targets, weights),
        logits=logits,
        current_logits=current,
        unbiased_logits=unbiased,
        is_memorised=is_memorised,
        truth=truth,
        sample_id=sample_id,
        reference_id=reference_id,
        is_used=(reference_id < 0) | _largest(nearness, _MAX_REHEARSED),
        centres=centres,
        features=features[centres],
        bandwidth=bandwidth,
        kernel=rbf_kernel(features, features[centres], bandwidth),
        known_classes=known_classes,
        hidden=np.asarray(hidden_scale * hidden, np.float32),
        hidden_scale=hidden_scale,
    )


def _with_memory(
    logits: Array, features: Array, known_classes: int, memory: RbfMemory | None
) -> Array:
    """The logits plus the memory's correction; -inf for new classes."""
    corrected = logits.copy()
    if memory is not None:
        corrected[:, : memory.weights.shape[1]] += memory.correction(features)
    corrected[:, known_classes:] = -np.inf
    return corrected


def _rms_norm(vectors: Array) -> float:
    return float(np.sqrt((vectors**2).sum(axis=1).mean()))


def _own_centres(probabilities: Array, truth: Indices, sample_id: Indices, width: int) -> Indices:
    """Indices of samples first, then of their variants; least probable first within each."""
    own = np.flatnonzero(sample_id >= 0)
    variant = own - np.searchsorted(sample_id[own], sample_id[own])
    order = np.lexsort([probabilities[own, truth[own]], variant])
    return np.sort(own[order[: _centre_limit(_MAX_OWN, width)]])


def _add_centres(
    own: Indices, nearness: Array, features: Array, bandwidth: float, old: RbfMemory | None
) -> Indices:
    """Add the cells of the reference set nearest to `own`, and centres of the former memory.

    `nearness` is negative for all cells outside the reference set.
    """
    width = features.shape[1]
    is_near = _largest(nearness, _centre_limit(_MAX_REFERENCE, width)) & (nearness >= 0)
    centres = np.concatenate([own, np.flatnonzero(is_near)])
    if old is None:
        return centres
    begin = len(features) - len(old.centres)
    is_new = rbf_kernel(old.centres, features[centres], bandwidth).max(axis=1) < _DUPLICATE
    weight = np.where(is_new, np.abs(old.weights).sum(axis=1), -1)
    kept = _largest(weight, _centre_limit(_MAX_OLD, width)) & is_new
    return np.concatenate([centres, begin + np.flatnonzero(kept)])


def _centre_limit(count: int, width: int) -> int:
    """Reduce a maximum number of centres in proportion if wide features exceed `_MAX_VALUES`."""
    total = _MAX_OWN + _MAX_REFERENCE + _MAX_OLD
    return max(1, min(count, count * _MAX_VALUES // (total * width)))


def _largest(values: Array, count: int) -> Mask:
    """Mask of the largest values."""
    mask = np.zeros(len(values), np.bool_)
    mask[np.argsort(-values, kind="stable")[:count]] = True
    return mask

"""What to learn, what not to forget, and what a memory can be made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.ml.adaptation.fit import Lessons
from inkread.ml.adaptation.head import Head, probabilities
from inkread.ml.adaptation.rbf_memory import Memory, likeness
from inkread.ml.adaptation.targets import Numbers, harder, importance, wanted
from inkread.ml.gradients.registry import Array

_HEARD = 3000
"""Of the reference set so many cells are rehearsed: those that are most like the samples."""
_REACH = 0.6
"""How far a memory reaches, as a share of the usual length of the features."""
_MAX_OWN, _MAX_REFERENCE, _MAX_OLD = 350, 200, 150
"""Centres of a memory: samples and variants, of the reference set, of a former memory."""
_MAX_NUMBERS = 600_000
"""In the centres of a memory, which would be a large file otherwise."""
_THE_SAME = 0.999
"""Likeness of what need not be remembered twice."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All that learning needs. There are n cells: samples with their variants, the reference set
    as it is and bent, what is of no class, what a former memory holds.

    Attributes
    ----------
    head : Head
        As it is, with rows for new classes.
    lessons : Lessons
        What each cell shall be taken for, with scores that make it harder by a margin.
    scores : (n, k) array of float32
        What the network says without a memory.
    now : (n, k) array of float32
        The scores of the network as it is.
    unlearned : (n, k) array of float32
        The same, but of what it has learned, samples and the reference set alike, the scores
        without its memory: what was learned by heart is no measure.
    is_known : (n,) array of bool
        Whether the network's memory holds it, or it is of the reference set.
    truth : (n,) array of int64
        The right class; -1 if there is none.
    sample : (n,) array of int64
        Which sample it is, or is a variant of; -1: of none.
    part : (n,) array of int64
        Which cell of the reference set it is, or is a variant of; -1: of none.
    is_heard : (n,) array of bool
        Whether it is among what is learned or rehearsed.
    centres : (m,) array of int64
        The cells that a memory can be made of.
    features : (m, d) array of float32
        Of the centres.
    reach : float
        How far a memory reaches.
    likeness : (n, m) array of float32
        Of each cell with each centre.
    known : int
        So many classes are not new.
    hidden : (n, p) array of float32
        What the last layer is given, times `scale`.
    scale : float
        Makes its usual length 1.
    """

    head: Head
    lessons: Lessons
    scores: Array
    now: Array
    unlearned: Array
    is_known: Mask
    truth: Numbers
    sample: Numbers
    part: Numbers
    is_heard: Mask
    centres: Numbers
    features: Array
    reach: float
    likeness: Array
    known: int
    hidden: Array
    scale: float

    @property
    def firsts(self) -> Numbers:
        """Where the samples themselves are, in their order."""
        return np.unique(self.sample, return_index=True)[1][-self.samples :]

    @property
    def is_nothing_new(self) -> bool:
        """Whether every sample is remembered already, and read right."""
        firsts = self.firsts
        is_right = self.now[firsts].argmax(axis=1) == self.truth[firsts]
        return bool((self.is_known[firsts] & is_right).all())

    @property
    def samples(self) -> int:
        """How many there are."""
        return int(self.sample.max()) + 1


def assembled(
    head: Head,
    known: int,
    features: Array,
    truth: Numbers,
    sample: Numbers,
    part: Numbers,
    old: Memory | None = None,
) -> Material:
    """Put together what is known of each cell.

    Parameters
    ----------
    head : Head
        With rows for new classes.
    known : int
        How many classes are not new.
    features : (n, d) array of float32
        Of each cell.
    truth, sample, part : (n,) array of int64
        As in `Material`.
    old : Memory or None
        The one that the network has; what it holds of other signs is rehearsed.
    """
    reach = _REACH * _usual_length(features[part >= 0])
    is_known, others = np.zeros(len(features), np.bool_), old
    if old is not None:
        same: Mask = likeness(features, old.centres, reach) >= _THE_SAME
        others = old.take(np.logical_not(same.any(axis=0)))
        none = np.full(len(others.centres), -1)
        features = np.concatenate([features, others.centres])
        is_known = np.concatenate([same.any(axis=1) | (part >= 0), none > 0])
        truth, sample, part = (np.concatenate([given, none]) for given in (truth, sample, part))
    scores = head.scores(features)
    now = _now(scores, features, known, old)
    unlearned = np.where(is_known[:, np.newaxis], _now(scores, features, known, None), now)
    answers = np.where(sample[:, np.newaxis] < 0, now, unlearned)
    truth, targets = wanted(answers, truth, sample, part)
    weights = importance(truth, sample, 0 if others is None else len(others.centres))
    hidden = head.hidden(features)
    scale = 1 / _usual_length(hidden[part >= 0])
    own = _own_centres(probabilities(now), truth, sample, features.shape[1])
    mass = likeness(features, features[own], reach).sum(axis=1)
    centres = _with_others(own, mass, features, reach, part, others)
    return Material(
        head=head,
        lessons=Lessons(harder(scores, truth, sample, part, known), targets, weights),
        scores=scores,
        now=now,
        unlearned=unlearned,
        is_known=is_known,
        truth=truth,
        sample=sample,
        part=part,
        is_heard=(part < 0) | _greatest(np.where(part >= 0, mass, -1), _HEARD),
        centres=centres,
        features=features[centres],
        reach=reach,
        likeness=likeness(features, features[centres], reach),
        known=known,
        hidden=np.asarray(scale * hidden, np.float32),
        scale=scale,
    )


def _now(scores: Array, features: Array, known: int, memory: Memory | None) -> Array:
    """The scores with what a memory adds; new classes are impossible."""
    now = scores.copy()
    if memory is not None:
        now[:, : memory.weights.shape[1]] += memory.correction(features)
    now[:, known:] = -np.inf
    return now


def _usual_length(vectors: Array) -> float:
    return float(np.sqrt((vectors**2).sum(axis=1).mean()))


def _own_centres(now: Array, truth: Numbers, sample: Numbers, width: int) -> Numbers:
    """Samples, and then variants of them; of too many those that are hardest to read now."""
    own = np.flatnonzero(sample >= 0)
    variant = own - np.searchsorted(sample[own], sample[own])
    order = np.lexsort([now[own, truth[own]], variant])
    return np.sort(own[order[: _at_most(_MAX_OWN, width)]])


def _with_others(
    own: Numbers, mass: Array, features: Array, reach: float, part: Numbers, old: Memory | None
) -> Numbers:
    """And of the reference set what is most like them; and what was remembered of other signs."""
    width = features.shape[1]
    most = _at_most(_MAX_REFERENCE, width)
    chosen = _greatest(np.where(part >= 0, mass, -1), most) & (part >= 0)
    centres = np.concatenate([own, np.flatnonzero(chosen)])
    if old is None:
        return centres
    begin = len(features) - len(old.centres)
    is_new = likeness(old.centres, features[centres], reach).max(axis=1) < _THE_SAME
    strength = np.where(is_new, np.abs(old.weights).sum(axis=1), -1)
    kept = _greatest(strength, _at_most(_MAX_OLD, width)) & is_new
    return np.concatenate([centres, begin + np.flatnonzero(kept)])


def _at_most(count: int, width: int) -> int:
    """So many centres, or fewer where each has very many numbers."""
    every = _MAX_OWN + _MAX_REFERENCE + _MAX_OLD
    return max(1, min(count, count * _MAX_NUMBERS // (every * width)))


def _greatest(values: Array, count: int) -> Mask:
    """Where the greatest are."""
    mask = np.zeros(len(values), np.bool_)
    mask[np.argsort(-values, kind="stable")[:count]] = True
    return mask

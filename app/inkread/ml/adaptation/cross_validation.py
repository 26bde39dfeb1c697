"""How strongly to remember: each strength is tried on what is left out in turn."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from inkread.ml.adaptation.fit import Change, fitting
from inkread.ml.adaptation.problem import Mask, Material
from inkread.ml.adaptation.targets import Numbers
from inkread.ml.adaptation.verdict import MAX_LOST, Adapting, Phase, Score
from inkread.ml.gradients.registry import Array

STRENGTHS = (1.0, 0.7, 0.5, 0.35, 0.2)
"""Factors of what a memory adds."""
_FOLDS = 3
_DIGITS = 4
"""Copies have the same features to so many decimals."""
_SPARED = 0.5
"""Share of what may be lost that a strength is to leave unused, if one does."""
RESERVES = (1.5, 0.75, 0.0)
"""What is taken off the scores of new classes: other hands' digits are not all like those of the
reference set."""
_YIELDED = 0.03
"""Share of the samples that may be read wrongly for the sake of a reserve."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What is read right by networks that had not learned it.

    Attributes
    ----------
    strength : float
        0: of the network as it was.
    reserve : float
        How much less likely new classes are made.
    own : (n,) array of bool
        Each sample.
    reference : (m,) array of bool
        The reference set, and the same bent.
    """

    strength: float
    reserve: float
    own: Mask
    reference: Mask

    @property
    def own_score(self) -> Score:
        return Score(int(self.own.sum()), len(self.own))

    @property
    def reference_score(self) -> Score:
        return Score(int(self.reference.sum()), len(self.reference))


def before(material: Material) -> Trial:
    """The network as it is, but for what it has learned: that, as it was before."""
    return _trial(material, material.unlearned)


def by_heart(material: Material) -> Trial:
    """The network as it is, with all that it has learned."""
    return _trial(material, material.now)


def read(material: Material, change: Change, trial: Trial) -> Trial:
    """Have a changed network read everything.

    Parameters
    ----------
    material : Material
        From ``gathering``.
    change : Change
        From ``scaled``, as that trial has it.
    trial : Trial
        What was chosen.
    """
    everything = np.ones(len(material.truth), np.bool_)
    scores = _scores(material, change, everything)
    return _trial(material, scores, trial.strength, trial.reserve)


def scaled(material: Material, change: Change, strength: float, reserve: float) -> Change:
    """A change whose memory is weaker by a factor, and whose new classes are less likely."""
    rows = change.rows.copy()
    rows[-1, material.known :] -= np.float32(reserve / material.scale)
    return Change(np.float32(strength) * change.weights, rows)


def _scores(material: Material, change: Change, chosen: Mask) -> Array:
    remembered = material.likeness[chosen] @ change.weights
    by_last_layer = material.hidden[chosen] @ change.rows
    changed: Array = material.scores[chosen] + remembered + by_last_layer
    return changed


def _trial(material: Material, scores: Array, strength: float = 0.0, reserve: float = 0.0) -> Trial:
    is_right = scores.argmax(axis=1) == material.truth
    own, reference = is_right[material.firsts], is_right[material.part >= 0]
    return Trial(strength, reserve, own, reference)


def trying(material: Material) -> Generator[Adapting, None, list[Trial]]:
    """Cross-validate each strength, with new classes each reserve too.

    Yields
    ------
    Adapting

    Returns
    -------
    list of Trial
        The greatest reserve, and of each the greatest strength, first.
    """
    has_new = material.known < material.now.shape[1]
    settings = list(product(RESERVES if has_new else (0.0,), STRENGTHS))
    folds = _folds(material.truth[material.firsts], material.hidden[material.firsts])
    of_cell = np.where(material.sample >= 0, folds[material.sample], material.part % _FOLDS)
    of_cell[(material.sample < 0) & (material.part < 0)] = -1
    scores = [material.now.copy() for _ in settings]
    for fold in range(_FOLDS):
        left_out = of_cell == fold
        change = yield from learned(material, ~left_out)
        for (reserve, strength), found in zip(settings, scores, strict=True):
            tried = scaled(material, change, strength, reserve)
            found[left_out] = _scores(material, tried, left_out)
        yield Adapting(Phase.TRYING, fold + 1, _FOLDS)
    pairs = zip(settings, scores, strict=True)
    return [_trial(material, found, strength, reserve) for (reserve, strength), found in pairs]


def best(trials: list[Trial], floor: float) -> Trial:
    """The one with the greatest reserve that reads nearly as much of what was taught as any.

    Parameters
    ----------
    trials : list of Trial
        From ``trying``.
    floor : float
        Accuracy on the reference set before anything was learned, 0 to 1.
    """
    each = [
        _strongest([trial for trial in trials if trial.reserve == reserve], floor)
        for reserve in dict.fromkeys(trial.reserve for trial in trials)
    ]
    fit = [trial for trial in each if holds(trial, floor)] or each
    enough = max(trial.own.sum() for trial in fit) - _YIELDED * len(fit[0].own)
    return next(trial for trial in fit if trial.own.sum() >= enough)


def _strongest(trials: list[Trial], floor: float) -> Trial:
    """The one that reads most of what was taught, of those that forget little enough.

    The greatest strength comes first, which wins if all else is equal.
    """
    for spared in (_SPARED, 0.0):
        fit = [trial for trial in trials if holds(trial, floor, spared)]
        if fit:
            return max(fit, key=lambda trial: trial.own.sum())
    return trials[-1]


def holds(trial: Trial, floor: float, spared: float = 0.0) -> bool:
    """Whether a trial loses no more of the reference set than it may, or less by a share."""
    lost = floor - trial.reference_score.accuracy
    return lost <= MAX_LOST / 100 * (1 - spared) + 1e-9


def learned(material: Material, chosen: Mask) -> Generator[Adapting, None, Change]:
    """What is learned from the cells where a mask is true; the other centres add nothing.

    Samples of new classes alone leave the known classes' scores as they are.
    """
    rows = chosen & material.is_heard
    columns = chosen[material.centres]
    among = material.likeness[material.centres[columns]][:, columns]
    near, hidden = material.likeness[rows][:, columns], material.hidden[rows]
    moves_known = bool((material.truth[material.sample >= 0] < material.known).any())
    lessons = material.lessons.take(rows)
    steps = fitting(lessons, near, among, hidden, material.known, moves_known)
    done = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            change: Change = end.value
            break
        done += 1
        yield Adapting(Phase.LEARNING, done, done)
    weights = np.zeros((len(columns), material.now.shape[1]), np.float32)
    weights[columns] = change.weights
    return replace(change, weights=weights)


def _folds(classes: Numbers, features: Array) -> Numbers:
    """The fold of each sample: those of a class are spread evenly, and copies stay together."""
    rounded = np.round(features, _DIGITS)
    _, firsts, copy_of = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    folds = np.zeros(len(firsts), np.int64)
    folds[np.lexsort((firsts, classes[firsts]))] = np.arange(len(firsts)) % _FOLDS
    return np.asarray(folds[copy_of.reshape(-1)], np.int64)

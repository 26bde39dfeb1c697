"""How strongly to remember: each strength is tried on what is left out in turn."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from app.ml.adapting.fitting import Change, fitting
from app.ml.adapting.lessons import Numbers
from app.ml.adapting.material import Mask, Material
from app.ml.adapting.verdict import MOST_LOST, Adapting, Phase, Score
from app.ml.gradients.registry import Array

STRENGTHS = (1.0, 0.7, 0.5, 0.35, 0.2)
"""Factors of what a memory adds."""
_FOLDS = 3
_DIGITS = 4
"""Copies have the same features to so many decimals."""
_SPARED = 0.5
"""Share of what may be lost that a strength is to leave unused, if one does."""
_RESERVE = np.float32(1.5)
"""Taken off the scores of new classes: the reference set does not hold all hands' digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What is read right by networks that had not learned it.

    Attributes
    ----------
    strength : float
        0: of the network as it was.
    own : (n,) array of bool
        Each sample.
    reference : (m,) array of bool
        The reference set, and the same bent.
    """

    strength: float
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
    return _trial(material, material.unlearned, 0.0)


def by_heart(material: Material) -> Trial:
    """The network as it is, with all that it has learned."""
    return _trial(material, material.now, 0.0)


def read(material: Material, change: Change, strength: float) -> Trial:
    """Have a changed network read everything.

    Parameters
    ----------
    material : Material
        From ``gathering``.
    change : Change
        From ``learned``.
    strength : float
        A factor of what the memory adds.
    """
    everything = np.ones(len(material.truth), np.bool_)
    return _trial(material, _scores(material, change, strength, everything), strength)


def _scores(material: Material, change: Change, strength: float, chosen: Mask) -> Array:
    remembered = material.likeness[chosen] @ (np.float32(strength) * change.weights)
    by_last_layer = material.hidden[chosen] @ change.rows
    changed: Array = material.scores[chosen] + remembered + by_last_layer
    return changed


def _trial(material: Material, scores: Array, strength: float) -> Trial:
    is_right = scores.argmax(axis=1) == material.truth
    return Trial(strength, is_right[material.firsts], is_right[material.part >= 0])


def trying(material: Material) -> Generator[Adapting, None, list[Trial]]:
    """Cross-validate each strength.

    Yields
    ------
    Adapting

    Returns
    -------
    list of Trial
        The greatest strength first.
    """
    folds = _folds(material.truth[material.firsts], material.hidden[material.firsts])
    of_cell = np.where(material.sample >= 0, folds[material.sample], material.part % _FOLDS)
    of_cell[(material.sample < 0) & (material.part < 0)] = -1
    scores = [material.now.copy() for _ in STRENGTHS]
    for fold in range(_FOLDS):
        left_out = of_cell == fold
        change = yield from learned(material, ~left_out)
        for strength, found in zip(STRENGTHS, scores, strict=True):
            found[left_out] = _scores(material, change, strength, left_out)
        yield Adapting(Phase.TRYING, fold + 1, _FOLDS)
    pairs = zip(STRENGTHS, scores, strict=True)
    return [_trial(material, found, strength) for strength, found in pairs]


def best(trials: list[Trial], floor: float) -> Trial:
    """The one that reads most of what was taught, of those that forget little enough.

    Parameters
    ----------
    trials : list of Trial
        The greatest strength first, which wins if all else is equal.
    floor : float
        Accuracy on the reference set before anything was learned, 0 to 1.
    """
    for spared in (_SPARED, 0.0):
        fit = [trial for trial in trials if holds(trial, floor, spared)]
        if fit:
            return max(fit, key=lambda trial: trial.own.sum())
    return trials[-1]


def holds(trial: Trial, floor: float, spared: float = 0.0) -> bool:
    """Whether a trial loses no more of the reference set than it may, or less by a share."""
    lost = floor - trial.reference_score.accuracy
    return lost <= MOST_LOST / 100 * (1 - spared) + 1e-9


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
    by_last_layer = change.rows.copy()
    by_last_layer[-1, material.known :] -= _RESERVE / material.scale
    return Change(weights, by_last_layer)


def _folds(classes: Numbers, features: Array) -> Numbers:
    """The fold of each sample: those of a class are spread evenly, and copies stay together."""
    rounded = np.round(features, _DIGITS)
    _, firsts, copy_of = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    folds = np.zeros(len(firsts), np.int64)
    folds[np.lexsort((firsts, classes[firsts]))] = np.arange(len(firsts)) % _FOLDS
    return np.asarray(folds[copy_of.reshape(-1)], np.int64)

"""How strongly to learn: each strength is tried on what is left out in turn."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.ml.adapting.fitting import Lessons, fitting
from app.ml.adapting.head import Head
from app.ml.adapting.material import Material, Numbers
from app.ml.adapting.verdict import MOST_LOST, Adapting, Phase, Score

STRENGTHS = (4.0, 1.0, 0.25)
"""How much ten classes of endless samples count beside the whole reference set."""
_FOLDS = 3
_SPARED = 0.5
"""Share of what may be lost that a strength is to leave unused, if one does."""

Mask = NDArray[np.bool_]


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


def read(head: Head, material: Material, strength: float = 0.0) -> Trial:
    """Have a head read everything."""
    own = head.answers(material.own.features[material.firsts]) == material.classes
    count = int((material.part >= 0).sum())
    answers = head.answers(material.rehearsal.features[:count])
    return Trial(strength, own, answers == material.truth[:count])


def trying(material: Material) -> Generator[Adapting, None, list[Trial]]:
    """Cross-validate each strength, the greatest first, until one cannot be bettered.

    Yields
    ------
    Adapting

    Returns
    -------
    list of Trial
        At least one.
    """
    before = read(material.head, material)
    trials = list[Trial]()
    folds = _folds(material.classes)
    parts = np.where(material.part >= 0, material.part % _FOLDS, -1)
    every = len(STRENGTHS) * _FOLDS
    for strength in STRENGTHS:
        own, reference = before.own.copy(), before.reference.copy()
        for fold in range(_FOLDS):
            head = yield from learned(
                material, strength, folds[material.sample] != fold, parts != fold
            )
            found = read(head, material)
            own[folds == fold] = found.own[folds == fold]
            left_out = parts[: len(reference)] == fold
            reference[left_out] = found.reference[left_out]
            yield Adapting(Phase.TRYING, len(trials) * _FOLDS + fold + 1, every)
        trials.append(Trial(strength, own, reference))
        if own.all() and holds(trials[-1], before.reference_score.accuracy, _SPARED):
            break
    return trials


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


def learned(
    material: Material, strength: float, own: Mask | None = None, rehearsed: Mask | None = None
) -> Generator[Adapting, None, Head]:
    """A head made of all lessons, or of those where the masks are true."""
    taught, known = material.own, material.rehearsal
    if own is not None:
        taught = taught.take(own)
    if rehearsed is not None:
        known = known.take(rehearsed)
    share = np.float32(strength / 10)
    lessons: Lessons = known + replace(taught, weights=taught.weights * share)
    steps = fitting(material.head, lessons)
    done = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            head: Head = end.value
            return head
        done += 1
        yield Adapting(Phase.LEARNING, done, done)


def _folds(classes: Numbers) -> Numbers:
    """The fold of each sample: those of a class are spread evenly."""
    folds = np.zeros(len(classes), np.int64)
    folds[np.argsort(classes, kind="stable")] = np.arange(len(classes)) % _FOLDS
    return folds
